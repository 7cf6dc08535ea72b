"""TAXII 2.1 as a client meets it when it reads: discovery, roots, collections, pages, filters, media types."""

import json

import pytest

from taxii.conftest import DAY, FIRST, LAST, NOBODY, TAXII, basic, indicator

LATER, LATEST = "2021-08-27T13:50:00.000Z", "2021-08-28T13:50:00.123456Z"


def test_discovery_names_the_roots_that_the_client_may_use(served):
    found = served.both.get("/taxii2/").json()
    assert found["api_roots"] == [served.both.root] and found["default"] == served.both.root and found["title"]


def test_api_root_tells_its_version_and_the_size_of_a_request(served):
    found = served.both.get("").json()
    assert found["versions"] == [TAXII] and found["max_content_length"] == 32 << 20


def test_collections_are_listed_with_what_this_client_may_do(served):
    for name, may in (("both", (True, True)), ("reader", (True, False)), ("writer", (False, True))):
        [one] = served.clients[name].get("collections/").json()["collections"]
        assert (one["can_read"], one["can_write"]) == may
        assert one["id"] == served.ids["ours"] and one["alias"] == "ours"
        assert one["media_types"] == ["application/stix+json;version=2.1"]
        assert served.clients[name].get(f"collections/{one['id']}/").json() == one
        assert served.clients[name].get("collections/ours/").json() == one


def test_collection_of_others_does_not_exist_and_the_wrong_way_is_forbidden(served):
    for path in ("", "objects/", "manifest/", f"objects/{indicator()['id']}/"):
        assert served.other.get(f"collections/ours/{path}").status_code == 404
        assert served.other.get(f"collections/{served.ids['ours']}/{path}").status_code == 404
        assert served.other.get(f"collections/{NOBODY}/{path}").status_code == 404
        if path:
            assert served.writer.get(f"collections/ours/{path}").status_code == 403
    assert served.reader.post("ours", indicator()).status_code == 403
    assert served.other.post("ours", indicator()).status_code == 404
    assert served.other.get("/taxii/elsewhere/").status_code == 404
    assert served.other.get("/taxii/elsewhere/collections/").status_code == 404


def test_without_a_known_token_every_endpoint_asks_for_one(served):
    paths = ("/taxii2/", *(served.both.root + one for one in ("", "collections/", "collections/ours/objects/")))
    for given in ({}, {"authorization": basic(served.both.name, "0" * 48)}, {"authorization": basic("x", served.both.token)},
                  {"authorization": "Bearer nothing"}, {"authorization": "Basic !!!"}, {"authorization": "Basic /w=="}):  # fmt: skip
        for path in paths:
            answer = served.http.get(path, headers={"accept": TAXII, **given})
            assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Basic realm=")
            assert answer.json()["http_status"] == "401"
        posted = served.http.post(paths[-1], headers={"accept": TAXII, "content-type": TAXII, **given}, content=b"{}")
        assert posted.status_code == 401


def test_bearer_token_lets_in_as_basic_does(served):
    answer = served.http.get("/taxii2/", headers={"accept": TAXII, "authorization": f"Bearer {served.both.token}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (TAXII, 200), ("application/taxii+json", 200), ("application/taxii+json; version=2.1", 200),
        ('application/taxii+json;version="2.1"', 200), ("text/html, application/taxii+json;version=2.1;q=0.9", 200),
        ("application/taxii+json;version=2.1,application/stix+json;version=2.1", 200),
        ("*/*", 200), ("", 200), ("application/*", 200), ("application/json, text/plain, */*", 200),
        ("application/taxii+json;version=2.0", 406), ("application/json", 406), ("text/*", 406), ("*/*;q=0", 406),
        ("application/taxii+json;version=2.1;q=0", 406), ("application/vnd.oasis.taxii+json; version=2.0", 406),
        ("application/taxii+json;version=2.1;q=0, */*", 406),
    ],
)  # fmt: skip
def test_only_taxii_is_spoken(served, accept, status):
    for path in ("/taxii2/", "collections/ours/objects/", "collections/ours/manifest/"):
        answer = served.both.get(path, accept=accept)
        assert answer.status_code == status
        assert answer.headers["content-type"] == TAXII


