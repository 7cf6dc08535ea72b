"""When a crowd and a warning meet at a control point: the advice to hold people back there.

Advice, not an order: a person puts a point on hold. The crowd level is what somebody at the point reported; an old one
counts no longer, and a word that is not of the list is shown and never taken for calm.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.alerts.release import Release

CROWD: dict[str, str] = {  # from the emptiest to the fullest
    "clear": "nobody waits",
    "some": "some people wait, with room between them",
    "dense": "people stand close",
    "crushing": "people are pressed together",
}
HOLD_FROM = "dense"
FRESH = 2 * 3_600  # seconds for which a reported crowd level counts
AHEAD = 900  # seconds by which a device's clock may be ahead; a report from further ahead would count for ever
READY = 3_600  # seconds before its window from which on a warning counts: a crowd must not be there when it begins


@dataclass(frozen=True, slots=True)
class CrowdReport:
    """A crowd level at a control point, with its reporter (device or office) and time (unix seconds)."""

    point: str
    level: str
    at: int
    by: str


@dataclass(frozen=True, slots=True)
class PointWarning:
    """A release that concerns a control point, and why: "assigned" by its holder, or "placed" within the area."""

    point: str
    release: Release
    why: str


@dataclass(frozen=True, slots=True)
class HoldAdvice:
    """Hold people back at a point: the crowd, and the releases that make it dangerous, until the last window's end."""

    point: str
    crowd: CrowdReport
    releases: tuple[str, ...]
    until: int


def is_active(release: Release, now: int) -> bool:
    """Whether a warning counts now: not withdrawn, and from an hour before its window to the window's end."""
    return not release.revoked and release.window_from - READY <= now < release.window_to


def newest_crowds(reports: Iterable[CrowdReport], now: int) -> dict[str, CrowdReport]:
    """The newest report of each point; of two in one second the fuller one, for it is the safer to believe.

    What a device dates more than a quarter of an hour ahead is left out: it would hide every later report.
    """
    found: dict[str, CrowdReport] = {}
    for one in sorted(reports, key=lambda report: (report.at, _rank(report.level))):
        if one.at <= now + AHEAD:
            found[one.point] = one
    return found


def is_dense(report: CrowdReport, now: int) -> bool:
    """Whether a report speaks, freshly, of a crowd in which an attack or a panic would kill many."""
    return now < report.at + FRESH and _rank(report.level) >= _rank(HOLD_FROM)


def advise(crowds: Iterable[CrowdReport], warnings: Iterable[PointWarning], now: int) -> tuple[HoldAdvice, ...]:
    """A hold for each point where a crowd and an active warning coincide, in the order of their names."""
    active: dict[str, list[Release]] = {}
    for one in warnings:
        if is_active(one.release, now):
            active.setdefault(one.point, []).append(one.release)
    return tuple(
        HoldAdvice(
            point,
            report,
            tuple(sorted({release.id for release in active[point]})),
            max(release.window_to for release in active[point]),
        )
        for point, report in sorted(newest_crowds(crowds, now).items())
        if point in active and is_dense(report, now)
    )


def _rank(level: str) -> int:
    """Place of a level in the list; an unknown word, in which nobody can tell how full it is, just below a crowd."""
    order = list(CROWD)
    return order.index(level) if level in order else order.index(HOLD_FROM) - 1
