"""From a report to a release: built from the allow-list, refused for one reason at a time."""

import contextlib
import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.alerts.derive import SALT_NAMES, Derivation
from safeconduct.alerts.lead import LeadTime, describe, lead_time
from safeconduct.alerts.override import Override
from safeconduct.alerts.quadtree import cell, contains
from safeconduct.alerts.release import from_json, obeys, plain_fields, to_json, withdraw
from safeconduct.alerts.report import plain_fields as report_fields
from safeconduct.alerts.stix import StixIds, encode_stix, to_stix
from safeconduct.alerts.withheld import forms_by_field, withheld_bytes, withheld_values
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.commitment import prove, verify_field

NOW = 1629878400
IDS = StixIds(*(f"0000000{n}-0000-4000-8000-000000000000" for n in "123"))


@pytest.mark.seed("S-03", "S-04")
def test_release_says_class_area_window_likelihood_and_advice(release, report):
    assert (release.threatened_class, release.advised_action, release.likelihood) == ("people-waiting", "spread-out", 6)
    assert release.area == cell(report.lat, report.lon, 15)
    assert (release.window_from, release.window_to) == (1629982800, 1630004400)
    assert release.actor == "wing-one" and release.handling == "TLP:AMBER+STRICT"
    assert release.issued == 1629878400 and release.lead_seconds == 1629982800 - 1629878400
    assert release.expires == 1630004400 + 86_400


@pytest.mark.seed("S-05")
def test_no_withheld_value_is_in_the_release_or_its_stix(report, release):
    crossing = to_json(release) + encode_stix(to_stix(release, IDS))
    values = withheld_values(report, release)
    assert {"Source Heron", "Listening post Käfer", "Canal path by the south wall", "34258012", "69.210455"} <= set(
        values
    )
    assert {"The second was at dusk.", "2021-08-26T13:37", "Duty officer north", "rep-0017", "cell-9"} <= set(values)
    assert [value for value in values if value in crossing.decode()] == []
    assert [value for value in withheld_bytes(report, release) if value in crossing] == []


@pytest.mark.seed("S-05")
def test_search_finds_each_withheld_value_in_the_full_report(report, release):
    whole = json.dumps(report_fields(report))
    found = [value for value in withheld_bytes(report, release) if value.decode(errors="replace") in whole]
    assert {b"Listening post K\\u00e4fer", b"34258012", b"rep-0017", b"1629985020"} <= set(found)
    assert b"\x1a" + (34258012).to_bytes(4, "big") in withheld_bytes(report, release)
    south = dataclasses.replace(report, lat=-report.lat)
    assert b"\x3a" + (34258011).to_bytes(4, "big") in withheld_bytes(south, release)


@pytest.mark.seed("S-05")
def test_what_both_parties_share_already_is_no_secret(report, release):
    shared = ["Control points: Canal path by the south wall"]
    assert "Canal path by the south wall" not in withheld_values(report, release, already_shared=shared)


def test_time_that_the_release_carries_itself_is_no_secret(report, make):
    aligned = dataclasses.replace(report, window_from=1629982800)
    derivation = make(report=aligned)
    assert not {"1629982800", "2021-08-26T13:00:00Z"} & set(withheld_values(aligned, derivation.release))
    assert b"\x1a" + (1629982800).to_bytes(4, "big") not in withheld_bytes(aligned, derivation.release)
    assert "window_from" not in {one.field for one in derivation.withheld}


def test_values_too_short_to_search_have_no_form(report):
    short = dataclasses.replace(report, site="Ost", what="Bomb.", details="", harm_answer=None)
    forms = forms_by_field(short)
    assert forms["site"] == () and forms["what"] == ("Bomb.",) and forms["details"] == () and forms["harm_answer"] == ()


