"""The online check of a served node: few questions are answered here, many by a process of their own.

Answering holds the interpreter's lock for most of its time, and so does the server; side by side in one process each
waits for the other (decision 0014).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from safeconduct.config import NodeConfig
from safeconduct.errors import Refusal
from safeconduct.storage.apart_stream import ApartStream, ProcessGone
from safeconduct.web.api.group_commit import GroupCommit
from safeconduct.wiring import Running, open_node
from safeconduct.workflows.check_online import Answer, Ask, OnlineGate
from safeconduct.workflows.clock import ExerciseClock
from safeconduct.workflows.ports import Node

ONLINE = "online"  # where an application's state holds it
MOST = 32  # questions a transaction: while these are answered, the server takes in the next
FEW = 8  # questions at once that are not worth a process of their own


class CheckOut(msgspec.Struct):
    """The answer of `gate.decide`, and its place in the ledger."""

    admit: bool
    reason: str
    next_step: str
    heads: int
    warnings: tuple[str, ...]
    ledger_index: int


class Online:
    """Answers questions as they come, many in one transaction; nothing is started before the first."""

    def __init__(self, running: Running) -> None:
        self.gate = OnlineGate(running.node)
        self._clock = running.node.clock
        self._many = False  # whether many have come at once before
        self._here: GroupCommit[Ask, bytes | Refusal] = GroupCommit(self._answer_here, MOST)
        self._apart = ApartStream(answer_there, running.config, MOST)

    async def answer(self, ask: Ask) -> bytes | Refusal:
        """Answer a question together with others that wait, as JSON; the answer is on disk then."""
        if self.gate.says_words(ask):
            ask = await asyncio.to_thread(self.gate.try_words, ask)
        ask = self.gate.prove(ask)
        if self._many:
            with suppress(ProcessGone):  # the same question, asked again, gets the answer that it had
                answer: bytes | Refusal = await self._apart((self._clock.now(), ask))
                return answer
        return await self._here.answer(ask)

    def stop(self) -> None:
        """Answer what waits, then end."""
        self._here.stop()
        self._apart.close()

    def _answer_here(self, asks: Sequence[Ask]) -> Sequence[bytes | Refusal]:
        self._many = self._many or len(asks) >= FEW
        return _written(self.gate.answer_all(asks))


_OPEN: dict[str, tuple[Node, OnlineGate]] = {}  # of the process that answers


def answer_there(config: NodeConfig, given: Sequence[tuple[int, Ask]]) -> Sequence[bytes | Refusal]:
    """Answer questions in the process that this is called in, which opens the node once for all of them.

    Args:
        config: the node's settings.
        given: each question with the time, which an exercise sets elsewhere.
    """
    place = str(config.data_dir)
    if place not in _OPEN:
        opened = open_node(config)
        _OPEN[place] = opened, OnlineGate(opened)
    node, gate = _OPEN[place]
    if isinstance(node.clock, ExerciseClock):
        node.clock.move_to(given[-1][0])
    return _written(gate.answer_all([ask for _, ask in given]))


def _written(answers: Sequence[Answer | Refusal]) -> list[bytes | Refusal]:
    return [one if isinstance(one, Refusal) else _one_written(one) for one in answers]


def _one_written(answer: Answer) -> bytes:
    made = answer.decision
    out = CheckOut(made.admit, made.reason, made.next_step, made.heads, made.warnings, answer.ledger_index)
    return msgspec.json.encode(out)
