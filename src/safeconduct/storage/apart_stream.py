"""A second process, as in `storage.apart`, for a stream of small things to do: it does at once what has come meanwhile.

What is asked lies ready for the process while it works, so that it never waits for this one; how much it takes at a
time comes by itself, one thing when there is little to do and many when there is much.
"""

import asyncio
import gc
import os
import pickle
import select
import socket
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from safeconduct.storage.apart import LENGTH, answers_out, command, framed

CHUNK = 1 << 18  # bytes read at once
PATIENCE = 10  # seconds that a process may take to end
Work = Callable[[Any, Sequence[Any]], Sequence[Any]]


class ProcessGone(Exception):  # noqa: N818  (it names a state, as `EOFError` does not)
    """The process ended before it answered; whether it did the work is not known."""


class ApartStream:
    """Has things done by one function in a second process, in their order; it starts with the first of them."""

    def __init__(self, work: Work, basis: Callable[[], object], most: int) -> None:
        """`work(basis, things)`, a function of a module, answers up to `most` things at once.

        The basis is made when a process starts, and sent to it once.
        """
        self._work, self._basis, self._most = work, basis, most
        self._opening = asyncio.Lock()
        self._open: _Opened | None = None

    async def __call__(self, thing: object) -> Any:
        """Return the answer to one thing; what `work` raises goes to all that it was called with.

        Raises:
            ProcessGone: the process ended; the next call starts another.
        """
        if self._open is None or self._open.gone:
            async with self._opening:
                if self._open is None or self._open.gone:
                    self.close()
                    self._open = await _Opened.start((self._work, self._basis(), self._most))
        return await self._open.ask(thing)

    def close(self) -> None:
        """End the process once it has done what it was given."""
        opened, self._open = self._open, None
        if opened is not None:
            opened.end()


class _Opened:
    """A process that runs, and the answers that it owes."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        ours: socket.socket,
        read: asyncio.StreamReader,
        write: asyncio.StreamWriter,
    ) -> None:
        self.gone = False
        self._process, self._socket, self._write = process, ours, write
        self._things: list[object] = []  # of this turn of the loop
        self._owed: deque[asyncio.Future[Any]] = deque()
        self._loop = asyncio.get_running_loop()
        self._reading = asyncio.create_task(self._answers(read))

    @classmethod
    async def start(cls, told: tuple[Work, object, int]) -> "_Opened":
        ours, theirs = socket.socketpair()
        with theirs:
            both = theirs.fileno()
            process = await asyncio.to_thread(subprocess.Popen[bytes], command(__spec__.name), stdin=both, stdout=both)
        opened = cls(process, ours, *await asyncio.open_connection(sock=ours))
        opened._write.write(framed(told))
        return opened

    def ask(self, thing: object) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = self._loop.create_future()
        self._owed.append(future)
        self._things.append(thing)
        if len(self._things) == 1:
            self._loop.call_soon(self._hand_on)
        return future

    def end(self) -> None:
        self.gone = True
        with suppress(OSError):  # it ended by itself
            self._socket.shutdown(socket.SHUT_WR)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._loop.is_closed():
            self._socket.close()
        else:
            self._write.close()

    def _hand_on(self) -> None:
        self._write.write(framed(self._things))
        self._things = []

    async def _answers(self, read: asyncio.StreamReader) -> None:
        """Give each answer to whoever waits for it, until the process ends."""
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                data = await read.readexactly(int.from_bytes(await read.readexactly(LENGTH)))
                count, made = pickle.loads(data)  # noqa: S301  (from this program's own process)
                settle([self._owed.popleft() for _ in range(count)], made)
        self.gone = True
        settle(self._owed, ProcessGone())


def settle(futures: Sequence["asyncio.Future[Any]"], answers: Sequence[Any] | Exception) -> None:
    """Give each of those who wait its answer, or all of them the error."""
    for number, future in enumerate(futures):
        if future.done():  # whoever asked has gone
            continue
        if isinstance(answers, Exception):
            future.set_exception(answers)
        else:
            future.set_result(answers[number])


class _Things:
    """What has come over a descriptor: messages, each a list of things."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._data = bytearray()
        self._things: deque[object] = deque()

    def message(self) -> Any:
        """Return the next message.

        Raises:
            EOFError: the other side is gone.
        """
        while (found := self._whole()) is None:
            self._read()
        return found

    def take(self, most: int) -> Sequence[object]:
        """Wait for one thing, and return with it what else is there, up to `most`."""
        while not self._things:
            self._things.extend(self.message())
        while len(self._things) < most and select.select([self._descriptor], [], [], 0)[0]:
            self._read()
            while (found := self._whole()) is not None:
                self._things.extend(found)
        return [self._things.popleft() for _ in range(min(most, len(self._things)))]

    def _read(self) -> None:
        data = os.read(self._descriptor, CHUNK)
        if not data:
            raise EOFError
        self._data += data

    def _whole(self) -> Any:
        end = LENGTH + int.from_bytes(self._data[:LENGTH])
        if len(self._data) < max(LENGTH + 1, end):
            return None
        found = pickle.loads(memoryview(self._data)[LENGTH:end])  # noqa: S301  (from this program's own process)
        del self._data[:end]
        return found


def serve(given: int, answers: int) -> None:
    """Do what comes over one descriptor, and answer over another, until the first one ends."""
    things = _Things(given)
    with suppress(EOFError, BrokenPipeError), os.fdopen(answers, "wb", buffering=0) as out:
        work, basis, most = things.message()
        gc.freeze()  # what was imported is looked through no more: things would wait for that
        while True:
            taken = things.take(most)
            try:
                made: object = work(basis, taken)
            except Exception as error:  # noqa: BLE001  (it is raised where it was asked)
                made = error
            data = memoryview(framed((len(taken), made)))
            while data:
                data = data[out.write(data) :]


if __name__ == "__main__":
    serve(0, answers_out())
