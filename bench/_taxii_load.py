"""A light HTTP client: a few connections that are kept, each with one request on its way at any moment.

It spends some tens of microseconds on a page, so that of two cores the server has more than one.
"""

import socket
import time
from collections.abc import Callable, Iterable

ANSWER_SECONDS = 60.0


class Line:
    """One connection that is kept."""

    def __init__(self, port: int, timeout: float = ANSWER_SECONDS) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(1 << 20)

    def send(self, request: bytes) -> None:
        """Send a request."""
        self._socket.sendall(request)

    def receive(self) -> tuple[int, bytes]:
        """Return the status and the body of the answer."""
        data = b""
        while b"\r\n\r\n" not in data:
            some = self._socket.recv(1 << 18)
            if not some:
                raise ConnectionError("closed by the server")
            data += some
        head, _, body = data.partition(b"\r\n\r\n")
        lowered = head.lower()
        if b"\r\ntransfer-encoding:" in lowered:
            raise ValueError("an answer in chunks")
        length = int(lowered.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
        parts, missing = [body], length - len(body)
        while missing > 0:
            got = self._socket.recv_into(self._buffer, min(missing, len(self._buffer)))
            if not got:
                raise ConnectionError("closed by the server")
            parts.append(bytes(self._buffer[:got]))
            missing -= got
        return int(head.split(b" ", 2)[1]), b"".join(parts)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return its answer."""
        self.send(request)
        return self.receive()

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def drive(port: int, requests: Iterable[bytes], *, lines: int, check: Callable[[int, bytes], None]) -> float:
    """Send requests over so many connections; every answer is checked; return the seconds that it took."""
    open_lines = [Line(port) for _ in range(lines)]
    waiting = iter(requests)
    busy: list[Line] = []
    begun = time.perf_counter()
    for one in open_lines:
        request = next(waiting, None)
        if request is not None:
            one.send(request)
            busy.append(one)
    while busy:
        still = []
        for one in busy:
            check(*one.receive())
            request = next(waiting, None)
            if request is not None:
                one.send(request)
                still.append(one)
        busy = still
    seconds = time.perf_counter() - begun
    for one in open_lines:
        one.close()
    return seconds


def ask_once(port: int, request: bytes, timeout: float = ANSWER_SECONDS) -> tuple[int, bytes]:
    """Send a request over a connection of its own, for servers that keep none."""
    line = Line(port, timeout)
    try:
        return line.ask(request)
    finally:
        line.close()
