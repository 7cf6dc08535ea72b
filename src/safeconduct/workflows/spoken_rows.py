"""What is stored of spoken passes: rows and their port. No word is among it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SpokenRow:
    """One spoken pass: a pass without bytes to carry, and where its sealed key lies."""

    batch: int
    index: int
    run: int  # the sealed keys that were stored together
    place: int  # among them
    group: str
    point: str
    not_before: int  # unix seconds
    window_end: int
    heads: int


class Spoken(Protocol):
    """Batches, places and sealed keys of spoken passes; the passes themselves are among all others, without bytes."""

    def add_batch(self, number: int) -> None:
        """Mark a batch as one of spoken passes."""
        ...

    def batches(self) -> frozenset[int]:
        """Return the numbers of the batches of spoken passes."""
        ...

    def add(self, sealed: bytes, places: Sequence[tuple[int, int]]) -> None:
        """Keep the sealed keys of one run beside the (batch, index) of each, in their order."""
        ...

    def live(self, now: int) -> Sequence[SpokenRow]:
        """Return the spoken passes whose window is not over, revoked or not, the one that ends first first."""
        ...

    def standing(self, groups: Sequence[str]) -> Sequence[SpokenRow]:
        """Return the spoken passes of groups that are not revoked."""
        ...

    def sealed(self, runs: Sequence[int]) -> Mapping[int, bytes]:
        """Return the sealed keys of runs."""
        ...

    def newest(self) -> int:
        """Return the number of the newest run, 0 if there is none."""
        ...
