"""How much two threads do in the time of one, on a machine where other programs run too."""

import threading
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.harness import processor_ticks


def speed_ups(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Work done by two threads at once, by what one does in the same time; 2 when they do not hinder each other.

    One and two threads of each work take turns; the result is the median over rounds. A round in which the machine's
    host took a processor away (`steal`) does not count, unless all were so.
    """
    ratios: dict[str, list[tuple[int, float]]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            stolen, _ = processor_ticks()
            times = 2 * longest(work, 1) / longest(work, 2)
            ratios[name].append((processor_ticks()[0] - stolen, times))
    return {
        name: median([times for stolen, times in each if not stolen] or [times for _, times in each])
        for name, each in ratios.items()
    }


def longest(work: Callable[[], object], count: int) -> float:
    """Seconds (`undelayed`) of the slowest of `count` threads that begin together."""
    seconds: list[float] = []
    together = threading.Barrier(count)

    def run() -> None:
        together.wait()
        seconds.append(undelayed(work))

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(seconds)


def undelayed(work: Callable[[], object]) -> float:
    """Seconds that this thread takes, less what it waits, ready to run, for a processor (Linux's `run_delay`).

    What is left is its own computing and its waiting for the interpreter's lock.
    """
    begun, delayed = perf_counter(), _delay()
    work()
    return perf_counter() - begun - (_delay() - delayed)


def _delay() -> float:
    stat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    return int(stat.read_text(encoding="ascii").split()[1]) / 1e9