def test_every_error_is_a_taxii_error_object(served):
    cases = [
        served.both.get("nowhere/"), served.both.get("collections/ours/objects/?limit=0"),
        served.other.get("collections/ours/objects/"), served.writer.get("collections/ours/objects/"),
        served.both.get("/taxii2/", accept="text/html"), served.http.get("/taxii2/"),
        served.both.call("POST", "collections/ours/objects/", content=b"{"),
        served.both.call("POST", "collections/ours/objects/", content=b"{}"),
        served.both.call("POST", "collections/ours/objects/", content=b"{}", kind="application/json"),
        served.both.call("PUT", "collections/ours/objects/"),
    ]  # fmt: skip
    assert [one.status_code for one in cases] == [404, 400, 404, 403, 406, 401, 400, 422, 415, 405]
    for one in cases:
        assert one.headers["content-type"] == TAXII
        error = one.json()
        assert error["http_status"] == str(one.status_code) and error["title"] and error["description"]
        assert "Traceback" not in one.text


def test_empty_collection_answers_with_an_empty_envelope(served):
    for path in ("objects/", "manifest/"):
        answer = served.both.get(f"collections/ours/{path}")
        assert answer.json() == {} and FIRST not in answer.headers


def test_objects_come_oldest_first_with_their_bytes_and_the_dates_of_first_and_last(served):
    made = [indicator(x_unknown={"a": [1, 2.50, "é"]}, extensions={"x": {"y": 1}}) for _ in range(3)]
    raw = b'{"objects":[' + b",".join(json.dumps(one).encode() for one in made) + b"]}"
    assert served.both.call("POST", "collections/ours/objects/", content=raw).status_code == 202
    answer = served.both.get("collections/ours/objects/")
    assert answer.json() == {"more": False, "objects": made}
    for one in made:
        assert json.dumps(one).encode() in answer.content  # as it came, byte for byte
    manifest = served.both.get("collections/ours/manifest/")
    dates = [one["date_added"] for one in manifest.json()["objects"]]
    assert dates == sorted(set(dates)) and all(len(one) == 27 and one.endswith("Z") for one in dates)
    for one in (answer, manifest):
        assert (one.headers[FIRST], one.headers[LAST]) == (dates[0], dates[-1])
    assert [one["id"] for one in manifest.json()["objects"]] == [one["id"] for one in made]
    assert {one["media_type"] for one in manifest.json()["objects"]} == {"application/stix+json;version=2.1"}


def test_pages_follow_each_other_by_next_and_by_added_after(served):
    made = [indicator() for _ in range(7)]
    served.both.post("ours", *made)
    ids = [one["id"] for one in made]
    for way in ("next", "added_after"):
        seen, query = [], "?limit=3"
        while True:
            answer = served.both.get(f"collections/ours/objects/{query}")
            page = answer.json()
            seen += [one["id"] for one in page["objects"]]
            assert len(page["objects"]) <= 3
            if not page["more"]:
                break
            query = f"?limit=3&next={page['next']}" if way == "next" else f"?limit=3&added_after={answer.headers[LAST]}"
        assert seen == ids
    assert (
        served.both.objects("ours", "?limit=7")
        and not served.both.get("collections/ours/objects/?limit=7").json()["more"]
    )
    last = served.both.get("collections/ours/objects/").headers[LAST]
    assert served.both.get(f"collections/ours/objects/?added_after={last}").json() == {}


def test_page_without_a_limit_has_a_hundred_objects_and_none_has_more_than_a_thousand(served):
    served.both.post("ours", *[indicator() for _ in range(1_050)])
    assert len(served.both.objects("ours")) == 100
    assert len(served.both.objects("ours", "?limit=5000")) == 1_000
    found = served.both.get("collections/ours/manifest/?limit=5000").json()
    assert len(found["objects"]) == 1_000 and found["more"] is True


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=-20", "limit=ten", "limit=", "limit=1&limit=2", "added_after=yesterday", "added_after=",
        "added_after=2021-08-26T13:50:00+00:00", "added_after=2021-02-30T13:50:00Z",
        "added_after=2021-08-26T13:50:00Z&added_after=2021-08-26T13:50:00Z", "next=nonsense", "next=",
        "match[version]=all,last", "match[version]=first,first", "match[version]=yesterday", "match[version]=",
        "match[type]=", "match[type]=a&match[type]=b", "match[id]=", "match[id]=a,,b", "match[spec_version]=",
        "match[type]=%ff", "&".join(f"x{n}=1" for n in range(50)),
    ],
)  # fmt: skip
def test_malformed_filters_are_refused_with_their_name(served, query):
    for path in ("objects/", "manifest/"):
        answer = served.both.get(f"collections/ours/{path}?{query}")
        assert answer.status_code == 400
        assert answer.json()["error_code"] == "bad-filter" and answer.json()["details"]["where"]


