import time
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.incidents.reader.counts import find_counts
from safeconduct.incidents.reader.documents import read_document
from safeconduct.incidents.reader.gazetteer import Gazetteer, find_names
from safeconduct.incidents.reader.happenings import Happenings, find_happenings
from safeconduct.incidents.reader.model import Count, Document, Happening, Name, When
from safeconduct.incidents.reader.when import find_dates
from timing import seconds


@dataclass(frozen=True)
class Piece:
    document: Document
    names: tuple[Name, ...]
    dates: tuple[When, ...]
    counts: tuple[Count, ...]


def piece(text: str, published: str = "", file: str = "a.txt") -> Piece:
    document = read_document(file, text.encode(), published=published)
    return Piece(document, find_names(document, Gazetteer.default()), find_dates(document), find_counts(document))


def tell(*texts: tuple[str, str]) -> Happenings:
    return find_happenings([piece(text, day, f"{number}.txt") for number, (text, day) in enumerate(texts)])


def of(happened: Happenings, words: str, outcome: str = "killed", file: int = 0) -> str:
    start = happened.documents[file].plain.index(words)
    return happened.incident_of(f"{file}.txt", start, start + len(words), outcome)


def kinds(happened: Happenings) -> list[tuple[str, str, str]]:
    return [(one.kind, one.date, one.place) for one in happened.all]


def test_an_incident_has_kind_day_and_place_in_an_id_that_a_person_reads():
    happened = tell(("A car bombing in Aden killed four people on Monday.", "2023-03-08"))
    assert happened.all == (
        Happening("attack-2023-03-06-aden", "attack", "2023-03-06", "aden", "Attack, Aden, 2023-03-06"),
    )
    assert of(happened, "four people") == "attack-2023-03-06-aden"
    assert happened.day_of("attack-2023-03-06-aden") == "2023-03-06"
    assert happened.day_of("nothing") == ""


def test_one_event_told_by_two_papers_on_different_days_is_one():
    happened = tell(
        ("Nine people died in a blast at Kabul airport on Thursday.", "2021-08-27"),
        ("The bombing at Abbey Gate on Aug. 26, 2021 killed many.", "2021-09-03"),
        ("An explosion near the Baron Hotel last week killed dozens.", "2021-09-02"),
    )
    assert kinds(happened) == [("attack", "2021-08-26", "abbey-gate")]
    assert of(happened, "Nine people") == of(happened, "many", file=1) == of(happened, "dozens", file=2)


def test_other_days_kinds_and_places_stay_apart():
    happened = tell(
        ("A bombing hit Mosul on 3 May 2017. A bombing hit Mosul on 9 May 2017.", "2017-05-12"),
        ("An air strike hit Mosul on 3 May 2017.", "2017-05-12"),
        ("A bombing hit Baghdad on 3 May 2017.", "2017-05-12"),
    )
    assert kinds(happened) == [
        ("attack", "2017-05-03", "mosul"),
        ("attack", "2017-05-09", "mosul"),
        ("strike", "2017-05-03", "mosul"),
        ("attack", "2017-05-03", "baghdad"),
    ]


@pytest.mark.seed("S-90")
def test_standing_side_by_side_links_nothing():
    text = (
        "Gunmen stormed nothing last month. An assault last week at Sanaa airport killed six guards.\n\n"
        "A boy looks at a burnt van after several rockets were fired in Sanaa on Tuesday. "
        "Many blame the Houthis for the attack on the airfield."
    )
    happened = tell((text, "2022-01-21"))
    airport = of(happened, "six guards")
    rockets = of(happened, "several rockets", "happened")
    assert airport.startswith("attack-")
    assert rockets == "rockets-2022-01-18-sanaa"
    assert of(happened, "the attack on the airfield", "") == airport


@pytest.mark.seed("S-81", "S-83")
def test_two_blasts_and_a_second_attack_close_by_are_one_incident():
    text = "Two bombings outside Kabul airport killed many on 26 August 2021. Another such blast shook the Baron Hotel."
    happened = tell((text, "2021-08-27"))
    assert len(happened.all) == 1
    assert of(happened, "Baron Hotel", "") == happened.all[0].id


