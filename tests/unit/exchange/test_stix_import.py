"""Other people's STIX as drafts: what is taken, what is left for a person, and what is refused by place."""

import copy
import json
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.samples import bundles
from safeconduct.alerts.stix import EXTENSION_ID
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.exchange.import_any import drafts_of
from safeconduct.exchange.misp_import import drafts_of_misp
from safeconduct.exchange.stix_import import LIMIT_BYTES, drafts_of_stix
from safeconduct.workflows.import_report import NEEDED

RELEASED = bundles()["release"]["objects"][4]
TIMES = {"created": "2021-08-25T08:00:00.000Z", "modified": "2021-08-25T08:00:00.000Z"}
RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
GREEN = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
AMBER_2 = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"


def uid(kind, number=1):
    return f"{kind}--{UUID(int=number, version=4)}"


def thing(kind, number=1, **more):
    return {"type": kind, "id": uid(kind, number), "spec_version": "2.1", **TIMES, **more}


def read(*objects):
    return drafts_of_stix(json.dumps({"type": "bundle", "id": uid("bundle"), "objects": list(objects)}).encode())


def report(*refs, **more):
    base = {"name": "Crowd at risk", "published": TIMES["created"], "object_refs": list(refs)}
    return thing("report", description="Near the canal.", **{**base, **more})


LOCATION = thing("location", latitude=34.25, longitude=69.21, precision=400, name="Canal path", region="south")


def test_report_with_place_marking_and_maker_becomes_a_draft():
    maker = thing("identity", name="Road office")
    [draft] = read(report(uid("location"), created_by_ref=maker["id"], object_marking_refs=[AMBER_2]), LOCATION, maker)
    assert dict(draft.fields) == {
        "what": "Crowd at risk", "details": "Near the canal.", "site": "Canal path, south", "lat": "34.250000",
        "lon": "69.210000", "precision_m": "400", "handling": "TLP:AMBER", "source_name": "Road office",
        "source_reliability": "F", "source_credibility": "6",
    }  # fmt: skip
    assert (draft.producer, draft.standing, draft.name) == ("Road office", "new", uid("report"))
    left = set(NEEDED) - set(draft.fields)
    assert {"threatened_class", "advised_action", "harm_answer", "likelihood", "window_from", "window_to"} <= left


def test_each_report_and_grouping_is_a_draft_of_its_own():
    other = thing("grouping", name="Second", context="suspicious-activity", object_refs=[uid("location")])
    first, second = read(report(uid("location")), other, LOCATION)
    assert (first.fields["what"], second.fields["what"]) == ("Crowd at risk", "Second")


def test_notes_are_taken_with_the_report_and_opinions_are_remarked():
    note = thing("note", content="It was heard at noon.", object_refs=[uid("report")])
    opinion = thing("opinion", opinion="disagree", explanation="Not so.", object_refs=[uid("report")])
    far = thing("note", 2, content="Of another thing.", object_refs=[uid("malware")])
    [draft] = read(report(uid("location")), LOCATION, note, opinion, far)
    assert draft.fields["details"] == "Near the canal.\n\nNote: It was heard at noon."
    assert "opinion on it: disagree. Not so." in draft.remarks


def test_valid_times_are_the_window_only_if_there_is_one_pair():
    one = thing("indicator", valid_from="2021-08-26T13:00:00Z", valid_until="2021-08-26T19:00:00.5Z", pattern="x")
    [draft] = read(report(one["id"]), one)
    assert (draft.fields["window_from"], draft.fields["window_to"]) == ("2021-08-26T13:00:00Z", "2021-08-26T19:00:00Z")
    other = thing("indicator", 2, valid_from="2021-08-27T13:00:00Z", valid_until="2021-08-27T19:00:00Z", pattern="x")
    [draft] = read(report(one["id"], other["id"]), one, other)
    assert "window_from" not in draft.fields and any(
        line.startswith("2 different valid times") for line in draft.remarks
    )
    assert "not taken out of the file, which is kept whole: 2 indicator" in draft.remarks


def test_end_without_begin_gives_only_the_end():
    one = thing("indicator", valid_until="2021-08-26T19:00:00Z", pattern="x")
    [draft] = read(report(one["id"]), one)
    assert draft.fields["window_to"] == "2021-08-26T19:00:00Z" and "window_from" not in draft.fields


def test_strictest_marking_of_all_that_is_taken_holds():
    marked = {**LOCATION, "object_marking_refs": [RED]}
    [draft] = read(report(uid("location"), object_marking_refs=[GREEN]), marked)
    assert draft.fields["handling"] == "TLP:RED"


