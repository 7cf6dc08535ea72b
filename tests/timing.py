"""How long something takes, for tests that compare two lengths of input."""

import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of the best of three runs.

    One run may hold a look for garbage among all that the tests before it made, which takes a quarter of a second.
    """
    return min(_once(work) for _ in range(3))


def _once(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
