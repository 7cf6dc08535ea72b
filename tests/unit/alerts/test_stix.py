"""A release as STIX 2.1 and back; nothing rides along."""

import copy
import dataclasses
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.alerts.quadtree import size_m
from safeconduct.alerts.release import withdraw
from safeconduct.alerts.stix import (
    EXTENSION_ID,
    LIMIT_BYTES,
    StixIds,
    decode_stix,
    encode_stix,
    from_stix,
    ids_of,
    to_stix,
)
from safeconduct.alerts.words import TLP
from safeconduct.errors import BadInput

IDS = StixIds(*(f"0000000{n}-0000-4000-8000-000000000000" for n in "123"))
# STIX 2.1, section 3.2 (common properties) and the sections of each object: what must be there.
NEEDED = {
    "identity": {"id", "spec_version", "created", "modified", "name"},
    "extension-definition": {"id", "spec_version", "created", "modified", "created_by_ref", "name", "schema", "version", "extension_types"},
    "marking-definition": {"id", "spec_version", "created", "extensions"},
    "location": {"id", "spec_version", "created", "modified", "latitude", "longitude"},
    "report": {"id", "spec_version", "created", "modified", "name", "published", "object_refs"},
}  # fmt: skip


@pytest.fixture(scope="session")
def bundle(release):
    return to_stix(release, IDS)


@pytest.mark.parametrize("handling", TLP)
def test_release_survives_stix(release, handling):
    marked = dataclasses.replace(release, handling=handling)
    assert decode_stix(encode_stix(to_stix(marked, IDS))) == marked


def test_bundle_has_what_stix_requires(bundle):
    assert [one["type"] for one in bundle["objects"]] == list(NEEDED)
    known = {one["id"] for one in bundle["objects"]}
    for one in bundle["objects"]:
        assert NEEDED[one["type"]] <= set(one)
        assert one["id"].startswith(one["type"] + "--")
        assert set(one.get("object_refs", [])) | set(one.get("object_marking_refs", [])) <= known
        assert all(
            re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one[name])
            for name in ("created", "modified", "published")
            if name in one
        )


@pytest.mark.seed("S-05")
def test_bundle_names_no_author_and_no_time_finer_than_the_slot(bundle):
    location, report = bundle["objects"][3:]
    assert "created_by_ref" not in location and "created_by_ref" not in report
    assert report["created"] == report["modified"] == report["published"] == "2021-08-25T08:00:00.000Z"


def test_later_version_is_newer_by_its_millisecond_and_keeps_its_creation(release):
    gone = withdraw(release, now=release.issued + 10, slot_seconds=3600)
    report = to_stix(gone, IDS)["objects"][4]
    assert report["revoked"] is True and report["created"] < report["modified"] == "2021-08-25T08:00:00.001Z"
    assert ids_of(to_stix(gone, IDS)) == IDS


def test_circle_around_the_middle_holds_the_cell(bundle, release):
    location = bundle["objects"][3]
    assert (
        location["precision"] == 865.0 > size_m(release.area) / 2**0.5 and abs(location["latitude"] - 34.258012) < 0.011
    )


@pytest.mark.seed("S-04")
def test_reader_without_our_extension_gets_all_in_plain_words(release, bundle):
    said = bundle["objects"][4]["description"]
    assert said == (
        "Advice: let no crowd form in the area; let people wait apart and call them in small groups. "
        "For: people who wait at a control point. From 2021-08-26T13:00:00Z until 2021-08-26T19:00:00Z. "
        "Where: in a cell 1223 m wide at most. Likelihood: very likely. It carries no instruction to use force."
    )
    assert "confidence" not in json.dumps(bundle).lower()
    without = to_stix(dataclasses.replace(release, likelihood=None), IDS)["objects"][4]["description"]
    assert "Likelihood" not in without


def test_withdrawal_says_so_in_words_and_promises_no_safety(release):
    gone = to_stix(withdraw(release, now=release.issued, slot_seconds=3600), IDS)["objects"][4]
    assert gone["name"].startswith("Withdrawn: ") and "do not act on it" in gone["description"]
    assert "Advice" not in gone["description"] and "says nothing of whether there is danger" in gone["description"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda b: b.update(type="report"), "bundle.type"),
        (lambda b: b.update(id="bundle--1"), "bundle.id"),
        (lambda b: b.update(x_more=1), "bundle"),
        (lambda b: b["objects"].pop(), "bundle.objects"),
        (lambda b: b["objects"].append({}), "bundle.objects"),
        (lambda b: b["objects"][4].pop("extensions"), "report.extensions"),
        (
            lambda b: b["objects"][4]["extensions"].update({"extension-definition--x": {}}),
            "bundle.objects[4].extensions",
        ),
        (lambda b: b["objects"][4]["extensions"][EXTENSION_ID].update(plate="123"), "report.extension"),
        (lambda b: b["objects"][4]["extensions"][EXTENSION_ID].update(area="30"), "bundle.objects[3].latitude"),
        (lambda b: b["objects"][4].update(description="stop the red car"), "bundle.objects[4].description"),
        (lambda b: b["objects"][4].update(x_note="a red car"), "bundle.objects[4]"),
        (lambda b: b["objects"][4].pop("name"), "bundle.objects[4].name"),
        (lambda b: b["objects"][4].update(id="report--" + "0" * 36), "report.id"),
        (lambda b: b["objects"][0].update(name="Source Heron"), "bundle.objects[0].name"),
        (lambda b: b["objects"].__setitem__(0, 5), "bundle.objects[0]"),
        (lambda b: b["objects"].__setitem__(3, None), "location"),
    ],
)
def test_changed_bundle_is_refused_by_place(bundle, change, where):
    changed = copy.deepcopy(bundle)
    change(changed)
    with pytest.raises(BadInput) as caught:
        from_stix(changed)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"[" * 100_000, b'{"a":1,"a":1}', b'"' + b"a" * LIMIT_BYTES + b'"', b"[" * 60_000, b"1" * 5000],
)
def test_broken_json_is_refused(data):
    with pytest.raises(BadInput) as caught:
        decode_stix(data)
    assert caught.value.code == "bad-json"


@given(data=st.data())
def test_any_cut_or_flip_is_refused_or_is_the_whole_bundle_of_another_release(bundle, data):
    raw = bytearray(encode_stix(bundle))
    place = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        raw = raw[:place]
    else:
        raw[place] ^= data.draw(st.integers(1, 255))
    try:
        read = decode_stix(bytes(raw))
    except BadInput:
        return
    assert encode_stix(to_stix(read, ids_of(json.loads(raw)))) == bytes(raw)


def test_identifier_that_is_no_random_uuid_is_refused(release):
    with pytest.raises(BadInput) as caught:
        to_stix(release, dataclasses.replace(IDS, report="00000001-0000-1000-8000-000000000000"))
    assert caught.value.where == "ids.report"
