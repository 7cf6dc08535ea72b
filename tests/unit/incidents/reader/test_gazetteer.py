import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.incidents.reader.gazetteer import Ambiguous, Gazetteer, find_names
from safeconduct.incidents.reader.identities import Identity
from safeconduct.incidents.reader.model import Block, Document, Sentence

DEFAULT = Gazetteer.default()


def document(text: str) -> Document:
    return Document(
        "a.txt", "0" * 64, text, text, None, (Block(0, len(text), "paragraph"),), (Sentence(0, len(text), 0),)
    )


def found(text: str, gazetteer: Gazetteer = DEFAULT) -> list[tuple[str, str]]:
    return [(text[name.start : name.end], name.identity) for name in find_names(document(text), gazetteer)]


@pytest.mark.seed("S-110")
@pytest.mark.parametrize(
    "name",
    ["ISIS-K", "ISKP", "IS-K", "Islamic State Khorasan Province", "Islamic State–Khorasan", "ISIL-KP", "Daesh-K"],
)
def test_every_name_of_a_group_means_one_identity_and_the_name_used_is_kept(name):
    assert found(f"A spokesman of {name} spoke.") == [(name, "islamic-state-khorasan")]


@pytest.mark.seed("S-110")
def test_a_self_given_name_means_the_group_that_gives_it_to_itself():
    assert found("The Islamic Emirate issued a decree.") == [("Islamic Emirate", "taliban")]
    assert "Islamic Emirate" in DEFAULT.identities["taliban"].own


@pytest.mark.seed("S-28")
def test_places_resolve_with_position_kind_and_what_they_lie_in():
    (name,) = find_names(document("They met behind Abbey Gate."), DEFAULT)
    place = DEFAULT.identities[name.identity]
    assert (name.kind, place.sort) == ("place", "gate")
    assert DEFAULT.chain(place.id) == ("abbey-gate", "kabul-airport", "kabul", "afghanistan")
    assert DEFAULT.within("abbey-gate", "kabul")
    assert not DEFAULT.within("kabul", "abbey-gate")


@pytest.mark.seed("S-29")
def test_the_distance_of_a_hotel_from_a_gate_is_walkable_and_that_of_two_cities_is_not():
    near, far = DEFAULT.distance_m("baron-hotel", "abbey-gate"), DEFAULT.distance_m("kabul", "doha")
    assert near is not None
    assert far is not None
    assert near < 1_000
    assert 1_900_000 < far < 2_100_000
    assert DEFAULT.distance_m("taliban", "kabul") is None


def test_the_longest_name_wins():
    assert found("UN Security Council and UN") == [
        ("UN Security Council", "un-security-council"),
        ("UN", "united-nations"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tell us now.",
        "He is here.",
        "who knows",
        "Let me go.",
        "the ap store",
        "Kabuliwala",
        "WHO KILLED THEM ALL",
        "IS THIS TRUE",
    ],
)
def test_ordinary_words_are_no_names(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("KABUL fell", "kabul"),
        ("Sana’a fell", "sanaa"),
        ("Sanaa fell", "sanaa"),
        ("U.S. Central Command", "central-command"),
        ("ISIS‑K men", "islamic-state-khorasan"),
        ("Port-au-Prince", "port-au-prince"),
        ("the airport in Khartoum", "khartoum-airport"),
        ("Aden’s airport", "aden-airport"),
        ("قال طالبان", "taliban"),
        ("Азовсталь", "azovstal"),
    ],
)
def test_other_spellings_dashes_apostrophes_and_scripts_are_known(text, identity):
    assert [name for _, name in found(text)] == [identity]


def test_a_name_with_two_meanings_is_flagged_and_not_guessed():
    assert DEFAULT.resolve("Georgia") == Ambiguous("Georgia", ("georgia-country", "georgia-state"))
    assert found("Troops crossed into Georgia.") == [("Georgia", "")]
    assert DEFAULT.resolve("Atlantis") is None


USERS = """
[places]
north-yard = { name = "North Yard", aliases = ["the Yard"], sort = "gate", at = [10.5, 20.25], part_of = "aden" }
georgia-town = { name = "Georgia", sort = "town" }
[groups]
red-hand = { name = "Red Hand", own = ["Sons of the Hill"] }
"""


def test_a_user_s_entries_are_found_and_win():
    mine = Gazetteer.extended(USERS, "mine.toml")
    assert found("Sons of the Hill came to North Yard.", mine) == [
        ("Sons of the Hill", "red-hand"),
        ("North Yard", "north-yard"),
    ]
    georgia = mine.resolve("georgia")
    assert isinstance(georgia, Identity)
    assert georgia.id == "georgia-town"
    assert mine.chain("north-yard") == ("north-yard", "aden", "yemen")
    assert found("Kabul", mine) == [("Kabul", "kabul")]


def test_two_entries_of_one_user_with_one_name_stay_ambiguous():
    text = '[groups]\na-x = { name = "Same Name" }\nb-x = { name = "Same Name" }'
    assert Gazetteer.extended(text, "m").resolve("same name") == Ambiguous("same name", ("a-x", "b-x"))
    assert Ambiguous("same name", ("a-x", "b-x")) in Gazetteer.extended(text, "m").ambiguous


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[places", "bad-toml"),
        ("[people]\nx = { name = 'X' }", "unknown-field"),
        ("[places]\nX = { name = 'X' }", "bad-id"),
        ("[places]\nx = 'X'", "bad-field"),
        ("[places]\nx = { name = '' }", "bad-field"),
        ("[places]\nx = { name = 'X', height = 3 }", "unknown-field"),
        ("[places]\nx = { name = 'X', aliases = 'Y' }", "bad-field"),
        ("[places]\nx = { name = 'X', at = [95.0, 0.0] }", "bad-field"),
        ("[places]\nx = { name = 'X', at = [true, 0.0] }", "bad-field"),
        ("[places]\nx = { name = 'X', part_of = 'nowhere-at-all' }", "bad-reference"),
        ("[places]\nx = { name = 'X' }\n[groups]\nx = { name = 'X' }", "bad-id"),
        ("places = 3", "unknown-field"),
    ],
)
def test_a_wrong_file_gets_one_clear_error(text, code):
    with pytest.raises(BadInput) as caught:
        Gazetteer.extended(text, "mine.toml")
    assert caught.value.code == code
    assert "mine.toml" in str(caught.value)


def test_a_ring_of_parts_ends():
    text = "[places]\na-x = { name = 'Xa', part_of = 'b-x' }\nb-x = { name = 'Xb', part_of = 'a-x' }"
    assert Gazetteer.extended(text, "m").chain("a-x") == ("a-x", "b-x")


@given(st.text(st.sampled_from("Kabul ISIS-K.’U.S’ Abbey Gate\n–aٱ"), max_size=200))
def test_names_lie_in_order_inside_any_text(text):
    names = find_names(document(text), DEFAULT)
    assert all(0 <= name.start < name.end <= len(text) for name in names)
    assert all(one.end <= two.start for one, two in itertools.pairwise(names))


@given(st.text(max_size=300))
def test_any_toml_is_read_or_refused(text):
    try:
        Gazetteer.extended(text, "m")
    except BadInput as error:
        assert error.code  # noqa: PT017  (either outcome is right)
