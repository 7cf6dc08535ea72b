"""The page of the exchange as drawn: which answer stands above which, long lists, and hostile text."""

from dataclasses import replace

import pytest

from safeconduct.web.pages.exchange_page import STALE, Partner, in_words, render_exchange, timed, verdict
from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.render import Page
from safeconduct.workflows.inventory import Completeness
from safeconduct.workflows.rows import OutboxLine
from safeconduct.workflows.show_exchange import SHOWN, AsideView, ExchangeView
from unit.web.room_samples import HOSTILE
from unit.web.test_pages import read

NOW = 1_629_957_000
CALM = Completeness(NOW - 60, 40, 40, 40, (), 0, (), (), 0, 0, 0)
PARTNER = Partner("cordon", "Cordon party", agreed=True, transport="push", url="http://node.local", online=True)
VIEW = ExchangeView(0, 7, 0, (), (), (), (), (), NOW - 60, CALM, ("Everything is here.",))
ENTRY = (12, "release", bytes(32))
PAGE = Page(exercise=True, party_name="Evacuating party", title="Corridor A")


def found(**changes):
    return replace(VIEW, completeness=replace(CALM, **changes))


@pytest.mark.parametrize(
    ("view", "shape", "words"),
    [
        (VIEW, "circle", "Everything crossed, both ways"),
        (found(asked_at=None), "ring", "Not known yet"),
        (found(contradicted=1, missing=(ENTRY,)), "octagon", "What they state does not fit what is here"),
        (found(never_sent=(ENTRY,)), "octagon", "What they state does not fit what is here"),
        (found(unstated=(("ab", 3),)), "octagon", "What they state does not fit what is here"),
        (found(missing=(ENTRY, ENTRY)), "triangle", "Not yet: 2 of theirs are missing here"),
        (found(waiting=1), "triangle", "Not yet: 1 of theirs is missing here"),
        (found(missing=(ENTRY,), not_taken=2), "triangle", "Not yet: 1 of theirs and 2 of ours are missing"),
        (replace(VIEW, due=3), "triangle", "Not yet: 3 of ours are not confirmed there"),
        (found(asked_at=NOW - STALE), "triangle", "Not yet: 1 of ours is not confirmed there"),
        (found(asked_at=NOW - STALE - 1), "triangle", "Everything had crossed 10 min ago"),
        (found(refused=2), "triangle", "Everything arrived; 2 were refused"),
        (replace(VIEW, refused_there=1), "triangle", "Everything arrived; 1 was refused"),
    ],
)
def test_the_worst_is_said_and_nothing_is_called_complete_that_was_not_stated(view, shape, words):
    if words.endswith("1 of ours is not confirmed there"):
        view = replace(view, due=1)
    answer = verdict(view, PARTNER, NOW)
    assert (answer.shape, answer.words) == (shape, words)


def test_long_lists_say_how_many_there_are_and_the_reasons_are_words():
    line = OutboxLine("release", 3, "out-of-scope, kind", NOW - 90, -1)
    aside = AsideView("acknowledgement", "unknown-release", "R-1", NOW - 9, 2, "ab" * 32)
    view = replace(
        found(missing=(ENTRY,) * (SHOWN + 3), waiting=SHOWN + 1, refused=2), due=SHOWN + 2, queue=(line,) * SHOWN,
        waiting=(aside,), expired=(aside,), refused=(aside,), refused_lines=(line,), refused_there=1,
    )  # fmt: skip
    html = render_exchange(view, PARTNER, PAGE, Said(), NOW)
    text = " ".join("".join(read(html).words).split())
    for said in (
        f"The newest {SHOWN} of {SHOWN + 2} are listed.", f"The newest {SHOWN} of {SHOWN + 1} are listed.",
        f"The first {SHOWN} of {SHOWN + 3} are listed.", "no such release: R-1", "tried 2 times", "for 7 days",
        "Given up: what it rests on never came", in_words("out-of-scope, kind"),
    ):  # fmt: skip
        assert said in text, said
    assert len(set(read(html).ids)) == len(read(html).ids)


def test_hostile_text_is_shown_and_never_becomes_markup():
    line = OutboxLine(HOSTILE, 1, HOSTILE, NOW, 4)
    aside = AsideView(HOSTILE, HOSTILE, HOSTILE, NOW, 1, HOSTILE)
    partner = replace(PARTNER, id=HOSTILE, name=HOSTILE, url=HOSTILE, transport=HOSTILE)
    view = replace(
        found(missing=((1, HOSTILE, bytes(32)),)), due=1, queue=(line,), refused_lines=(line,), waiting=(aside,),
        words=(HOSTILE,),
    )  # fmt: skip
    html = render_exchange(view, partner, PAGE, Said(fault=HOSTILE), NOW)
    assert "<script>" not in html and "alert(" in html
    assert " style=" not in html and " onclick=" not in html
    read(html)


def test_times_in_sentences_are_drawn_as_times_and_the_rest_is_escaped():
    drawn = timed("<b> stated 2021-08-26T05:51:00Z.", "2021-08-26T06:00:00Z")
    assert drawn.startswith("&lt;b&gt; stated <time datetime=") and drawn.endswith(">05:51</time>.")
    assert in_words("ConnectTimeout: late") == "the partner’s node did not answer (ConnectTimeout: late)"
    assert in_words("something else, odd") == "something else, odd"
