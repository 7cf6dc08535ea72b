"""What every action needs: the agreement in force, permission, and the log of what was refused."""

from dataclasses import asdict
from functools import lru_cache

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.reading import from_json
from safeconduct.agreements.scope import Permit, State, StateEvent, permit, read_state_event, state_of
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.ledger.note import parse_vkey
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import PartyCard, StoredAgreement
from safeconduct.workflows.tables import Tx


@lru_cache(maxsize=8)
def _read(body: bytes) -> Agreement:
    """Read an agreement's bytes; every action asks for it, and it hardly ever changes."""
    return from_json(body)


def in_force(tx: Tx) -> tuple[Agreement, StoredAgreement] | None:
    """Return the newest version of the agreement that both parties signed, as stored and as read."""
    stored = tx.records.get("agreement-in-force")
    row = tx.records.agreement_version(int(stored)) if stored else None
    return None if row is None else (_read(row.body), row)


def in_force_at(tx: Tx, sent: int) -> Agreement | None:
    """Return the version that was in force with the partner when it sent something, by its own clock.

    An envelope that was overtaken by a new version is judged by the one under which it was sent, so that the order of
    arrival decides nothing.
    """
    found = in_force(tx)
    if found is None:
        return None
    version, row = found[0].version, found[1]
    while version > 1 and int(tx.records.get(opened_key(version)) or b"0") > sent:
        version -= 1
        before = tx.records.agreement_version(version)
        if before is None or before.state != "open":
            break
        row = before
    return _read(row.body)


def opened_key(version: int) -> str:
    """Return where it is kept when a version came into force: by the clock of the party that signed last."""
    return f"agreement-opened:{version}"


def require_agreement(tx: Tx) -> Agreement:
    """Return the agreement in force.

    Raises:
        SafeconductError: `no-agreement`.
    """
    found = in_force(tx)
    if found is None:
        raise SafeconductError("no-agreement", str(Refusal("no-agreement")))
    return found[0]


def state_events(tx: Tx, agreement: Agreement) -> list[tuple[int, StateEvent]]:
    """Return (ledger index, event) of what suspended, renewed or closed the agreement, in the order of the ledger."""
    rows = tx.records.all(state_kind(agreement))
    return [(int(index), read_state_event(body)) for index, body, _ in rows]


def state_kind(agreement: Agreement) -> str:
    """Return the kind of record under which the agreement's state events are kept."""
    return f"state:{agreement.id}"


def state_now(tx: Tx, agreement: Agreement, now: int) -> State:
    """Return the agreement's state; every event that this node holds counts, also where clocks differ by a little."""
    events = [event for _, event in state_events(tx, agreement)]
    return state_of(agreement, events, max([now, *(event.at for event in events)]))


def permitted(
    node: Node,
    tx: Tx,
    *,
    act: str,
    subject: str,
    purpose: str | None,
    by: str | None = None,
    sent: int | None = None,
) -> Permit | Refusal:
    """Ask the agreement whether an act is in scope; a refusal is logged with its reason before it is returned.

    What the partner `sent` is judged at that time: a breach that was recorded while it was on its way, or the end,
    makes nothing wrong that was right when it was done. Without `sent` it is now.
    """
    found = in_force(tx)
    now = node.clock.now()
    state: State = "open"
    agreement = found[0] if found else None
    if agreement is not None and sent is not None:
        now = min(now, sent)
        agreement = in_force_at(tx, sent) or agreement
        state = state_of(agreement, [event for _, event in state_events(tx, agreement)], now)
    elif agreement is not None:
        state = state_now(tx, agreement, now)
    answer = permit(
        agreement, act=act, subject=subject, purpose=purpose, by=by or node.party, now=now,
        state=state,
    )  # fmt: skip
    if isinstance(answer, Refusal):
        log_refused(node, tx, act=act, subject=subject, refusal=answer)
    return answer


def log_refused(node: Node, tx: Tx, *, act: str, subject: str, refusal: Refusal) -> None:
    """Log an act that was refused: what was asked, which rule said no."""
    now = node.clock.now()
    body = encode_json({"act": act, "at": now, "code": refusal.code, "detail": refusal.detail, "subject": subject})
    index = tx.ledger.append("own:refused", body, node.random.bytes(32), now)
    tx.records.add("refused", str(index), body, now)


def refused_acts(tx: Tx) -> list[tuple[int, str, Refusal]]:
    """Return (time, act and subject, refusal) of all acts that were refused, oldest first."""
    found = []
    for _, body, at in tx.records.all("refused"):
        data = decode_json(body, where="refused act")
        found.append((at, f"{data['act']}: {data['subject']}", Refusal(data["code"], data["detail"])))
    return found


def store_card(tx: Tx, card: PartyCard, at: int) -> None:
    """Remember the public half of a party, which people compared by other means.

    Raises:
        BadInput: one of its keys is none; a card that cannot be read would stop every later exchange.
    """
    try:
        root = bytes.fromhex(card.root_public)
    except (TypeError, ValueError):
        raise BadInput("bad-card", where="card: root_public", expected="64 hexadecimal digits",
                       seen=card.root_public) from None  # fmt: skip
    VerifyKey.load(root, where="card: root_public")
    parse_vkey(card.log_vkey)
    parse_vkey(card.witness_vkey)
    tx.records.add("party", card.party, encode_json(asdict(card)), at)


def cards(tx: Tx) -> dict[str, PartyCard]:
    """Return the known parties by id."""
    return {i: PartyCard(**decode_json(body, where=f"party {i}")) for i, body, _ in tx.records.all("party")}


def roots(tx: Tx) -> dict[str, VerifyKey]:
    """Return the root keys of the known parties."""
    return {
        party: VerifyKey.load(bytes.fromhex(card.root_public), where=f"root of {party}")
        for party, card in cards(tx).items()
    }


def partner_of(node: Node, agreement: Agreement) -> str:
    """Return the other party's id."""
    other = agreement.other(node.party)
    if other is None:
        raise SafeconductError("unknown-sender", f"{node.party} is no party of {agreement.id}")
    return other.id
