"""Many waiting requests, one transaction: a thread takes all that wait, has them answered together, and goes on."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from safeconduct.storage.apart_stream import settle

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")

MOST = 256  # requests a transaction, where nothing else is said


class GroupCommit(Generic[Asked, Answered]):
    """Answers requests from any number of coroutines of one loop."""

    def __init__(self, answer_all: Callable[[Sequence[Asked]], Sequence[Answered]], most: int = MOST) -> None:
        """`answer_all` answers up to `most` requests in their order; what it raises goes to all of them."""
        self._answer_all, self._most = answer_all, most
        self._queue: SimpleQueue[tuple[Asked, asyncio.Future[Answered]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    async def answer(self, asked: Asked) -> Answered:
        """Wait for the answer to one request; it is on disk then."""
        if self._thread is None:
            self._start()
        future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._queue.put((asked, future))
        return await future

    def stop(self) -> None:
        """Answer what waits, then end."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=10)
            self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            batch = self._take()
            if not batch:
                return
            try:
                answers: Sequence[Answered] | Exception = self._answer_all([asked for asked, _ in batch])
            except Exception as error:  # noqa: BLE001  (each request's handler turns it into its answer)
                answers = error
            futures = [future for _, future in batch]
            futures[0].get_loop().call_soon_threadsafe(settle, futures, answers)

    def _take(self) -> list[tuple[Asked, "asyncio.Future[Answered]"]]:
        """Wait for a request, and take what else is there; empty when it is time to end."""
        first = self._queue.get()
        if first is None:
            return []
        batch = [first]
        while len(batch) < self._most:
            try:
                more = self._queue.get_nowait()
            except Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            batch.append(more)
        return batch
