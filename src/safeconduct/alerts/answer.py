"""What comes back on a release: acknowledgement, action, outcome. None of them is ever read for more than it says.

An acknowledgement is no approval. An outcome that was thought stays thought; a number that nobody gave is not given.
What came by telephone or on paper is recorded as reported by a liaison, unsigned.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.release import Release
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json, encode_json

STAGES = {"received": 0, "understood": 1, "accepted": 2, "declined": 2}
ACTIONS = ("search", "screening", "closure", "held-back", "people-moved", "other")
RESULTS = ("searched", "found", "thwarted", "nothing", "not-acted")
CONFIDENCE = {"thought": 0, "believed": 1, "confirmed": 2}
ASSESSORS = ("own", "partner", "named-office", "unnamed")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A partner's stage for one release. `signed` False: reported by a liaison. `corrects`: replaces an earlier one."""

    release_id: str
    stage: str
    reason: str | None
    by: str
    at: int
    signed: bool
    corrects: bool


@dataclass(frozen=True, slots=True)
class Action:
    """What a party says it did on a release."""

    release_id: str
    action: str
    by: str
    at: int
    point: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, by one assessor, with its confidence; number and hedge exactly as given, None if not given.

    `evidence`: what raised the confidence or gave the number, needed when the same assessor said less before.
    """

    release_id: str
    result: str
    assessor: str
    assessor_kind: str
    confidence: str
    number: int | None
    hedge: str | None
    text: str
    at: int
    evidence: str | None


Answer = Acknowledgement | Action | Outcome


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A release without a word back: what is missing, and for how many seconds."""

    release_id: str
    missing: str  # "acknowledgement" or "outcome"
    seconds: int


@dataclass(frozen=True, slots=True)
class Assessments:
    """Outcomes of one release, kept apart by who speaks."""

    own: tuple[Outcome, ...]
    partner: tuple[Outcome, ...]
    offices: tuple[Outcome, ...]
    unnamed: tuple[Outcome, ...]


def to_json(answer: Answer) -> bytes:
    """Canonical JSON of an answer, with its `type`."""
    names = type(answer).__slots__
    plain: dict[str, Any] = {name: getattr(answer, name) for name in names}
    return encode_json({"type": type(answer).__name__.lower(), **plain})


def from_json(data: bytes) -> Answer:
    """Answer of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field.
    """
    fields = Fields(decode_json(data, where="answer", limit=64 * 1024), "answer")
    readers: dict[str, Callable[[Fields], Answer]] = {
        "acknowledgement": _acknowledgement,
        "action": _action,
        "outcome": _outcome,
    }
    answer = readers[fields.choice("type", tuple(readers))](fields)
    fields.done()
    return answer


def accept_acknowledgement(
    release: Release | None, prior: Iterable[Acknowledgement], new: Acknowledgement
) -> Acknowledgement | Refusal:
    """The acknowledgement if it may follow the prior ones.

    Steps: 1. of a known release; 2. by its partner; 3. before it expired; 4. further than before, unless it corrects;
    what a liaison reported without a signature stands in no signed answer's way.
    """
    if release is None or release.id != new.release_id:  # 1
        return Refusal("unknown-release", new.release_id)
    if new.by != release.partner:  # 2
        return Refusal("unknown-sender", new.by)
    if new.at >= release.expires:  # 3
        return Refusal("expired-release", new.release_id)
    before = [one for one in prior if one.release_id == new.release_id and (one.signed or not new.signed)]
    reached = max((STAGES[one.stage] for one in before), default=-1)
    if STAGES[new.stage] <= reached and not new.corrects:  # 4
        return Refusal("already-answered", new.release_id)
    return new


def accept_outcome(release: Release | None, prior: Iterable[Outcome], new: Outcome) -> Outcome | Refusal:
    """The outcome if it claims no more than its assessor said before, or says what raised it.

    Steps: 1. of a known release; 2. the partner speaks as itself; 3. neither confidence nor number rise without
    evidence. A later outcome never replaces an earlier one: both stay.
    """
    if release is None or release.id != new.release_id:  # 1
        return Refusal("unknown-release", new.release_id)
    if (new.assessor_kind == "partner") != (new.assessor == release.partner):  # 2
        return Refusal("unknown-sender", new.assessor)
    said = [one for one in prior if (one.release_id, one.assessor) == (new.release_id, new.assessor)]
    for one in said:  # 3
        raised = CONFIDENCE[new.confidence] > CONFIDENCE[one.confidence]
        numbered = new.number is not None and (one.number is None or new.number > one.number)
        if (raised or numbered) and new.evidence is None:
            return Refusal("upgraded-silently", f"{one.confidence}, then {new.confidence}")
    return new