@pytest.mark.seed("S-04", "S-05")
def test_owner_sees_what_is_withheld_and_under_which_rule(derivation):
    rules = {one.field: one.rule for one in derivation.withheld}
    assert rules["sources"] == "never leaves its node" and rules["details"] == "free text never crosses"
    assert rules["window_from"] == "cut to slots of 60 min"
    assert "threatened_class" not in rules and "handling" not in rules
    assert {one.field for one in derivation.shown} == set(SALT_NAMES) - {"policy"}
    both = {one.field: (one.ours, one.theirs) for one in derivation.shown}
    assert both["actor"] == ("cell-9", "wing-one") and both["site"][1] is None


@pytest.mark.seed("S-05")
def test_unlisted_fields_are_absent(plain_policy, read_policy, make):
    plain_policy["fields"] = ["threatened_class", "area", "window", "advised_action"]
    derivation = make(policy=read_policy(plain_policy))
    assert derivation.release.likelihood is None and derivation.release.actor is None
    assert {one.field: one.rule for one in derivation.shown}["likelihood"] == "not on the policy's list"
    assert "actor-withheld" not in derivation.flags


@pytest.mark.parametrize(
    ("report_change", "change", "code"),
    [
        ({}, {"purpose": None}, "purpose-missing"),
        ({}, {"purpose": "departure"}, "purpose-missing"),
        ({"harm_answer": None}, {}, "harm-not-considered"),
        ({"threatened_class": "the family in the white car, plate 123"}, {}, "names-a-person"),
        ({"advised_action": ""}, {}, "too-vague-to-help"),
        ({"advised_action": "stop the man in the red coat"}, {}, "field-not-allowed"),
        ({"precision_m": 30_000}, {}, "too-vague-to-help"),
        ({}, {"now": 1630000860}, "expired-release"),
        ({}, {"now": 1629985020 - 7199}, "too-late-to-help"),
    ],
)
def test_report_that_may_not_be_released_is_refused_with_its_reason(report, make, report_change, change, code):
    refusal = make(report=dataclasses.replace(report, **report_change), **change)
    assert isinstance(refusal, Refusal) and refusal.code == code


@pytest.mark.seed("S-06")
def test_duty_to_warn_overrides_the_floor_of_lead_time_and_is_flagged(make):
    duty = Override("too-late-to-help", "lives may still be saved", "Duty officer", "Legal adviser", NOW)
    late = make(now=1629985020 - 60, overrides=[duty])
    assert isinstance(late, Derivation) and "late" in late.flags


@pytest.mark.seed("S-06")
@pytest.mark.parametrize(
    ("released", "received", "coarsest", "flags"),
    [
        (NOW, NOW + 600, 12, ()),
        (1629982800 - 7199, None, 12, ("late", "not-received")),
        (NOW, 1629982800 + 1, 16, ("late-on-receipt", "no-place")),
    ],
)
def test_lead_time_is_counted_from_release_and_receipt(release, released, received, coarsest, flags):
    lead = lead_time(release, released_at=released, received_at=received, floor_seconds=7200, coarsest_level=coarsest)
    assert lead.flags == flags
    assert lead.from_release == 1629982800 - released
    assert lead.from_receipt == (None if received is None else 1629982800 - received)


@pytest.mark.seed("S-06")
@pytest.mark.parametrize(
    ("sent", "received", "flags", "words"),
    [
        (12_000, 11_460, (), "sent 3 h 20 min before its window; reached the partner 3 h 11 min before its window"),
        (7_200, 480, ("late-on-receipt",),
         "sent 2 h before its window; reached the partner 8 minutes before its window: too late to act"),
        (-60, None, ("late", "not-received"),
         "sent 1 minute after its window began: too late to act; no receipt from the partner"),
        (187_200, 172_800, ("no-place",),
         "sent 2 d 4 h before its window; reached the partner 2 d before its window; its area is too wide to act in"),
    ],
    ids=["in-time", "late-on-receipt", "late", "no-place"],
)  # fmt: skip
def test_lead_time_is_said_in_plain_words(sent, received, flags, words):
    assert describe(LeadTime("w-1", sent, received, flags)) == words


