"""Recall of what was shared: a request to delete it or to say why it is kept, and the other party's word on each item.

An answer proves nothing: whoever says that a thing is deleted may keep a copy. What is kept here is who asked for what,
who answered how, and what was never answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.agreements.fields import Fields, unique
from safeconduct.errors import Refusal
from safeconduct.seal.canonical import decode_json, encode_json

LIMIT = 4 << 20  # bytes of a request
MOST_ITEMS = 20_000
REQUEST, ANSWER = "request", "answer"
ITEM_KINDS = ("release", "cases", "names")  # a release, cases handed over, people who were named
DELETED, KEPT = "deleted", "kept"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was shared, as both parties know it: no name of anybody; `at` in unix seconds."""

    id: str
    kind: str
    at: int
    what: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request to delete what is listed, or to say why it is kept."""

    by: str
    at: int
    why: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other party says of one item: `deleted`, or `kept` with its reason."""

    item: str
    by: str
    at: int
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """One item with who asked for it when (first), and every answer, oldest first; the newest stands."""

    item: Item
    by: str
    asked_at: int
    answers: tuple[Answer, ...] = ()

    @property
    def state(self) -> str:
        """One of unanswered, deleted, kept."""
        return self.answers[-1].answer if self.answers else "unanswered"


def recall_json(event: Request | Answer) -> bytes:
    """Canonical JSON of a request or an answer; the inverse of `read_recall`."""
    if isinstance(event, Request):
        items = [{"at": one.at, "id": one.id, "kind": one.kind, "what": one.what} for one in event.items]
        return encode_json({"at": event.at, "by": event.by, "items": items, "stage": REQUEST, "why": event.why})
    return encode_json(
        {
            "answer": event.answer, "at": event.at, "by": event.by, "item": event.item, "reason": event.reason,
            "stage": ANSWER,
        }
    )  # fmt: skip


def read_recall(data: bytes) -> Request | Answer:
    """Request or answer of a JSON document; whoever keeps something says why.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field.
    """
    fields = Fields(decode_json(data, where="recall", limit=LIMIT), "recall")
    stage = fields.choice("stage", (REQUEST, ANSWER))
    by, at = fields.ident("by"), fields.seconds("at")
    event: Request | Answer
    if stage == REQUEST:
        event = Request(by, at, fields.text("why"), fields.records("items", _item, most=MOST_ITEMS))
        unique((one.id for one in event.items), where="recall.items")
        if not event.items:
            raise fields.bad("items", "at least one item")
    else:
        answer = fields.choice("answer", (DELETED, KEPT))
        event = Answer(fields.text("item", limit=200), by, at, answer, fields.text("reason", empty=answer == DELETED))
    fields.done()
    return event


def _item(fields: Fields) -> Item:
    return Item(
        fields.text("id", limit=200), fields.choice("kind", ITEM_KINDS), fields.seconds("at"), fields.text("what")
    )


def accept(events: Iterable[Request | Answer], event: Request | Answer) -> Request | Answer | Refusal:
    """The event if it may follow `events`: only what was recalled is answered, and by the party that was asked."""
    if isinstance(event, Request):
        return event
    asked = {one.item.id: one.by for one in recalled(events)}
    if event.item not in asked:
        return Refusal("not-recalled", event.item)
    if asked[event.item] == event.by:
        return Refusal("unknown-sender", "a recall is answered by the party that was asked")
    return event


def recalled(events: Iterable[Request | Answer]) -> tuple[Recalled, ...]:
    """Every recalled item with its answers, in the order in which items were first recalled."""
    held = list(events)
    found: dict[str, Recalled] = {}
    for event in held:
        if isinstance(event, Request):
            for item in event.items:
                found.setdefault(item.id, Recalled(item, event.by, event.at))
    for event in held:
        if isinstance(event, Answer) and event.item in found:
            one = found[event.item]
            found[event.item] = Recalled(one.item, one.by, one.asked_at, (*one.answers, event))
    return tuple(found.values())
