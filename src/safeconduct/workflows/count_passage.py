"""People who passed the gates, by issuer and jointly, nobody twice (S-47)."""

from dataclasses import dataclass

from safeconduct.gate.resolve import DIFFERENT, Passage, PeopleCount, count_people
from safeconduct.workflows.batch_lists import allied_batches
from safeconduct.workflows.common import in_force
from safeconduct.workflows.ports import Node
from safeconduct.workflows.resolve_conflict import SAME_PEOPLE, parse_name
from safeconduct.workflows.show_conflicts import decisions, double_id
from safeconduct.workflows.tables import Tx

UNKNOWN = "unknown"  # issuer of a batch that this node does not know
Pair = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Issuers:
    """The count at the gates."""

    count: PeopleCount
    passes: tuple[tuple[str, int], ...]  # used passes by issuer
    without_pass: int  # people whom a guard let through without one; in no issuer's number
    decided_apart: int  # passes of which an officer found that different people used them
    joined: int  # pairs of passes that an officer found to be the same people


def count_by_issuer(node: Node) -> Issuers:
    """Count people at gates by the party that issued their pass, and jointly.

    A pass counts once however often and wherever it was used, until an officer finds that different people used it.
    """
    with node.store.reading() as tx:
        found = in_force(tx)
        gates = [p.id for p in found[0].control_points if p.ring == "gate"] if found else []
        issuers = {row.identity: node.party for row in tx.passes.batches()}
        issuers |= {one.identity: one.party for one in allied_batches(tx)}
        apart = _apart(tx)
        keys = _joined(tx)
        singled = _singled(tx, gates, issuers, apart, keys)
        bulk: list[tuple[str, int]] = []
        used: dict[str, int] = {}
        counted_alone: dict[bytes, int] = {}
        for batch, people in _most(tx, gates, [*apart, *keys]):
            counted_alone[batch] = counted_alone.get(batch, 0) + people
        for batch, passes, people in tx.conflicts.people_at(gates):
            issuer = issuers.get(batch, UNKNOWN)
            bulk.append((issuer, people - counted_alone.get(batch, 0)))
            used[issuer] = used.get(issuer, 0) + passes
        loose = tx.conflicts.without_pass(gates)
    count = count_people(bulk, singled)
    return Issuers(count, tuple(sorted(used.items())), loose, len(apart), len(set(keys.values())))


def _apart(tx: Tx) -> list[Pair]:
    """Return the passes of which the standing decision is that different people used them."""
    standing = {conflict: made[-1].resolution.outcome for conflict, made in decisions(tx).items()}
    return [(b, i) for b, i, _, _, _ in tx.devices.conflicts() if standing.get(double_id(b, i)) == DIFFERENT]


def _joined(tx: Tx) -> dict[Pair, str]:
    """Return for each pass that was joined with others the one key of all of them."""
    keys: dict[Pair, str] = {}
    for record, _, _ in tx.records.all(SAME_PEOPLE):
        first, second = (parse_name(name) for name in record.split())
        old = {keys[one] for one in (first, second) if one in keys}
        key = min([*old, record])
        keys |= {one: key for one, held in keys.items() if held in old}
        keys[first] = keys[second] = key
    return keys


def _uses(tx: Tx, gates: list[str], pairs: list[Pair]) -> dict[Pair, list[int]]:
    heads: dict[Pair, list[int]] = {}
    for batch, index, people in tx.conflicts.uses_at(gates, sorted(set(pairs))):
        heads.setdefault((batch, index), []).append(people)
    return heads


def _most(tx: Tx, gates: list[str], pairs: list[Pair]) -> list[tuple[bytes, int]]:
    return [(batch, max(people)) for (batch, _), people in _uses(tx, gates, pairs).items()]


def _singled(
    tx: Tx, gates: list[str], issuers: dict[bytes, str], apart: list[Pair], keys: dict[Pair, str]
) -> list[Passage]:
    return [
        Passage(issuers.get(batch, UNKNOWN), keys.get((batch, index), f"{batch.hex()}:{index}"), tuple(people),
                apart=(batch, index) in apart)
        for (batch, index), people in _uses(tx, gates, [*apart, *keys]).items()
    ]  # fmt: skip
