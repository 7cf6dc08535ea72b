"""Reading an agreement, and who holds what when."""

import contextlib
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.agreements.agreement import check_holder, digest, holder_at, time_left, to_json, upstream_of
from safeconduct.agreements.fields import iso, moment
from safeconduct.agreements.reading import from_json
from safeconduct.errors import BadInput, Refusal

AUG_20 = moment("2021-08-20T12:00:00Z")


@pytest.mark.seed("S-01", "S-53", "S-111")
def test_agreement_reads_back_as_it_was_written(agreement):
    assert from_json(to_json(agreement)) == agreement
    assert agreement.party_ids == ("evac", "cordon")
    assert agreement.other("evac").name == "Cordon party" and agreement.other("nobody") is None
    assert "recognises" in agreement.no_recognition
    assert len(digest(agreement)) == 32


@pytest.mark.seed("S-53")
def test_time_left_counts_down_to_the_deadline_and_beyond(agreement):
    assert iso(agreement.deadline_at) == "2021-08-31T19:29:00Z"
    assert time_left(agreement, agreement.deadline_at - 90) == 90
    assert time_left(agreement, agreement.deadline_at + 1) == -1


@pytest.mark.seed("S-75", "S-72")
def test_two_start_dates_stand_beside_each_other_with_their_sources(agreement):
    assert [(one.date, one.source) for one in agreement.founding] == [
        ("2021-08-14", "first report"),
        ("2021-08-15", "second report"),
    ]
    assert agreement.earlier == ("talks abroad, 2018 to 2020",)


@pytest.mark.seed("S-55")
def test_conditional_undertaking_is_told_from_a_firm_one(agreement):
    conditional = {term.id: term.condition for term in agreement.undertakings}
    assert conditional == {"u-guard": None, "u-leave": "if it is possible"}


@pytest.mark.seed("S-15")
def test_holder_changes_at_the_very_second_of_the_hand_over(agreement):
    change = moment("2021-08-30T19:29:00Z")
    assert holder_at(agreement, "gate-a", change - 1) == "evac"
    assert holder_at(agreement, "gate-a", change) == "cordon"
    assert holder_at(agreement, "outer-1", moment("2021-08-15T00:00:00Z")) is None
    assert holder_at(agreement, "gate-z", change) is None


@pytest.mark.seed("S-17")
def test_event_at_an_unknown_point_or_by_another_than_its_holder_is_refused(agreement):
    assert check_holder(agreement, "gate-z", "evac", AUG_20) == Refusal("unknown-point", "gate-z")
    assert check_holder(agreement, "gate-a", "cordon", AUG_20) == Refusal("not-holder", "gate-a")
    assert check_holder(agreement, "gate-a", "evac", AUG_20) is None


@pytest.mark.seed("S-18", "S-19")
def test_way_in_is_listed_with_the_holder_of_each_point_before_the_gate(agreement):
    assert upstream_of(agreement, "gate-a", AUG_20) == (("outer-1", "cordon"),)
    assert upstream_of(agreement, "outer-1", AUG_20) == ()


def test_points_reached_by_two_ways_are_listed_once(terms, read):
    outer = terms["control_points"][0]
    terms["control_points"] += [{**outer, "id": "outer-2", "upstream": ["outer-1"]}]
    terms["control_points"][1]["upstream"] = ["outer-2", "outer-1"]
    assert [name for name, _ in upstream_of(read(terms), "gate-a", AUG_20)] == ["outer-2", "outer-1"]


def _put(*path, value):
    def change(terms):
        at = terms
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


