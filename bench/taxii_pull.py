"""10,000 objects pulled by taxii2-client in pages of 100; what share of the time the client itself spends."""

import json
import os
import subprocess
from typing import Any

from bench._taxii_load import ask_once
from bench._taxii_node import ROOT, Served, depot, envelope
from bench._taxii_peer import medallion
from bench.harness import figure

NAMES = ("taxii_pull", "taxii_pull_client_share")
OBJECTS = int(os.environ.get("OBJECTS", "10000"))
PEER_OBJECTS = 500  # medallion gives no page of 10,000 within a minute
PYTHON = ROOT / ".venv-bench" / "bin" / "python"


def run() -> list[dict[str, Any]]:
    """Objects a second by taxii2-client from us and from the peer, and the client's own share of the time."""
    with depot() as filled:
        filled.fill(OBJECTS)
        with filled.served() as one:
            ours = _pull(one, OBJECTS)
    with medallion() as one:
        ask_once(one.port, one.request("POST", body=envelope(PEER_OBJECTS)), timeout=300)
        theirs = _pull(one, PEER_OBJECTS)
    return [
        figure("taxii_pull", ours["objects"] / ours["seconds"], f"objects/s, {OBJECTS:,}",
               peer=f"medallion, {PEER_OBJECTS}", peer_value=theirs["objects"] / theirs["seconds"]),
        figure("taxii_pull_client_share", ours["client_cpu"] / ours["seconds"], "of the time",
               peer="medallion", peer_value=theirs["client_cpu"] / theirs["seconds"], limit=1),
    ]  # fmt: skip


def _pull(one: Served, wanted: int) -> dict[str, Any]:
    url = f"http://127.0.0.1:{one.port}{one.path.removesuffix('objects/')}"
    command = [str(PYTHON), str(ROOT / "bench" / "_taxii_pull_client.py"), url, "bench", one.token]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        raise SystemExit(f"taxii2-client failed: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    if found["objects"] != wanted:
        raise SystemExit(f"taxii2-client got {found['objects']} of {wanted}")
    return found
