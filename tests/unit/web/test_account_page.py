"""The account's page: what is known, who says so, what changed, what was withdrawn, and everything that disagrees."""

import re

import pytest

from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.disagreements import KINDS
from safeconduct.web.pages import account_page, render
from safeconduct.web.pages.account_page import HEADINGS, Shown
from safeconduct.wiring import close_node
from safeconduct.workflows import account_claims
from safeconduct.workflows.account_view import Stretch
from safeconduct.workflows.record_incident import record_incident
from unit.incidents.exports.harbour import CLAIMS, claim, document
from unit.web.account_node import harbour_node, read
from unit.web.test_pages import Reader

PAGE = render.Page(exercise=True, party_name="Evacuating party")


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    made = harbour_node(tmp_path_factory.mktemp("harbour"))
    yield made
    close_node(made)


def html(node, shown=None, **asked):
    found = read(node, **asked)
    return render.render_account(found.incident, PAGE, found.detail, shown)


def parsed(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


def words(text):
    return " ".join(" ".join(parsed(text).words).split())


def section(text, start, end):
    return words(text).partition(start)[2].partition(end)[0]


def links(text):
    return [attrs["href"] for tag, attrs in parsed(text).attributes if tag == "a" and "href" in attrs]


# -- the four answers ----------------------------------------------------------------------------------------------


@pytest.mark.seed("S-49", "S-52", "S-109")
def test_each_figure_is_one_sentence_with_its_range_and_its_origins(node):
    known = section(html(node), "What is known", "What was withdrawn")
    assert "up to 25 … 61 (many) civilians killed disputed 2 sources, 3 origins; latest: 61, harbour master" in known
    assert "4 guards injured 1 source, 1 origin" in known and "1 withdrawn" in known


@pytest.mark.seed("S-52")
def test_the_rule_of_the_range_is_stated_and_can_be_changed_by_a_plain_link(node):
    usual, full = html(node), html(node, rule="full")
    assert "?rule=full" in links(usual) and "Left out: what was corrected" in words(usual)
    assert "4 … 9 guards injured" in words(full) and "withdrawn and replaced ones too" in words(full)
    assert "4 … 9 guards injured" not in words(usual)


@pytest.mark.seed("S-95")
def test_what_was_withdrawn_is_struck_and_says_what_is_said_now(node):
    text = section(html(node), "What was withdrawn", "What changed")
    assert "A gas tank burst by accident. now: It was no gas tank; the first account was wrong." in text
    assert "9 guards injured now: Four guards were hurt, and not nine." in text
    assert "<s><bdi>9 guards injured</bdi></s>" in html(node)


@pytest.mark.seed("S-51", "S-94")
def test_what_changed_shows_every_version(node):
    assert "at least 40 → , then 61 civilians killed, 5 Mar 2031" in section(html(node), "What changed", "Who says so")


@pytest.mark.seed("S-78", "S-105")
def test_who_says_so_counts_voices_and_names_who_is_barred(node):
    text = section(html(node), "Who says so", "Where it disagrees")
    assert "unnamed voices 2" in text and "dockers barred" in text


# -- disagreements -------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-83", "S-84", "S-86", "S-88", "S-96", "S-100")
def test_every_kind_of_disagreement_has_its_section_with_its_heading(node):
    text = html(node)
    ids = parsed(text).ids
    assert {f"odds-{kind}" for kind in KINDS} <= set(ids)
    assert all(HEADINGS[kind][1] in words(text) for kind in KINDS)


@pytest.mark.seed("S-88")
def test_no_evidence_cannot_be_read_as_its_contrary(node):
    text = words(html(node))
    assert "No evidence that it is so, which is no evidence that it is not" in text
    assert "That does not show that it did not happen." in text
    assert "No evidence either way: There is no sign that the ferry office knew." in text


@pytest.mark.seed("S-106", "S-108")
def test_wordings_of_one_utterance_are_aligned_word_by_word(node):
    text = section(html(node), "One utterance, several wordings", "Means of harm")
    assert "We 1 wording 1: will 2 wording 2: shall" in text
    assert "hunt 'down whoever laid this at our door" in text and "left out" in text


@pytest.mark.seed("S-82")
def test_means_of_harm_stand_with_the_claims_that_name_them(node):
    text = section(html(node), "Means of harm", "Cases")
    assert text.split() and text.index("fire") < text.index("gas tank") < text.index("blast")


def test_judgements_of_several_offices_stand_with_their_claim(node):
    text = words(html(node))
    assert "judged fair by own analyst , 6 Mar 2031: seen from the quay" in text
    assert "judged weak by second desk , 7 Mar 2031: one voice only" in text


# -- two clocks, comparison ----------------------------------------------------------------------------------------


@pytest.mark.seed("S-51", "S-95")
def test_an_earlier_day_shows_no_later_claim_and_says_so(node):
    text = words(html(node, known_at="2031-03-03"))
    assert "Later claims are not shown" in text and "It was no gas tank" not in text and "mine" not in text


def test_as_recorded_before_anything_was_written_down_nothing_is_shown(node):
    text = words(html(node, recorded_at="2020-01-01"))
    assert "had been written down here by 1 Jan 2020" in text and "A gas tank burst" not in text
    assert "A gas tank burst" in words(html(node, recorded_at="2999-01-01"))


def test_both_clocks_and_the_comparison_are_fields_of_a_plain_form(node):
    names = {a.get("name") for t, a in parsed(html(node)).attributes if t == "input"}
    assert {"known_at", "recorded_at", "since", "recorded_since"} <= names


@pytest.mark.seed("S-94")
def test_the_comparison_with_a_day_shows_what_is_new_since(node):
    text = section(html(node, since="2031-03-05"), "New since 5 Mar 2031", "Where it disagrees")
    assert "guards injured: 9, 1 origin → 4, 1 origin" in text and "7 new claims" in text
    assert 'retracted A gas tank burst by accident. harbour master , 3 Mar 2031; it read "stands"' in text
    assert "New since" not in words(html(node))


def test_what_was_recorded_since_is_told_on_its_own_clock(node):
    text = words(html(node, recorded_since="2020-01-01"))
    assert "by what was written down here" in text and f"{len(CLAIMS)} new claims" in text


@pytest.mark.parametrize(
    "asked",
    [{"rule": "mean"}, {"since": "soon"}, {"recorded_at": "then"}, {"recorded_since": "1"}, {"known_at": "2031-13-01"}],
)
def test_what_is_no_day_and_no_rule_is_refused(node, asked):
    with pytest.raises(BadInput):
        read(node, **asked)


def test_an_unknown_incident_is_refused(node):
    with pytest.raises(SafeconductError, match="no incident"):
        read(node, "nothing")


# -- timeline ------------------------------------------------------------------------------------------------------


def lines(text):
    return [i for i in parsed(text).ids if i.startswith("line-")]


def test_the_timeline_turns_around(node):
    oldest, newest = lines(html(node)), lines(html(node, Shown(order="newest")))
    assert len(oldest) == len(CLAIMS) == len(newest) and newest[0] == "line-sorry" == oldest[-1]


def test_the_timeline_is_filtered_by_kind_and_by_claimant(node):
    assert lines(html(node, Shown(kind="denial"))) == ["line-denied"]
    assert set(lines(html(node, Shown(claimant="inquiry")))) == {"line-sorry"}


def test_a_filtered_page_links_a_hidden_claim_to_the_page_that_shows_it(node):
    text = html(node, Shown(kind="denial"), rule="full")
    assert "?rule=full#line-gas" in links(text) and "#line-denied" in links(text)


@pytest.mark.seed("S-46", "S-80", "S-106", "S-107", "S-108")
def test_each_line_opens_its_place_with_the_exact_words_the_question_and_the_way_here(node):
    text = section(html(node, Shown(kind="assertion", claimant="harbour master")), "What was said, in order", "Keys")
    assert "reports/south.txt, line 30 We will hunt 'down whoever laid this" in text
    assert "asked whether anybody had been warned" in text and "came through harbour radio" in text
    assert "outlets named together south wire, harbour radio" in text
    assert "Its exact words are not held here" in text


def test_relations_are_chips_that_lead_to_the_other_claim(node):
    text = html(node)
    assert "corrected by =coast guard , 10 Mar 2031" in words(text)
    assert re.search(r'<a class="chip" href="#line-gas"[^>]*>challenges', text)
    assert 'title="by splinters and interviews"' in text


def test_every_link_within_the_page_leads_somewhere(node):
    for asked in ({}, {"rule": "full"}, {"since": "2031-03-05"}, {"known_at": "2031-03-04"}):
        found = parsed(html(node, **asked))
        assert len(found.ids) == len(set(found.ids))
        targets = set(found.ids)
        assert [
            a["href"]
            for t, a in found.attributes
            if t == "a" and a.get("href", "").startswith("#") and a["href"][1:] not in targets
        ] == []


def test_a_plot_has_a_table_beside_it_and_draws_updates_and_corrections_apart(node):
    text = html(node)
    assert text.count('class="shift"') == text.count('class="fix"') == 2  # one for each width
    assert text.count('class="struck"') == 2
    assert text.count("<caption") >= 3


# -- very many claims ----------------------------------------------------------------------------------------------


@pytest.fixture
def long_node(tmp_path, monkeypatch):
    for module in (account_claims, account_page):
        name = "AT_ONCE" if module is account_claims else "LINES_AT_ONCE"
        monkeypatch.setattr(module, name, 10)
    monkeypatch.setattr(account_claims, "WHOLE", 30)
    made = harbour_node(tmp_path)
    more = [claim(f"m{n:03}", f"2031-05-{n % 28 + 1:02}", "pilot", f"Line {n}.", line=n + 1) for n in range(45)]
    record_incident(made, document(claims=more, relations=[], assessments=[]))
    yield made
    close_node(made)


def test_a_long_timeline_is_read_in_stretches_and_says_how_much_there_is(long_node):
    seen = []
    for part in range(1, 8):
        found = read(long_node, stretch=Stretch(part=part))
        text = render.render_account(found.incident, PAGE, found.detail, Shown(part=part))
        assert f"of {len(CLAIMS) + 45} lines" in words(text)
        seen += lines(text)
    assert len(seen) == len(set(seen)) == len(CLAIMS) + 45
    newest = read(long_node, stretch=Stretch(newest=True))
    assert "m027" in (newest.detail.lines or ())[0]


def test_of_a_long_account_the_disagreements_are_still_told(long_node):
    found = read(long_node, stretch=Stretch())
    assert {"conflict", "withdrawn", "disputed", "changed"} <= {one.kind for one in found.detail.disagreements}
    assert [f.words for f in found.detail.figures if f.label == "guards injured"] == ["4"]
    full = read(long_node, stretch=Stretch(), rule="full")
    assert [f.words for f in full.detail.figures if f.label == "guards injured"] == ["4 … 9"]


def test_the_tables_read_every_claim_however_many(long_node):
    assert len(read(long_node).detail.claims) == len(CLAIMS) + 45
