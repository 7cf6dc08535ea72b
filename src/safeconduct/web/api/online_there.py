"""What the process does that answers the questions of many gates: it reads, judges and keeps them (decision 0014)."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from safeconduct.config import NodeConfig
from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.question import asked_of
from safeconduct.web.api.there import move_clock, node_there
from safeconduct.workflows.check_online import Answer, Ask, OnlineGate
from safeconduct.workflows.check_sessions import Held
from safeconduct.workflows.ports import Node


class Asked(NamedTuple):
    """A question as it came, and when: an exercise sets the time elsewhere."""

    at: int
    header: bytes
    body: bytes


class CheckOut(msgspec.Struct):
    """The answer of `gate.decide`, and its place in the ledger."""

    admit: bool
    reason: str
    next_step: str
    heads: int
    warnings: tuple[str, ...]
    ledger_index: int


_GATES: dict[NodeConfig, OnlineGate] = {}


def answer_there(basis: tuple[NodeConfig, Sequence[Held]], given: Sequence[Asked | Held]) -> Sequence[bytes | None]:
    """Answer questions in the process that this is called in, which opens the node once for all of them.

    Args:
        basis: the node's settings, and the sessions that were open when the process began.
        given: questions, and sessions that were opened since.

    Returns:
        For each question its answer; None where it has no plain one, and the server must look at it itself.
    """
    config, sessions = basis
    node = node_there(config)
    gate = _GATES.get(config)
    if gate is None:
        gate = _GATES[config] = OnlineGate(node)
        for held in sessions:
            gate.sessions.hold(held)
    asks = [_read(node, gate, one) for one in given]
    answers = iter(gate.answer_all([ask for ask in asks if ask is not None]))
    return [None if ask is None else written(next(answers)) for ask in asks]


def _read(node: Node, gate: OnlineGate, given: Asked | Held) -> Ask | None:
    if isinstance(given, Held):
        gate.sessions.hold(given)
        return None
    move_clock(node, given.at)
    try:
        ask = asked_of(given.header.decode("latin-1"), given.body)
    except BadInput:
        return None
    return None if gate.says_words(ask) else gate.prove(ask)


def written(answer: Answer | Refusal) -> bytes | None:
    """Return an answer as JSON, None for a refusal to answer."""
    if isinstance(answer, Refusal):
        return None
    made = answer.decision
    out = CheckOut(made.admit, made.reason, made.next_step, made.heads, made.warnings, answer.ledger_index)
    return msgspec.json.encode(out)
