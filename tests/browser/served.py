"""What the tests in a browser share: which browser, a free port, and a node served by the command."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium, or set CHROMIUM")
ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds for a node to answer


@cache
def playing():
    """Playwright, once for all tests of this process: a second one in the same thread is refused."""
    sync_api = pytest.importorskip("playwright.sync_api")
    play = sync_api.sync_playwright().start()
    atexit.register(play.stop)
    return play


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(folder, port):
    """The address of a node in a folder, served by the command until the block ends."""
    said = folder / "err"
    with said.open("wb") as stderr:
        running = subprocess.Popen(
            [sys.executable, "-m", "safeconduct.cli", "node", "run", "--node", str(folder)], cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "src"}, stderr=stderr, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    until = time.monotonic() + PATIENCE
    try:
        while True:
            assert running.poll() is None and time.monotonic() < until, said.read_text()[-2000:]
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)
