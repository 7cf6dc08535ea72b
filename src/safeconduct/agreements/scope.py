"""What the agreement permits: nothing, unless it lists it.

Every share, meeting, clearance and passage asks here first. A refusal is logged with its reason; a permit is cited by
the record that rests on it. Trust is not an input: no stance, label or rating can open or close anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from safeconduct.agreements.agreement import Agreement, Phase
from safeconduct.agreements.fields import Fields, moment
from safeconduct.errors import Refusal
from safeconduct.seal.canonical import decode_json, encode_json

State = Literal["open", "suspended", "closed"]
StateKind = Literal["breach", "lapse", "renewal", "last-departure"]
SUSPENDING = ("breach", "lapse")


@dataclass(frozen=True, slots=True)
class Permit:
    """An act that the agreement allows: cite it in the record of the act."""

    agreement_id: str
    version: int
    act: str
    subject: str
    purpose: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class StateEvent:
    """Something that changes whether the agreement is open.

    `kind`: `breach` or `lapse` (suspends), `renewal` (by one party; both are needed), `last-departure` (closes).
    """

    kind: StateKind
    by: str
    at: int
    text: str


def permit(  # noqa: PLR0911  (one return for each numbered reason)
    agreement: Agreement | None,
    *,
    act: str,
    subject: str,
    purpose: str | None,
    by: str,
    now: int,
    state: State = "open",
) -> Permit | Refusal:
    """Permit for one act, or the first reason against it.

    Steps: 1. there is an agreement; 2. it is not closed, 3. not suspended, 4. begun and 5. not ended; 6. `by` is one
    of its parties; 7. the subject is in the scope, word for word (no wider reading, no prefix); 8. a purpose of the
    agreement is cited; 9. the phase in force allows the act, if the agreement has phases; 10. and where it says who
    does that act, `by` is one of those.

    Time comes before scope, since outside its time an agreement has no scope.
    """
    if agreement is None:  # 1
        return Refusal("no-agreement")
    if state == "closed":  # 2
        return Refusal("agreement-closed")
    if state != "open":  # 3
        return Refusal("agreement-suspended")
    if now < agreement.start_at:  # 4
        return Refusal("no-agreement", f"it begins at {agreement.start}")
    if now >= agreement.end_at:  # 5
        return Refusal("agreement-closed", f"it ended at {agreement.end or agreement.deadline}")
    if agreement.party(by) is None:  # 6
        return Refusal("unknown-sender", by)
    if subject not in agreement.scope:  # 7
        return Refusal("out-of-scope", subject)
    if purpose is None or purpose not in agreement.purposes:  # 8
        return Refusal("purpose-missing", purpose or "")
    phase = phase_at(agreement, now)
    if agreement.phases and not _in_phase(phase, act, by):  # 9, 10
        return Refusal("out-of-phase", f"{act}, in phase {phase.id if phase else 'none yet'}")
    return Permit(agreement.id, agreement.version, act, subject, purpose, by, now)


def phase_at(agreement: Agreement, now: int) -> Phase | None:
    """The phase in force: the last one that has begun. Phases are terms: only a new version changes them."""
    begun = [phase for phase in agreement.phases if moment(phase.start) <= now]
    return begun[-1] if begun else None


def _in_phase(phase: Phase | None, act: str, by: str) -> bool:
    """Whether a phase lists the act, and names the party as one that does it, if it says who does."""
    if phase is None or act not in phase.acts:
        return False
    doers = {role.party for role in phase.roles if role.act == act}
    return not doers or by in doers


def state_of(agreement: Agreement, events: Iterable[StateEvent], now: int) -> State:
    """State at `now`, from the events up to then.

    A breach or lapse suspends until *both* parties renewed after it; a recorded last departure, or the end, closes
    for good. Events of others than the two parties count for nothing. Of events in one second renewals count first,
    so that both nodes read the same events alike, and doubt suspends.
    """
    suspended = False
    renewed: set[str] = set()
    past = sorted((e for e in events if e.at <= now), key=lambda e: (e.at, e.kind != "renewal", e.by))
    for event in past:
        if agreement.party(event.by) is None:
            continue
        if event.kind == "last-departure":
            return "closed"
        if event.kind == "renewal":
            renewed.add(event.by)
            suspended = suspended and renewed != set(agreement.party_ids)
        else:
            suspended, renewed = True, set()
    if now >= agreement.end_at:
        return "closed"
    return "suspended" if suspended else "open"


def may_follow(agreement: Agreement, events: Sequence[StateEvent], event: StateEvent) -> StateEvent | Refusal:
    """The event if a party may record it after `events`, else why not.

    Steps: 1. by one of the parties; 2. no last departure is recorded; 3. a renewal needs a suspension.
    """
    if agreement.party(event.by) is None:  # 1
        return Refusal("unknown-sender", event.by)
    if any(one.kind == "last-departure" for one in events):  # 2
        return Refusal("agreement-closed", "the last departure is recorded")
    if event.kind == "renewal" and state_of(agreement, events, event.at) != "suspended":  # 3
        return Refusal("not-suspended")
    return event


def closed_at(agreement: Agreement, events: Iterable[StateEvent], now: int) -> int | None:
    """When the cooperation closed (unix seconds): at the last departure or the end, whichever was first."""
    departures = [e.at for e in events if e.kind == "last-departure" and agreement.party(e.by) is not None]
    closing = min([*departures, agreement.end_at])
    return closing if departures or closing <= now else None


def read_state_event(data: bytes) -> StateEvent:
    """State event of a JSON document; a breach or lapse says in words what happened.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field.
    """
    fields = Fields(decode_json(data, where="state event", limit=64 * 1024), "event")
    kind = cast("StateKind", fields.choice("kind", get_args(StateKind)))
    event = StateEvent(
        kind, fields.ident("by"), fields.seconds("at"), fields.text("text", empty=kind not in SUSPENDING)
    )
    fields.done()
    return event


def state_event_json(event: StateEvent) -> bytes:
    """Canonical JSON of a state event; the inverse of `read_state_event`."""
    return encode_json({"at": event.at, "by": event.by, "kind": event.kind, "text": event.text})
