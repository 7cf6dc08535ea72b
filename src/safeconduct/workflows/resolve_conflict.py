"""Record what an officer decides about a conflict: by office, with a reason, in the ledger; nothing is deleted."""

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.resolve import Resolution, resolve
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.show_conflicts import RESOLUTION, decisions, find_all, resolution_body
from safeconduct.workflows.tables import Tx

SAME_PEOPLE = "same-people"  # kind of record: two passes that the same people used, by both passes


def resolve_conflict(node: Node, conflict: str, outcome: str, *, reason: str, by: str) -> Resolution | Refusal:
    """Settle a conflict, send it to an inquiry, or open it again.

    Raises:
        BadInput: `bad-reason` or `bad-outcome`.
    """
    with node.store.transaction() as tx:
        found = next((one for one in find_all(node, tx) if one.id == conflict), None)
        if found is None:
            return Refusal("unknown-conflict", conflict)
        made = resolve(conflict, found.kind, outcome, reason, by, found.standing)
        if isinstance(made, Refusal):
            return made
        _keep(node, tx, RESOLUTION, conflict, resolution_body(made, len(decisions(tx).get(conflict, ())) + 1))
    return made


def join_passes(node: Node, first: str, second: str, *, reason: str, by: str) -> Refusal | None:
    """Record that the same people used two passes, as of two issuers: together they are counted once.

    Args:
        node: this party's node.
        first: one pass, as batch identity and index: `4f1c…:27`.
        second: the other one.
        reason: how that is known.
        by: the office that decides.

    Raises:
        BadInput: `bad-pass-name` or `bad-reason`.
    """
    pair = sorted(_canonical(one) for one in (first, second))
    if pair[0] == pair[1]:
        raise BadInput("bad-pass-name", where="passes", expected="two different passes", seen=first)
    words = " ".join(reason.split())
    if len(words) < 3:
        raise BadInput("bad-reason", where="reason", expected="3 characters or more", seen=reason)
    body = encode_json({"by": by, "passes": pair, "reason": words})
    with node.store.transaction() as tx:
        for name in pair:
            batch, index = parse_name(name)
            if not tx.devices.is_used(batch, index):
                return Refusal("unknown-pass-use", name)
        if tx.records.latest(SAME_PEOPLE, " ".join(pair)) is not None:
            return Refusal("already-resolved", " ".join(pair))
        _keep(node, tx, SAME_PEOPLE, " ".join(pair), body)
    return None


def parse_name(name: str) -> tuple[bytes, int]:
    """Return batch identity and index of a pass's name.

    Raises:
        BadInput: `bad-pass-name`.
    """
    batch, _, index = name.partition(":")
    try:
        identity = bytes.fromhex(batch)
    except ValueError:
        identity = b""
    if len(identity) != 32 or not (index.isascii() and index.isdigit() and len(index) < 9):
        raise BadInput("bad-pass-name", where="pass", expected="64 hexadecimal digits, a colon, a number", seen=name)
    return identity, int(index)


def _canonical(name: str) -> str:
    batch, index = parse_name(name.strip())
    return f"{batch.hex()}:{index}"


def _keep(node: Node, tx: Tx, kind: str, record: str, body: bytes) -> None:
    now = node.clock.now()
    tx.records.add(kind, record, body, now)
    entry = encode_json({"about": record, "body": body.decode(), "kind": kind})
    tx.ledger.append("own:conflict-decided", entry, node.random.bytes(32), now)
