"""Many waiting requests, one transaction: a thread takes all that wait, has them answered together, and goes on.

Where there is something to do before that needs no transaction, another thread does it to all that wait, meanwhile.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")
Waiting = SimpleQueue[tuple[Any, "asyncio.Future[Any]"] | None]

MOST = 256  # requests a transaction


class GroupCommit(Generic[Asked, Answered]):
    """Answers requests from any number of coroutines of one loop."""

    def __init__(
        self,
        answer_all: Callable[[Sequence[Any]], Sequence[Answered]],
        *,
        prepare: Callable[[Sequence[Asked]], Sequence[Any]] | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            answer_all: answers some requests in their order; what it raises goes to all of them.
            prepare: what is done to some requests before; `answer_all` is given what it returns. It raises likewise.
        """
        self._prepare, self._answer_all = prepare, answer_all
        self._queue: Waiting = SimpleQueue()
        self._ready: Waiting = self._queue if prepare is None else SimpleQueue()
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
        if self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self._threads = []

    def _start(self) -> None:
        with self._starting:
            if self._threads:
                return
            works = [self._run_ready] if self._prepare is None else [self._run_prepare, self._run_ready]
            self._threads = [threading.Thread(target=one, name="group-commit", daemon=True) for one in works]
            for thread in self._threads:
                thread.start()

    def _run_prepare(self) -> None:
        while batch := _take(self._queue):
            made = _called(self._prepare, batch)
            if isinstance(made, Exception):
                _tell(batch, made)
            else:
                for one, (_, future) in zip(made, batch, strict=True):
                    self._ready.put((one, future))
        self._ready.put(None)

    def _run_ready(self) -> None:
        while batch := _take(self._ready):
            _tell(batch, _called(self._answer_all, batch))


def _take(queue: Waiting) -> list[tuple[Any, "asyncio.Future[Any]"]]:
    """Wait for a request, and take what else is there; empty when it is time to end."""
    first = queue.get()
    if first is None:
        return []
    batch = [first]
    while len(batch) < MOST:
        try:
            more = queue.get_nowait()
        except Empty:
            break
        if more is None:
            queue.put(None)
            break
        batch.append(more)
    return batch


def _called(work: Any, batch: Sequence[tuple[Any, Any]]) -> Sequence[Any] | Exception:
    try:
        made: Sequence[Any] = work([asked for asked, _ in batch])
    except Exception as error:  # noqa: BLE001  (each request's handler turns it into its answer)
        return error
    return made


def _tell(batch: Sequence[tuple[Any, "asyncio.Future[Any]"]], answers: Sequence[Any] | Exception) -> None:
    futures = [future for _, future in batch]
    futures[0].get_loop().call_soon_threadsafe(_settle, futures, answers)


def _settle(futures: Sequence["asyncio.Future[Any]"], answers: Sequence[Any] | Exception) -> None:
    for number, future in enumerate(futures):
        if future.done():  # whoever asked has gone
            continue
        if isinstance(answers, Exception):
            future.set_exception(answers)
        else:
            future.set_result(answers[number])
