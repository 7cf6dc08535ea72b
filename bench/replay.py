"""The whole replay at full scale, through two node processes: wall time and the sum of all processes' peak memory."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from bench.harness import figure

NAMES = ("replay_seconds", "replay_rss_mb")
PEOPLE = int(os.environ.get("PEOPLE", "122000"))
SECONDS, MEGABYTES = 90, 1_500  # the goals


def run() -> list[dict[str, Any]]:
    """Both figures of one replay; it must balance, or there is no figure."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "safeconduct.cli", "replay", "--people", str(PEOPLE), "--folder", folder]
        done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the replay failed: {done.stderr.strip()}")
    summary = json.loads(done.stdout)
    if not summary["balances"] or summary["bad_passes_admitted"] or summary["withheld_values_found_at_partner"]:
        raise SystemExit(f"the replay does not hold: {done.stdout}")
    return [
        figure("replay_seconds", summary["seconds"], f"s, {PEOPLE:,}", limit=SECONDS),
        figure("replay_rss_mb", summary["peak_rss_mb"], f"MB, {PEOPLE:,}", limit=MEGABYTES),
    ]
