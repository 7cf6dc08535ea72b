"""Expectations and undertakings over time: told, acknowledged, borne upon, met or not, with evidence.

The terms stand in the agreement; here are the dated events. An expectation that was never told binds nobody, and what
was acknowledged was understood, which is not the same as agreed to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.fields import Fields, known
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import encode_json

Stage = Literal["told", "acknowledged", "bears-on", "met", "not-met"]
STAGES: tuple[str, ...] = get_args(Stage)
CROSSING = ("told", "acknowledged")  # what one party says to the other; what it judges stays on its own node


@dataclass(frozen=True, slots=True)
class TermEvent:
    """One dated event about one expectation or undertaking (`term`), recorded by a party.

    `evidence` names what shows it (a message, an entry of the ledger, a meeting); `met`, `not-met` and `bears-on`
    need it.
    """

    term: str
    stage: str
    by: str
    at: int
    text: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Course:
    """Where one term stands: times in unix seconds, `met` None as long as nobody assessed it."""

    term: str
    of: str
    text: str
    conditional_on: str | None = None
    told_at: int | None = None
    told_by: str | None = None
    acknowledged_at: int | None = None
    met: bool | None = None
    assessed_by: str | None = None
    evidence: tuple[str, ...] = ()


def read_event(value: object) -> TermEvent:
    """Event of decoded JSON.

    Raises:
        BadInput: `missing-field`, `unknown-field`, `bad-field`; `evidence-missing` for an assessment without evidence.
    """
    fields = Fields(value, "event")
    event = TermEvent(
        fields.ident("term"),
        fields.choice("stage", STAGES),
        fields.ident("by"),
        fields.seconds("at"),
        fields.text("text"),
        fields.optional("evidence", lambda name: fields.text(name, limit=400)),
    )
    fields.done()
    if event.evidence is None and event.stage in ("bears-on", "met", "not-met"):
        raise BadInput("evidence-missing", where="event.evidence", expected="what shows it", seen=None)
    return event


def event_json(event: TermEvent) -> bytes:
    """Canonical JSON of an event; decoded, it is what `read_event` reads."""
    return encode_json(
        {
            "at": event.at, "by": event.by, "evidence": event.evidence, "stage": event.stage, "term": event.term,
            "text": event.text,
        }
    )  # fmt: skip


def accept(agreement: Agreement, events: Sequence[TermEvent], event: TermEvent) -> TermEvent | Refusal:
    """The event if it may follow `events`, else why not.

    Steps: 1. the term is in the agreement; 2. `by` is a party; 3. only the party that is expected to act acknowledges,
    4. and not before it was told; 5. the expecting party tells, not the one that is expected to act.
    An undertaking counts as told by its own party when the agreement was signed, so steps 3 to 5 do not apply to it.

    Raises:
        BadInput: `bad-field` if the term does not exist (step 1).
    """
    courses = {course.term: course for course in all_courses(agreement, events)}
    known(event.term, courses, where="event.term")  # 1
    if agreement.party(event.by) is None:  # 2
        return Refusal("unknown-sender", event.by)
    course = courses[event.term]
    if any(term.id == event.term for term in agreement.undertakings):
        return event
    if event.stage == "acknowledged" and event.by != course.of:  # 3
        return Refusal("unknown-sender", f"only {course.of} can acknowledge {event.term}")
    if event.stage == "acknowledged" and (course.told_at is None or course.told_at > event.at):  # 4
        return Refusal("not-told", event.term)
    if event.stage == "told" and event.by == course.of:  # 5
        return Refusal("unknown-sender", f"{event.term} is told to {course.of}, not by it")
    return event


def all_courses(agreement: Agreement, events: Sequence[TermEvent]) -> tuple[Course, ...]:
    """Every expectation and undertaking with its course, in the order of the agreement."""
    start = [Course(term.id, term.of, term.text) for term in agreement.expectations]
    start += [
        Course(term.id, term.by, term.text, term.condition, told_at=agreement.start_at, told_by=term.by)
        for term in agreement.undertakings
    ]
    return tuple(_follow(course, events) for course in start)


def never_told(agreement: Agreement, events: Sequence[TermEvent]) -> tuple[str, ...]:
    """Expectations that nobody has told the other party yet."""
    return tuple(course.term for course in all_courses(agreement, events) if course.told_at is None)


def describe(course: Course, names: Mapping[str, str], *, undertaken: bool) -> str:
    """One line that says where a term stands, and no more; parties by the names given.

    Args:
        course: the course.
        names: parties' names by identifier.
        undertaken: the term is an undertaking, which its own party told by signing.
    """
    of = names.get(course.of, course.of)
    if undertaken:
        parts = [f"undertaken by {of} when it signed"]
    elif course.told_at is None:
        parts = [f"never told to {of}"]
    else:
        parts = [f"told to {of} by {names.get(course.told_by or '', course.told_by)} on {_clock(course.told_at)}"]
    if course.acknowledged_at is not None:
        parts.append(f"acknowledged on {_clock(course.acknowledged_at)}, which is not consent")
    elif not undertaken and course.told_at is not None:
        parts.append("not acknowledged")
    if course.met is None:
        parts.append("not assessed")
    else:
        judge = names.get(course.assessed_by or "", course.assessed_by)
        parts.append(f"{'met' if course.met else 'not met'}, as {judge} judges")
    return "; ".join(parts)


def _clock(at: int) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {moment:%b %Y %H:%M} UTC"


def _follow(course: Course, events: Sequence[TermEvent]) -> Course:
    """First telling and first acknowledgement stand; the latest assessment stands; all evidence stays."""
    for event in sorted(events, key=lambda event: event.at):
        if event.term != course.term:
            continue
        if event.evidence is not None:
            course = replace(course, evidence=(*course.evidence, event.evidence))
        if event.stage == "told" and course.told_at is None:
            course = replace(course, told_at=event.at, told_by=event.by)
        elif event.stage == "acknowledged" and course.acknowledged_at is None:
            course = replace(course, acknowledged_at=event.at)
        elif event.stage in ("met", "not-met"):
            course = replace(course, met=event.stage == "met", assessed_by=event.by)
    return course