def test_next_holds_for_the_filters_with_which_it_was_made(served):
    served.both.post("ours", *[indicator() for _ in range(4)])
    token = served.both.get("collections/ours/objects/?limit=2&match[version]=all").json()["next"]
    assert served.both.get(f"collections/ours/objects/?limit=2&match[version]=all&next={token}").status_code == 200
    assert served.both.get(f"collections/ours/objects/?limit=2&match[version]=first&next={token}").status_code == 400


@pytest.fixture
def versions(served):
    """One object in three versions, sent in another order than they were made, and one of another type."""
    one, other = indicator(), indicator()
    other |= {"type": "campaign", "id": other["id"].replace("indicator", "campaign")}
    for modified in (LATER, DAY, LATEST):
        served.both.post("ours", {**one, "modified": modified})
    served.both.post("ours", other)
    return served, one["id"], other["id"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [LATEST]), ("match[version]=last", [LATEST]), ("match[version]=first", [DAY]),
        ("match[version]=first,last", [DAY, LATEST]), ("match[version]=all", [LATER, DAY, LATEST]),
        (f"match[version]={LATER}", [LATER]), (f"match[version]={LATER},last", [LATER, LATEST]),
        ("match[version]=2021-08-27T13:50:00Z", [LATER]), ("match[version]=2001-01-01T00:00:00Z", []),
        ("match[spec_version]=2.1", [LATEST]), ("match[spec_version]=2.0,2.1", [LATEST]), ("match[spec_version]=2.0", []),
    ],
)  # fmt: skip
def test_versions_are_chosen_by_name_and_by_time(versions, query, found):
    served, name, other = versions
    seen = [one["modified"] for one in served.both.objects("ours", f"?{query}") if one["id"] == name]
    assert seen == found
    manifest = served.both.get(f"collections/ours/manifest/?{query}").json().get("objects", [])
    assert [one["version"] for one in manifest if one["id"] == name] == found
    single = served.both.get(f"collections/ours/objects/{name}/?{query}")
    assert single.status_code == 200 and [one["modified"] for one in single.json().get("objects", [])] == found
    by_id = served.both.objects("ours", f"?match[id]={name}&{query}")
    assert [one["modified"] for one in by_id] == found
    both = served.both.objects("ours", f"?match[id]={name},{other}&{query}&match[type]=indicator")
    assert [one["modified"] for one in both] == found
    by_type = served.both.objects("ours", f"?match[type]=indicator,malware&{query}")
    assert [one["modified"] for one in by_type] == found


def test_types_are_matched_each_or_together(versions):
    served, name, other = versions
    assert [one["id"] for one in served.both.objects("ours", "?match[type]=campaign")] == [other]
    assert [one["id"] for one in served.both.objects("ours", "?match[type]=campaign,indicator")] == [name, other]
    assert served.both.objects("ours", "?match[type]=malware") == []
    assert served.both.objects("ours", f"?match[id]={name}&match[type]=campaign") == []
    assert served.both.objects("ours", "?match[colour]=red")  # a field that the standard does not have


def test_versions_of_an_object_are_listed_by_when_they_were_added(versions):
    served, name, _ = versions
    answer = served.both.get(f"collections/ours/objects/{name}/versions/")
    assert answer.json() == {"more": False, "versions": [LATER, DAY, LATEST]}
    assert answer.headers[FIRST] < answer.headers[LAST]
    page = served.both.get(f"collections/ours/objects/{name}/versions/?limit=1").json()
    assert page["more"] and page["versions"] == [LATER]
    rest = served.both.get(f"collections/ours/objects/{name}/versions/?next={page['next']}").json()
    assert rest["versions"] == [DAY, LATEST]
    assert served.both.get(f"collections/ours/objects/{name}/versions/?match[spec_version]=2.0").json() == {}


def test_object_that_is_not_there_is_not_found(served):
    name = indicator()["id"]
    for path in (f"objects/{name}/", f"objects/{name}/versions/", "objects/no-id-at-all/"):
        assert served.both.get(f"collections/ours/{path}").status_code == 404


def test_answers_of_any_size_are_never_compressed(served):
    served.both.post("ours", *[indicator() for _ in range(100)])
    answer = served.both.get("collections/ours/objects/", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers and int(answer.headers["content-length"]) > 20_000
