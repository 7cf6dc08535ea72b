"""Issue passes anew for groups whose paper was lost or copied: the former are revoked in the same act.

Only passes that still can be used are replaced: their window is not over, and nobody was let in on them. Devices learn
of it with the next trust bundle.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.binding import bind_phone
from safeconduct.passes.pass_format import PAYLOAD_BYTES, PHONE, WORDS, decode_payload
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.common import permitted
from safeconduct.workflows.issue_passes import Issued, Leg, sign_passes
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import PassRow
from safeconduct.workflows.tables import Tx


def reissue_passes(
    node: Node,
    groups: Sequence[str],
    *,
    reason: str,
    subject: str,
    purpose: str,
    phones: Mapping[str, bytes] = MappingProxyType({}),
    words: bool = False,
) -> list[Issued] | Refusal:
    """Revoke what groups hold and can still use, and sign a new pass for each.

    A new pass is bound as the former was: to words of its own, or to the same phone, unless another binding is given.

    Args:
        node: the issuer's node.
        groups: ids of the roll.
        reason: why, for the record.
        subject: of the agreement's scope.
        purpose: of the agreement.
        phones: public keys of new phones by group, as `bind_passes.read_phones` reads them.
        words: bind to words what was bound to a phone, for who has none any more.

    Returns:
        The new passes, none where nothing was left to replace; or what the agreement refuses.

    Raises:
        BadInput: `unknown-group`, `empty-group`, `bad-field` without a reason, `bad-phones`.
    """
    if not reason.strip():
        raise BadInput("bad-field", where="reason", expected="why, for the record", seen=reason)
    strange = [group for group in phones if group not in set(groups)]
    if strange or (phones and words):
        seen = strange[0] if strange else "words and phones"
        raise BadInput("bad-phones", where="phones", expected="phones of these groups, or words", seen=seen)
    now = node.clock.now()
    with node.store.transaction() as tx:
        allowed = permitted(node, tx, act="passage", subject=subject, purpose=purpose)
        if isinstance(allowed, Refusal):
            return allowed
        heads = {group: count for group, count, _, _ in tx.roll.groups(list(groups))}
        for group in groups:
            if not heads.get(group):
                code, expected = ("empty-group", "a group with people on the roll") if group in heads else (
                    "unknown-group", "a group of the roll")  # fmt: skip
                raise BadInput(code, where="groups", expected=expected, seen=group)
        held = usable(tx, groups, now)
        tx.passes.revoke([(row.batch, row.index, reason) for row in held], now)
        todo = [(row.group, _leg(row, phones.get(row.group), words=words)) for row in held]
        made = list(sign_passes(node, tx, todo, heads))
        if made:
            tx.passes.add(row for row, _ in made)
            note = encode_json({"groups": len({g for g, _ in todo}), "passes": len(made), "reason": reason})
            tx.ledger.append("own:reissue", note, node.random.bytes(32), now)
    return [Issued(row.group, row.point, row.raw, words) for row, words in made]


def usable(tx: Tx, groups: Sequence[str], now: int) -> list[PassRow]:
    """Return the passes of groups that are not revoked, not over and not used, in the order of groups and time."""
    rows = [row for row in tx.passes.of_groups(groups) if row.window_end > now]
    revoked = {number: set(found) for number, found in tx.passes.revoked().items()} if rows else {}
    rows = [row for row in rows if row.index not in revoked.get(row.batch, ())]
    identities = {row.number: row.identity for row in tx.passes.batches()}
    used = {(event.batch, event.index) for event in
            tx.devices.uses_of([(identities[row.batch], row.index) for row in rows])}  # fmt: skip
    found = [row for row in rows if (identities[row.batch], row.index) not in used]
    place = {group: number for number, group in enumerate(groups)}
    return sorted(found, key=lambda row: (place[row.group], row.not_before, row.point))


def _leg(row: PassRow, phone: bytes | None, *, words: bool) -> Leg:
    """Return what stands in for a pass: bound to a new phone, to words, or as it was."""
    fields = decode_payload(row.raw[:PAYLOAD_BYTES])
    seconds = row.window_end - row.not_before
    if phone is not None:
        return Leg(row.point, row.not_before, seconds, phone=bind_phone(phone))
    same = fields.binding if fields.binding_kind == PHONE and not words else None
    asks = fields.binding_kind == WORDS or (words and fields.binding_kind == PHONE)
    return Leg(row.point, row.not_before, seconds, asks, same)
