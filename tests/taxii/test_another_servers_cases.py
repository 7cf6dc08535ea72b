"""What conformance tests written for other TAXII servers check, in our own words and with our own data.

The collection holds two versions of STIX, and its objects came on known days: a relationship, an indicator of one version,
an indicator of three, a marking that is never changed, and malware that is there in STIX 2.1 and, later, in STIX 2.0.
"""

import json
import uuid

import pytest

from safeconduct.errors import BadInput
from safeconduct.workflows.taxii_admin import add_client, add_collection
from safeconduct.workflows.taxii_objects import microseconds, read_envelope
from taxii.conftest import FIRST, LAST, NOBODY, TAXII, Asker, indicator

OLD, NEW = "application/stix+json;version=2.0", "application/stix+json;version=2.1"
EVERY = "application/stix+json"
MADE = "2019-03-01T08:00:00.000Z"
SECOND, THIRD, IN_OLD = "2019-04-01T08:00:00.250Z", "2019-05-01T08:00:00.500Z", "2020-02-01T08:00:00.000Z"
MAKER = uuid.UUID("8a3d52c2-8a1c-4c8e-9a50-4bb7e6c9e9d1")


def named(kind, word):
    """The same id for the same word, of the kind that an id must be."""
    return f"{kind}--{uuid.UUID(int=uuid.uuid5(MAKER, word).int, version=4)}"


def thing(kind, word, modified=MADE, spec="2.1", **more):
    said = {"type": kind, "id": named(kind, word), "created": MADE, "name": word, **more}
    return said | ({"spec_version": spec} if spec else {}) | ({"modified": modified} if modified else {})


LINK = thing("relationship", "link", relationship_type="indicates", source_ref=named("indicator", "once"),
             target_ref=named("malware", "twice told"))  # fmt: skip
ONCE = thing("indicator", "once")
THRICE = [thing("indicator", "thrice", modified) for modified in (MADE, SECOND, THIRD)]
MARKING = thing("marking-definition", "green", modified=None, definition_type="tlp", definition={"tlp": "green"})
TOLD_NEW = thing("malware", "twice told")
TOLD_OLD = thing("malware", "twice told", IN_OLD, spec=None, labels=["worm"])
ARRIVALS = [
    ("2019-03-02T00:00:00Z", LINK), ("2019-03-05T00:00:00Z", ONCE), ("2019-03-09T00:00:00.001Z", THRICE[0]),
    ("2019-04-02T00:00:00Z", THRICE[1]), ("2019-04-20T00:00:00Z", MARKING), ("2019-04-21T00:00:00Z", TOLD_NEW),
    ("2019-04-21T00:00:00Z", TOLD_OLD), ("2019-06-01T00:00:00.000500Z", THRICE[2]),
]  # fmt: skip
DEFAULT = [LINK, ONCE, MARKING, TOLD_NEW, THRICE[2]]  # the latest of each in its newest STIX, as they came


@pytest.fixture
def held(running_node):
    """A client that may read and write that collection, and one of STIX 2.1 alone."""
    http, node = running_node
    root = f"c{node.random.bytes(6).hex()}"
    both = add_collection(node, alias="both", title="Both", root=root, media_types=(OLD, NEW))
    only = add_collection(node, alias="only", title="Only", root=root)
    for came, one in ARRIVALS:
        with node.store.transaction() as tx:
            tx.taxii.add(both.id, read_envelope(json.dumps({"objects": [one]}).encode(), both.specs),
                         at=microseconds(came))  # fmt: skip
    ids = [both.id, only.id]
    token = add_client(node, f"c-{root}", read=ids, write=ids, rate=0)
    return Asker(http, f"c-{root}", token, f"/taxii/{root}/")


def place(one=None, rest=""):
    return "collections/both/objects/" + (f"{one['id']}/{rest}" if one else rest)


def dates(answer):
    return answer.headers[FIRST], answer.headers[LAST]


def test_objects_are_the_latest_of_each_in_order_of_arrival_with_dates_of_first_and_last(held):
    answer = held.get(place())
    assert answer.json() == {"more": False, "objects": DEFAULT}
    assert dates(answer) == ("2019-03-02T00:00:00.000000Z", "2019-06-01T00:00:00.000500Z")
    assert answer.headers["content-type"] == TAXII


