"""Civilian harm and accountability: cases that stay open until a named act of a named office closes them."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.errors import BadInput
from safeconduct.incidents.dates import check_days, last_day

# Status of a harm assessment by the party whose act it was.
HARM_STATUSES = ("reported", "denied", "under-review", "acknowledged")
# Stages of amends in order. "exploring" is not an offer and never counts as paid.
AMENDS_STAGES = ("condolence", "exploring", "offered", "declined", "paid")
CASE_STATUSES = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Step:
    """One dated step of a case: what changed, who said so, and the claim that carries it."""

    track: str  # "harm", "amends" or "accountability"
    status: str
    by: str  # office
    said: str  # day or interval
    claim: str  # id
    reported_by: str = ""  # when another party reports it
    unconfirmed: str = ""  # what stays open in spite of it


@dataclass(frozen=True, slots=True)
class Case:
    """The case of one incident, against whichever side: the own one is treated by the same steps (S-101)."""

    id: str
    incident: str
    against: str  # party id, or "third-party"
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as known at a day."""

    harm: str | None
    acknowledged_on: str | None
    amends: tuple[str, ...]  # stages reached, in the order of AMENDS_STAGES
    paid: bool
    open: bool
    closed_by: Step | None


_STATUSES = {"harm": HARM_STATUSES, "amends": AMENDS_STAGES, "accountability": CASE_STATUSES}


def check_case(case: Case, incidents: Iterable[str], claims: Iterable[str]) -> Case:
    """The case, if its steps are known ones and cite claims.

    Raises:
        BadInput: `bad-case`, `bad-date`.
    """
    where = f"case {case.id}"
    if case.incident not in set(incidents):
        raise BadInput("bad-case", where=f"{where}, incident", expected="a known incident", seen=case.incident)
    known = set(claims)
    for number, step in enumerate(case.steps, start=1):
        place = f"{where}, step {number}"
        check_days(step.said, where=f"{place}, said")
        if step.track not in _STATUSES:
            raise BadInput("bad-case", where=f"{place}, track", expected=", ".join(_STATUSES), seen=step.track)
        if step.status not in _STATUSES[step.track]:
            expected = ", ".join(_STATUSES[step.track])
            raise BadInput("bad-case", where=f"{place}, status", expected=expected, seen=step.status)
        if step.claim not in known:
            raise BadInput("bad-case", where=f"{place}, claim", expected="a known claim", seen=step.claim)
        if not step.by.strip():
            raise BadInput("bad-case", where=f"{place}, by", expected="an office", seen=step.by)
    return case


def state_at(case: Case, known_at: str) -> CaseState:
    """State of a case from the steps that were known at the ISO day (S-97, S-98, S-102, S-103)."""
    steps = sorted((step for step in case.steps if last_day(step.said) <= known_at), key=lambda s: last_day(s.said))
    harm = [step for step in steps if step.track == "harm"]
    stages = {step.status for step in steps if step.track == "amends"}
    acts = [step for step in steps if step.track == "accountability"]
    closing = acts[-1] if acts and acts[-1].status == "closed" else None
    return CaseState(
        harm=harm[-1].status if harm else None,
        acknowledged_on=next((last_day(step.said) for step in harm if step.status == "acknowledged"), None),
        amends=tuple(stage for stage in AMENDS_STAGES if stage in stages),
        paid="paid" in stages,
        open=closing is None,
        closed_by=closing,
    )
