"""Acts of this node's own people: who did what, when and why; the reason is sealed, the ledger holds its digest.

A reason may name what must never be named elsewhere. So the ledger entry says act, subject, office and a salted digest
of the reason; the reason itself stands sealed beside it, and opens to this node alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class Act:
    """One recorded act: its kind, by which office, unix seconds, its reason, what else was said, and its entry."""

    kind: str
    by: str
    at: int
    reason: str
    said: Mapping[str, Any]
    ledger_index: int


def log_act(
    node: Node, tx: Tx, kind: str, *, about: str, by: str, reason: str = "", said: Mapping[str, Any] | None = None
) -> int:
    """Log an act as `own:{kind}` and keep its reason sealed; return the ledger index.

    Args:
        node: this node.
        tx: the transaction that the act belongs to.
        kind: of the act, such as `release-asked`.
        about: id of the report, release or policy that it is about.
        by: the office that acts.
        reason: in the office's own words.
        said: what else the ledger tells, as plain JSON values that are no secret to this node's log.
    """
    now, salt = node.clock.now(), node.random.bytes(32)
    digest = sha256(salt + reason.encode()).hexdigest() if reason else None
    plain = {"about": about, "at": now, "by": by, "reason": digest, **(said or {})}
    index = tx.ledger.append(f"own:{kind}", encode_json(plain), node.random.bytes(32), now)
    sealed = node.vault.seal(encode_json({"reason": reason, "salt": salt.hex()})).hex() if reason else ""
    body = encode_json({"by": by, "kind": kind, "said": dict(said or {}), "sealed": sealed})
    tx.records.add(f"act:{about}", str(index), body, now)
    return index


def acts_about(node: Node, tx: Tx, about: str) -> tuple[Act, ...]:
    """Return all acts about one thing, oldest first, with their reasons opened."""
    found = []
    for index, body, at in tx.records.all(f"act:{about}"):
        kept = decode_json(body, where="act")
        reason = ""
        if kept["sealed"]:
            reason = decode_json(node.vault.open(bytes.fromhex(kept["sealed"])), where="reason")["reason"]
        found.append(Act(kept["kind"], kept["by"], at, reason, kept["said"], int(index)))
    return tuple(found)
