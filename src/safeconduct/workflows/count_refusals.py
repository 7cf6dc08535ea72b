"""Log what was refused from outside without letting a flood fill the ledger.

The first refusals of one kind from one sender in an hour each have an entry; the rest are counted, and the count is
one entry when the hour is over.
"""

from safeconduct.errors import Refusal
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.common import log_refused
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

EACH = 20  # refusals an hour, of one sender and code, that have entries of their own
MOST_KEYS = 200  # different senders and codes that are counted apart; all further ones together
HOUR = 3_600
_KEY = "refusals-counted"
_OTHERS = "others"


def count_refused(
    node: Node, tx: Tx, *, sender: str, act: str, subject: str, refusal: Refusal, times: int = 1, each: int = EACH
) -> None:
    """Log a refusal, or only count it where the sender had many of the same code within the hour.

    Args:
        node: this party's node.
        tx: the transaction.
        sender: party id, or "unknown" where nothing proves who it was.
        act: what was asked, such as "receive".
        subject: of what.
        refusal: the answer.
        times: how many refusals this stands for.
        each: how many of them an hour have entries of their own.
    """
    counts = close_hour(node, tx)
    key = f"{sender} {act} {refusal.code}"
    if key not in counts and len(counts) >= MOST_KEYS:
        key = _OTHERS
    before = counts.get(key, 0)
    counts[key] = before + times
    if before < each:
        log_refused(node, tx, act=act, subject=subject, refusal=refusal)
    _keep(node, tx, counts)


def close_hour(node: Node, tx: Tx) -> dict[str, int]:
    """Log what was only counted in an hour that is over; return the counts of this hour."""
    stored = tx.records.get(_KEY)
    if stored is None:
        return {}
    held = decode_cbor(stored, where="counted refusals")
    counts: dict[str, int] = held["counts"]
    if held["hour"] == node.clock.now() // HOUR:
        return counts
    for key, number in sorted(counts.items()):
        if number > EACH:
            detail = f"{key}: {number} in the hour from {held['hour'] * HOUR}"
            log_refused(node, tx, act="receive", subject="exchange", refusal=Refusal("repeated-refusals", detail))
    _keep(node, tx, {})
    return {}


def _keep(node: Node, tx: Tx, counts: dict[str, int]) -> None:
    tx.records.set(_KEY, encode_cbor({"counts": counts, "hour": node.clock.now() // HOUR}))
