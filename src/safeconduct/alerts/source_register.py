"""Sources that ended, and what that does to confidence stated later by somebody who still relies on them.

What was written stays as it was written; what is read beside it is one step lower, with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EndedSource:
    """A source that ended: its name as reports write it, why, and when (unix seconds)."""

    name: str
    because: str
    at: int


@dataclass(frozen=True, slots=True)
class Stated:
    """Confidence as written, as it is to be read, and why the two differ (empty if they do not)."""

    written: str | None
    read: str | None
    because: str


def stated(
    scale: Sequence[str], written: str | None, *, at: int, relied_on: Iterable[str], ended: Iterable[EndedSource]
) -> Stated:
    """Confidence as it is to be read: one step lower where it was stated after a source that it relies on had ended.

    Args:
        scale: the words of confidence, lowest first.
        written: the word written, None if none was.
        at: when it was stated, unix seconds.
        relied_on: names of the sources that it relies on.
        ended: the sources that ended.
    """
    names = {_plain(name) for name in relied_on}
    gone = [one for one in ended if _plain(one.name) in names and one.at <= at]
    if not gone:
        return Stated(written, written, "")
    why = "; ".join(f"{one.name} had ended: {one.because}" for one in gone)
    if written is None:
        return Stated(None, None, why)
    return Stated(written, scale[max(0, scale.index(written) - 1)], why)


def named_in(text: str, ended: Iterable[EndedSource]) -> tuple[str, ...]:
    """Names of ended sources that a text mentions, whatever the case and the spacing."""
    plain = _plain(text)
    return tuple(one.name for one in ended if _plain(one.name) in plain)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
