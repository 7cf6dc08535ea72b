"""When everybody will be out at the present pace, against the deadline (S-53). Integers only."""

from collections.abc import Sequence
from dataclasses import dataclass

DAY = 86_400  # seconds
RECENT = 3  # days whose pace counts


@dataclass(frozen=True, slots=True)
class Forecast:
    """Times in unix seconds. `low` is the earliest (best recent day), `high` the latest (worst recent day)."""

    done_at: int | None  # None: at this pace never, or no day has been counted
    low: int | None
    high: int | None
    makes_deadline: bool | None  # by `done_at`; None when nothing can be said
    left_at_deadline: int | None  # people still waiting then, at the mean pace
    pace: int  # people a day, the mean of the recent days
    words: str


def forecast(daily_counts: Sequence[int], now: int, deadline: int, remaining: int, *, recent: int = RECENT) -> Forecast:
    """Project completion from the last days' counts.

    Args:
        daily_counts: people out on each whole day, oldest first.
        now: unix seconds.
        deadline: unix seconds.
        remaining: people still to go.
        recent: how many of the last days set the pace.
    """
    days = list(daily_counts[-recent:])
    pace = sum(days) // len(days) if days else 0
    if remaining <= 0:
        return Forecast(now, now, now, now <= deadline, 0, pace, "everybody on the roll is out")
    if not days:
        return Forecast(None, None, None, None, None, 0, "no day has been counted yet")
    done, low, high = (_done(now, remaining, rate) for rate in (pace, max(days), min(days)))
    left = max(0, remaining - pace * max(0, deadline - now) // DAY)
    makes = done is not None and done <= deadline
    if done is None:
        words = f"nobody left in the last {len(days)} days: {remaining:,} will still be waiting"
    elif makes:
        words = f"at {pace:,} a day the last leave {_span(deadline - done)} before the deadline"
    else:
        words = f"at {pace:,} a day {left:,} will still be waiting at the deadline"
    return Forecast(done, low, high, makes, left, pace, words)


def _done(now: int, remaining: int, rate: int) -> int | None:
    """The second by which `remaining` have gone at `rate` people a day, rounded up; None for no pace."""
    return None if rate <= 0 else now + -(-remaining * DAY // rate)


def _span(seconds: int) -> str:
    hours = seconds // 3_600
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
