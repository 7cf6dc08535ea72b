"""What guards recorded in typed notes, with the party of each device, the holder of its point, and the group."""

from collections.abc import Mapping

from safeconduct.agreements.agreement import Agreement, holder_at
from safeconduct.movement.guard_notes import GuardRecord, read_note
from safeconduct.workflows.common import in_force
from safeconduct.workflows.rows import EventRow
from safeconduct.workflows.tables import Tx


def guard_records(tx: Tx, *kinds: str) -> tuple[GuardRecord, ...]:
    """Return the typed notes of some kinds, in the order of their bounded time; a note that fits no form is free text.

    A group is named where the note names a pass that this node issued.
    """
    found = in_force(tx)
    agreement = found[0] if found else None
    rows = tx.devices.typed(kinds)
    parties = {device.id: device.party for device in tx.devices.all()}
    named = [(row.batch, row.index) for row in rows if row.batch is not None and row.index is not None]
    groups = tx.passes.groups_of(named)
    made = []
    for row in rows:
        said = read_note(row.reason, row.note)
        if said is not None:
            at = min(max(row.at, row.low), row.high)
            made.append(
                GuardRecord(
                    row.reason, f"{row.device}:{row.epoch}:{row.seq}", row.point, at, parties.get(row.device, ""),
                    _holder(agreement, row.point, at), row.heads, said, _group(groups, row),
                )
            )  # fmt: skip
    return tuple(made)


def partner_beside(agreement: Agreement | None, party: str) -> str:
    """Return the other party of the agreement, as seen from one of them; empty where there is none."""
    other = agreement.other(party) if agreement else None
    return other.id if other else ""


def last_heard(tx: Tx) -> dict[str, int]:
    """Return the newest time (a device's, unix seconds) of an event from the devices of each control point.

    It is kept with each device: counting all events for it would double the cost of each look at the room.
    """
    heard: dict[str, int] = {}
    for device in tx.devices.all():
        if device.last_at:
            heard[device.point] = max(heard.get(device.point, 0), device.last_at)
    return heard


def _holder(agreement: Agreement | None, point: str, at: int) -> str:
    return (holder_at(agreement, point, at) if agreement else None) or ""


def _group(groups: Mapping[tuple[bytes, int], tuple[str, str]], row: EventRow) -> str:
    if row.batch is None or row.index is None:
        return ""
    return groups.get((row.batch, row.index), ("", ""))[0]
