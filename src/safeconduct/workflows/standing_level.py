"""Set the standing threat level, and read it back with its history; the reasons are sealed and never leave."""

from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.alerts import standing
from safeconduct.alerts.standing import StandingLevel
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND = "standing"


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level as its own node's page shows it; times in ISO."""

    level: str
    meaning: str
    advice: tuple[str, ...]  # keys of `GUARD_ADVICE`
    by: str
    reasons: str
    set_at: str
    until: str
    state: str  # "in force", "over", "replaced"
    ledger_index: int


def set_level(node: Node, *, level: str, advice: tuple[str, ...], by: str, reasons: str, until: int) -> LevelView:
    """Set the level from now until a time; it replaces the one before, which stays in the history.

    Args:
        node: this party's node.
        level: a key of `standing.LEVELS`.
        advice: keys of `standing.GUARD_ADVICE`.
        by: the office that sets it.
        reasons: why; private.
        until: unix seconds, at most 14 days ahead.

    Raises:
        BadInput: `bad-field`, naming the field.
    """
    made = standing.from_json(standing.to_json(StandingLevel(level, advice, by, reasons, node.clock.now(), until)))
    sealed = node.vault.seal(standing.to_json(made))
    with node.store.transaction() as tx:
        index = tx.ledger.append(f"own:{KIND}", sealed, node.random.bytes(32), made.set_at)
        tx.records.add(KIND, str(index), encode_json({"sealed": sealed.hex(), "ledger_index": index}), made.set_at)
    return _view(made, "in force", index)


def levels(node: Node, tx: Tx) -> tuple[StandingLevel, ...]:
    """Return every level that was ever set, oldest first."""
    return tuple(one for one, _ in _stored(node, tx))


def level_now(node: Node, tx: Tx) -> StandingLevel | None:
    """Return the level in force, None when the last one is over or none was ever set."""
    return standing.in_force(levels(node, tx), node.clock.now())


def history(node: Node) -> tuple[LevelView, ...]:
    """Return all levels with their reasons, newest first."""
    now = node.clock.now()
    with node.store.reading() as tx:
        stored = _stored(node, tx)
    current = standing.in_force([one for one, _ in stored], now)
    shown = []
    for place, (one, index) in enumerate(stored):
        replaced = place + 1 < len(stored) and stored[place + 1][0].set_at < one.until
        state = "in force" if one is current else "replaced" if replaced else "over"
        shown.append(_view(one, state, index))
    return tuple(reversed(shown))


def _stored(node: Node, tx: Tx) -> list[tuple[StandingLevel, int]]:
    found = []
    for record_id, body, _ in tx.records.all(KIND):
        kept = decode_json(body, where=f"standing level {record_id}")
        found.append((standing.from_json(node.vault.open(bytes.fromhex(kept["sealed"]))), kept["ledger_index"]))
    return found


def _view(one: StandingLevel, state: str, index: int) -> LevelView:
    return LevelView(
        one.level, standing.LEVELS[one.level], one.advice, one.by, one.reasons, iso(one.set_at), iso(one.until), state,
        index,
    )  # fmt: skip