def test_the_recipient_sees_how_early_a_warning_reached_it_and_no_other_moment():
    words = describe(LeadTime("w-1", 12_000, 480, ("late-on-receipt",)), received_here=True)
    assert words == "reached us 8 minutes before its window: too late to act"


def test_area_is_widened_until_enough_sources_are_plausible(plain_policy, read_policy, report, make):
    near = cell(report.lat, report.lon, 14)
    other = near[:-1] + ("0" if near[-1] != "0" else "1")
    plain_policy["candidates"][2]["cells"] = [other]
    derivation = make(policy=read_policy(plain_policy))
    assert len(derivation.release.area) == 13 and derivation.candidates == 3
    assert "coarsened" in derivation.flags


def test_too_few_plausible_sources_refuse(plain_policy, read_policy, make):
    plain_policy["min_candidates"] = 4
    assert make(policy=read_policy(plain_policy)) == Refusal("too-few-candidates", "floor 4")


def test_earlier_releases_to_the_coalition_narrow_the_sources(plain_policy, read_policy, report, release, make):
    wide, fine = cell(report.lat, report.lon, 12), release.area
    beside = fine[:-1] + ("0" if fine[-1] != "0" else "1")
    plain_policy["candidates"] = [{"id": name, "cells": [wide]} for name in ("a", "b", "c")]
    plain_policy["candidates"].append({"id": "d", "cells": [beside]})
    vague = dataclasses.replace(report, precision_m=3000)

    def left(**changes):
        return make(report=vague, policy=read_policy(plain_policy), **changes)

    assert left().candidates == 4
    assert left(earlier=[release]).candidates == 3, "the finer area told d apart"
    assert left(earlier=[dataclasses.replace(release, partner="friend-of-cordon")]).candidates == 3
    assert left(earlier=[dataclasses.replace(release, partner="nobody")]).candidates == 4
    assert left(earlier=[dataclasses.replace(release, area="30")]).candidates == 4, "elsewhere"
    plain_policy["min_candidates"] = 4
    assert left(earlier=[release]) == Refusal("too-few-candidates", "floor 4")


def test_unknown_actor_is_withheld_and_flagged(report, make):
    derivation = make(report=dataclasses.replace(report, actor="a lone man"))
    assert derivation.release.actor is None and "actor-withheld" in derivation.flags


def test_place_near_the_edge_of_its_cell_is_flagged(report, make):
    assert "area-straddles" in make(report=dataclasses.replace(report, precision_m=1200)).flags


@pytest.mark.seed("S-04")
def test_correction_continues_its_release(make, release):
    corrected = make(replaces=release, now=NOW + 7200).release
    assert (corrected.version, corrected.first_issued, corrected.issued) == (2, NOW, NOW + 7200)
    assert make(replaces=release, release_id="w-other") == Refusal("unknown-release", "w-other")
    assert make(replaces=dataclasses.replace(release, version=999)) == Refusal("unknown-release", "w-5f3a")


def test_one_field_of_the_report_can_be_opened_later(report, release, salts):
    fields = report_fields(report)
    proof = prove(fields, {name: salts[name] for name in fields}, "window_from")
    assert verify_field(release.commitment, proof)
    assert not verify_field(release.commitment, dataclasses.replace(proof, value=1629985021))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"salts": {}}, "bad-commitment"),
        ({"release_id": "a b"}, "bad-field"),
        ({"release_id": "rep-0017"}, "bad-field"),
    ],
)
def test_bad_salts_or_identifier_are_refused(make, change, code):
    with pytest.raises(BadInput) as caught:
        make(**change)
    assert caught.value.code == code


def test_salt_used_twice_is_refused(make, salts):
    with pytest.raises(BadInput):
        make(salts=dict.fromkeys(salts, bytes(32)))


