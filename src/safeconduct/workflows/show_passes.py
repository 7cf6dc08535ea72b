"""What the page of passes shows: how many groups have passes and how many wait, batches, revocations; never a name."""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.workflows.batch_keys import CAPACITY, DECOYS
from safeconduct.workflows.common import in_force
from safeconduct.workflows.ports import Node
from safeconduct.workflows.print_strips import local_zone
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch key and how far it is used."""

    number: int
    identity: str  # hex
    used: int
    revoked: int
    room: int  # passes that it may still sign


@dataclass(frozen=True, slots=True)
class PassesView:
    """Counts; the groups' ids only where somebody must act on them."""

    agreed: bool
    points: tuple[tuple[str, str], ...]  # (id, name), in the order of the agreement
    purposes: tuple[tuple[str, str], ...]
    groups: int  # on the roll, still waiting
    with_pass: int  # of those
    issued: int
    revoked: int
    batches: tuple[BatchView, ...]
    bundle: int  # number of the newest, 0: none
    zone: str
    now: int


def show_passes(node: Node) -> PassesView:
    """Return the state of all passes of this node."""
    with node.store.reading() as tx:
        found = in_force(tx)
        agreement = found[0] if found else None
        waiting = waiting_groups(tx)
        held = {group for group, _ in tx.passes.points_of(waiting)}
        issued, revoked = tx.passes.count()
        by_batch = tx.passes.revoked()
        newest = tx.passes.bundle()
        return PassesView(
            agreed=agreement is not None,
            points=_points(agreement),
            purposes=tuple(agreement.purposes.items()) if agreement else (),
            groups=len(waiting),
            with_pass=len(held),
            issued=issued,
            revoked=revoked,
            batches=tuple(
                BatchView(row.number, row.identity.hex(), row.used, len(by_batch.get(row.number, ())),
                          max(0, CAPACITY - DECOYS - row.used))
                for row in tx.passes.batches()
            ),
            bundle=newest[0] if newest else 0,
            zone=local_zone(tx),
            now=node.clock.now(),
        )  # fmt: skip


def waiting_groups(tx: Tx) -> list[str]:
    """Return the groups of the roll that wait and have people, in the order of their ids."""
    return sorted(group for group, heads, _, state in tx.roll.groups() if state == "waiting" and heads)


def groups_without(tx: Tx, points: frozenset[str]) -> list[str]:
    """Return the waiting groups that lack a pass, not revoked, for one of some control points."""
    waiting = waiting_groups(tx)
    held: dict[str, set[str]] = {}
    for group, point in tx.passes.points_of(waiting):
        held.setdefault(group, set()).add(point)
    return [group for group in waiting if not points <= held.get(group, set())]


def _points(agreement: Agreement | None) -> tuple[tuple[str, str], ...]:
    return tuple((point.id, point.name) for point in agreement.control_points) if agreement else ()
