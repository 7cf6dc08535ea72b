"""Advice to guards as the lines of a trust bundle: each for one control point or all, with its end.

A line is made of fixed words (spec/guard-lines.md). It names no source, no release and nobody: a guard gets what to do
and until when.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from safeconduct.agreements.fields import iso, moment
from safeconduct.alerts.standing import GUARD_ADVICE, Releasable
from safeconduct.alerts.words import ADVICE
from safeconduct.errors import BadInput

EVERYWHERE = "*"
HOLD = "hold advised: let no more people come forward until word comes"
MORE = "more advice than fits here: ask the operations room"
LIMIT = 3_600  # characters of all lines; a bundle's advice has 4,000, and some are left for an officer's own words
_LINE = re.compile(r"\[([^\[\]\n]{1,80})\] until (\d{4}-\d\d-\d\dT\d\d:\d\d)Z: ([^\n]+)")


@dataclass(frozen=True, slots=True)
class GuardLine:
    """What to do at a control point (`*`: at all), until when (unix seconds, on a minute)."""

    point: str
    until: int
    text: str


def standing_line(level: Releasable) -> GuardLine:
    """Line of a standing threat level."""
    words = "; ".join(GUARD_ADVICE[one] for one in level.advice)
    return GuardLine(EVERYWHERE, level.until, f"threat level {level.level}: {words}")


def warning_line(point: str, advised_action: str, until: int) -> GuardLine:
    """Line of a warning that the holder of a point gave to it: its advice, and the end of its window."""
    return GuardLine(point, until, f"warning: {ADVICE[advised_action]}")


def hold_line(point: str, now: int) -> GuardLine:
    """Line of a hold: the next full hour but one, whatever the warnings' windows, which it must not tell."""
    return GuardLine(point, (now // 3_600 + 2) * 3_600, HOLD)


def write(lines: Iterable[GuardLine]) -> str:
    """Text of the lines in their order, within the limit; what does not fit is counted in one last line."""
    made: list[str] = []
    given = list(dict.fromkeys(lines))
    room = LIMIT - len(_text(GuardLine(EVERYWHERE, 0, MORE))) - 1
    for line in given:
        text = _text(line)
        if sum(len(one) + 1 for one in made) + len(text) > room:
            ends = max(one.until for one in given)
            return "\n".join([*made, _text(GuardLine(EVERYWHERE, ends, MORE))])
        made.append(text)
    return "\n".join(made)


def read(advice: str) -> tuple[GuardLine, ...]:
    """Lines of a bundle's advice; an officer's own words, which have no such form, are left out."""
    found = []
    for text in advice.splitlines():
        match = _LINE.fullmatch(text)
        if match is not None:
            with suppress(BadInput):  # a day that there is not
                found.append(GuardLine(match[1], moment(f"{match[2]}:00Z", where="advice"), match[3]))
    return tuple(found)


def standing_at(advice: str, point: str, now: int) -> tuple[GuardLine, ...]:
    """Lines that hold for a control point now: those for it, and those for all."""
    return tuple(line for line in read(advice) if line.point in (point, EVERYWHERE) and now < line.until)


def _text(line: GuardLine) -> str:
    return f"[{line.point}] until {iso(line.until)[:16]}Z: {line.text}"
