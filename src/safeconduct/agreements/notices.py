"""Formal notices: served on the other party with the condition that they carry, acknowledged, cited later.

A notice crosses in whatever state the agreement is, since a breach has to be notified too. Whoever acknowledges one has
read it, and has agreed to nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.agreements.fields import Fields
from safeconduct.errors import Refusal
from safeconduct.seal.canonical import decode_json, encode_json

LIMIT = 64 << 10  # bytes of one
SERVED, ACKNOWLEDGED = "served", "acknowledged"


@dataclass(frozen=True, slots=True)
class Notice:
    """What one party formally tells the other; `cites` names earlier notices by their ids, `at` is in unix seconds."""

    by: str
    at: int
    text: str
    condition: str | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The other party's word that it has read a notice, which is no consent."""

    notice: str
    by: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class NoticeCourse:
    """One notice with its id, the first acknowledgement, and the ids of the notices that cite it."""

    id: str
    notice: Notice
    acknowledged: Acknowledged | None
    cited_by: tuple[str, ...]


def notice_id(notice: Notice) -> str:
    """Id of a notice, derived from all that it says: 32 hexadecimal digits."""
    return sha256(notice_json(notice)).hexdigest()[:32]


def notice_json(event: Notice | Acknowledged) -> bytes:
    """Canonical JSON of a notice or an acknowledgement; the inverse of `read_notice`."""
    if isinstance(event, Notice):
        return encode_json(
            {
                "at": event.at, "by": event.by, "cites": list(event.cites), "condition": event.condition,
                "stage": SERVED, "text": event.text,
            }
        )  # fmt: skip
    return encode_json(
        {"at": event.at, "by": event.by, "notice": event.notice, "stage": ACKNOWLEDGED, "text": event.text}
    )


def read_notice(data: bytes) -> Notice | Acknowledged:
    """Notice or acknowledgement of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field.
    """
    fields = Fields(decode_json(data, where="notice", limit=LIMIT), "notice")
    stage = fields.choice("stage", (SERVED, ACKNOWLEDGED))
    by, at = fields.ident("by"), fields.seconds("at")
    event: Notice | Acknowledged
    if stage == SERVED:
        condition = fields.optional("condition", fields.text)
        event = Notice(by, at, fields.text("text"), condition, fields.texts("cites", most=20, limit=64))
    else:
        event = Acknowledged(fields.hex_text("notice", 16), by, at, fields.text("text", empty=True))
    fields.done()
    return event


def accept(events: Iterable[Notice | Acknowledged], event: Notice | Acknowledged) -> Notice | Acknowledged | Refusal:
    """The event if it may follow `events`, else why not.

    Steps: 1. what is cited or acknowledged was served; 2. a party does not acknowledge its own notice.
    """
    served = {notice_id(one): one for one in events if isinstance(one, Notice)}
    named = event.cites if isinstance(event, Notice) else (event.notice,)
    for name in named:  # 1
        if name not in served:
            return Refusal("unknown-notice", name)
    if isinstance(event, Acknowledged) and served[event.notice].by == event.by:  # 2
        return Refusal("unknown-sender", "only the other party acknowledges a notice")
    return event


def notice_courses(events: Iterable[Notice | Acknowledged]) -> tuple[NoticeCourse, ...]:
    """Every notice with what became of it, in the order of `events`; the first acknowledgement stands."""
    held = list(events)
    answers: dict[str, Acknowledged] = {}
    cited: dict[str, list[str]] = {}
    for event in held:
        if isinstance(event, Acknowledged):
            answers.setdefault(event.notice, event)
        else:
            for name in event.cites:
                cited.setdefault(name, []).append(notice_id(event))
    ids = [(notice_id(one), one) for one in held if isinstance(one, Notice)]
    return tuple(NoticeCourse(name, one, answers.get(name), tuple(cited.get(name, ()))) for name, one in ids)
