"""Gather the words of spoken passes for their sheets, from the file that they were told into: the node has none."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.issue_spoken import standing_serials
from safeconduct.workflows.ports import Node
from safeconduct.workflows.print_strips import GroupPaper, PaperPass, Papers, local_zone, zone_of


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the file of words; times are unix seconds."""

    serial: str
    group: str
    point: str
    not_before: int
    until: int
    heads: int
    words: str


def print_spoken(node: Node, rows: Sequence[Told], *, by: str, zone: str | None = None) -> Papers:
    """Return a paper for each group with the words of its passes that stand, and record that they were printed.

    Args:
        node: the issuer's node.
        rows: of the file of words; those of passes that were voided since are left out.
        by: the office that prints.
        zone: local time to print; None: as passes were printed last.

    Raises:
        BadInput: `bad-zone`.
        SafeconductError: `no-agreement`.
    """
    groups = sorted({row.group for row in rows})
    standing = standing_serials(node, groups)
    by_group: dict[str, list[Told]] = {}
    for row in sorted(rows, key=lambda row: (row.group, row.not_before, row.point)):
        if row.serial in standing:
            by_group.setdefault(row.group, []).append(row)
    now = node.clock.now()
    with node.store.transaction() as tx:
        names = {point.id: point.name for point in require_agreement(tx).control_points}
        kept = zone or local_zone(tx)
        zone_of(kept)
        papers = tuple(
            GroupPaper(group, tuple(
                PaperPass(place, len(held), row.point, names.get(row.point, row.point), "", row.not_before, row.until,
                          row.heads, asks=True, words=row.words)
                for place, row in enumerate(held, 1)
            ))
            for group, held in by_group.items()
        )  # fmt: skip
        count = sum(len(paper.passes) for paper in papers)
        note = encode_json({"by": by, "groups": len(papers), "passes": count, "spoken": True, "words": True})
        tx.ledger.append("own:print", note, node.random.bytes(32), now)
    without = tuple(group for group in groups if group not in by_group)
    return Papers(papers, without, kept, now, node.exercise, node.name)
