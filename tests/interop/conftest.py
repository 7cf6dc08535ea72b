"""Strangers' software in its own environment: each check runs there as a program, with JSON in and JSON out."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-interop" / "bin" / "python"
VECTORS = ROOT.parent / "shared" / "vectors"


@pytest.fixture(scope="session")
def stranger():
    """Run one of the programs in `strangers/` with a JSON value; return the JSON value that it prints."""
    if not PYTHON.exists():
        pytest.skip("strangers' software is not installed: make setup-interop")

    def run(name, value, timeout=120):
        made = subprocess.run(
            [PYTHON, Path(__file__).parent / "strangers" / f"{name}.py"],
            input=json.dumps(value).encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        assert made.returncode == 0, made.stderr.decode()[-4000:]
        return json.loads(made.stdout)

    return run


@pytest.fixture(scope="session")
def vectors():
    """The folder of third-party cases beside the project."""
    if not VECTORS.exists():
        pytest.skip("no third-party cases here: ../shared/vectors")
    return VECTORS