def test_one_object_has_its_own_date_twice(held):
    answer = held.get(place(TOLD_NEW))
    assert answer.json()["objects"] == [TOLD_NEW]
    assert dates(answer) == ("2019-04-21T00:00:00.000000Z",) * 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", DEFAULT), ("match[spec_version]=2.1", DEFAULT), ("match[spec_version]=2.0", [TOLD_OLD]),
        ("match[spec_version]=2.0,2.1", [LINK, ONCE, MARKING, TOLD_OLD, THRICE[2]]),
        ("match[spec_version]=2.0,3.0", [TOLD_OLD]), ("match[spec_version]=3.0", []),
        ("match[version]=all", [LINK, ONCE, *THRICE[:2], MARKING, TOLD_NEW, THRICE[2]]),
        ("match[version]=all&match[spec_version]=2.0,2.1", [one for _, one in ARRIVALS]),
        ("match[version]=all&match[spec_version]=2.0", [TOLD_OLD]),
        ("match[version]=all&match[spec_version]=2.1", [LINK, ONCE, *THRICE[:2], MARKING, TOLD_NEW, THRICE[2]]),
        ("match[version]=first", [LINK, ONCE, THRICE[0], MARKING, TOLD_NEW]), ("match[version]=last", DEFAULT),
        ("match[version]=first&match[spec_version]=2.0,2.1", [LINK, ONCE, THRICE[0], MARKING, TOLD_NEW]),
        (f"match[version]={SECOND}", [THRICE[1]]), (f"match[version]={IN_OLD}", []),
        (f"match[version]={IN_OLD}&match[spec_version]=2.0", [TOLD_OLD]),
        (f"match[version]=first,{IN_OLD}&match[spec_version]=2.0,2.1&match[type]=malware", [TOLD_NEW, TOLD_OLD]),
        ("added_after=2019-04-20T00:00:00Z", [TOLD_NEW, THRICE[2]]),
        ("added_after=2019-04-20T00:00:00Z&match[spec_version]=2.0", [TOLD_OLD]),
        ("match[type]=indicator", [ONCE, THRICE[2]]), ("match[type]=malware&match[spec_version]=2.0", [TOLD_OLD]),
        (f"match[type]=indicator&match[version]={THIRD}", [THRICE[2]]),
        (f"match[id]={ONCE['id']}", [ONCE]), (f"match[id]={TOLD_OLD['id']}&match[spec_version]=2.0", [TOLD_OLD]),
    ],
)  # fmt: skip
def test_objects_and_manifest_agree_under_every_filter(held, query, found):
    answer = held.get(place(rest=f"?{query}"))
    assert answer.status_code == 200 and answer.json().get("objects", []) == found
    manifest = held.get(f"collections/both/manifest/?{query}")
    records = manifest.json().get("objects", [])
    assert [(one["id"], one["version"]) for one in records] == [
        (one["id"], one.get("modified", one["created"])) for one in found
    ]
    assert [one["media_type"] for one in records] == [NEW if "spec_version" in one else OLD for one in found]
    assert [one["date_added"] for one in records] == sorted({one["date_added"] for one in records})
    if found:
        assert dates(answer) == dates(manifest) == (records[0]["date_added"], records[-1]["date_added"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", TOLD_NEW), ("match[spec_version]=2.1", TOLD_NEW), ("match[spec_version]=2.0", TOLD_OLD),
        ("match[spec_version]=2.0,2.1", TOLD_OLD), ("added_after=2019-04-20T00:00:00Z", TOLD_NEW),
        ("added_after=2019-04-21T00:00:00Z", None),
    ],
)  # fmt: skip
def test_one_object_is_given_in_the_specification_that_is_asked_for(held, query, found):
    said = held.get(place(TOLD_NEW, f"?{query}")).json()
    assert said == ({"more": False, "objects": [found]} if found else {})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [MADE]), ("match[spec_version]=2.1", [MADE]), ("match[spec_version]=2.0", [IN_OLD]),
        ("match[spec_version]=2.0,2.1", [MADE, IN_OLD]), ("added_after=2019-04-21T00:00:00Z", None),
    ],
)  # fmt: skip
def test_versions_are_listed_in_the_specification_that_is_asked_for(held, query, found):
    said = held.get(place(TOLD_NEW, f"versions/?{query}")).json()
    assert said == ({"more": False, "versions": found} if found else {})


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("collections/both/objects/", "objects"), ("collections/both/manifest/", "objects"),
        (place(THRICE[0]) + "?match[version]=all", "objects"), (place(THRICE[0], "versions/"), "versions"),
        ("collections/both/objects/?match[spec_version]=2.0,2.1", "objects"),
        ("collections/both/manifest/?match[version]=all&match[spec_version]=2.0,2.1", "objects"),
    ],
)  # fmt: skip
def test_pages_of_every_size_hold_together_all_that_one_page_holds(held, path, name):
    whole = held.get(path).json()[name]
    joined = path + ("&" if "?" in path else "?")
    for size in range(1, len(whole) + 1):
        seen, query, ended = [], f"limit={size}", []
        while True:
            answer = held.get(joined + query)
            page = answer.json()
            seen += page[name]
            ended += dates(answer)
            assert len(page[name]) <= size and ("next" in page) is page["more"]
            if not page["more"]:
                break
            query = f"limit={size}&next={page['next']}"
        assert seen == whole and ended == sorted(ended)


