"""Overrides: a named person's recorded decision against one rule of a policy, confirmed by a second, other person.

Where floor and ceiling of a policy conflict nothing is released by rule. Then a person decides, and answers for it, as
in the duty to warn (Intelligence Community Directive 191, 2015, E.3: intended victims are warned unless a named
official waives it, and every decision and its reason is documented). Only few rules may be decided against: none of
those that keep a release from describing a person, a vehicle, a house or a place finer than the grid.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal

# The refusal codes of `derive` that people may decide against. Every other rule stands, whoever asks.
OVERRIDABLE: tuple[str, ...] = ("too-late-to-help", "embargoed", "too-few-candidates")


@dataclass(frozen=True, slots=True)
class Override:
    """Decision against one rule, for one report and one release: by an office, confirmed by a second one, at a time.

    `rule` is one of `OVERRIDABLE`; `by` and `second` name two different people by office; `second` is None as long as
    nobody confirmed it; `at` is unix seconds of the confirmation (of the request without one).
    """

    rule: str
    reason: str
    by: str
    second: str | None
    at: int


def decided(overrides: Iterable[Override]) -> frozenset[str] | Refusal:
    """Rules that two people have decided against.

    Steps: 1. each rule is one that may be decided against (`rule-stands`); 2. a second person confirmed it who is not
    the first, whatever the writing of the name (`second-person-needed`). The detail of a refusal is the rule.

    Raises:
        BadInput: `bad-field` for an override without a reason or without a name.
    """
    rules = set()
    for one in overrides:
        if one.rule not in OVERRIDABLE:  # 1
            return Refusal("rule-stands", one.rule)
        for name in ("reason", "by"):
            if not getattr(one, name).strip():
                raise BadInput("bad-field", where=f"override.{name}", expected="text", seen=getattr(one, name))
        if one.second is None or _name(one.second) in ("", _name(one.by)):  # 2
            return Refusal("second-person-needed", one.rule)
        rules.add(one.rule)
    return frozenset(rules)


def _name(text: str) -> str:
    """A name as it is compared: case and spacing make no second person."""
    return " ".join(text.split()).casefold()
