"""Civilian harm and accountability: cases that stay open until a named act of a named office closes them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from safeconduct.errors import BadInput
from safeconduct.incidents.dates import check_days, last_day

REPORTED = "reported"
# Status of a harm assessment: what others report, then the answers of the party whose act it was.
HARM_STATUSES = (REPORTED, "denied", "under-review", "acknowledged")
# Stages of amends in order, with their words. "exploring" is not an offer and never counts as paid.
AMENDS_STAGES = {
    "condolence": "condolence given",
    "exploring": "payment explored, which is no offer",
    "offered": "payment offered",
    "declined": "offer declined",
    "paid": "paid",
}
CASE_STATUSES = ("open", "closed")
WITHDRAWN = ("corrected", "retracted")


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
    to: str = ""  # of amends: which family, by a number and never by a name; empty for all of them
    recorded: str = ""  # ISO time at which the node recorded it; empty: as soon as its claim


@dataclass(frozen=True, slots=True)
class Case:
    """The case of one incident, against whichever side: the own one is treated by the same steps (S-101)."""

    id: str
    incident: str
    against: str  # party id, or "third-party"
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Amends:
    """How far amends to one family got."""

    to: str
    stages: tuple[str, ...]  # in the order of AMENDS_STAGES

    @property
    def paid(self) -> bool:
        """Whether somebody says that they were paid; nothing short of that counts (S-98)."""
        return "paid" in self.stages

    @property
    def words(self) -> str:
        """The stages in words: "condolence given; payment explored, which is no offer; nothing paid"."""
        said = [AMENDS_STAGES[stage] for stage in self.stages]
        return "; ".join(said if self.paid else [*said, "nothing paid"])


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as known at a day."""

    steps: tuple[Step, ...]  # all that are known, oldest first
    harm: Step | None
    acknowledged: Step | None
    amends: tuple[Amends, ...]  # each family once
    closed: Step | None  # the act that closed it; None: it is open


_STATUSES: Mapping[str, Collection[str]] = {
    "harm": HARM_STATUSES,
    "amends": AMENDS_STAGES,
    "accountability": CASE_STATUSES,
}


def check_case(case: Case, incidents: Collection[str], claims: Mapping[str, str]) -> Case:
    """The case, if its steps are known ones and cite claims of its incident.

    Args:
        case: which.
        incidents: ids of all incidents.
        claims: id of each claim to the id of its incident.

    Raises:
        BadInput: `bad-case`, `bad-date`.
    """
    where = f"case {case.id}"
    if case.incident not in incidents:
        raise BadInput("bad-case", where=f"{where}, incident", expected="a known incident", seen=case.incident)
    for number, step in enumerate(case.steps, start=1):
        place = f"{where}, step {number}"
        check_days(step.said, where=f"{place}, said")
        if step.track not in _STATUSES:
            raise BadInput("bad-case", where=f"{place}, track", expected=", ".join(_STATUSES), seen=step.track)
        if step.status not in _STATUSES[step.track]:
            expected = ", ".join(_STATUSES[step.track])
            raise BadInput("bad-case", where=f"{place}, status", expected=expected, seen=step.status)
        if claims.get(step.claim) != case.incident:
            raise BadInput("bad-case", where=f"{place}, claim", expected="a claim of the incident", seen=step.claim)
        if not step.by.strip():
            raise BadInput("bad-case", where=f"{place}, by", expected="an office", seen=step.by)
        if step.to and step.track != "amends":
            raise BadInput("bad-case", where=f"{place}, to", expected="nothing, for amends only", seen=step.to)
    return case


def state_at(case: Case, known_at: str, claims: Mapping[str, str]) -> CaseState:
    """State of a case from the steps that were known at the ISO day (S-97, S-98, S-102, S-103).

    A step is known when it has been said and its claim is known. One whose claim was corrected or retracted by then
    stays in the list and decides nothing: a case that it closed is open again.

    Args:
        case: which.
        known_at: ISO day, included.
        claims: id of each claim known at the day to its status there, as in the lines of an account.
    """
    known = [step for step in case.steps if step.claim in claims and last_day(step.said) <= known_at]
    known.sort(key=lambda step: last_day(step.said))
    steps = [step for step in known if claims[step.claim] not in WITHDRAWN]
    harm = [step for step in steps if step.track == "harm"]
    answers = [step for step in harm if step.status != REPORTED]  # a further report takes back no answer
    newest = answers or harm
    acts = [step for step in steps if step.track == "accountability"]
    amends = [step for step in steps if step.track == "amends"]
    return CaseState(
        steps=tuple(known),
        harm=newest[-1] if newest else None,
        acknowledged=next((step for step in harm if step.status == "acknowledged"), None),
        amends=tuple(_amends(to, amends) for to in dict.fromkeys(step.to for step in amends)),
        closed=acts[-1] if acts and acts[-1].status == "closed" else None,
    )


def _amends(to: str, steps: list[Step]) -> Amends:
    reached = {step.status for step in steps if step.to == to}
    return Amends(to, tuple(stage for stage in AMENDS_STAGES if stage in reached))
