"""A node with one full collection, served by the command; what the three TAXII benchmarks share."""

import base64
import math
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from safeconduct.config import NodeConfig
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.taxii_admin import add_client, add_collection
from safeconduct.workflows.taxii_objects import read_envelope

ROOT = Path(__file__).parents[1]
TAXII = "application/taxii+json;version=2.1"
PATIENCE = 180  # seconds for a server to answer
FILL = 5_000  # objects a transaction, when a collection is filled beforehand
DRAW = random.Random(1)
TICKS = os.sysconf("SC_CLK_TCK")


def stix_object() -> bytes:
    """An indicator of 560 bytes with a fresh id."""
    name = f"{DRAW.getrandbits(128):032x}"
    uuid = f"{name[:8]}-{name[8:12]}-4{name[13:16]}-8{name[17:20]}-{name[20:]}"
    return (
        b'{"type":"indicator","spec_version":"2.1","id":"indicator--%s","created":"2021-08-26T13:50:00.000Z",'
        b'"modified":"2021-08-26T13:50:00.000Z","name":"a thing seen","description":"%s","indicator_types":'
        b'["malicious-activity"],"pattern":"[file:hashes.\'SHA-256\' = \'%s%s\']","pattern_type":"stix",'
        b'"valid_from":"2021-08-26T13:50:00Z"}'
    ) % (uuid.encode(), b"what was seen, in words, " * 6, name.encode(), name.encode())


def envelope(count: int) -> bytes:
    """An envelope with so many new objects."""
    return b'{"objects":[' + b",".join(stix_object() for _ in range(count)) + b"]}"


@dataclass
class Served:
    """A server under test: where it is, who may ask it, and how much processor time it has spent."""

    port: int
    path: str
    authorization: str
    pid: int
    token: str = ""

    def request(self, method: str, query: str = "", body: bytes = b"") -> bytes:
        """The bytes of one request to the collection's objects."""
        head = (
            f"{method} {self.path}{query} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: {TAXII}\r\n"
            f"Authorization: {self.authorization}\r\n"
        )
        if body:
            head += f"Content-Type: {TAXII}\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body

    def cpu(self) -> float:
        """Processor seconds of the server and its children until now."""
        return sum(_cpu(pid) for pid in _family(self.pid))


def _family(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").glob("*/children")  # any thread may have started one
        children = [child for one in tasks for child in one.read_text(encoding="ascii").split()]
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Depot:
    """Nodes whose collections hold more and more objects; each size is filled once and copied for each use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False)
        init_node(folder, self._config, passphrase=None)
        node = open_node(self._config)
        self._collection = add_collection(node, alias="bench", title="bench").id
        self.token = add_client(node, "bench", read=["bench"], write=["bench"], rate=0)
        close_node(node)
        self._stored = 0

    def fill(self, stored: int) -> None:
        """Fill the collection up to a size, through the same code as a post."""
        node = open_node(self._config)
        while self._stored < stored:
            some = min(FILL, stored - self._stored)
            read = read_envelope(envelope(some))
            with node.store.transaction() as tx:
                tx.taxii.add(self._collection, read, at=self._stored + 1)
            self._stored += some
        close_node(node)

    @contextmanager
    def served(self) -> Iterator[Served]:
        """A copy of the node as it is now, served until the block ends."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "node"
            shutil.copytree(self._folder, folder)
            os.sync()  # the copy is on disk, as a node's file is: the first checkpoint does not write all of it
            port = free_port()
            settings = (folder / "node.toml").read_text("utf-8").replace("port = 8400", f"port = {port}")
            (folder / "node.toml").write_text(settings, "utf-8")
            command = [sys.executable, "-m", "safeconduct.cli", "node", "run", "--node", str(folder)]
            with server(command, port, folder / "said") as running:
                secret = base64.b64encode(f"bench:{self.token}".encode()).decode()
                path = f"/taxii/shared/collections/{self._collection}/objects/"
                yield Served(port, path, f"Basic {secret}", running.pid, self.token)


@contextmanager
def depot() -> Iterator[Depot]:
    """A depot in a folder of its own, which is gone at the end."""
    with tempfile.TemporaryDirectory() as name:
        yield Depot(Path(name) / "filled")


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """How the cost of one operation grows with what is stored: 0 is flat, 1 is linear (least squares of logarithms)."""
    xs, ys = [math.log(one) for one in sizes], [math.log(one) for one in seconds]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that answers at a port, until the block ends."""
    with said.open("wb") as out:
        running = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, stdout=out, stderr=subprocess.STDOUT
        )
    until = time.monotonic() + PATIENCE
    try:
        while True:
            if running.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the server does not run: {said.read_text()[-2000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
