"""Small things: recorded by kind, sourced, dated; and the questions that follow from them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.agreements.entries import (
    all_from_json,
    entry_id,
    fields_of_texts,
    from_json,
    make_entry,
    plain,
    references,
    to_json,
)
from safeconduct.agreements.expectations import TermEvent, accept, all_courses, never_told, read_event
from safeconduct.agreements.followup import (
    days_without_contact,
    reviews_due,
    silent_contacts,
)
from safeconduct.agreements.kinds import KINDS
from safeconduct.errors import BadInput, Refusal

AT = 1629460800
SAMPLES = {
    "text": "as the source says",
    "ident": "outer-1",
    "entry": "0f" * 16,
    "time": AT,
    "count": 4,
    "texts": ["one", "two"],
}


def _full(kind):
    rules = KINDS[kind].fields
    return {name: rule.options[0] if rule.type == "choice" else SAMPLES[rule.type] for name, rule in rules.items()}


@pytest.mark.seed(
    "S-14", "S-21", "S-22", "S-23", "S-31", "S-32", "S-33", "S-41", "S-57", "S-59", "S-61", "S-65", "S-66", "S-67",
    "S-68", "S-69", "S-70", "S-71", "S-72", "S-73", "S-74", "S-77", "S-78", "S-113",
)  # fmt: skip
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_recorded_read_back_and_refused_without_each_of_its_fields(kind):
    fields = _full(kind)
    entry = make_entry(kind, fields, "report 3, line 7", AT)
    assert from_json(to_json(entry)) == entry
    for name, rule in KINDS[kind].fields.items():
        if rule.required:
            with pytest.raises(BadInput, match=name):
                make_entry(kind, {key: value for key, value in fields.items() if key != name}, "report 3", AT)
    with pytest.raises(BadInput) as caught:
        make_entry(kind, {**fields, "mood": "good"}, "report 3", AT)
    assert caught.value.code == "unknown-field"


def test_every_kind_names_what_it_shows():
    assert all(kind.seeds and all(seed.startswith("S-") for seed in kind.seeds) for kind in KINDS.values())


@pytest.mark.seed("S-46")
def test_entry_without_a_source_is_refused():
    with pytest.raises(BadInput, match="source"):
        make_entry("area-control", _full("area-control"), "", AT)


@pytest.mark.seed("S-23", "S-50")
def test_bags_are_counted_or_hedged_and_never_invented():
    fields = {"by": "cordon", "point": "gate-a", "hedge": "some"}
    entry = make_entry("bags-carried", fields, "report 3, line 7", AT)
    assert entry.fields["count"] is None and entry.fields["hedge"] == "some"
    with pytest.raises(BadInput, match="at least one of count, hedge"):
        make_entry("bags-carried", {"by": "cordon", "point": "gate-a"}, "report 3", AT)


def test_entry_read_from_typed_texts_is_the_one_with_numbers_and_seconds():
    typed = [("movement", "m1"), ("by", "cordon"), ("points", "outer-1"), ("points", "gate-a"), ("count", "9")]
    typed += [("due", "2021-08-20T12:00:00Z")]
    fields = {"movement": "m1", "by": "cordon", "points": ["outer-1", "gate-a"], "count": 9, "due": AT}
    made = make_entry("escort", fields_of_texts("escort", typed), "call", "2021-08-20T12:00:00Z")
    assert made == make_entry("escort", fields, "call", AT)
    assert entry_id(made) == entry_id(from_json(to_json(made)))


@pytest.mark.parametrize(
    ("pairs", "part"),
    [
        ([("by", "cordon"), ("by", "evac")], "one value"),
        ([("count", "some")], "an integer"),
        ([("count", "²")], "an integer"),
        ([("due", "tomorrow")], "2021-08-31T19:29:00Z"),
        ([("mood", "good")], "mood"),
    ],
)
def test_typed_text_that_does_not_fit_is_refused_by_name(pairs, part):
    good = [("movement", "m1"), ("by", "cordon"), ("points", "outer-1"), ("due", "2021-08-20T12:00:00Z")]
    names = {name for name, _ in pairs}
    with pytest.raises(BadInput, match=part):
        make_entry("escort", fields_of_texts("escort", [p for p in good if p[0] not in names] + pairs), "call", AT)


def test_list_of_entries_names_the_place_of_the_bad_one():
    good = plain(make_entry("area-control", _full("area-control"), "note", AT))
    assert len(all_from_json(json.dumps([good, good]).encode())) == 2
    assert all_from_json(json.dumps(good).encode()) == (from_json(json.dumps(good).encode()),)
    with pytest.raises(BadInput, match=r"entries\[1\]: area-control.source"):
        all_from_json(json.dumps([good, {**good, "source": ""}]).encode())


def test_entry_says_to_which_entries_it_refers():
    first = make_entry("disclosure", _full("disclosure"), "newspaper", AT)
    assert references(first) == {"discloses": "0f" * 16}
    fields = {**_full("public-statement"), "about": None}
    assert references(make_entry("public-statement", fields, "briefing", AT)) == {}


def test_unknown_kind_is_refused():
    with pytest.raises(BadInput) as caught:
        make_entry("weather", {}, "note", AT)
    assert caught.value.code == "unknown-kind"


@given(
    st.dictionaries(
        st.sampled_from(["kind", "fields", "source", "at"]), st.none() | st.text() | st.integers() | st.just({})
    )
)
def test_any_entry_document_is_refused_by_name(value):
    with pytest.raises(BadInput):
        from_json(json.dumps(value).encode())
    with pytest.raises(BadInput):
        all_from_json(json.dumps([value]).encode())


def test_entry_whose_fields_are_no_object_is_refused():
    with pytest.raises(BadInput, match="an object"):
        from_json(b'{"kind":"escort","fields":[],"source":"x","at":1}')


@pytest.mark.seed("S-69")
def test_open_question_comes_back_on_its_day():
    fields = {"question": "will it hold?", "settled_by": "a month without breach", "review": AT + 86_400}
    asked = make_entry("open-question", fields, "note", AT)
    answered = make_entry("open-question", {**fields, "answer": "it held"}, "note", AT + 5)
    assert reviews_due([asked], AT) == ()
    assert reviews_due([asked], AT + 86_400) == (asked,)
    assert reviews_due([asked, answered], AT + 86_400) == ()


@pytest.mark.seed("S-31")
def test_what_is_relied_on_comes_back_until_it_has_a_later_review_date():
    fields = {"relies_on": "screening outside", "from": "cordon", "fallback": "another gate", "review": AT + 60}
    first = make_entry("dependency", fields, "note", AT)
    again = make_entry("dependency", {**fields, "review": AT + 9_000}, "note", AT + 70)
    assert reviews_due([first], AT + 60) == (first,)
    assert reviews_due([first, again], AT + 80) == ()


@pytest.mark.seed("S-71", "S-76")
def test_channel_that_does_not_answer_is_listed_after_closure_too(agreement):
    def check(answered, at):
        return make_entry("contact-check", {"contact": "hotline", "answered": answered}, "duty log", at)

    after = agreement.end_at + 86_400
    heard = check("yes", after - 3600)
    other = make_entry("area-control", _full("area-control"), "duty log", after)
    (channel,) = agreement.contacts

    def silent(entries, now, of=channel.party):
        return [(one.contact.id, one.since, one.tried) for one in silent_contacts(agreement, entries, now, of=of)]

    assert silent([other, heard, check("no", after)], after) == []
    assert silent([check("no", after)], after) == [("hotline", agreement.start_at, True)]
    assert silent([heard], after + 10 * 86_400) == [("hotline", after - 3600, True)]
    assert silent([other], after) == [("hotline", agreement.start_at, False)]
    assert silent([], after, of="nobody") == []
    assert silent([], agreement.start_at + 24 * 3600) == []


@pytest.mark.seed("S-76")
def test_days_without_contact_are_reported():
    day = 86_400
    entries = [
        make_entry("meeting", _full("meeting"), "minutes", AT),
        make_entry("contact-check", {"contact": "hotline", "answered": "yes"}, "log", AT + 2 * day),
        make_entry("contact-check", {"contact": "hotline", "answered": "no"}, "log", AT + day),
        make_entry("area-control", _full("area-control"), "log", AT + day),
    ]
    assert days_without_contact(entries, AT, AT + 2 * day) == ((AT + day) // day * day,)


def _word(stage, by="evac", at=AT, term="x-search", evidence=None):
    return TermEvent(term, stage, by, at, "said so", evidence)


@pytest.mark.seed("S-16")
def test_expectation_is_told_acknowledged_and_assessed_with_evidence(agreement):
    told, heard = _word("told"), _word("acknowledged", "cordon", AT + 5)
    assert never_told(agreement, []) == ("x-search",)
    assert accept(agreement, [], heard) == Refusal("not-told", "x-search")
    assert accept(agreement, [_word("told", at=AT + 9)], heard) == Refusal("not-told", "x-search")
    assert accept(agreement, [told], heard) == heard
    events = [
        told,
        heard,
        _word("not-met", at=AT + 7, evidence="log 9"),
        _word("met", at=AT + 8, evidence="log 12"),
        _word("told", at=AT + 9),
    ]
    course = next(one for one in all_courses(agreement, events) if one.term == "x-search")
    assert (course.told_at, course.acknowledged_at, course.met) == (AT, AT + 5, True)
    assert course.evidence == ("log 9", "log 12")


@pytest.mark.seed("S-16")
def test_only_the_right_party_tells_and_acknowledges(agreement):
    assert accept(agreement, [], _word("told", "third")).code == "unknown-sender"
    assert accept(agreement, [], _word("told", "cordon")).code == "unknown-sender"
    assert accept(agreement, [_word("told")], _word("acknowledged", "evac")).code == "unknown-sender"
    assert accept(agreement, [], _word("told")) == _word("told")
    with pytest.raises(BadInput, match="x-search"):
        accept(agreement, [], _word("told", term="x-other"))


@pytest.mark.seed("S-87")
def test_later_events_bear_on_a_guarantee(agreement):
    event = _word("bears-on", "evac", term="u-guard", evidence="incident 1")
    assert accept(agreement, [], event) == event
    course = next(one for one in all_courses(agreement, [event]) if one.term == "u-guard")
    assert course.told_by == "cordon" and course.met is None and course.evidence == ("incident 1",)


def test_assessment_without_evidence_is_refused():
    plain = {"term": "x-search", "stage": "met", "by": "evac", "at": AT, "text": "well done", "evidence": None}
    with pytest.raises(BadInput) as caught:
        read_event(plain)
    assert caught.value.code == "evidence-missing"
    assert read_event({**plain, "stage": "told"}).stage == "told"
