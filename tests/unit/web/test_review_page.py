"""The review page: hostile text in every field, texts from right to left, and each thing that may be asked for."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.web.pages.review_page import Review, render_review
from safeconduct.workflows.review_text import ParagraphView, PieceView
from safeconduct.workflows.review_view import ReviewSource, ReviewView, SuggestionView, TieView
from safeconduct.workflows.suggested_claim import FIELDS, INCIDENT_FIELDS
from unit.web.room_samples import HOSTILE
from unit.web.test_pages import AROUND, read

FIGURE = {
    **dict.fromkeys((*FIELDS, *INCIDENT_FIELDS), ""), "text": "9 sailors killed", "claimant": "harbour office",
    "claimant_kind": "body", "basis": "exact", "min": "9", "max": "9", "said": "2024-05-02", "speech": "assertion",
    "population": "sailors", "outcome": "killed", "unit": "people", "attribute": "casualties", "incident": "blast",
}  # fmt: skip
ONE = SuggestionView(
    id="s1", kind="figure", state="open", by="", at="", claim="", incident="", reading="", fields=FIGURE,
    words="Nine sailors", said_wording="on Friday", meant_wording="", hedge="reportedly", ambiguous="", part_of="",
    own_voice=False, history=(),
)  # fmt: skip
SOURCE = ReviewSource("d" * 64, "ferry.txt", "Blast", "Coast Gazette", "2024-05-02", "stated", (), 12, 58)
TEXT = (
    ParagraphView("heading", "", (PieceView("Blast at the landing"),)),
    ParagraphView(
        "paragraph",
        "MR. X:",
        (
            PieceView("Nine sailors", "s1", "open", current=True, first=True),
            PieceView(" died, "),
            PieceView("3 guards", "s2", "rejected"),
        ),
    ),
)
VIEW = ReviewView(
    kind="figure", digest="", decided=12, total=58, kinds=(("figure", 12, 58),), sources=(SOURCE,), source=SOURCE,
    paragraphs=TEXT, cut="", current=ONE, before="s0", after="s2", incidents=(("blast", "Blast at the landing"),),
    ties=(TieView("updates:s2:s1", "updates", "by hand", "s2", "s1", "11 sailors", "9 sailors"),),
)  # fmt: skip


def page(view=VIEW, **around):
    return render_review(Review(view, **around), AROUND)


def words(html):
    return " ".join(" ".join(read(html).words).split())


def with_one(**changes):
    return replace(VIEW, current=replace(ONE, **changes))


def test_the_page_is_well_formed_and_carries_no_inline_code():
    shown = read(page(last="s0", note="Rejected.", fault="no"))
    assert len(shown.ids) == len(set(shown.ids))
    for tag, attrs in shown.attributes:
        assert "style" not in attrs and not [name for name in attrs if name.startswith("on")]
        assert tag != "script" or attrs["src"].startswith("/static/")
        for name in ("for", "aria-labelledby"):
            assert name not in attrs or attrs[name] in shown.ids, attrs


def test_progress_and_filters_are_told_in_words():
    html = page()
    assert "12 of 58 decided" in words(html)
    assert re.search(r'<option value="figure" selected>figure \(12 of 58\)', html)
    assert 'href="/incidents/review?id=s2&amp;kind=figure"' in html  # the way on keeps the filter


def test_hostile_text_is_shown_and_never_becomes_markup():
    one = replace(
        ONE, words=HOSTILE, hedge=HOSTILE, ambiguous=HOSTILE, part_of=HOSTILE, said_wording=HOSTILE,
        fields=dict.fromkeys(FIGURE, HOSTILE), id=HOSTILE,
    )  # fmt: skip
    source = replace(SOURCE, name=HOSTILE, title=HOSTILE, outlet=HOSTILE, problems=(HOSTILE,), published=HOSTILE)
    text = (ParagraphView("paragraph", HOSTILE, (PieceView(HOSTILE, HOSTILE, "open", current=True, first=True),)),)
    tie = replace(VIEW.ties[0], source_text=HOSTILE, method=HOSTILE)
    view = replace(VIEW, current=one, source=source, sources=(source,), paragraphs=text, ties=(tie,), kind=HOSTILE,
                   incidents=((HOSTILE, HOSTILE),))  # fmt: skip
    html = page(view, fault=HOSTILE, last=HOSTILE, note=HOSTILE)
    assert "<script>alert" not in html
    shown = read(html)
    assert {attrs["src"].split("?")[0] for tag, attrs in shown.attributes if tag == "script"} == {
        "/static/safeconduct.js", "/static/review.js",
    }  # fmt: skip
    assert "".join(shown.words).count(HOSTILE) >= 8


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_page(text, name):
    view = with_one(words=text, ambiguous=name, fields={**FIGURE, "text": text, "claimant": name, "basis": text})
    view = replace(view, paragraphs=(ParagraphView("paragraph", name, (PieceView(text, name, "open"),)),))
    assert page(view).rstrip().endswith("</html>")


def test_each_paragraph_finds_its_own_direction():
    html = page(replace(VIEW, paragraphs=(ParagraphView("paragraph", "", (PieceView("سخنگو گفت"),)),)))
    assert '<p class="block paragraph" dir="auto">سخنگو گفت</p>' in html
    assert '<blockquote dir="auto">' in html


def test_the_current_suggestion_is_marked_once_and_decided_ones_differ():
    html = page()
    assert html.count('id="current"') == 1
    assert 'class="mark open now" id="current" aria-current="true"' in html
    assert 'class="mark rejected"' in html
    assert "MR. X:" in words(html)


@pytest.mark.parametrize("name", ["claimant", "said", "text"])
def test_what_a_claim_lacks_is_asked_for(name):
    asked = {"claimant": "who says it", "said": "the day on which it was said", "text": "a short sentence of your own"}
    assert asked[name] not in words(page())
    html = page(with_one(fields={**FIGURE, name: ""}))
    assert asked[name] in words(html)
    assert re.search(rf'name="{name}"[^>]* required>', html)


def test_a_missing_incident_is_asked_for_with_its_fields_open():
    html = page(with_one(fields={**FIGURE, "incident": ""}))
    assert "which incident" in words(html)
    assert re.search(r'<details class="wide" open><summary>The new incident', html)


def test_an_ambiguous_suggestion_asks_for_a_reading_before_anything_else():
    html = page(with_one(ambiguous="one verb for two groups"))
    assert html.count('name="reading"') == 2 and 'name="reading" value="as suggested" required' in html
    assert 'name="reading"' not in page()


def test_what_was_posted_and_refused_is_not_typed_twice():
    html = page(fault="min: expected a whole number", given={"min": "nine"})
    assert 'name="min" type="text" value="nine"' in html
    assert "Nothing was recorded" in words(html)


def test_a_decided_suggestion_offers_only_to_take_it_back_and_says_what_that_does():
    html = page(with_one(state="accepted", by="duty desk", at="2024-05-04T10:00:00Z", claim="c-s1", incident="blast"))
    assert 'value="accept"' not in html.split('id="decision"')[1].split("</form>")[0]
    assert "A recorded claim is never deleted" in words(html)
    assert 'href="/incidents/blast#line-c-s1"' in html
    assert "data-undo" in html


def test_a_statement_asks_for_no_numbers():
    html = page(with_one(kind="denial", fields={**FIGURE, "basis": "statement", "min": "", "max": ""}))
    assert 'id="f-min"' not in html and 'type="hidden" name="min"' in html


def test_problems_of_a_document_stand_above_its_text():
    html = page(replace(VIEW, source=replace(SOURCE, problems=("the encoding was guessed",))))
    assert html.index("the encoding was guessed") < html.index("Blast at the landing</p>")
    html = page(replace(VIEW, source=replace(SOURCE, published="")))
    assert "without one nothing can be accepted" in words(html)


def test_an_empty_room_says_how_to_begin():
    html = page(
        replace(VIEW, sources=(), source=None, current=None, paragraphs=(), ties=(), total=0, decided=0, kinds=())
    )
    assert "No source has been added" in words(html)
    assert 'enctype="multipart/form-data"' in html


def test_when_all_is_decided_that_is_said():
    html = page(replace(VIEW, current=None, decided=58))
    assert "All 58 are decided" in words(html)
