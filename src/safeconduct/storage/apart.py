"""One more process, for what would hold the interpreter's lock of this one while requests wait.

It starts with the first work that is given to it, and ends with this process: its input ends then. What goes between
the two is this program's own, over pipes that nobody else can open.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

LENGTH = 8  # bytes before each message


class Apart:
    """Calls functions in a second process, one after the other; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._basis: dict[str, object] = {}  # what the process has, by function

    def __call__(
        self, work: Callable[[Any, Any], Any], basis: object, given: object, here: Callable[[], Any] | None = None
    ) -> Any:
        """Return `work(basis, given)`, worked out apart.

        Args:
            work: a function of a module, which may be called again with the same.
            basis: sent once, and again when it is another object than before.
            given: sent each time.
            here: what is called in this process if the other is gone; the same work if nothing is named.
        """
        with self._lock:
            try:
                done, made = self._ask(work, basis, given)
            except (OSError, EOFError):
                self._end()
                done, made = True, here() if here else work(basis, given)
        if not done:
            raise made
        return made

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, work: Callable[[Any, Any], Any], basis: object, given: object) -> tuple[bool, Any]:
        process, name = self._process or self._start(), f"{work.__module__}.{work.__qualname__}"
        fresh = self._basis.get(name, self) is not basis
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  (both are pipes)
        _write(process.stdin, (work, name, fresh, basis if fresh else None, given))
        self._basis[name] = basis
        found: tuple[bool, Any] = _read(process.stdout)
        return found

    def _start(self) -> subprocess.Popen[bytes]:
        started = command(__spec__.name)
        self._process = subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        return self._process

    def _end(self) -> None:
        process, self._process, self._basis = self._process, None, {}
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):  # what it was not given any more
                        pipe.close()
            process.wait()


def command(module: str) -> list[str]:
    """Return what runs a module; the interpreter does not look into the folder that it happens to run in."""
    return [sys.executable, "-P", "-m", module]


def answers_out() -> int:
    """Return the descriptor that answers go to; what is printed goes elsewhere: it must not become an answer."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return descriptor


def framed(message: object) -> bytes:
    """Return a message as it crosses between two processes."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(LENGTH) + data


def _write(pipe: IO[bytes], message: object) -> None:
    pipe.write(framed(message))
    pipe.flush()


def _read(pipe: IO[bytes]) -> Any:
    """Return the next message.

    Raises:
        EOFError: the other side is gone.
    """
    length = pipe.read(LENGTH)
    data = pipe.read(int.from_bytes(length)) if len(length) == LENGTH else b""
    if not data:
        raise EOFError
    return pickle.loads(data)  # noqa: S301  (from this program's own process)


def serve(given: IO[bytes], answers: IO[bytes]) -> None:
    """Work out what comes until the input ends."""
    kept: dict[str, object] = {}
    while True:
        try:
            work, name, fresh, basis, asked = _read(given)
        except Exception:  # noqa: BLE001  (the end, or a function that is not found here: it is done where it was asked for)
            return
        if fresh:
            kept[name] = basis
        try:
            answer = True, work(kept[name], asked)
        except Exception as error:  # noqa: BLE001  (it is raised where the work was asked for)
            answer = False, error
        try:
            _write(answers, answer)
        except BrokenPipeError:
            return


if __name__ == "__main__":
    serve(sys.stdin.buffer, os.fdopen(answers_out(), "wb"))
