"""What is stored for conflicts and for counting at gates: rows and their port."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AsideRow:
    """What of a device's log could not be taken in, kept beside the rest."""

    device: str
    epoch: int
    seq: int
    why: str  # fork, unreadable, other-point
    data: bytes  # the segment, as it came
    at: int  # unix seconds: when it came


class Conflicts(Protocol):
    """What conflicts and counts are read from."""

    def aside(self) -> Sequence[AsideRow]:
        """Return all that is kept apart, oldest first."""
        ...

    def people_at(self, points: Sequence[str]) -> Sequence[tuple[bytes, int, int]]:
        """Return (batch identity, passes, people) of passes used at control points, each once with its most people."""
        ...

    def uses_at(self, points: Sequence[str], pairs: Sequence[tuple[bytes, int]]) -> Sequence[tuple[bytes, int, int]]:
        """Return (batch identity, index, people) of each use of a few passes at control points, oldest first."""
        ...

    def without_pass(self, points: Sequence[str]) -> int:
        """Return how many people were let through control points on a guard's decision without a pass."""
        ...