def test_markings_by_extension_by_definition_and_by_statement_are_read():
    by_extension = thing("marking-definition", 5, extensions={
        "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"tlp_2_0": "amber+strict"}})  # fmt: skip
    by_definition = thing("marking-definition", 6, definition_type="tlp", definition={"tlp": "white"})
    statement = thing("marking-definition", 7, definition_type="statement", definition={"statement": "Ours."})
    for marking, handling in ((by_extension, "TLP:AMBER+STRICT"), (by_definition, "TLP:CLEAR")):
        [draft] = read(report(object_marking_refs=[marking["id"]]), marking)
        assert draft.fields["handling"] == handling
    [draft] = read(report(object_marking_refs=[statement["id"], uid("marking-definition", 8)]), statement)
    assert "handling" not in draft.fields and "marked: Ours." in draft.remarks
    assert f"a marking that we do not know: {uid('marking-definition', 8)}" in draft.remarks


def test_one_actor_is_named_and_several_are_remarked():
    one, other = thing("threat-actor", name="wing-one"), thing("campaign", name="autumn")
    [draft] = read(report(one["id"]), one)
    assert draft.fields["actor"] == "wing-one"
    [draft] = read(report(one["id"], other["id"]), one, other)
    assert "actor" not in draft.fields and "names 2 actors: autumn; wing-one" in draft.remarks


def test_confidence_of_the_producer_is_not_ours_and_objects_elsewhere_are_counted():
    [draft] = read(report(uid("location", 9), confidence=85))
    assert any("confidence of 85 of 100" in line for line in draft.remarks)
    assert f"names 1 objects that are not in the file, the first {uid('location', 9)}" in draft.remarks
    assert draft.producer == "unnamed producer"


def test_newer_version_in_one_file_holds_and_is_an_update_and_a_revoked_one_is_withdrawn():
    later = report(modified="2021-08-25T09:00:00.000Z", name="Crowd still at risk")
    for objects in ((report(), later), (later, report())):
        [draft] = read(*objects)
        assert (draft.fields["what"], draft.standing, draft.refers) == (
            "Crowd still at risk",
            "update",
            (uid("report"),),
        )
    [draft] = read(report(revoked=True))
    assert draft.standing == "withdrawn" and "its producer took it back: look at what rests on it" in draft.remarks


def test_file_without_report_is_one_draft_that_asks_to_look():
    [draft] = read(thing("indicator", name="An address", pattern="x"), thing("identity", name="Road office"))
    assert draft.fields["what"] == "An address (indicator)" and any("has no report" in line for line in draft.remarks)
    [draft] = read(thing("indicator", pattern="x"))
    assert draft.fields["what"] == "1 objects without a report"


def test_single_object_is_read_like_a_bundle_of_one():
    [draft] = drafts_of_stix(json.dumps(report()).encode())
    assert draft.fields["what"] == "Crowd at risk"


def test_observed_object_may_leave_its_version_out():
    seen = {"type": "ipv4-addr", "id": "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", "value": "198.51.100.3"}
    [draft] = read(report(seen["id"]), seen)
    assert "not taken out of the file, which is kept whole: 1 ipv4-addr" in draft.remarks


def test_several_places_become_the_circle_that_holds_them():
    other = {**LOCATION, "id": uid("location", 2), "latitude": 34.27, "precision": 100}
    named = thing("location", 3, country="AF")
    [draft] = read(report(uid("location"), uid("location", 2), uid("location", 3)), LOCATION, other, named)
    assert draft.fields["lat"] == "34.260000" and 1500 < int(draft.fields["precision_m"]) < 1520
    assert draft.fields["site"] == "Canal path, south; Canal path, south; AF"
    assert any("has 2 parts" in line for line in draft.remarks)


def test_release_of_another_safeconduct_gives_what_its_extension_says():
    made = bundles()
    [draft] = drafts_of_stix(json.dumps(made["release"]).encode())
    assert (draft.fields["threatened_class"], draft.fields["advised_action"]) == ("people-waiting", "spread-out")
    assert (draft.fields["window_from"], draft.fields["actor"]) == ("2021-08-26T13:00:00Z", "wing-one")
    assert "likelihood" not in draft.fields and "its producer says: very likely" in draft.remarks
    [draft] = drafts_of_stix(json.dumps(made["without likelihood"]).encode())
    assert "actor" not in draft.fields
    [draft] = drafts_of_stix(json.dumps(made["withdrawal"]).encode())
    assert draft.standing == "withdrawn"
    broken = copy.deepcopy(made["release"])
    broken["objects"][4]["extensions"][EXTENSION_ID]["area"] = "9"
    [draft] = drafts_of_stix(json.dumps(broken).encode())
    assert "threatened_class" not in draft.fields
    assert any(line.startswith("its safeconduct extension was not read: extension.area") for line in draft.remarks)


@pytest.mark.parametrize(
    ("value", "code", "where"),
    [
        ([], "unknown-format", "file"),
        ({"type": "bundle", "spec_version": "2.0", "objects": []}, "bad-stix", "bundle.spec_version"),
        ({"type": "bundle", "objects": []}, "bad-stix", "bundle.objects"),
        ({"type": "bundle", "objects": 5}, "bad-stix", "bundle.objects"),
        ({"type": "bundle", "objects": [5]}, "bad-stix", "bundle.objects[0]"),
        ({"type": "bundle", "objects": [{}]}, "bad-stix", "bundle.objects[0].type"),
        ({"type": "bundle", "objects": [thing("report"), {"type": "report", "id": "x"}]}, "bad-stix", "bundle.objects[1].id"),
        ({"type": "bundle", "objects": [{**thing("report"), "id": uid("note")}]}, "bad-stix", "bundle.objects[0].id"),
        ({"type": "bundle", "objects": [{**thing("report"), "spec_version": "2.0"}]}, "bad-stix", "bundle.objects[0].spec_version"),
        ({"type": "bundle", "objects": [{k: v for k, v in thing("report").items() if k != "spec_version"}]}, "bad-stix", "bundle.objects[0].spec_version"),
        ({"type": "bundle", "objects": [report(modified="yesterday")]}, "bad-stix", "bundle.objects[0].modified"),
        ({"type": "bundle", "objects": [report(modified="2021-13-01T00:00:00Z")]}, "bad-stix", "bundle.objects[0].modified"),
        ({"type": "bundle", "objects": [report(object_refs="x")]}, "bad-stix", "bundle.objects[0].object_refs"),
        ({"type": "bundle", "objects": [report(uid("location")), {**LOCATION, "latitude": 91}]}, "bad-stix", uid("location")),
        ({"type": "bundle", "objects": [report(uid("location")), {**LOCATION, "longitude": None}]}, "bad-stix", uid("location")),
        ({"type": "bundle", "objects": [report(uid("location")), {**LOCATION, "precision": -1}]}, "bad-stix", uid("location")),
        ({"type": "bundle", "objects": [report(uid("location")), {**LOCATION, "latitude": True}]}, "bad-stix", uid("location")),
        ({"hello": 1}, "unknown-format", "file"),
    ],
)  # fmt: skip
def test_wrong_stix_is_refused_by_its_place(value, code, where):
    with pytest.raises(BadInput) as caught:
        drafts_of(json.dumps(value).encode())
    assert (caught.value.code, caught.value.where) == (code, where)


def test_bundle_that_is_no_object_is_refused():
    with pytest.raises(BadInput) as caught:
        drafts_of_stix(b"[1]")
    assert (caught.value.code, caught.value.where) == ("bad-stix", "bundle")


@pytest.mark.parametrize(
    "data",
    [
        b"{" * 100_000,
        b'{"type":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"type":"bundle","type":"bundle"}',
        b'{"type":NaN}',
        b'{"type":"\xff"}',
        b'{"a":"' + b"x" * LIMIT_BYTES + b'"}',
        b'{"a":' + b"1" * 5000 + b"}",
    ],
)
def test_hostile_json_is_refused_in_one_line(data):
    with pytest.raises(BadInput) as caught:
        drafts_of(data)
    assert caught.value.code == "bad-json" and "\n" not in str(caught.value)


def test_misp_event_without_the_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "misp_stix_converter", None)
    with pytest.raises(SafeconductError) as caught:
        drafts_of(b'{"Event": {"uuid": "5c0d7a9e", "info": "x"}}')
    assert caught.value.code == "no-misp-stix" and "pip install 'safeconduct[misp]'" in str(caught.value)
    with pytest.raises(BadInput) as refused:
        drafts_of_misp(b'{"Event": {"uuid": 5}}')
    assert refused.value.code == "bad-misp"


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG", b"   ", b"name,place\n1,2\n"])
def test_other_files_are_refused_with_what_is_read(data):
    with pytest.raises(BadInput) as caught:
        drafts_of(data)
    assert caught.value.code == "unknown-format" and "STIX 2.1" in caught.value.expected


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-200, 200), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)  # a busy machine is no fault of a reader
@given(data=st.data())
def test_any_value_in_any_property_is_refused_in_one_line_or_makes_a_draft(data):
    note = thing("note", content="Heard.", object_refs=[uid("report")])
    indicator = thing("indicator", valid_from="2021-08-26T13:00:00Z", valid_until="2021-08-26T19:00:00Z", name="x")
    marking = thing("marking-definition", definition={"tlp": "red"})
    whole = report(uid("location"), indicator["id"], object_marking_refs=[marking["id"]], confidence=3, revoked=False)
    objects = copy.deepcopy([whole, LOCATION, note, indicator, marking, {**RELEASED, "id": uid("report", 77)}])
    chosen = data.draw(st.sampled_from(objects))
    name = data.draw(st.sampled_from(sorted(chosen)))
    chosen[name] = data.draw(JSON)
    try:
        drafts = read(*objects)
    except BadInput as error:
        drafts, said = [], str(error)
    else:
        said = ""
        assert drafts
    assert "\n" not in said and all(isinstance(text, str) and text for one in drafts for text in one.fields.values())


@settings(deadline=None)  # a busy machine is no fault of a reader
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_line_or_read(raw):
    try:
        said = repr(len(drafts_of(raw)))
    except SafeconductError as error:
        said = str(error)
    assert "\n" not in said