@settings(deadline=None)
@given(
    lat=st.integers(-89_000_000, 89_000_000),
    lon=st.integers(-179_000_000, 179_000_000),
    precision=st.integers(1, 12_000),
    start=st.integers(NOW + 8000, NOW + 10**6),
    length=st.integers(1, 10**5),
)
@pytest.mark.seed("S-05")
def test_every_release_obeys_its_policy_and_covers_place_and_window(
    report, plain_policy_session, make, lat, lon, precision, start, length
):
    changed = dataclasses.replace(
        report, lat=lat, lon=lon, precision_m=precision, window_from=start, window_to=start + length
    )
    derivation = make(report=changed, policy=plain_policy_session)
    if isinstance(derivation, Refusal):
        assert derivation.code == "too-vague-to-help" and precision > 9_783
        return
    release = derivation.release
    assert obeys(release, plain_policy_session) is None and from_json(to_json(release)) == release
    assert contains(release.area, cell(lat, lon, 24))
    assert release.window_from <= start and release.window_to >= start + length
    text = to_json(release).decode()
    assert not [value for value in withheld_values(changed, release) if value in text]


@pytest.fixture(scope="session")
def plain_policy_session(policy):
    return dataclasses.replace(policy, candidates=(), min_candidates=0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"partner": "other"}, "not-for-us"),
        ({"purpose": "other"}, "purpose-missing"),
        ({"area": "3" + "0" * 15}, "too-precise"),
        ({"area": "30"}, "too-vague-to-help"),
        ({"issued": 1629878400 + 900}, "too-precise"),
        ({"handling": "TLP:CLEAR"}, "field-not-allowed"),
    ],
)
def test_release_made_by_hand_is_held_against_the_policy(release, policy, change, code):
    assert obeys(release, policy) is None
    refusal = obeys(dataclasses.replace(release, **change), policy)
    assert refusal is not None and refusal.code == code


def test_release_with_an_unlisted_field_is_refused(release, policy):
    assert obeys(release, dataclasses.replace(policy, fields=("area",))) == Refusal("field-not-allowed", "likelihood")


def test_withdrawal_is_a_new_version_and_keeps_the_old_words(release):
    gone = withdraw(release, now=release.expires + 5000, slot_seconds=3600)
    assert gone.revoked and gone.version == 2 and gone.lead_seconds == 0 and gone.area == release.area
    assert from_json(to_json(gone)) == gone


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issued", 1629878401),
        ("window_to", 1629982800),
        ("expires", 1629982800),
        ("lead_seconds", 1),
        ("threatened_class", "a man in a red coat"),
        ("advised_action", "shoot"),
        ("actor", "two words"),
        ("area", "332"),
        ("commitment", "00"),
        ("version", 1000),
    ],
)
def test_bad_release_is_refused_by_field(release, name, value):
    with pytest.raises(BadInput) as caught:
        from_json(json.dumps({**plain_fields(release), name: value}).encode())
    assert caught.value.where == f"release.{name}"


def test_release_issued_before_its_first_version_is_refused(release):
    with pytest.raises(BadInput, match=r"release\.issued"):
        from_json(to_json(dataclasses.replace(release, first_issued=release.issued + 900)))


@given(data=st.data())
def test_any_field_of_a_release_replaced_is_read_or_refused(release, data):
    plain = plain_fields(release)
    name = data.draw(st.sampled_from(sorted(plain)))
    plain[name] = data.draw(st.none() | st.integers() | st.text(max_size=10) | st.lists(st.none(), max_size=1))
    read = None
    with contextlib.suppress(BadInput):
        read = from_json(json.dumps(plain).encode())
    assert read is None or to_json(read) == to_json(from_json(to_json(read)))


def test_a_release_finer_than_any_policy_may_ask_for_is_refused_on_reading(release):
    plain = plain_fields(release) | {"area": release.area[:15] + "00"}
    with pytest.raises(BadInput) as caught:
        from_json(json.dumps(plain).encode())
    assert (caught.value.code, caught.value.where) == ("bad-field", "release.area")
