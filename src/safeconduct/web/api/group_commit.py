"""Many waiting requests, one transaction: a thread takes all that wait, has them answered together, and goes on.

With a second thread, one group is prepared while the other's transaction waits for the disk.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")

MOST = 256  # requests a transaction, where nothing else is said


class GroupCommit(Generic[Asked, Answered]):
    """Answers requests from any number of coroutines of one loop."""

    def __init__(
        self, answer_all: Callable[[Sequence[Asked]], Sequence[Answered]], *, threads: int = 1, most: int = MOST
    ) -> None:
        """Start nothing yet.

        Args:
            answer_all: answers some requests in their order; what it raises goes to all of them.
            threads: how many call it at the same time.
            most: requests that it is given at once.
        """
        self._answer_all, self._wanted, self._most = answer_all, threads, most
        self._queue: SimpleQueue[tuple[Asked, asyncio.Future[Answered]] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()

    async def answer(self, asked: Asked) -> Answered:
        """Wait for the answer to one request; it is on disk then."""
        if not self._threads:
            self._start()
        future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._queue.put((asked, future))
        return await future

    def stop(self) -> None:
        """Answer what waits, then end."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self._threads = []

    def _start(self) -> None:
        with self._starting:
            if not self._threads:
                self._threads = [
                    threading.Thread(target=self._run, name=f"group-commit-{n}", daemon=True)
                    for n in range(self._wanted)
                ]
                for thread in self._threads:
                    thread.start()

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
            futures[0].get_loop().call_soon_threadsafe(_settle, futures, answers)

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


def _settle(futures: Sequence["asyncio.Future[Answered]"], answers: Sequence[Answered] | Exception) -> None:
    for number, future in enumerate(futures):
        if future.done():  # whoever asked has gone
            continue
        if isinstance(answers, Exception):
            future.set_exception(answers)
        else:
            future.set_result(answers[number])