def test_a_document_without_a_day_takes_that_of_the_incident_that_fits():
    happened = tell(
        ("A suicide bombing at Aden airport killed five people on 30 December 2020.", "2020-12-31"),
        ("On Wednesday at Aden airport a bomber blew himself up, killing five people.", ""),
    )
    assert len(happened.all) == 1
    assert of(happened, "five people", file=1) == "attack-2020-12-30-aden-airport"
    assert [when.iso for when in happened.dates[1]] == ["2020-12-30"]


def test_a_weekday_that_fits_two_incidents_is_left_open():
    happened = tell(
        ("A bombing in Aden killed five people on 2 December 2020.", "2020-12-31"),
        ("A bombing in Aden killed eight people on 9 December 2020.", "2020-12-31"),
        ("A bombing in Aden killed some people on Wednesday.", ""),
        ("A bombing in Aden killed eight people on Wednesday.", ""),
    )
    assert of(happened, "some people", file=2) == ""
    assert of(happened, "eight people", file=3) == "attack-2020-12-09-aden"  # the same casualties


def test_the_day_of_a_saying_is_not_the_day_of_the_event():
    happened = tell(("Officials said on Friday that a drone strike in Marib killed two men.", "2021-11-06"))
    assert kinds(happened) == [("strike", "2021-11-04/2021-11-05", "marib")]
    happened = tell(("Wednesday's shelling of Taiz killed two, a doctor said Saturday.", "2021-11-07"))
    assert kinds(happened) == [("rockets", "2021-11-03", "taiz")]


@pytest.mark.parametrize(
    "text",
    [
        "They hope to prevent an attack in Kabul on Friday.",
        "A further bombing of Kabul is likely.",
        "The threat of attacks remains.",
        "If they attack our troops in Kabul, we answer.",
        "He had a heart attack in Kabul on Friday.",
        "Workers go on hunger strike in Kabul on Friday.",
    ],
)
def test_what_did_not_happen_is_no_incident(text):
    assert tell((text, "2021-08-20")).all == ()


def test_harm_belongs_to_the_last_event_of_its_section_and_wars_to_none():
    text = (
        "A missile strike hit Kramatorsk station on 8 April 2022. Rescuers came at noon. "
        "At least 50 people were killed. The war has killed thousands of people."
    )
    happened = tell((text, "2022-04-09"))
    assert of(happened, "50 people") == "strike-2022-04-08-kramatorsk-station"
    assert of(happened, "thousands of people") == ""


def test_people_moved_belong_to_the_evacuation_of_their_country():
    happened = tell(
        ("The evacuation from Khartoum began on 23 April 2023. Some 300 people were flown out.", "2023-04-24"),
        ("Evacuation flights from Sudan went on; 900 people arrived in Cyprus.", "2023-04-28"),
        ("Buses evacuated 70 people from Mariupol on 3 May 2022.", "2022-05-04"),
    )
    assert {one.place for one in happened.all if one.kind == "airlift"} == {"sudan", "ukraine"}
    assert of(happened, "300 people", "evacuated") == of(happened, "900 people", "arrived", 1)
    assert of(happened, "70 people", "evacuated", 2) != of(happened, "300 people", "evacuated")


def test_evacuations_years_apart_are_two():
    happened = tell(
        ("The evacuation from Khartoum began on 23 April 2023.", "2023-04-24"),
        ("The evacuation from Khartoum began on 2 May 2011.", "2011-05-03"),
    )
    assert len(happened.all) == 2


def test_a_remark_without_an_event_word_takes_the_event_just_before_it():
    text = "An air strike hit a clinic in Idlib on 5 May 2019. Video analysis contradicts the official story."
    happened = tell((text, "2019-05-20"))
    start = text.index("Video")
    assert happened.incident_of_remark("0.txt", start, len(text)) == "strike-2019-05-05-idlib"
    assert happened.incident_of("0.txt", start, len(text), "") == ""
    assert happened.incident_of_remark("other.txt", 0, 3) == ""


def test_attack_may_mean_the_strike_before_it():
    text = "An air strike hit Rafah on 26 May 2024. The attack killed at least 45 people."
    assert of(tell((text, "2024-05-28")), "45 people") == "strike-2024-05-26-rafah"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The ministry said forty people were killed Monday in air strikes on Idlib.", "2016-02-15"),
        ("Troops on Tuesday ended an attack that gunmen began in Idlib on Monday.", "2016-02-15"),
        ("Rebels were accused of shelling Idlib on Sunday.", "2016-02-14"),
        ("The deadly air strike on Idlib took place at dawn on Feb. 9.", "2016-02-09"),
    ],
)
def test_the_day_next_to_the_event_is_taken(text, day):
    assert [one.date for one in tell((text, "2016-02-16")).all] == [day]


