"""Five real reports become the page of all incidents: every disagreement that they hold is stated there."""

import re
from html.parser import HTMLParser

import pytest
from litestar.testing import TestClient

from safeconduct.web.api.app import create_app
from safeconduct.wiring import close_node, start_node
from workflows.five_reports import fresh_node, take_all


class Panels(HTMLParser):
    """The words of each incident's part of the page, by its id, and each card and list line in it."""

    def __init__(self):
        super().__init__()
        self.panels, self.cards, self.here, self.card = {}, {}, "", None
        self.addresses = set()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "section" and "listed" in (found.get("class") or ""):
            self.here = found["id"].removeprefix("incident-")
            self.panels[self.here], self.cards[self.here] = [], []
        if tag == "article" and "card" in (found.get("class") or ""):
            self.card = []
        if tag == "a" and self.here:
            self.addresses.add(found["href"])

    def handle_endtag(self, tag):
        if tag == "article" and self.card is not None:
            self.cards[self.here].append(" ".join(" ".join(self.card).split()))
            self.card = None

    def handle_data(self, data):
        if self.here:
            self.panels[self.here].append(data)
        if self.card is not None:
            self.card.append(data)


class Shown:
    """The page as it was read over HTTP."""

    def __init__(self, html):
        self.html = html
        reader = Panels()
        reader.feed(html)
        reader.close()
        self.words = {name: " ".join(" ".join(some).split()) for name, some in reader.panels.items()}
        self.cards, self.addresses = reader.cards, reader.addresses

    def of(self, start):
        """The id of the only incident whose id starts so."""
        (name,) = [name for name in self.words if name.startswith(start)]
        return name

    def card(self, start, *parts):
        """The only card of an incident that holds all of these words."""
        found = [card for card in self.cards[self.of(start)] if all(part in card for part in parts)]
        assert len(found) == 1, (parts, found or self.cards[self.of(start)])
        return found[0]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    node, config = fresh_node(tmp_path_factory.mktemp("five"))
    try:
        claims, ties = take_all(node)
    finally:
        close_node(node)
    assert claims > 100
    assert ties > 15
    with TestClient(create_app(start_node(config))) as found:
        yield found


@pytest.fixture(scope="module")
def shown(client):
    answer = client.get("/incidents")
    assert answer.status_code == 200
    return Shown(answer.text)


ATTACK, STRIKE, RAID = "attack-abbey-gate", "strike-nangarhar-2021-08-27", "strike-kabul-2021-08-29"


def test_five_incidents_are_told_apart_and_counted(shown):
    assert {name.split("-")[0] for name in shown.words} == {"attack", "strike", "rockets", "airlift"}
    assert len([name for name in shown.words if name.startswith("strike")]) == 2
    top = re.sub(r"<[^>]+>", "", shown.html.partition("<h1>")[2].partition("</header>")[0])
    assert re.search(r"\b5 incidents, [1-9]\d* figures in dispute, [1-9]\d* withdrawn, [1-9]\d* denied", top)
    assert "1 kept from speaking" in top


@pytest.mark.seed("S-51", "S-94")
def test_soldiers_killed_rose_from_a_lower_bound(shown):
    card = shown.card(ATTACK, "service members killed", "at least 12")
    assert card.index("at least 12") < card.rindex("13")
    assert "13 service members killed" in shown.words[shown.of(ATTACK)]


@pytest.mark.seed("S-49", "S-50", "S-52")
def test_civilians_killed_are_an_upper_bound_a_vague_word_and_a_number(shown):
    text = shown.words[shown.of(ATTACK)]
    assert "up to 100 … 170 (dozens) civilians killed" in text
    assert "many afghans killed" in text
    found = [card for card in shown.cards[shown.of(ATTACK)] if "up to 100" in card and "170" in card]
    assert found and all("reports (unnamed)" in card for card in found)


@pytest.mark.seed("S-48")
def test_sixty_civilians_are_kept_as_a_sentence_that_can_be_read_two_ways(shown):
    card = shown.card(ATTACK, "at least 60 civilians", "can be read otherwise")
    assert "one verb for all groups" in card
    assert "at least 60 civilians killed" not in shown.words[shown.of(ATTACK)]


@pytest.mark.seed("S-81", "S-82", "S-83")
def test_the_number_of_blasts_is_left_open(shown):
    text = shown.words[shown.of(ATTACK)]
    assert "2 blasts happened" in text and "2 attacks happened" in text
    assert "2 later sources do not mention it" in shown.card(ATTACK, "Baron Hotel", "reported by one origin")


