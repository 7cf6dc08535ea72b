"""What a batch key may sign: how many passes, of which classes, for which control points, within which days."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.errors import BadInput
from safeconduct.passes.batch import MOST_POINTS, BatchEntry
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.tables import Tx

SMALLEST, LARGEST = 128, 65_536  # passes that a batch may be made for
GROUP_CLASS = 0
PRESET, WORD_LIST = "std", "bip39-en"
DAY = 86_400
STOPPED = "batch-stopped"  # kind of record: a batch that signs no more, by its identity
ROTATED, WITHDRAWN = "rotated", "withdrawn"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a new batch; what is left out is as wide as the agreement."""

    capacity: int = 4_096  # a key that leaks voids no more passes
    points: Sequence[str] = ()  # empty: all of the agreement
    not_before: int | None = None  # unix seconds; None: the agreement's start
    not_after: int | None = None  # None: a day after the agreement's end
    classes: tuple[int, ...] = (GROUP_CLASS,)
    spoken: bool = False  # for spoken passes


@dataclass(frozen=True, slots=True)
class Stop:
    """A batch that signs no more: rotated (its passes hold), or withdrawn (every one of its passes is void)."""

    how: str  # ROTATED or WITHDRAWN
    reason: str
    by: str  # the office
    at: int  # unix seconds


def entry_of(agreement: Agreement, limits: Limits, public: bytes, pepper: bytes, now: int) -> BatchEntry:
    """Make the entry of a new batch within the agreement.

    Raises:
        BadInput: `bad-batch`: too few or too many passes, a control point that is not in the agreement, or days outside
            it or over already.
    """
    if not SMALLEST <= limits.capacity <= LARGEST:
        raise BadInput("bad-batch", where="batch: capacity", expected=f"{SMALLEST} to {LARGEST}",
                       seen=limits.capacity)  # fmt: skip
    points = tuple(dict.fromkeys(limits.points)) or tuple(p.id for p in agreement.control_points)[:MOST_POINTS]
    for point in points:
        if agreement.point(point) is None:
            raise BadInput("bad-batch", where="batch: points", expected="control points of the agreement", seen=point)
    first = agreement.start_at if limits.not_before is None else limits.not_before
    last = agreement.end_at + DAY if limits.not_after is None else limits.not_after
    if not agreement.start_at <= first < last <= agreement.end_at + DAY or last <= now:
        raise BadInput("bad-batch", where="batch: days", expected="within the agreement, and not over yet",
                       seen=(first, last))  # fmt: skip
    return BatchEntry(
        agreement_id=agreement.id, public_key=public, classes=limits.classes, points=points, not_before=first,
        not_after=last, capacity=limits.capacity, preset=PRESET, word_list=WORD_LIST, pepper=pepper,
    )  # fmt: skip


def keeps_to(entry: BatchEntry, asked: BatchEntry) -> bool:
    """Whether a batch allows nothing that the asked limits do not: passes, classes, control points, last day.

    It may have begun earlier: a batch was asked for before it came, and windows that are over let nobody in.
    """
    return (
        entry.capacity <= asked.capacity
        and set(entry.classes) <= set(asked.classes)
        and set(entry.points) <= set(asked.points)
        and entry.not_after <= asked.not_after
    )


def around(agreement: Agreement, point: str | None) -> tuple[str, ...]:
    """Return the control points of a batch made without limits: all, or the sixteen among which `point` is."""
    points = tuple(p.id for p in agreement.control_points)
    first = points.index(point) // MOST_POINTS * MOST_POINTS if point in points else 0
    return points[first : first + MOST_POINTS]


def fits(entry: BatchEntry, point: str, begin: int, end: int, pass_class: int = GROUP_CLASS) -> bool:
    """Whether a pass lies within a batch's limits: its class, its control point, its whole window."""
    return (
        pass_class in entry.classes and point in entry.points and entry.not_before <= begin and end <= entry.not_after
    )


def stops(tx: Tx) -> dict[bytes, Stop]:
    """Return the batches that sign no more, by identity."""
    found = {}
    for identity, body, at in tx.records.all(STOPPED):
        told = decode_json(body, where=STOPPED)
        found[bytes.fromhex(identity)] = Stop(told["how"], told["reason"], told["by"], at)
    return found


def withdrawn(tx: Tx) -> set[bytes]:
    """Return the identities of withdrawn batches."""
    return {identity for identity, stop in stops(tx).items() if stop.how == WITHDRAWN}


def stop_body(how: str, reason: str, by: str) -> bytes:
    """Canonical JSON of a `Stop`, as it is stored and logged."""
    return encode_json({"by": by, "how": how, "reason": reason})
