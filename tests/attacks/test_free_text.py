"""Free-text residue: no form of what a report says in its own words is found in the bytes that cross.

The attacker folds what he got and what he looks for in the same way: case, accents, width, letters that look alike,
transliteration of Dari, Pashto, Arabic and Cyrillic, spaces and signs between letters.
"""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attacks.oracle import foldings
from attacks.setting import PLACE, crossing, policy, released, report, weigh
from safeconduct.alerts.derive import Derivation
from safeconduct.alerts.words import ADVICE, THREATENED
from safeconduct.errors import BadInput, Refusal

LETTERS = (
    "абвгдежзиклмнопрстуфхцчшاآبپتجچحخدذرزژسشصضطظعغفقکگلمنوهیabcdefghijklmnopqrstuvwxyzÄÖÜßéçÅøłñ０１２３４ＡＢＣ₀₁²³"
)
NAME = st.text(st.sampled_from(LETTERS), min_size=7, max_size=24)
PLAIN = foldings(crossing(released(report(), policy())).decode())  # what crosses in any case


def found_in(bytes_that_crossed, secret):
    """Foldings of a secret that occur in the foldings of the bytes, but for what occurs there in any case."""
    texts = [bytes_that_crossed.decode(), json.dumps(json.loads(bytes_that_crossed), ensure_ascii=False)]
    there = [form for text in texts for form in foldings(text)]
    sought = {form for form in foldings(secret) if len(form) > 5}
    usual = {form for form in sought if any(form in text for text in PLAIN)}
    return {form for form in sought - usual if any(form in text for text in there)}


def test_the_attackers_search_finds_what_is_there():
    """Without this a search that finds nothing would say nothing."""
    got = crossing(released(report(), policy()))
    planted = got.replace(b"Advice:", "Аdvice by Кarim at Süd-Τor:".encode())
    assert found_in(planted, "karim") == set(), "too short to be told from chance"
    assert found_in(planted, "Karim at Sud") and found_in(planted, "KARIM-AT-SÜD")
    assert found_in(got.replace(b"Advice:", "حیدر آباد".encode()), "hydrabad")


@settings(max_examples=200, deadline=None)
@given(NAME, st.sampled_from(["what", "site", "actor", "entered_by", "harm_answer", "details", "source"]))
@example("Haydarabad 34.258012", "details")
@example("Kаrim аl-Mаsri", "what")
def test_no_name_in_any_field_or_script_is_found_in_what_crosses(name, field):
    name = name.strip()
    secret = report(
        **({"sources": [{"name": name, "reliability": "A", "credibility": 1}]} if field == "source" else {field: name})
    )
    assert not found_in(crossing(released(secret, policy())), name)


@settings(max_examples=100, deadline=None)
@given(st.integers(-150, 150), st.integers(-150, 150))
def test_no_coordinate_is_found_in_any_writing(north, east):
    lat, lon = PLACE[0] + north, PLACE[1] + east
    got = re.sub(r"[^0-9a-z]", "", crossing(released(report(lat=lat, lon=lon), policy())).decode().lower())
    for value in (lat, lon):
        minutes, rest = divmod(value, 1_000_000)
        exact = round(rest * 3_600 / 1_000_000, 2)
        sexagesimal = f"{minutes}{int(exact // 60):02d}{int(exact % 60):02d}"
        for form in (str(value), f"{value / 1e6:.5f}".replace(".", ""), f"{value / 1e6:.4f}".replace(".", "")):
            assert form not in got
        assert sexagesimal not in got or sexagesimal in PLAIN_DIGITS, sexagesimal


PLAIN_DIGITS = re.sub(r"[^0-9a-z]", "", crossing(released(report(), policy())).decode().lower())


@pytest.mark.parametrize("field", ["threatened_class", "advised_action"])
@settings(max_examples=60, deadline=None)
@given(NAME)
@example("travellers")
def test_the_two_texts_that_do_cross_are_of_fixed_lists_and_nothing_else_passes(field, name):
    if name.strip() in {"threatened_class": THREATENED, "advised_action": ADVICE}[field]:
        assert isinstance(weigh(report(**{field: name.strip()}), policy()), Derivation)
        return
    try:
        answer = weigh(report(**{field: name.strip()}), policy())
    except BadInput:
        return
    assert isinstance(answer, Refusal) and not isinstance(answer, Derivation)


@pytest.mark.parametrize(
    "trick", ["people\u200b-waiting", "people‑waiting", "реople-waiting", "People-waiting", "people-waiting "]
)
def test_a_look_alike_of_a_listed_text_is_refused(trick):
    try:
        answer = weigh(report(threatened_class=trick), policy())
    except BadInput:
        return
    assert answer.code == "names-a-person"
