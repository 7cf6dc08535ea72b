"""Asks a server over kept connections and counts what it answers, at as little cost as can be: it shares its cores.

One thread, no event loop of a library: what a request costs here is a call to send and one to receive.
"""

import select
import socket
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter

CHUNK = 1 << 16
END = b"\r\n\r\n"
LENGTH = b"content-length:"


class Connections:
    """Connections to a port of this machine; each carries one request at a time."""

    def __init__(self, port: int, count: int, right: Callable[[bytes], bool]) -> None:
        """`right` judges a whole answer, head and body."""
        self._right = right
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self._parts: dict[int, bytes] = {}
        for _ in range(count):
            one = socket.create_connection(("127.0.0.1", port))
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open[one.fileno()] = one
            self._poll.register(one, select.EPOLLIN)

    def close(self) -> None:
        self._poll.close()
        for one in self._open.values():
            one.close()

    def closed_loop(self, requests: Iterable[bytes]) -> int:
        """Ask on each connection again as soon as it is answered; return how many answers were not right."""
        waiting, wrong, busy = iter(requests), 0, 0
        for number in self._open:
            busy += self._next(number, waiting)
        while busy:
            for number, right in self._answers(-1):
                wrong += not right
                busy -= 1
                busy += self._next(number, waiting)
        return wrong

    def open_loop(self, requests: Sequence[bytes], rate: float) -> tuple[list[float], int]:
        """Ask at fixed times; return the seconds from when each was due to its answer, and how many were not right."""
        begun, sent, wrong = perf_counter(), 0, 0
        free, due, delays = deque(self._open), {}, []
        while len(delays) < len(requests):
            while free and sent < len(requests) and begun + sent / rate <= perf_counter():
                number = free.popleft()
                self._send(number, requests[sent])
                due[number] = begun + sent / rate
                sent += 1
            ahead = begun + sent / rate - perf_counter() if free and sent < len(requests) else 1.0
            for number, right in self._answers(max(0.0, ahead)):
                delays.append(perf_counter() - due[number])
                wrong += not right
                free.append(number)
        return delays, wrong

    def _next(self, number: int, waiting: Iterable[bytes]) -> int:
        for request in waiting:
            self._send(number, request)
            return 1
        return 0

    def _send(self, number: int, request: bytes) -> None:
        self._parts[number] = b""
        self._open[number].sendall(request)

    def _answers(self, timeout: float) -> Iterable[tuple[int, bool]]:
        """Wait; yield (connection, whether its answer is right) of those that are answered."""
        for number, _ in self._poll.poll(timeout):
            data = self._open[number].recv(CHUNK)
            if not data:
                raise EOFError("the server closed a connection")
            self._parts[number] += data
            if _is_whole(self._parts[number]):
                yield number, self._right(self._parts[number])


def _is_whole(data: bytes) -> bool:
    head, end, body = data.partition(END)
    if not end:
        return False
    _, _, length = head.lower().partition(LENGTH)
    return len(body) >= int(length.split(b"\r\n", 1)[0])
