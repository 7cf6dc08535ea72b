"""Gather what is printed for groups: their usable passes in the order of the route, and apart from them the words.

What comes out holds no name, no document and no nationality, because none goes in. Each printing is an entry of the
ledger, and words are given out only where they are asked for by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from safeconduct.agreements.agreement import Agreement
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.pass_format import PAYLOAD_BYTES, PHONE, WORDS, decode_payload, to_text
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.batch_keys import load_batch
from safeconduct.workflows.common import in_force, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.reissue_passes import usable
from safeconduct.workflows.rows import PassRow
from safeconduct.workflows.tables import Tx

ZONE = "paper-time-zone"
MOST_GROUPS = 5_000  # in one file


@dataclass(frozen=True, slots=True)
class PaperPass:
    """One pass as it is printed; times are unix seconds, UTC."""

    place: int  # 1 for the first of the strip
    of: int
    point: str
    name: str  # of the control point
    text: str  # SC1:…
    not_before: int
    until: int
    heads: int
    asks: bool  # words are asked for there
    words: str  # empty on a strip; on the sheet of words the words
    phone: bool = False  # a code of their phone is asked for there, which names the control point by its id


@dataclass(frozen=True, slots=True)
class GroupPaper:
    """All that one group gets; the group's id is for the office's own slip alone."""

    group: str
    passes: tuple[PaperPass, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """What is to be printed, and the local time to print it in."""

    groups: tuple[GroupPaper, ...]
    without: tuple[str, ...]  # groups that have no pass left to print
    zone: str
    printed_at: int
    exercise: bool
    party: str

    @property
    def local(self) -> tzinfo:
        """The local time zone."""
        return zone_of(self.zone)


def print_strips(
    node: Node, groups: Sequence[str], *, by: str, words: bool = False, zone: str | None = None
) -> Papers | Refusal:
    """Return the passes of groups, ready to be printed, and record that they were.

    Args:
        node: the issuer's node.
        groups: ids of the roll.
        by: the office that prints.
        words: give the words for their own sheet, and only passes that ask for words.
        zone: local time, such as Asia/Kabul or +04:30; kept for the next time. None: as before, at first UTC.

    Raises:
        BadInput: `bad-zone`, `unknown-group`, or `bad-field` for too many groups.
        SafeconductError: `no-agreement`.
    """
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise BadInput("bad-field", where="groups", expected=f"1 to {MOST_GROUPS:,} at a time", seen=len(groups))
    if zone is not None:
        zone_of(zone)
    now = node.clock.now()
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        known = {group for group, _, _, _ in tx.roll.groups(list(groups))}
        for group in groups:
            if group not in known:
                raise BadInput("unknown-group", where="groups", expected="a group of the roll", seen=group)
        if zone is not None:
            tx.records.set(ZONE, zone.encode())
        made = papers_of(node, tx, agreement, list(dict.fromkeys(groups)), words=words)
        count = sum(len(paper.passes) for paper in made)
        note = encode_json({"by": by, "groups": len(made), "passes": count, "words": words})
        tx.ledger.append("own:print", note, node.random.bytes(32), now)
        kept = local_zone(tx)
    printed = {paper.group for paper in made}
    return Papers(tuple(made), tuple(g for g in groups if g not in printed), kept, now, node.exercise, node.name)


def local_zone(tx: Tx) -> str:
    """Return the local time zone that is printed, UTC at first."""
    return (tx.records.get(ZONE) or b"UTC").decode()


def papers_of(node: Node, tx: Tx, agreement: Agreement, groups: Sequence[str], *, words: bool) -> list[GroupPaper]:
    """Return the usable passes of groups in the order of the route; those that ask for words where `words` is set."""
    rows = usable(tx, groups, node.clock.now())
    spoken = words_of_rows(node, tx, rows) if words else {}
    depth, names = _depths(agreement), {p.id: p.name for p in agreement.control_points}
    by_group: dict[str, list[PassRow]] = {}
    for row in rows:
        by_group.setdefault(row.group, []).append(row)
    made = []
    for group, held in by_group.items():
        held.sort(key=lambda row: (depth.get(row.point, 0), row.not_before, row.point))
        listed = tuple(
            PaperPass(
                place, len(held), row.point, names.get(row.point, row.point), to_text(row.raw), row.not_before,
                row.window_end, row.heads, _kind(row) == WORDS, spoken.get((row.batch, row.index), ""),
                _kind(row) == PHONE,
            )
            for place, row in enumerate(held, 1)
        )  # fmt: skip
        listed = tuple(one for one in listed if one.words) if words else listed
        if listed:
            made.append(GroupPaper(group, listed))
    return made


def words_of_rows(node: Node, tx: Tx, rows: Sequence[PassRow]) -> dict[tuple[int, int], str]:
    """Return the words of those of the passes that are bound to words, by (batch number, index)."""
    bound = [row for row in rows if _kind(row) == WORDS]
    batches = {number: load_batch(node, tx, number) for number in sorted({row.batch for row in bound})}
    return {(row.batch, row.index): batches[row.batch].words(row.index) for row in bound}


def _kind(row: PassRow) -> int:
    return decode_payload(row.raw[:PAYLOAD_BYTES]).binding_kind


def _depths(agreement: Agreement) -> dict[str, int]:
    """Return how many control points lie before each one, by the longest way; a circle counts once."""
    before = {point.id: point.upstream for point in agreement.control_points}

    def depth(point: str, seen: frozenset[str]) -> int:
        if point in seen:
            return 0
        return max((1 + depth(other, seen | {point}) for other in before.get(point, ())), default=0)

    return {point: depth(point, frozenset()) for point in before}


def zone_of(text: str) -> tzinfo:
    """Return a time zone of its name, or of its distance from UTC as +04:30.

    Raises:
        BadInput: `bad-zone`.
    """
    sign, hours, minutes = text[:1], text[1:3], text[4:]
    if sign in {"+", "-"} and len(text) == 6 and text[3] == ":" and (hours + minutes).isdigit() and int(hours) < 15:
        far = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-far if sign == "-" else far)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("bad-zone", where="time zone", expected="a name as Asia/Kabul, or +04:30", seen=text) from None


def zone_now(node: Node) -> tuple[str, bool]:
    """Return the local time zone, and whether there is an agreement to print passes for."""
    with node.store.reading() as tx:
        return local_zone(tx), in_force(tx) is not None
