"""What comes back on a release: acknowledgement, action, outcome. None of them is ever read for more than it says.

An acknowledgement is no approval, and one version's is no other's. An outcome that was thought stays thought; a number
that nobody gave is not given. What came by telephone, on paper or by a link is recorded as reported by a liaison,
unsigned, with the channel and the office that took it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.release import MAX_VERSION, Release
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json, encode_json

STAGES = {"received": 0, "understood": 1, "accepted": 2, "declined": 2}
ACTIONS = ("search", "screening", "closure", "held-back", "people-moved", "assigned", "other")
RESULTS = ("searched", "found", "thwarted", "nothing", "not-acted")
CONFIDENCE = {"thought": 0, "believed": 1, "confirmed": 2}
ASSESSORS = ("own", "partner", "named-office", "unnamed")
CHANNELS = {
    "telephone": "by telephone",
    "radio": "by radio",
    "paper": "on paper",
    "link": "by a link",
    "in-person": "in person",
}
MOST_AN_HOUR = 20  # answers to one release that one sender may give within an hour
HOUR = 3_600
# Fields that came later: in an answer that was written before them they are absent, which reads as null.
_LATER = {
    "acknowledgement": ("version", "wire", "channel", "taken_by"),
    "action": ("channel", "taken_by"),
    "outcome": ("harm", "harm_number", "channel", "taken_by"),
}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A partner's stage for one version of a release. `corrects`: replaces an earlier one.

    `version` and `wire` bind the copy that was received: its number, and the SHA-256 of its envelope in hexadecimal,
    so that neither side can later put another text in its place. `signed` False: reported by a liaison, `channel` and
    `taken_by` say how and to which office.
    """

    release_id: str
    stage: str
    reason: str | None
    by: str
    at: int
    signed: bool
    corrects: bool
    version: int | None = None  # None in answers of older nodes: the first
    wire: str | None = None
    channel: str | None = None
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What a party says it did on a release; `assigned` gives it to the control point. Unsigned if it has a channel."""

    release_id: str
    action: str
    by: str
    at: int
    point: str | None
    text: str
    channel: str | None = None
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, by one assessor, with its confidence; number and hedge exactly as given, None if not given.

    `evidence`: what raised the confidence or gave the number, needed when the same assessor said less before. `harm`:
    what harm the acting on it caused, in the assessor's words; None means that nobody spoke of any, never that there
    was none. Unsigned if it has a channel.
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
    harm: str | None = None
    harm_number: int | None = None
    channel: str | None = None
    taken_by: str | None = None


Answer = Acknowledgement | Action | Outcome


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
    value = decode_json(data, where="answer", limit=64 * 1024)
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        value = {**dict.fromkeys(_LATER.get(value["type"], ())), **value}
    fields = Fields(value, "answer")
    readers: dict[str, Callable[[Fields], Answer]] = {
        "acknowledgement": _acknowledgement,
        "action": _action,
        "outcome": _outcome,
    }
    answer = readers[fields.choice("type", tuple(readers))](fields)
    fields.done()
    return answer


def is_signed(answer: Answer) -> bool:
    """Whether an answer came under its speaker's own signature, and not by a liaison."""
    return answer.signed if isinstance(answer, Acknowledgement) else answer.channel is None


def version_of(answer: Acknowledgement) -> int:
    """The version that an acknowledgement is of; answers of older nodes are of the first."""
    return answer.version or 1


def acknowledged(release: Release, answers: Iterable[Answer]) -> bool:
    """Whether somebody acknowledged this very version, signed or not."""
    return any(
        isinstance(one, Acknowledgement) and (one.release_id, version_of(one)) == (release.id, release.version)
        for one in answers
    )


