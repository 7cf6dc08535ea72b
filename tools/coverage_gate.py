"""Fail unless the rooms on which safety rests are covered whole, every branch of them."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOMS = ("seal", "ledger", "passes", "gate", "alerts")


def main() -> int:
    """Print each file that is not covered whole; return the number of them, at most 1."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(file)], check=True)
        files = json.loads(file.read_text("utf-8"))["files"]
    short = []
    for room in ROOMS:
        mine = {name: data for name, data in files.items() if f"safeconduct/{room}/" in name}
        if not mine:
            short.append(f"{room}: no file was measured")
        for name, data in sorted(mine.items()):
            if data["missing_lines"] or data["missing_branches"]:
                short.append(f"{name}: lines {data['missing_lines'][:20]}, branches {data['missing_branches'][:10]}")
    print("\n".join(short) if short else f"branch coverage 100 % of {', '.join(ROOMS)}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
