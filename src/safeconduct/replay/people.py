"""Synthetic people in families, as a roll in CSV (spec/roll.md): seeded, repeatable, nobody real.

Names are made of syllables. How often a name, a birth date or a document number is missing or odd follows the
published figures of the real evacuee records (88,977 of them).
"""

import random
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from safeconduct.register.roll_import import COLUMNS

RECORDS = 88_977  # evacuee records in which the errors below were counted
ERROR_COUNTS = {
    "no-given-name": 417,
    "no-family-name": 242,
    "born-1-january": 11_110,
    "document-number": 7_800,
    "facilitation-document": 36_400,
    "child-without-parents": 1_450,
}

_FIRST = ("ba", "da", "fa", "ga", "ha", "ja", "ka", "la", "ma", "na", "pa", "ra", "sa", "ta", "wa", "ya", "za", "sho")
_MIDDLE = ("bi", "di", "li", "mi", "ni", "ri", "si", "ti", "vi", "ze", "lu", "mu", "nu", "ru")
_LAST = ("b", "d", "l", "m", "n", "r", "s", "t", "z", "sha", "lo", "mar", "nor", "wan")
# Heads of a family and how many of a hundred families have that many; the mean is 4.1.
_SIZES = ((1, 14), (2, 14), (3, 16), (4, 16), (5, 15), (6, 11), (7, 7), (8, 4), (9, 2), (10, 1))
_CLASSES = (
    ("citizen", 5),
    ("resident", 4),
    ("visa-holder", 24),
    ("local-staff", 19),
    ("at-risk", 43),
    ("third-country", 5),
)
_RISKS = ("journalist", "judge", "soldier", "rights-defender", "aid-worker", "teacher", "other")
_DAYS = tuple(f"-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29) if (month, day) != (1, 1))
_BAD_NUMBERS = ("", "", "?", "lost", "n/a", "12")
_YEAR = 2021


def generate(people: int, seed: int, *, errors: Mapping[str, float] | None = None) -> bytes:
    """A roll of exactly `people` people as CSV bytes; the same arguments give the same bytes.

    Args:
        people: how many.
        seed: of the generator.
        errors: probability of each error of ERROR_COUNTS; by default the published rates.
    """
    rng = random.Random(seed)
    rates = {name: count / RECORDS for name, count in ERROR_COUNTS.items()}
    rates.update(errors or {})
    names = sorted({first + middle + last for first in _FIRST for middle in _MIDDLE for last in _LAST})
    names = [name.capitalize() for name in names]
    sizes = _draws(rng, _SIZES, max(people, 1))
    classes = _draws(rng, _CLASSES, max(people, 1))
    lines = [",".join(COLUMNS)]
    made = 0
    family = 0
    while made < people:
        heads = min(sizes[family], people - made)
        lines.extend(_family(rng, family + 1, made, heads, classes[family], names, rates))
        made += heads
        family += 1
    return ("\n".join(lines) + "\n").encode()


def _draws(rng: random.Random, weighted: tuple[tuple[Any, int], ...], count: int) -> list[Any]:
    """`count` draws from a weighted list, in one call."""
    values, weights = zip(*weighted, strict=True)
    return rng.choices(values, cum_weights=list(accumulate(weights)), k=count)


def _family(
    rng: random.Random,
    number: int,
    made: int,
    heads: int,
    family_class: str,
    names: list[str],
    rates: Mapping[str, float],
) -> list[str]:
    """The lines of one family: one or two adults, the rest children or grandparents."""
    draw = rng.random
    pool = len(names)
    surname = names[int(draw() * pool)]
    lines = []
    # About 46 of 100 people are children; the rate of children without parents is one of all records.
    alone_rate = rates["child-without-parents"] / 0.46
    adults = 1 if heads == 1 or draw() < 0.15 else 2
    for place in range(heads):
        child = place >= adults and draw() < 0.88
        age = int(draw() * 18) if child else 19 + int(draw() * draw() * 60)
        born = f"{_YEAR - age - 1}" + ("-01-01" if draw() < rates["born-1-january"] else _DAYS[int(draw() * 335)])
        given = "" if draw() < rates["no-given-name"] else names[int(draw() * pool)]
        last = "" if draw() < rates["no-family-name"] else surname
        facilitation = draw() < rates["facilitation-document"]
        if draw() < rates["document-number"]:
            document = _BAD_NUMBERS[int(draw() * 6)]
        else:
            document = f"{'FD' if facilitation else 'P'}{10_000_000 + int(draw() * 89_999_999)}"
        kind = "facilitation-document" if facilitation else ("passport" if draw() < 0.7 else "national-id")
        risk = _RISKS[int(draw() * 7)] if family_class == "at-risk" and place == 0 else ""
        parents = ("no" if draw() < alone_rate else "yes") if child else ""
        sex = "f" if draw() < 0.5 else "m"
        lines.append(
            f"P{made + place + 1:06},G{number:06},{given},{last},{born},{sex},{family_class},{risk},{kind},"
            f"{document},{parents}"
        )
    return lines
