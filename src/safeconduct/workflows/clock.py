"""The one place where the clock is read."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time in unix seconds, UTC."""

    def now(self) -> int:
        """Seconds since 1970-01-01T00:00Z."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Seconds since 1970-01-01T00:00Z."""
        return int(time.time())  # noqa: TID251  (here and nowhere else)


class ExerciseClock:
    """A clock that an exercise sets; it never goes backwards."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> int:
        """Seconds since 1970-01-01T00:00Z, as last set."""
        return self._at

    def move_to(self, at: int) -> None:
        """Move forward to `at`; an earlier time is ignored, so that order survives a retry."""
        self._at = max(self._at, at)
