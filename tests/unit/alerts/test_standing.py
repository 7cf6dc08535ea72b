"""The standing threat level: always with an author and an end; what may be told of it has neither author nor reason."""

import dataclasses
import json

import pytest

from safeconduct.alerts.standing import GUARD_ADVICE, LEVELS, StandingLevel, from_json, in_force, releasable, to_json
from safeconduct.errors import BadInput

AT = 1629880100
HIGH = StandingLevel("high", ("small-groups", "look-around"), "duty officer", "two reports agree", AT, AT + 7_250)


def _plain(**changes):
    return json.dumps({**json.loads(to_json(HIGH)), **changes}).encode()


@pytest.mark.seed("S-89")
def test_a_level_reads_back_as_it_was_set():
    assert from_json(to_json(HIGH)) == HIGH


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": "extreme"}, "level"),
        ({"advice": []}, "advice"),
        ({"advice": ["shoot"]}, "advice"),
        ({"advice": ["small-groups", "small-groups"]}, "advice"),
        ({"by": ""}, "by"),
        ({"reasons": ""}, "reasons"),
        ({"until": AT}, "until"),
        ({"until": AT + 15 * 86_400}, "until"),
    ],
)
def test_a_level_without_author_reason_end_or_listed_advice_is_refused(change, field):
    with pytest.raises(BadInput) as caught:
        from_json(_plain(**change))
    assert caught.value.where == f"threat.{field}"


def test_an_unknown_field_is_refused():
    with pytest.raises(BadInput) as caught:
        from_json(_plain(city="x"))
    assert caught.value.code == "unknown-field"


@pytest.mark.seed("S-89")
def test_the_newest_level_holds_until_its_end_and_an_earlier_one_does_not_come_back():
    low = dataclasses.replace(HIGH, level="low", set_at=AT + 60, until=AT + 120)
    assert in_force([], AT) is None
    assert in_force([HIGH], AT - 1) is None
    assert in_force([HIGH], AT) == HIGH
    assert in_force([HIGH, low], AT + 60) == low
    assert in_force([HIGH, low], AT + 120) is None
    assert in_force([HIGH], HIGH.until) is None
    corrected = dataclasses.replace(HIGH, level="raised")
    assert in_force([HIGH, corrected], AT) == corrected


@pytest.mark.seed("S-89")
def test_what_may_be_told_has_no_author_no_reason_and_never_lasts_longer():
    told = releasable(HIGH)
    assert (told.level, told.advice) == ("high", HIGH.advice)
    assert told.until <= HIGH.until
    assert told.until % 900 == 0
    assert set(told.__slots__) == {"level", "advice", "until"}
    assert "two reports" not in str(told)


def test_every_level_and_advice_has_its_words():
    assert all(LEVELS.values()) and all(GUARD_ADVICE.values())