@pytest.mark.seed("S-94")
def test_one_target_became_two_and_one_injured(shown):
    card = shown.card(STRIKE, "fighters killed", "27 Aug 2021", "28 Aug 2021")
    assert re.search(r"\b1 US military officials .* 2 officials", card)
    assert "1 people injured" in shown.words[shown.of(STRIKE)]


@pytest.mark.seed("S-95")
def test_a_strike_called_necessary_is_admitted_to_be_a_mistake(shown):
    found = [card for card in shown.cards[shown.of(RAID)] if "now said" in card]
    assert found and all("mistake" in card.partition("corrected")[0] for card in found)
    reasons = " ".join(card.partition("corrected")[2] for card in found)
    assert "necessary" in reasons and "carrying explosives" in reasons


@pytest.mark.seed("S-97")
def test_ten_were_killed_among_them_seven_children(shown):
    text = shown.words[shown.of(RAID)]
    assert "10 civilians killed" in text and "7 children killed" in text
    assert "10 family members killed" in text and "survivor" in text


@pytest.mark.seed("S-84", "S-85")
def test_who_did_it_is_told_grade_by_grade(shown):
    card = shown.card(ATTACK, "who did it")
    grades = ("suspected:", "presumed:", "believed:", "linked:", "attributed:", "claimed by actor:")
    places = [card.index(grade) for grade in grades]
    assert places == sorted(places)


@pytest.mark.seed("S-88")
def test_knowing_nothing_is_never_a_denial(shown):
    card = shown.card(ATTACK, "complicity: no evidence")
    assert card.count("nothing is known that shows complicity") == 3
    assert "does not show that it did not happen" in card
    denied = [card for name in shown.cards for card in shown.cards[name] if "denied" in card]
    assert denied and not [card for card in denied if "no information" in card or "no indication" in card]


@pytest.mark.seed("S-78")
def test_medics_are_barred_and_their_silence_is_no_count(shown):
    card = shown.card(ATTACK, "barred from speaking")
    assert card.startswith("medics") and "is not nothing" in card
    assert not re.search(r"(?<![\d,])0 civilians", shown.words[shown.of(ATTACK)])


@pytest.mark.seed("S-96")
def test_challenges_stand_with_what_they_dispute_and_their_method(shown):
    first = shown.card(RAID, "challenged by", "New York Times")
    assert "video analysis, interviews" in first and "Reaper" in first.partition("challenged by")[0]
    second = shown.card(ATTACK, "challenged by", "CNN")
    assert "170 civilians killed" in second and "how: investigation" in second


@pytest.mark.seed("S-100", "S-101")
def test_an_explanation_is_denied_beside_what_witnesses_say(shown):
    card = shown.card(ATTACK, "ball bearings")
    assert "denied" in card and "medics (unnamed)" in card
    assert "some witnesses (unnamed)" in shown.card(ATTACK, "shooting is alleged", "troops firing")


@pytest.mark.seed("S-52")
def test_people_evacuated_are_told_by_two_voices(shown):
    text = shown.words[shown.of("airlift")]
    assert "about 95,700 … more than 100,000" in text
    assert "13,400 people evacuated (25 Aug 2021)" in text


@pytest.mark.seed("S-106", "S-108")
def test_one_utterance_stands_in_its_wordings(shown):
    text = shown.words[shown.of("airlift")]
    assert "purpose alive" in text and "goals aligned" in text and "through CNN" in text
    assert "One utterance, several wordings" in shown.words[shown.of(STRIKE)]


@pytest.mark.seed("S-90")
def test_rockets_are_an_incident_of_their_own(shown):
    text = shown.words[shown.of("rockets")]
    assert "several rockets happened" in text and "No claim disagrees with another." in text
    assert "30 Aug 2021" in text and "rockets" not in shown.words[shown.of(ATTACK)]


def test_every_link_of_the_page_leads_to_a_line_that_is_there(client, shown):
    pages = {}
    for address in sorted(shown.addresses):
        page, _, mark = address.partition("#")
        if page not in pages:
            pages[page] = client.get(page)
            assert pages[page].status_code == 200, page
        assert not mark or f'id="{mark}"' in pages[page].text, address


@pytest.mark.seed("S-52")
def test_an_earlier_day_knows_less(client):
    early = Shown(client.get("/incidents?known_at=2021-08-26").text)
    assert "at least 12 service members killed" in early.words[early.of(ATTACK)]
    assert "170" not in early.words[early.of(ATTACK)]
    assert "This is what was known on 26 Aug 2021." in early.html
    before = Shown(client.get("/incidents?known_at=2021-08-28").text)
    assert not [name for name in before.words if name.startswith(RAID)]  # nothing is known before it happened
