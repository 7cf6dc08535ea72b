"""Sources that ended: confidence stated later is read one step lower, with the reason; what was written stays."""

import pytest

from safeconduct.alerts.source_register import EndedSource, named_in, stated

SCALE = ("low", "moderate", "high")
GONE = EndedSource("Source HERON", "left with the last flight", 1_000)


@pytest.mark.seed("S-113")
@pytest.mark.parametrize(("written", "read"), [("high", "moderate"), ("moderate", "low"), ("low", "low")])
def test_confidence_stated_after_the_end_is_one_step_lower_with_its_reason(written, read):
    found = stated(SCALE, written, at=1_000, relied_on=["source  heron", "another"], ended=[GONE])
    assert (found.written, found.read) == (written, read)
    assert found.because == "Source HERON had ended: left with the last flight"


def test_what_was_stated_before_or_rests_on_others_stays():
    before = stated(SCALE, "high", at=999, relied_on=["Source HERON"], ended=[GONE])
    other = stated(SCALE, "high", at=2_000, relied_on=["Source HERONRY"], ended=[GONE])
    assert (before.read, before.because, other.read, other.because) == ("high", "", "high", "")


def test_confidence_that_was_not_stated_is_not_made_up_but_the_end_is_said():
    found = stated(SCALE, None, at=2_000, relied_on=["Source HERON"], ended=[GONE])
    assert (found.written, found.read, bool(found.because)) == (None, None, True)


def test_an_ended_source_is_found_in_a_text_whatever_its_case():
    assert named_in("as source HERON\n said", [GONE, EndedSource("other", "x", 1)]) == ("Source HERON",)
    assert named_in("", [GONE]) == ()
