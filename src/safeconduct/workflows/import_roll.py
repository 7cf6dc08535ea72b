"""Import people from a CSV file into the private roll: all of it, or nothing."""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.errors import BadInput
from safeconduct.register.people import to_body
from safeconduct.register.roll_import import parse_roll
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.ports import Node


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    people: int
    groups: int
    doubts: int  # people with a document error or a missing name, to be looked at by a person
    again: bool  # these very bytes were imported before; nothing was done


def import_roll(node: Node, data: bytes, filename: str) -> Imported:
    """Read a whole file, then store it in one transaction and log its digest (never a name).

    Raises:
        BadInput: naming file, row and column; nothing was stored.
    """
    digest = sha256(data).hexdigest()
    with node.store.reading() as tx:
        before = tx.roll.was_imported(digest)
    if before is not None:
        return Imported(before[0], before[1], 0, again=True)
    roll = parse_roll(data, filename=filename)
    people = [
        {"person_id": p.person_id, "group_id": p.group_id, "class": p.person_class, "body": to_body(p)}
        for p in roll.people
    ]
    classes = Counter(p.person_class for p in roll.people)
    groups = [
        {"group_id": g.group_id, "heads": g.heads, "class": g.group_class, "state": "waiting",
         "changed_at": node.clock.now()}
        for g in roll.groups
    ]  # fmt: skip
    now = node.clock.now()
    with node.store.transaction() as tx:
        _refuse_known(tx.roll.known_ids([p.person_id for p in roll.people]), filename, "person_id")
        _refuse_known(tx.roll.known_groups([g.group_id for g in roll.groups]), filename, "group_id")
        tx.roll.add(people, groups)
        tx.roll.note_import(digest, filename, len(people), len(groups), now)
        note = encode_json({"classes": dict(classes), "digest": digest, "groups": len(groups), "people": len(people)})
        tx.ledger.append("own:import", note, node.random.bytes(32), now)
    return Imported(len(people), len(groups), sum(1 for p in roll.people if p.doubts), again=False)


def _refuse_known(known: set[str], filename: str, column: str) -> None:
    if known:
        raise BadInput(
            "duplicate-id", where=f"{filename}, column {column}", expected="identifiers that are new to the register",
            seen=min(known),
        )  # fmt: skip