def accept_acknowledgement(  # noqa: PLR0911  (one return for each step)
    release: Release | None, prior: Iterable[Acknowledgement], new: Acknowledgement, *, wire: str | None = None
) -> Acknowledgement | Refusal:
    """The acknowledgement if it may follow the prior ones.

    Args:
        release: the newest version that is held.
        prior: what was acknowledged before.
        new: the acknowledgement.
        wire: SHA-256 of the envelope of the version that it is of, as held here; None where that is not known.

    Steps: 1. of a known release; 2. by its partner; 3. of a version that is held; 4. before it expired, unless it was
    withdrawn; 5. of the very copy that is held; 6. further than before on this version, unless it corrects; what a
    liaison reported without a signature stands in no signed answer's way.
    """
    if release is None or release.id != new.release_id:  # 1
        return Refusal("unknown-release", new.release_id)
    if new.by != release.partner:  # 2
        return Refusal("unknown-sender", new.by)
    if version_of(new) > release.version:  # 3
        return Refusal("unknown-release", f"{new.release_id}, version {new.version}")
    if new.at >= release.expires and not release.revoked:  # 4
        return Refusal("expired-release", new.release_id)
    if None not in (new.wire, wire) and new.wire != wire:  # 5
        return Refusal("another-copy", new.release_id)
    before = [
        one
        for one in prior
        if (one.release_id, version_of(one)) == (new.release_id, version_of(new)) and (one.signed or not new.signed)
    ]
    reached = max((STAGES[one.stage] for one in before), default=-1)
    if STAGES[new.stage] <= reached and not new.corrects:  # 6
        return Refusal("already-answered", new.release_id)
    return new


def accept_outcome(release: Release | None, prior: Iterable[Outcome], new: Outcome) -> Outcome | Refusal:
    """The outcome if it claims no more than its assessor said before, or says what raised it.

    Steps: 1. of a known release; 2. the partner speaks as itself; 3. neither confidence nor a number rises without
    evidence. A later outcome never replaces an earlier one: both stay.
    """
    if release is None or release.id != new.release_id:  # 1
        return Refusal("unknown-release", new.release_id)
    if (new.assessor_kind == "partner") != (new.assessor == release.partner):  # 2
        return Refusal("unknown-sender", new.assessor)
    said = [one for one in prior if (one.release_id, one.assessor) == (new.release_id, new.assessor)]
    for one in said:  # 3
        raised = CONFIDENCE[new.confidence] > CONFIDENCE[one.confidence]
        numbered = _rises(one.number, new.number) or _rises(one.harm_number, new.harm_number)
        if (raised or numbered) and new.evidence is None:
            return Refusal("upgraded-silently", f"{one.confidence}, then {new.confidence}")
    return new


def flood(times: Iterable[int], now: int) -> bool:
    """Whether so many answers to one release came from one sender within the last hour that no more are taken.

    Args:
        times: when each came, unix seconds by the reader's own clock.
        now: unix seconds.
    """
    return sum(1 for at in times if at > now - HOUR) >= MOST_AN_HOUR


def assessments(outcomes: Iterable[Outcome], release_id: str) -> Assessments:
    """All outcomes of one release, in order of time: own, partner's, offices' and unnamed ones never mixed."""
    ours = sorted((one for one in outcomes if one.release_id == release_id), key=lambda one: one.at)
    groups = (tuple(one for one in ours if one.assessor_kind == kind) for kind in ASSESSORS)
    return Assessments(*groups)


def _rises(before: int | None, after: int | None) -> bool:
    return after is not None and (before is None or after > before)


def _acknowledgement(fields: Fields) -> Acknowledgement:
    answer = Acknowledgement(
        fields.ident("release_id"),
        fields.choice("stage", STAGES),
        fields.optional("reason", fields.text),
        fields.ident("by"),
        fields.seconds("at"),
        fields.flag("signed"),
        fields.flag("corrects"),
        fields.optional("version", lambda name: fields.integer(name, 1, MAX_VERSION)),
        fields.optional("wire", lambda name: fields.hex_text(name, 32)),
        *_heard(fields),
    )
    if answer.signed and answer.channel is not None:
        raise fields.bad("channel", "none for what is signed")
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
        *_heard(fields),
    )


def _outcome(fields: Fields) -> Outcome:
    answer = Outcome(
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
        fields.optional("harm", lambda name: fields.text(name, limit=400)),
        fields.optional("harm_number", lambda name: fields.integer(name, 0, 1_000_000)),
        *_heard(fields),
    )
    if answer.harm_number is not None and answer.harm is None:
        raise BadInput("missing-field", where="answer.harm", expected="what the number counts", seen=None)
    return answer


def _heard(fields: Fields) -> tuple[str | None, str | None]:
    """Read (channel, office that took it)."""
    return (
        fields.optional("channel", lambda name: fields.choice(name, CHANNELS)),
        fields.optional("taken_by", lambda name: fields.text(name, limit=100)),
    )
