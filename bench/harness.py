"""How figures are taken: ours and the peer's in turns within one run, by CPU time, so that their ratio holds.

Absolute figures move with the machine and with what else it does; ratios move little. A module of this package has
`NAMES` (its figures) and `run() -> list[dict]` (made by `figure`).
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

STAT = Path("/proc/stat")
RESULTS = Path(__file__).resolve().parent / "results.json"


def in_turns(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Run each contender once a round, the order turning round by round; CPU seconds of each call.

    One unmeasured round goes before, which fills caches and tables.
    """
    return turns({name: partial(_cpu_seconds, call) for name, call in contenders.items()}, rounds)


def turns(contenders: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Like `in_turns`, of contenders that say themselves how long they took: other processes, or threads."""
    for call in contenders.values():
        call()
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for turn in range(rounds):
        for name in order[turn % len(order) :] + order[: turn % len(order)]:
            seconds[name].append(contenders[name]())
    return seconds


def _cpu_seconds(call: Callable[[], object]) -> float:
    begun = process_time()
    call()
    return process_time() - begun


def rate(seconds: list[float], calls: int) -> float:
    """Calls a second, by the median round of `calls` calls."""
    return calls / median(seconds)


def ratio(ours: list[float], theirs: list[float]) -> float:
    """How many times as fast we are: the median over rounds of their time by our time in the same round."""
    return median(their / our for our, their in zip(ours, theirs, strict=True))


def figure(
    name: str,
    ours: float,
    unit: str,
    *,
    peer: str | None = None,
    peer_value: float | None = None,
    ratio_to_peer: float | None = None,
    limit: float | None = None,
    ratio_to_limit: float | None = None,
) -> dict[str, Any]:
    """One result; `limit` is what the machine, or mathematics, allows, and the ratios follow unless they are given."""
    if ratio_to_peer is None and peer_value:
        ratio_to_peer = ours / peer_value
    if ratio_to_limit is None and limit:
        ratio_to_limit = ours / limit
    return {
        "name": name,
        "ours": _short(ours),
        "unit": unit,
        "peer": peer,
        "peer_value": _short(peer_value),
        "ratio_to_peer": _short(ratio_to_peer),
        "limit": _short(limit),
        "ratio_to_limit": _short(ratio_to_limit),
    }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def processor_ticks() -> tuple[int, int]:
    """Ticks until now that the host of a virtual machine gave to others, and all ticks; zeros where nothing tells."""
    if not STAT.exists():
        return 0, 0
    ticks = [int(one) for one in STAT.read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)


def stolen_since(before: tuple[int, int]) -> float:
    """The share of the processor time since then that the host took: by it rates fall and the slowest answers wait."""
    stolen, ticks = processor_ticks()
    return round((stolen - before[0]) / max(1, ticks - before[1]), 3)


def merge(new: list[dict[str, Any]], file: Path = RESULTS) -> list[dict[str, Any]]:
    """Put new results in the place of those of the same name, and write the file."""
    old = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    by_name = {result["name"]: result for result in [*old, *new]}
    merged = [by_name[name] for name in sorted(by_name)]
    file.write_text(json.dumps(merged, indent=1) + "\n", encoding="utf-8")
    return merged


def show(results: list[dict[str, Any]]) -> str:
    """Lay results out as a table for the terminal."""
    lines = [f"{'figure':44}{'ours':>12} {'unit':12}{'× peer':>9}{'× limit':>9}  peer"]
    for result in results:
        cells = ["–" if result[key] is None else f"{result[key]:.3g}" for key in ("ratio_to_peer", "ratio_to_limit")]
        lines.append(
            f"{result['name']:44}{result['ours']:>12,.6g} {result['unit']:12}{cells[0]:>9}{cells[1]:>9}"
            f"  {result['peer'] or '–'}"
        )
    return "\n".join(lines)
