"""Keep the policies of release: every version of each partner's and purpose's, appended, never replaced.

A policy names the candidates for a source, so it is sealed at rest like a report. The ledger holds its number and a
salted digest. Without a kept policy nothing is released.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from safeconduct.alerts.policy import Policy, from_json, to_json
from safeconduct.errors import Refusal
from safeconduct.operators.people import KEYBOARD
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import log_refused
from safeconduct.workflows.keep_operators import may_act, offices
from safeconduct.workflows.own_acts import log_act
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND = "policy"


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """One version of a policy: who kept it (and who confirmed), when (unix seconds), and its ledger entry."""

    policy: Policy
    by: str
    second: str
    at: int
    ledger_index: int


def keep_policy(node: Node, data: bytes, *, by: str = KEYBOARD, second: str = "") -> KeptPolicy | Refusal:
    """Keep a policy as the next version for its partner and purpose; the same again changes nothing.

    Who loosens a policy could release what an override by two would need, so outside an exercise two offices are
    needed here as well. The version is the next number, or the document's own where that is higher.

    Raises:
        BadInput: the policy is malformed, naming the field.
    """
    policy = from_json(data)
    with node.store.transaction() as tx:
        refusal = may_act(node, tx, by, "policy") or _seconded(node, tx, by, second)
        if refusal is not None:
            return refusal
        return append_policy(node, tx, policy, by=by, second=second)


def append_policy(node: Node, tx: Tx, policy: Policy, *, by: str, second: str = "") -> KeptPolicy:
    """Append a version within a transaction; a policy that says what the newest one says is that one."""
    before = policy_for(node, tx, policy.partner, policy.purpose)
    if before is not None and same(before.policy, policy):
        return before
    if before is not None:
        policy = replace(policy, version=max(policy.version, before.policy.version + 1))
    body, now = to_json(policy), node.clock.now()
    salted = sha256(node.random.bytes(32) + body).hexdigest()
    said = {"digest": salted, "partner": policy.partner, "second": second, "version": policy.version}
    index = log_act(node, tx, KIND, about=policy.purpose, by=by, said=said)
    kept = encode_json({"by": by, "index": index, "policy": body.decode(), "second": second})
    tx.records.add(KIND, _key(policy.partner, policy.purpose), node.vault.seal(kept), now)
    return KeptPolicy(policy, by, second, now, index)


def same(one: Policy, other: Policy) -> bool:
    """Say whether two policies differ in nothing but their number."""
    return replace(one, version=1) == replace(other, version=1)


def policy_for(node: Node, tx: Tx, partner: str, purpose: str) -> KeptPolicy | None:
    """Return the newest version for a partner and purpose."""
    found = tx.records.latest(KIND, _key(partner, purpose))
    return None if found is None else _read(node, *found)


def policies(node: Node, tx: Tx) -> tuple[KeptPolicy, ...]:
    """Return every version of every policy, oldest first."""
    return tuple(_read(node, body, at) for _, body, at in tx.records.all(KIND))


def _read(node: Node, sealed: bytes, at: int) -> KeptPolicy:
    kept = decode_json(node.vault.open(sealed), where="policy")
    return KeptPolicy(from_json(kept["policy"].encode()), kept["by"], kept["second"], at, kept["index"])


def _key(partner: str, purpose: str) -> str:
    return f"{partner}/{purpose}"


def _seconded(node: Node, tx: Tx, by: str, second: str) -> Refusal | None:
    if node.exercise and not second:
        return None
    if not second or second == by:
        refusal = Refusal("second-person-needed", "a policy is changed by two")
        log_refused(node, tx, act="policy", subject=by, refusal=refusal)
        return refusal
    if second not in offices(node, tx):
        return Refusal("role-needed", second)
    return may_act(node, tx, second, "confirm")
