"""Small help by either party: what guards recorded and what was filed, by point, holder and kind; bags of groups."""

from dataclasses import dataclass

from safeconduct.agreements.agreement import holder_at
from safeconduct.movement.assistance import GroupBags, Help, HelpLine, bags_by_group, counted, of_entry, of_record
from safeconduct.movement.guard_notes import BAGS, HELP
from safeconduct.workflows.common import in_force
from safeconduct.workflows.guard_records import guard_records, partner_beside
from safeconduct.workflows.held_entries import held_entries
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class HelpView:
    """Every act of help with its counts; guards' and filed acts stand in lines of their own."""

    lines: tuple[HelpLine, ...]
    groups: tuple[GroupBags, ...]
    acts: tuple[Help, ...]  # the newest first


def count_help(node: Node) -> HelpView:
    """Return what help is recorded, by whom, where and under whose control."""
    with node.store.reading() as tx:
        return help_of(tx)


def help_of(tx: Tx) -> HelpView:
    """Return the same within a transaction."""
    found = in_force(tx)
    agreement = found[0] if found else None
    acts = [of_record(one, partner_beside(agreement, one.party)) for one in guard_records(tx, BAGS, HELP)]
    for _, entry in held_entries(tx):
        point = entry.fields.get("point") or ""
        made = of_entry(entry, (holder_at(agreement, point, entry.at) if agreement else None) or "")
        if made is not None:
            acts.append(made)
    gates = [point.id for point in agreement.control_points if point.ring == "gate"] if agreement else []
    newest = sorted(acts, key=lambda one: -one.at)
    return HelpView(counted(acts), bags_by_group(acts, gates), tuple(newest))
