"""The two node processes of an exercise: made, started, watched, started again when one dies."""

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from safeconduct.config import CONFIG_NAME, NodeConfig, load_config
from safeconduct.errors import NodeUnavailable
from safeconduct.wiring import init_node

START_SECONDS = 20.0


def free_port() -> int:
    """Return a free TCP port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class NodeProcess:
    """One node in its own process."""

    folder: Path
    config: NodeConfig
    process: subprocess.Popen[bytes] | None = None
    peak_kib: int = 0
    _log: Path = field(init=False)

    def __post_init__(self) -> None:
        """Say where its output goes."""
        self._log = self.folder / "node.log"

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://{self.config.host}:{self.config.port}"

    def start(self) -> None:
        """Start the process; `wait_until_up` waits for it."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  (our own command)
                [sys.executable, "-m", "safeconduct.cli", "node", "run", "--node", str(self.folder)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def wait_until_up(self) -> None:
        """Wait until the node answers.

        Raises:
            NodeUnavailable: it ended, or did not answer in time; with the last line that it wrote.
        """
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        self.stop()
        raise NodeUnavailable("node-down", f"the node in {self.folder} does not start: {lines[-1] if lines else ''}")

    def _answers(self) -> bool:
        connection = HTTPConnection(self.config.host, self.config.port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def ensure_answers(self) -> None:
        """Wait a little for a node that does not answer; start it again if it is gone."""
        for _ in range(10):
            if self._answers():
                return
            time.sleep(0.1)  # a process that was just killed is still there for a moment
            self.ensure()

    def ensure(self) -> None:
        """Start the node again if it is not running."""
        if self.process is None or self.process.poll() is not None:
            self.start()
            self.wait_until_up()

    def note_memory(self) -> int:
        """Return the peak resident memory of this node's processes so far, in KiB."""
        if self.process is not None:
            self.peak_kib = max(self.peak_kib, tree_peak_kib(self.process.pid))
        return self.peak_kib

    def stop(self) -> None:
        """Stop the node and wait for it."""
        if self.process is None:
            return
        self.note_memory()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, 15)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, 9)
            self.process.wait(timeout=10)
        self.process = None


def tree_peak_kib(pid: int) -> int:
    """Return the sum of the peak resident memory (VmHWM) of a process and its children, in KiB; 0 where unknown."""
    total = 0
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                total += int(line.split()[1])
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split():
            total += tree_peak_kib(int(child))
    return total


def prepare(base: Path, parties: tuple[tuple[str, str], tuple[str, str]]) -> tuple[NodeProcess, NodeProcess]:
    """Make both nodes in `base` unless they are there, each knowing the other's address."""
    folders = [base / party for party, _ in parties]
    if not all((folder / CONFIG_NAME).exists() for folder in folders):
        ports = [free_port(), free_port()]
        for place, ((party, name), folder) in enumerate(zip(parties, folders, strict=True)):
            folder.mkdir(parents=True, exist_ok=True)
            config = NodeConfig(
                party=party, name=name, data_dir=folder / "data", port=ports[place], exercise=True, sign_in=False,
                partner_url=f"http://127.0.0.1:{ports[1 - place]}",
            )  # fmt: skip
            if not (folder / CONFIG_NAME).exists():
                init_node(folder, config, passphrase=None)
    first, second = (NodeProcess(folder, load_config(folder)) for folder in folders)
    return first, second