def describe(answer: Answer) -> str:
    """One line that says what was said, and no more."""
    if isinstance(answer, Acknowledgement):
        how = "signed" if answer.signed else "reported by our liaison, unsigned"
        reason = f": {answer.reason}" if answer.reason else ""
        return f"{answer.stage} by {answer.by} ({how}); not an approval{reason}"
    if isinstance(answer, Action):
        return f"{answer.by} says it acted: {answer.action}" + (f" at {answer.point}" if answer.point else "")
    number = None if answer.number is None else str(answer.number)
    amount = " ".join(part for part in (answer.hedge, number) if part)
    unnamed = " (unnamed)" if answer.assessor_kind == "unnamed" else ""
    return f"{answer.confidence} by {answer.assessor}{unnamed}: {answer.result}" + (f", {amount}" if amount else "")


def assessments(outcomes: Iterable[Outcome], release_id: str) -> Assessments:
    """All outcomes of one release, in order of time: own, partner's, offices' and unnamed ones never mixed."""
    ours = sorted((one for one in outcomes if one.release_id == release_id), key=lambda one: one.at)
    groups = (tuple(one for one in ours if one.assessor_kind == kind) for kind in ASSESSORS)
    return Assessments(*groups)


def unanswered(releases: Iterable[Release], answers: Sequence[Answer], now: int) -> tuple[Unanswered, ...]:
    """Releases that wait for the partner's word, longest first: no answer, or no outcome although the window is over.

    What the owner, an office or somebody unnamed holds of it is no word of the partner.
    """
    words = [one for one in answers if not isinstance(one, Outcome) or one.assessor_kind == "partner"]
    answered = {one.release_id for one in words}
    settled = {one.release_id for one in words if isinstance(one, Outcome)}
    waiting = []
    for release in releases:
        if release.revoked or release.id in settled:
            continue
        if release.id not in answered:
            waiting.append(Unanswered(release.id, "acknowledgement", now - release.first_issued))
        elif release.window_to <= now:
            waiting.append(Unanswered(release.id, "outcome", now - release.window_to))
    return tuple(sorted(waiting, key=lambda one: (-one.seconds, one.release_id)))


def lapsed_at(releases: Iterable[Release], answers: Sequence[Answer], closed_at: int) -> tuple[str, ...]:
    """Releases that were not settled when the cooperation closed (accepted, declined, or with the partner's outcome).

    They expire then; what is answered later stays on record and settles nothing.
    """
    final = {one.release_id for one in answers if one.at <= closed_at and _settles(one)}
    return tuple(
        release.id
        for release in releases
        if release.id not in final and not release.revoked and release.issued <= closed_at < release.expires
    )


def _settles(answer: Answer) -> bool:
    if isinstance(answer, Acknowledgement):
        return STAGES[answer.stage] == 2
    return isinstance(answer, Outcome) and answer.assessor_kind == "partner"


def _acknowledgement(fields: Fields) -> Acknowledgement:
    answer = Acknowledgement(
        fields.ident("release_id"),
        fields.choice("stage", STAGES),
        fields.optional("reason", fields.text),
        fields.ident("by"),
        fields.seconds("at"),
        fields.flag("signed"),
        fields.flag("corrects"),
    )
    if answer.reason is None and (answer.stage == "declined" or answer.corrects):
        raise BadInput("missing-field", where="answer.reason", expected="a reason", seen=None)
    return answer


def _action(fields: Fields) -> Action:
    return Action(
        fields.ident("release_id"),
        fields.choice("action", ACTIONS),
        fields.ident("by"),
        fields.seconds("at"),
        fields.optional("point", fields.ident),
        fields.text("text", empty=True),
    )


def _outcome(fields: Fields) -> Outcome:
    return Outcome(
        fields.ident("release_id"),
        fields.choice("result", RESULTS),
        fields.text("assessor", limit=200),
        fields.choice("assessor_kind", ASSESSORS),
        fields.choice("confidence", CONFIDENCE),
        fields.optional("number", lambda name: fields.integer(name, 0, 1_000_000)),
        fields.optional("hedge", lambda name: fields.text(name, limit=100)),
        fields.text("text", empty=True),
        fields.seconds("at"),
        fields.optional("evidence", lambda name: fields.text(name, limit=400)),
    )