HOLDER = {"party": "cordon", "start": "2021-08-16T00:00:00Z", "until": "2021-08-17T00:00:00Z"}


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (lambda terms: terms.pop("scope"), "missing-field", "agreement.scope"),
        (_put("favourite", value=1), "unknown-field", "agreement"),
        (_put("version", value=True), "bad-field", "agreement.version"),
        (_put("version", value=2), "bad-field", "agreement.previous"),
        (_put("previous", value="00"), "bad-field", "agreement.previous"),
        (_put("title", value=""), "bad-field", "agreement.title"),
        (_put("title", value="a\u202eb"), "bad-field", "agreement.title"),
        (_put("title", value=" a"), "bad-field", "agreement.title"),
        (_put("title", value="a" * 201), "bad-field", "agreement.title"),
        (_put("title", value="a\tb"), "bad-field", "agreement.title"),
        (_put("id", value="with space"), "bad-field", "agreement.id"),
        (_put("parties", value=[]), "bad-field", "agreement.parties"),
        (_put("parties", value="ab"), "bad-field", "agreement.parties"),
        (_put("parties", 0, value=1), "bad-field", "agreement.parties[0]"),
        (_put("parties", 1, "id", value="evac"), "bad-field", "agreement.parties"),
        (_put("parties", 1, "root_public", value="ff" * 32), "bad-key", "agreement.parties[1].root_public"),
        (_put("purposes", value=[]), "bad-field", "agreement.purposes"),
        (_put("purposes", value={"a b": "x"}), "bad-field", "agreement.purposes"),
        (_put("scope", value=["a", "a"]), "bad-field", "agreement.scope"),
        (_put("start", value=14), "bad-field", "agreement.start"),
        (_put("start", value="2021-02-30T00:00:00Z"), "bad-field", "agreement.start"),
        (_put("start", value="2021-08-14T00:00:00+00:00"), "bad-field", "agreement.start"),
        (_put("deadline", value="2021-08-14T00:00:00Z"), "bad-field", "agreement.deadline"),
        (_put("end", value="2021-08-30T00:00:00Z"), "bad-field", "agreement.end"),
        (_put("stale_policy", value="maybe"), "bad-field", "agreement.stale_policy"),
        (_put("undertakings", 0, "by", value="third"), "bad-field", "agreement.undertakings.u-guard.by"),
        (_put("undertakings", 1, "id", value="u-guard"), "bad-field", "agreement.undertakings"),
        (_put("expectations", 0, "of", value="third"), "bad-field", "agreement.expectations.x-search.of"),
        (_put("contacts", 0, "party", value="third"), "bad-field", "agreement.contacts.hotline.party"),
        (
            _put("control_points", 0, "upstream", value=["gate-z"]),
            "bad-field",
            "agreement.control_points.outer-1.upstream",
        ),
        (_put("control_points", 0, "upstream", value=["gate-a"]), "bad-field", "agreement.control_points"),
        (
            _put("control_points", 0, "holders", value=[HOLDER, HOLDER]),
            "bad-field",
            "agreement.control_points.outer-1.holders",
        ),
        (
            _put("control_points", 0, "holders", value=[{**HOLDER, "until": None}, HOLDER]),
            "bad-field",
            "agreement.control_points.outer-1.holders",
        ),
        (
            _put(
                "phases",
                value=[{"id": name, "name": name, "start": "2021-08-14T00:00:00Z", "acts": []} for name in "ab"],
            ),
            "bad-field",
            "agreement.phases",
        ),
    ],
)
def test_bad_term_is_refused_by_its_name(terms, read, change, code, where):
    change(terms)
    with pytest.raises(BadInput) as caught:
        read(terms)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_parties_with_one_root_are_refused(terms, read):
    terms["parties"][1]["root_public"] = terms["parties"][0]["root_public"]
    with pytest.raises(BadInput, match="root_public"):
        read(terms)


def test_document_that_is_no_object_is_refused():
    with pytest.raises(BadInput, match="an object"):
        from_json(b"[]")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_document_is_read_or_refused_and_nothing_else(value):
    with pytest.raises(BadInput):
        from_json(json.dumps(value).encode())


JUNK = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=2) | st.just({})
)


@given(data=st.data())
def test_one_field_replaced_by_anything_is_read_or_refused(original, data):
    name = data.draw(st.sampled_from(sorted(original)))
    changed = {**original, name: data.draw(JUNK)}
    agreement = None
    with contextlib.suppress(BadInput):
        agreement = from_json(json.dumps(changed).encode())
    assert agreement is None or from_json(to_json(agreement)) == agreement


@given(st.integers(0, 253_402_300_799))
def test_time_has_one_text_form(at):
    assert moment(iso(at)) == at


def test_agreement_cannot_be_changed_in_place(agreement):
    with pytest.raises(dataclasses.FrozenInstanceError):
        agreement.deadline = "2021-09-11T00:00:00Z"
