"""TAXII 2.1 as a client meets it when it writes: posts, their status, limits, deletion; and what hostile posts do."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json
from safeconduct.web.api.taxii_access import Pace
from safeconduct.workflows.taxii_access import Caller
from safeconduct.workflows.taxii_admin import add_client, remove_client
from safeconduct.workflows.taxii_objects import DEEPEST, MOST_OBJECTS, BadObject, microseconds, read_envelope
from taxii.conftest import DAY, TAXII, Asker, indicator


def ledger(served):
    with served.node.store.reading() as tx:
        return [decode_json(one.envelope, where="entry") for one in tx.ledger.find("in:taxii")]


def test_post_answers_with_a_status_that_can_be_asked_for_again_by_who_posted(served):
    made = [indicator(), indicator()]
    answer = served.both.post("ours", *made)
    status = answer.json()
    assert answer.status_code == 202 and answer.headers["content-type"] == TAXII
    assert (status["status"], status["total_count"], status["success_count"]) == ("complete", 2, 2)
    assert (status["failure_count"], status["pending_count"]) == (0, 0) and "failures" not in status
    assert status["successes"] == [{"id": one["id"], "version": DAY} for one in made]
    assert served.both.get(f"status/{status['id']}/").json() == status
    assert served.reader.get(f"status/{status['id']}/").status_code == 404
    assert served.both.get("status/22101993/").status_code == 404


def test_same_version_twice_is_a_success_and_changes_nothing(served):
    one = indicator()
    served.both.post("ours", one)
    before = served.both.get("collections/ours/manifest/?match[version]=all").json()
    status = served.both.post("ours", {**one, "name": "another name"}, one).json()
    assert (status["success_count"], status["failure_count"]) == (2, 0)
    assert served.both.get("collections/ours/manifest/?match[version]=all").json() == before
    assert served.both.objects("ours") == [one]


def test_object_without_versions_is_kept_as_it_came_first(served):
    one = {"type": "ipv4-addr", "id": "ipv4-addr--6f437177-6e48-5cf8-9d9e-872a2bddd641", "value": "192.0.2.1"}
    for sent in (one, {**one, "value": "192.0.2.2"}):
        assert served.both.post("ours", sent).json()["success_count"] == 1
    for query in ("", "?match[version]=all", "?match[version]=first"):
        assert served.both.get(f"collections/ours/objects/{one['id']}/{query}").json()["objects"] == [one]
    [record] = served.both.get("collections/ours/manifest/").json()["objects"]
    assert record["version"] == record["date_added"].replace("000Z", "Z") or record["version"] == record["date_added"]
    assert served.both.get(f"collections/ours/objects/{one['id']}/versions/").json()["versions"] == [record["version"]]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"spec_version": "2.0"}, "spec_version"), ({"spec_version": None}, "spec_version"), ({"id": "x"}, "id"),
        ({"type": "bundle"}, "type"), ({"type": "Indicator"}, "type"), ({"type": 5}, "type"), ({"id": 5}, "id"),
        ({"id": "malware--11111111-1111-4111-8111-111111111111"}, "id"), ({"created": "yesterday"}, "created"),
        ({"modified": "2020-01-01T00:00:00.000Z"}, "modified"), ({"modified": "2021-08-26T13:50:00+00:00"}, "modified"),
        ({"modified": "2021-08-26T13:50:00.1234567Z"}, "modified"), ({"created": 5}, "created"),
    ],
)  # fmt: skip
def test_bad_object_is_a_failure_that_names_the_field_and_spoils_no_other(served, bad, field):
    good = indicator()
    answer = served.both.post("ours", good, indicator(**bad))
    status = answer.json()
    assert answer.status_code == 202 and (status["success_count"], status["failure_count"]) == (1, 1)
    [failure] = status["failures"]
    assert failure["message"].startswith(f"objects[1].{field}: expected") and failure["version"] and failure["id"]
    assert served.both.objects("ours", "?match[version]=all") == [good]
    assert (ledger(served)[-1]["count"], ledger(served)[-1]["failed"]) == (2, 1)


def nested(depth):
    return json.dumps(indicator())[:-1] + ', "x_deep": ' + "[" * depth + "]" * depth + "}"


RAW = {
    "a key twice": json.dumps(indicator())[:-1] + ', "name": "twice"}',
    "a key twice, deep inside": json.dumps(indicator())[:-1] + ', "x": [{"a": {"b": 1, "b": 2}}]}',
    "too deep": nested(DEEPEST + 5),
    "far too deep": nested(500),
    "a number out of range": json.dumps(indicator())[:-1] + ', "x": 1e999}',
    "no object": "7",
}


@pytest.mark.parametrize("what", sorted(RAW))
def test_object_that_two_readers_could_take_differently_is_not_kept(served, what):
    good = indicator()
    content = ('{"objects": [' + RAW[what] + "," + json.dumps(good) + "]}").encode()
    status = served.both.call("POST", "collections/ours/objects/", content=content).json()
    assert (status["success_count"], status["failure_count"]) == (1, 1), status
    assert served.both.objects("ours") == [good]


WHOLE = {
    "no JSON": (b"{", 400), "nothing": (b"", 400), "no UTF-8": (b'{"objects": [{"type": "\xff"}], "\xff": 1}', None),
    "a list": (b"[]", 422), "no objects": (b"{}", 422), "objects of no list": (b'{"objects": {}}', 422),
    "an empty list": (b'{"objects": []}', 422), "an object alone": (json.dumps(indicator()).encode(), 422),
    "a bundle": (b'{"type": "bundle", "id": "bundle--1"}', 422), "nested without end": (b'{"objects": ' + b"[" * 100_000, 400),
    "objects twice": (b'{"objects": [{}], "objects": [' + json.dumps(indicator()).encode() + b"]}", 400),
    "too many": (b'{"objects": [' + b",".join([b"1"] * (MOST_OBJECTS + 1)) + b"]}", 422),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(WHOLE))
def test_what_is_no_envelope_is_refused_whole_and_logged(served, what):
    content, status = WHOLE[what]
    with served.node.store.reading() as tx:
        before = tx.ledger.size()
    answer = served.both.call("POST", "collections/ours/objects/", content=content)
    if status is None:
        assert answer.status_code == 202 and answer.json()["success_count"] == 0
    else:
        assert answer.status_code == status and answer.json()["details"]["where"].startswith("envelope")
    assert served.both.objects("ours") == []
    with served.node.store.reading() as tx:
        assert tx.ledger.size() == before + 1


def test_every_post_is_one_ledger_entry_with_digest_and_count(served):
    before = len(ledger(served))
    answer = served.both.post("ours", indicator(), indicator())
    served.both.post("ours", indicator())
    entries = ledger(served)[before:]
    assert [one["count"] for one in entries] == [2, 1] and len({one["digest"] for one in entries}) == 2
    assert entries[0]["status"] == answer.json()["id"] and entries[0]["client"] == served.both.name
    assert entries[0]["collection"] == served.ids["ours"] and entries[0]["act"] == "post"


def test_content_type_of_a_post_must_be_taxii(served):
    for kind, status in ((TAXII, 202), ("application/taxii+json", 202), ("application/json", 415), ("", 415),
                         ("application/taxii+json;version=2.0", 415), ("application/stix+json;version=2.1", 415)):  # fmt: skip
        assert served.both.post("ours", indicator(), kind=kind).status_code == status
    assert len(served.both.objects("ours")) == 2


def test_request_above_the_clients_size_is_refused_by_its_length(served):
    name = f"small-{served.root}"
    ours = served.ids["ours"]
    small = Asker(
        served.http, name, add_client(served.node, name, read=[ours], write=[ours], size=2_048), served.both.root
    )
    assert small.get("").json()["max_content_length"] == 2_048
    assert small.post("ours", indicator()).status_code == 202
    assert small.post("ours", indicator(description="d" * 3_000)).status_code == 413
    assert len(small.objects("ours")) == 1

    def chunks():
        yield json.dumps({"objects": [indicator(description="d" * 3_000)]}).encode()

    assert small.call("POST", "collections/ours/objects/", content=chunks()).status_code == 413


def test_client_that_asks_too_often_waits_and_others_do_not(served):
    name = f"busy-{served.root}"
    busy = Asker(
        served.http, name, add_client(served.node, name, read=[served.ids["ours"]], write=[], rate=3), served.both.root
    )
    seen = [busy.get("") for _ in range(5)]
    assert [one.status_code for one in seen] == [200, 200, 200, 429, 429]
    assert 1 <= int(seen[-1].headers["retry-after"]) <= 60
    assert served.both.get("").status_code == 200


def test_pace_begins_anew_after_a_minute(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("safeconduct.web.api.taxii_access.time.monotonic", lambda: now[0])
    pace, caller = Pace(), Caller("a", "", 1, 1)
    pace.count(caller)
    with pytest.raises(Exception, match="at most 1 requests"):
        pace.count(caller)
    now[0] += 60
    pace.count(caller)


def test_removed_client_is_let_in_no_more(served):
    remove_client(served.node, served.both.name)
    assert served.both.get("/taxii2/").status_code == 401
    with pytest.raises(BadInput, match="the name of a client"):
        remove_client(served.node, served.both.name)


def test_tokens_are_kept_as_digests_only(served):
    with served.node.store.reading() as tx:
        row = tx.taxii.client(served.both.name)
        stored = [one.envelope for one in tx.ledger.find("own:taxii")]
    assert served.both.token not in repr(row)
    assert not any(served.both.token.encode() in one for one in stored)


def delete(served, name, query="", by="both"):
    return served.clients[by].call("DELETE", f"collections/ours/objects/{name}/{query}").status_code


def test_deletion_takes_the_versions_that_are_named_and_all_without_a_name(served):
    one = indicator()
    days = [f"202{n}-08-26T13:50:00.000Z" for n in range(1, 7)]
    served.both.post("ours", *({**one, "modified": day} for day in days))

    def left():
        return served.both.get(f"collections/ours/objects/{one['id']}/versions/").json().get("versions")

    assert delete(served, one["id"], f"?match[version]={days[2]}") == 200 and left() == days[:2] + days[3:]
    assert delete(served, one["id"], "?match[version]=first") == 200 and left() == [days[1], *days[3:]]
    assert delete(served, one["id"], "?match[version]=last") == 200 and left() == [days[1], days[3], days[4]]
    assert [o["modified"] for o in served.both.objects("ours")] == [days[4]]
    assert [o["modified"] for o in served.both.objects("ours", "?match[version]=first")] == [days[1]]
    assert delete(served, one["id"], "?match[spec_version]=2.0") == 200 and len(left()) == 3
    assert delete(served, one["id"]) == 200
    assert delete(served, one["id"]) == 404
    assert served.both.get(f"collections/ours/objects/{one['id']}/").status_code == 404
    assert served.both.objects("ours") == []
    entry = ledger(served)[-1]
    assert (entry["act"], entry["object"], entry["versions"]) == ("delete", one["id"], [days[1], days[3], days[4]])


def test_only_who_reads_and_writes_deletes(served):
    one = indicator()
    served.both.post("ours", one)
    assert [delete(served, one["id"], by=who) for who in ("reader", "writer", "other")] == [403, 403, 404]
    assert served.both.objects("ours") == [one]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("type", "id", "spec_version", "created", "modified", "extensions", "x")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=7) | JUNK, min_size=1, max_size=5))
def test_any_values_in_place_of_objects_are_failures_that_name_their_place(values):
    for number, one in enumerate(read_envelope(json.dumps({"objects": values}).encode())):
        assert isinstance(one, BadObject) and one.error.where.startswith(f"objects[{number}]") and one.id


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_damaged_envelope_is_read_in_the_bytes_it_has_or_refused(data):
    whole = bytearray(json.dumps({"objects": [indicator(), indicator(x={"a": ["é"]})]}).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.integers(0, 3))
        whole[at : at + cut] = data.draw(st.binary(max_size=3))
    found = []
    with suppress(BadInput):
        found = read_envelope(bytes(whole))
    for one in found:
        if not isinstance(one, BadObject):
            assert one.body in bytes(whole)
            value = json.loads(one.body)
            assert (value["id"], value["type"], value["spec_version"]) == (one.id, one.type, "2.1")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_no_envelope(data):
    with pytest.raises(BadInput):
        read_envelope(data)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1970-01-01T00:00:01.5Z", 1_500_000),
        ("1969-12-31T23:59:59.999999Z", -1), ("2021-08-26T13:50:00.123456000Z", 1_629_985_800_123_456),
        ("2021-08-26T13:50:00.1234561Z", None), ("2021-13-26T13:50:00Z", None), ("2021-08-26T24:00:00Z", None),
        ("2021-08-26 13:50:00Z", None), ("2021-08-26T13:50:00", None), ("", None), (None, None), (5, None),
    ],
)  # fmt: skip
def test_times_are_read_to_the_microsecond_or_not_at_all(text, micros):
    assert microseconds(text) == micros
