"""Which clause of the agreement an act rested on, and which one refused it."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement

# clause that a refusal's code speaks of; any other code is no clause's
REFUSED_BY = {
    "no-agreement": "time",
    "agreement-closed": "time",
    "agreement-suspended": "conditions",
    "out-of-scope": "scope",
    "purpose-missing": "purposes",
    "out-of-phase": "phases",
    "not-holder": "points",
    "unknown-point": "points",
    "point-closed": "points",
}
SHOWN = 50  # newest acts that a clause names one by one


@dataclass(frozen=True, slots=True)
class Act:
    """One act, done or refused: when (unix seconds), what, under which subject and purpose, where in the ledger."""

    at: int
    act: str
    subject: str
    purpose: str
    text: str
    ledger_index: int
    refused: str = ""  # the refusal's code, empty for what was done


@dataclass(frozen=True, slots=True)
class ClauseActs:
    """Acts that rested on a clause and acts that it refused, newest first, at most `SHOWN`; the numbers count all."""

    done: int
    refused: int
    newest: tuple[Act, ...]


def clause_of(agreement: Agreement, act: Act) -> tuple[str, ...]:
    """Clauses that an act rested on (`purpose:` and `scope:` with their ids), or the one that refused it."""
    if act.refused:
        clause = REFUSED_BY.get(act.refused)
        return (clause,) if clause else ()
    found = [f"purpose:{act.purpose}"] if act.purpose in agreement.purposes else []
    found += [f"scope:{act.subject}"] if act.subject in agreement.scope else []
    return tuple(found)


def by_clause(agreement: Agreement, acts: Iterable[Act]) -> dict[str, ClauseActs]:
    """Acts by the clause that they rested on or that refused them."""
    found: dict[str, list[Act]] = {}
    for act in sorted(acts, key=lambda one: (one.at, one.ledger_index), reverse=True):
        for clause in clause_of(agreement, act):
            found.setdefault(clause, []).append(act)
    return {
        clause: ClauseActs(sum(not a.refused for a in some), sum(bool(a.refused) for a in some), tuple(some[:SHOWN]))
        for clause, some in found.items()
    }
