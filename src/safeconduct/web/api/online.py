"""The online check of a served node: few questions are answered here, many by a process of their own.

Answering holds the interpreter's lock for most of its time, and so does the server; side by side in one process each
waits for the other (decision 0014).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from safeconduct.config import NodeConfig
from safeconduct.errors import Refusal
from safeconduct.storage.apart_stream import ApartStream, ProcessGone
from safeconduct.web.api.group_commit import GroupCommit
from safeconduct.web.api.online_there import Asked, answer_there, written
from safeconduct.web.api.question import asked_of
from safeconduct.wiring import Running
from safeconduct.workflows.check_online import Answer, Ask, OnlineGate
from safeconduct.workflows.check_sessions import Held, Opened

ONLINE = "online"  # where an application's state holds it
MOST = 32  # questions a transaction: while these are answered, the server takes in the next
FEW = 8  # questions at once that are not worth a process of their own
WORDS = b'"words"'  # a question with words costs an Argon2id, for which no other is to wait


class Online:
    """Answers questions as they come, many in one transaction; nothing is started before the first."""

    def __init__(self, running: Running) -> None:
        self.gate = OnlineGate(running.node)
        self._config, self._clock = running.config, running.node.clock
        self._many = False  # whether many have come at once before
        self._here: GroupCommit[Ask, Answer | Refusal] = GroupCommit(self._answer_here, MOST)
        self._apart = ApartStream(answer_there, self._basis, MOST)

    async def answer_raw(self, header: bytes, body: bytes) -> bytes | None:
        """Answer a question as it came over HTTP; None where it has no plain answer, and `answer` says why.

        Raises:
            BadInput: `bad-request`.
        """
        if self._many and WORDS not in body:
            with suppress(ProcessGone):  # the same question, asked again, gets the answer that it had
                there: bytes | None = await self._apart(Asked(self._clock.now(), header, body))
                return there
        return written(await self.answer(asked_of(header.decode("latin-1"), body)))

    async def answer(self, ask: Ask) -> Answer | Refusal:
        """Answer a question in this process, together with others that wait; the answer is on disk then."""
        if self.gate.says_words(ask):
            ask = await asyncio.to_thread(self.gate.try_words, ask)
        return await self._here.answer(self.gate.prove(ask))

    async def open_session(self, device: str, at: int, public: bytes, signature: bytes) -> Opened | Refusal:
        """Open a session for many questions; see `Sessions.open`."""
        made = await asyncio.to_thread(self.gate.sessions.open, device, at, public, signature)
        if self._many:
            with suppress(ProcessGone):  # the next process is told of all of them
                for held in self.gate.sessions.held():
                    if held.device == device:
                        await self._apart(held)
        return made

    def stop(self) -> None:
        """Answer what waits, then end."""
        self._here.stop()
        self._apart.close()

    def _basis(self) -> tuple[NodeConfig, Sequence[Held]]:
        return self._config, self.gate.sessions.held()

    def _answer_here(self, asks: Sequence[Ask]) -> Sequence[Answer | Refusal]:
        self._many = self._many or len(asks) >= FEW
        return self.gate.answer_all(asks)