def test_page_ends_with_the_date_from_which_the_next_begins(held):
    first = held.get(place(rest="?limit=3"))
    assert first.json()["objects"] == DEFAULT[:3] and dates(first)[1] == "2019-04-20T00:00:00.000000Z"
    after = held.get(place(rest=f"?limit=3&added_after={dates(first)[1]}"))
    assert after.json() == {"more": False, "objects": DEFAULT[3:]}


def test_next_with_another_filter_and_a_limit_below_one_are_malformed(held):
    token = held.get(place(rest="?match[version]=all&limit=2")).json()["next"]
    for query in (f"match[version]=first&limit=2&next={token}", f"match[spec_version]=2.0&next={token}", "limit=-20"):
        answer = held.get(place(rest=f"?{query}"))
        assert answer.status_code == 400 and answer.json()["http_status"] == "400"


def test_posted_object_is_found_everywhere_and_after_its_deletion_nowhere(held):
    one = indicator()
    status = held.post("only", one).json()
    here = f"collections/only/objects/{one['id']}"
    assert held.get(f"status/{status['id']}/").json()["success_count"] == 1
    assert held.objects("only", f"?match[id]={one['id']}") == [one]
    assert len(held.get(f"collections/only/manifest/?match[id]={one['id']}").json()["objects"]) == 1
    gone = held.call("DELETE", here)
    assert gone.status_code == 200 and gone.headers["content-type"] == TAXII
    for path in (here, f"{here}/versions", f"collections/only/manifest/{one['id']}"):
        assert held.get(path).status_code == 404


def test_version_that_is_there_is_a_success_with_and_without_modified(held):
    same = thing("indicator", "again")
    for objects in ([same], [same, {name: value for name, value in same.items() if name != "modified"}]):
        status = held.post("only", *objects).json()
        assert "failures" not in status and status["success_count"] == len(objects)
    assert len(held.objects("only", "?match[version]=all")) == 1


def test_observable_without_versions_is_found_by_every_word_for_versions(held):
    one = {"type": "url", "spec_version": "2.1", "id": named("url", "u"), "value": "http://192.0.2.7/"}
    assert held.post("only", one).json()["success_count"] == 1
    here = f"collections/only/objects/{one['id']}/"
    for query in ("", "?match[version]=all", "?match[version]=first", "?match[version]=last", f"?added_after={MADE}"):
        assert held.get(here + query).json()["objects"] == [one]
    assert held.get(here + "?added_after=9999-01-01T00:00:00Z").json() == {}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?match[spec_version]=2.0", ([MADE], None)), ("?match[spec_version]=2.1", ([IN_OLD], [IN_OLD])),
        ("?match[version]=last", ([IN_OLD], [IN_OLD])), ("?match[version]=all", ([IN_OLD], [IN_OLD])),
        ("?match[version]=last&match[spec_version]=2.0,2.1", ([MADE], None)), ("", None),
        ("?match[spec_version]=3.0", ([MADE], [IN_OLD])),
    ],
)  # fmt: skip
def test_deletion_takes_what_a_reader_finds_with_the_same_filters(held, query, left):
    assert held.call("DELETE", place(TOLD_NEW, query)).status_code == 200
    seen = held.get(place(TOLD_NEW, "versions/"))
    if left is None:
        assert seen.status_code == 404
        return
    default, old = left
    assert seen.json()["versions"] == default
    assert held.get(place(TOLD_NEW, "versions/?match[spec_version]=2.0")).json().get("versions") == old
    assert [one.get("modified") for one in held.objects("both", "?match[type]=malware")] == default


