"""Wordings that carry a remark, from `remark_rules.toml`, ready to be looked for.

Each rule names the words of which one stands in every match, so that a sentence meets only few patterns.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from safeconduct.incidents.reader.model import KINDS

PARTS = "parts"
_PART = re.compile(r"\{([A-Z]+)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A wording, what it shows, and the words by which a sentence that may carry it is found."""

    kind: str
    words: tuple[str, ...]  # in small letters
    pattern: re.Pattern[str]
    grade: str = ""
    needs: re.Pattern[str] | None = None  # must stand in the clause
    unless: re.Pattern[str] | None = None  # must not
    asked: bool = False  # may stand in a reporter's question too


@cache
def rules_by_word() -> Mapping[str, tuple[Rule, ...]]:
    """The rules by each of their words."""
    table: dict[str, list[Rule]] = {}
    for rule in _rules():
        for word in rule.words:
            table.setdefault(word, []).append(rule)
    return {word: tuple(rules) for word, rules in table.items()}


@cache
def parts() -> Mapping[str, str]:
    """The named parts of the patterns, each with the parts in it filled in."""
    return {name: _filled(text, _tables()[PARTS]) for name, text in _tables()[PARTS].items()}


@cache
def named_patterns(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of a table with their names, in its order."""
    return tuple((name, compiled(text)) for name, text in _tables()[table].items())


@cache
def _tables() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("remark_rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _rules() -> tuple[Rule, ...]:
    return tuple(_rule(kind, row) for kind in KINDS for row in _tables().get(kind, ()))


def _rule(kind: str, row: Mapping[str, Any]) -> Rule:
    return Rule(
        kind,
        tuple(row["words"].split()),
        compiled(row["pattern"]),
        row.get("grade", ""),
        compiled(row["needs"]) if "needs" in row else None,
        compiled(row["unless"]) if "unless" in row else None,
        row.get("asked", False),
    )


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern with its named parts; spaces in it mean nothing, and capitals only where it says so."""
    return re.compile(_filled(pattern, parts()), re.IGNORECASE | re.VERBOSE)


def _filled(text: str, known: Mapping[str, str]) -> str:
    while _PART.search(text):
        text = _PART.sub(lambda match: known[match[1]], text)
    return text