def test_an_incident_of_unknown_day_and_place_is_kept_when_people_are_counted():
    happened = tell(("The strike killed 42 people.", "2024-07-09"))
    assert kinds(happened) == [("strike", "", "")]
    assert of(happened, "42 people") == "strike"


def test_the_first_attack_since_a_month_is_the_attack_that_the_text_is_about():
    text = "Gunmen launched an assault on a hotel in Mogadishu on Friday. The attack is the first since voting in May."
    happened = tell((text, "2022-08-21"))
    assert [one.date for one in happened.all] == ["2022-08-19"]


def test_a_report_does_not_join_an_incident_of_long_ago_by_its_place():
    happened = tell(
        ("Shelling of Mariupol killed six people on 3 February 2022.", "2022-02-04"),
        ("Shelling of Mariupol killed nine people.", "2022-06-20"),
    )
    assert of(happened, "six people") != of(happened, "nine people", file=1)


def test_places_of_a_user_s_list_count_when_the_list_is_given_and_harm_nothing_when_not():
    mine = Gazetteer.extended('[places]\nnorth-yard = { name = "North Yard", sort = "gate", part_of = "aden" }', "m")
    document = read_document("0.txt", b"A blast at North Yard killed two men on 4 July 2020.", published="2020-07-05")
    given = Piece(document, find_names(document, mine), find_dates(document), find_counts(document))
    assert kinds(find_happenings([given], mine)) == [("attack", "2020-07-04", "north-yard")]
    assert kinds(find_happenings([given])) == [("attack", "2020-07-04", "")]


def test_nothing_to_read_gives_nothing():
    happened = find_happenings([])
    assert happened.all == ()
    assert happened.incident_of("a", 0, 1) == ""
    assert tell(("", "")).incident_of("0.txt", 0, 0, "killed") == ""


WORDS = st.sampled_from(
    [
        "attack",
        "the",
        "a",
        "bombing",
        "strike",
        "on",
        "Monday",
        "Thursday",
        "26",
        "August",
        "2021",
        "last",
        "week",
        "in",
        "Kabul",
        "Aden",
        "airport",
        ".",
        ",",
        "said",
        "killed",
        "12",
        "people",
        "evacuated",
        "from",
        "rockets",
        "fired",
        "tomorrow",
        "this",
        "that",
        "yesterday's",
        "\n\n",
    ]
)


@given(
    st.lists(st.lists(WORDS, max_size=40).map(" ".join), max_size=4), st.sampled_from(["", "2021-08-28", "2022-01-01"])
)
@settings(deadline=None)
def test_any_documents_give_known_incidents(texts, day):
    happened = tell(*[(text, day) for text in texts])
    ids = {one.id for one in happened.all}
    assert len(ids) == len(happened.all)
    for number, document in enumerate(happened.documents):
        for sentence in document.sentences:
            for outcome in ("killed", "evacuated", "happened", ""):
                assert happened.incident_of(f"{number}.txt", sentence.start, sentence.end, outcome) in ids | {""}


@pytest.mark.parametrize("part", ["the attack on Monday in Kabul, ", "attack ", "a strike hit a "])
def test_time_grows_with_length_only(part):
    def taken(size: int) -> float:
        return seconds(partial(find_happenings, [piece(part * (size // len(part)), "2021-08-28")]))

    assert taken(60_000) < 10 * max(taken(15_000), 0.05)


def test_a_thousand_reports_are_told_apart_within_seconds():
    days = [f"2021-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    text = "A bombing in {} on {} killed {} people. The attack was condemned. The evacuation of Kabul went on."
    places = ("Kabul", "Aden", "Mosul", "Idlib")
    pieces = [
        piece(text.format(places[number % 4], days[number % len(days)], number), "2021-12-31", f"{number}.txt")
        for number in range(1000)
    ]
    begin = time.process_time()
    happened = find_happenings(pieces)
    assert time.process_time() - begin < 20
    assert len(happened.all) > 300