def test_old_object_is_kept_as_it_came_where_the_collection_allows_it_and_else_a_failure(held):
    plain, said = thing("tool", "plain", spec=None), thing("tool", "said", spec="2.0")
    assert held.post("both", plain, said).json()["success_count"] == 2
    assert held.objects("both", "?match[type]=tool") == [plain, said]
    assert held.objects("both", "?match[type]=tool&match[spec_version]=2.1") == []
    status = held.post("only", plain, said).json()
    assert [one["message"][:24] for one in status["failures"]] == [
        "objects[0].spec_version:",
        "objects[1].spec_version:",
    ]
    assert held.objects("only") == []


def test_same_version_in_two_specifications_is_two_and_each_is_found(held):
    old, new = thing("tool", "pair", spec=None), thing("tool", "pair")
    for one in (new, old, new):
        assert held.post("both", one).json()["success_count"] == 1
    for query, found in (("", [new]), ("?match[spec_version]=2.0", [old]), ("?match[spec_version]=2.1", [new])):
        assert held.get(place(new, query)).json()["objects"] == found
    assert held.get(place(new, "versions/?match[spec_version]=2.0,2.1")).json()["versions"] == [MADE]


def test_newer_specification_takes_the_place_of_an_older_one_when_it_comes_later(held):
    old, new = thing("tool", "late", THIRD, spec=None), thing("tool", "late", SECOND)
    held.post("both", old)
    assert held.get(place(old)).json()["objects"] == [old]
    held.post("both", new)
    assert held.get(place(old)).json()["objects"] == [new]
    assert held.get(place(old, "?match[version]=first")).json()["objects"] == [new]


@pytest.mark.parametrize(
    ("given", "kept"),
    [((), [NEW]), ((OLD,), [OLD]), ((NEW, OLD), [NEW, OLD]), ((EVERY,), [EVERY]), ((EVERY, NEW), [EVERY, NEW])],
)
def test_collection_tells_the_media_types_that_it_holds_and_keeps_to_them(running_node, given, kept):
    http, node = running_node
    root = f"m{node.random.bytes(6).hex()}"
    made = add_collection(node, alias="m", title="M", root=root, **({"media_types": given} if given else {}))
    token = add_client(node, root, read=[made.id], write=[made.id], rate=0)
    asker = Asker(http, root, token, f"/taxii/{root}/")
    assert asker.get("collections/m/").json()["media_types"] == kept
    pair = [thing("tool", "new"), thing("tool", "old", spec=None)]
    fits = [NEW in kept or EVERY in kept, OLD in kept or EVERY in kept]
    asker.post("m", *pair)
    assert asker.objects("m") == [one for one, may in zip(pair, fits, strict=True) if may]
    for name, may in zip(("2.1", "2.0"), fits, strict=True):
        assert bool(asker.objects("m", f"?match[spec_version]={name}")) is may


@pytest.mark.parametrize("wrong", [("text/plain",), (NEW, NEW), (), ("application/stix+json;version=3.0", NEW)])
def test_collection_of_an_unknown_media_type_is_not_made(running_node, wrong):
    with pytest.raises(BadInput) as refused:
        add_collection(running_node[1], alias=f"w{uuid.uuid4().hex}", title="W", media_types=wrong)
    assert refused.value.code == "bad-name" and refused.value.where == "media-type"


def test_strangers_to_a_root_a_collection_an_object_or_a_status_are_told_that_it_is_not_there(held):
    for path in ("/taxii/carbon/", "/taxii/carbon/collections/", f"/taxii/carbon/collections/{NOBODY}/",
                 f"collections/{NOBODY}/", f"collections/{NOBODY}/objects/", f"collections/{NOBODY}/manifest/",
                 f"status/{NOBODY}/", place(indicator())):  # fmt: skip
        assert held.get(path).status_code == 404
    assert held.post(NOBODY, indicator()).status_code == 404


def test_object_that_is_not_in_an_envelope_cannot_be_processed(held):
    answer = held.call("POST", "collections/only/objects/", content=json.dumps(indicator()).encode())
    assert answer.status_code == 422 and answer.headers["content-type"] == TAXII
    assert answer.json()["http_status"] == "422" and answer.json()["title"] and answer.json()["description"]


def test_request_without_an_accept_header_is_answered_as_one_that_takes_anything(held):
    headers = {"authorization": f"Bearer {held.token}"}
    request = held.http.build_request("GET", held.root, headers=headers)
    del request.headers["accept"]
    answer = held.http.send(request)
    assert answer.status_code == 200 and answer.headers["content-type"] == TAXII
