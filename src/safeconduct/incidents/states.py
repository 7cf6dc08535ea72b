"""What relations do to claims: updated, corrected, retracted, disputed, shaken; each state has its day and cause.

Time and memory grow with the number of relations and of the states that follow from them.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

WITHDRAWING = ("corrects", "retracts")
SUPERSEDING = ("updates", "refines")
DISPUTING = ("disputes", "denies", "contradicts")
COPYING = ("repeats", "variant")
# The strongest first: of several states a claim shows this one.
STATES = ("retracted", "corrected", "updated", "disputed")
MOST_CAUSES = 64  # of one state of one claim; more are not told one by one
_MADE_BY: Mapping[str, str] = {
    **dict.fromkeys(SUPERSEDING, "updated"),
    **dict.fromkeys(DISPUTING, "disputed"),
    "corrects": "corrected",
    "retracts": "retracted",
}

Id = TypeVar("Id", bound=Hashable)
Causes = dict[Id, dict[Id, str]]  # claim to the claims that gave it the state, each with the day since when


class Tie(NamedTuple, Generic[Id]):
    """A relation between two claims, with the ISO day from which it holds and both are known."""

    source: Id
    target: Id
    kind: str
    day: str


def fates(ties: Iterable[Tie[Id]]) -> dict[str, Causes[Id]]:
    """Return per state what befell which claim, by which claims, since when.

    What befalls a statement befalls its copies, however long the chain of copies, but for what the copy did itself.
    """
    found: dict[str, Causes[Id]] = {state: {} for state in STATES}
    copies: dict[Id, list[Id]] = {}
    for tie in sorted(ties, key=lambda tie: tie.day):
        if tie.kind in COPYING:
            copies.setdefault(tie.target, []).append(tie.source)
            for causes in found.values():
                for by in tuple(causes.get(tie.target, ())):
                    _spread(causes, copies, tie.source, by, tie.day)
        elif tie.kind in _MADE_BY:
            causes = found[_MADE_BY[tie.kind]]
            causes.setdefault(tie.target, {}).setdefault(tie.source, tie.day)
            for copy in copies.get(tie.target, ()):
                _spread(causes, copies, copy, tie.source, tie.day)
    return found


def _spread(causes: Causes[Id], copies: Mapping[Id, list[Id]], claim: Id, by: Id, day: str) -> None:
    """Give a state to a copy and to its copies; days only rise, so that the first day given stays."""
    open_ = [claim]
    while open_:
        here = open_.pop()
        known = causes.setdefault(here, {})
        if here != by and by not in known and len(known) < MOST_CAUSES:
            known[by] = day
            open_.extend(copies.get(here, ()))
        elif not known:
            del causes[here]


def gone_since(found: Mapping[str, Causes[Id]]) -> dict[Id, str]:
    """Return each claim that no longer stands, with the day since when."""
    days: dict[Id, str] = {}
    for state in ("retracted", "corrected", "updated"):
        for claim, causes in found[state].items():
            day = min(causes.values())
            days[claim] = min(day, days.get(claim, day))
    return days


def state_of(found: Mapping[str, Causes[Id]], claim: Id) -> str:
    """Return the state that a claim shows; empty when it stands."""
    return next((state for state in STATES if claim in found[state]), "")


def shaken(ties: Iterable[Tie[Id]], withdrawn: Iterable[Id]) -> dict[Id, tuple[Id, ...]]:
    """Return the claims that rest, directly or through others, on withdrawn ones, with these (S-95)."""
    rests: dict[Id, list[Id]] = {}
    for tie in ties:
        if tie.kind == "rests-on":
            rests.setdefault(tie.target, []).append(tie.source)
    found: dict[Id, dict[Id, None]] = {}
    for cause in withdrawn:
        open_ = list(rests.get(cause, ()))
        while open_:
            here = open_.pop()
            causes = found.setdefault(here, {})
            if cause not in causes and len(causes) < MOST_CAUSES:
                causes[cause] = None
                open_.extend(rests.get(here, ()))
    return {claim: tuple(sorted(causes)) for claim, causes in found.items()}  # type: ignore[type-var]
