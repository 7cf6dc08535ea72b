"""Gate advice for everybody: each change of a control point's state, as it is told in public where the node is set so.

What is told is the state and the name of the point, and neither a reason nor a warning. Changes are noted with each
trust bundle, in the same transaction, so that what the public reads and what devices hold cannot differ; they are
noted whether or not the feed is on, so that it is complete when somebody switches it on.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.fields import Fields
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND = "gate-advice"
SLOT, DAY = 900, 86_400  # seconds
STATES = ("open", "hold", "closed")


@dataclass(frozen=True, slots=True)
class GateAdvice:
    """One change of a control point's state, the `number`-th told of it; times are unix seconds on slots."""

    agreement: str
    party: str
    point: str
    name: str
    state: str  # "hold", "closed" or "open"
    number: int
    at: int
    until: int


def note_states(node: Node, tx: Tx, agreement: Agreement, states: Mapping[str, str], until: int) -> None:
    """Note what a trust bundle says of each point that differs from what was told, or is told no longer than a day on.

    Args:
        node: the issuer's node.
        tx: the bundle's transaction.
        agreement: the agreement in force.
        states: control point id to state; "open" where not given.
        until: unix seconds at which the bundle expires.
    """
    now = node.clock.now()
    told = {one.point: one for one in advice(tx) if one.agreement == agreement.id}
    for point in agreement.control_points:
        state, before = states.get(point.id, "open"), told.get(point.id)
        same = state == (before.state if before else "open")
        if same and (state == "open" or before is None or before.until - now > DAY):
            continue
        at = now // SLOT * SLOT
        end = at + DAY if state == "open" else -(-until // SLOT) * SLOT
        number = before.number + 1 if before else 1
        made = GateAdvice(agreement.id, node.party, point.id, point.name, state, number, at, end)
        tx.records.add(KIND, f"{agreement.id} {point.id}", encode_json(asdict(made)), now)


def advice(tx: Tx) -> list[GateAdvice]:
    """All that was told, oldest first."""
    return [_read(body) for _, body, _ in tx.records.all(KIND)]


def current(node: Node, tx: Tx) -> list[GateAdvice]:
    """The newest word on each point, as long as it holds; newest first."""
    now = node.clock.now()
    newest = {(one.agreement, one.point): one for one in advice(tx)}
    return sorted((one for one in newest.values() if one.until > now), key=lambda one: (-one.at, one.point))


def _read(body: bytes) -> GateAdvice:
    fields = Fields(decode_json(body, where="gate advice"), "gate advice")
    found = GateAdvice(
        fields.ident("agreement"),
        fields.ident("party"),
        fields.text("point", limit=80),
        fields.text("name"),
        fields.choice("state", STATES),
        fields.integer("number", 1, 1_000_000),
        fields.seconds("at"),
        fields.seconds("until"),
    )
    fields.done()
    return found
