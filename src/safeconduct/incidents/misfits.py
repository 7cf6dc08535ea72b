"""Figures of an account that do not fit each other: a part above its whole, totals that fall or do not add up.

Nothing is repaired: what does not fit is shown with the claims it rests on, and people judge.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from safeconduct.incidents.account import Account
from safeconduct.incidents.claims import FigureKey
from safeconduct.incidents.dates import last_day
from safeconduct.incidents.figures import FigureOf, S, hedge, name

# Populations of which each is part of the others named; one that is not here is compared with none.
PARTS: Mapping[str, tuple[str, ...]] = {
    "children": ("civilians", "people"),
    "women": ("civilians", "people"),
    "aid-workers": ("civilians", "people"),
    "civilians": ("people",),
    "service-members": ("people",),
}
# Outcomes of one series begin alike: `out-since-14-august` is its running total, `out-in-24-hours` its day. Where
# nobody gives the day as one figure, the two parts of it are added.
RUNNING, DAILY, DAY_PARTS = "-since-", "-in-24-hours", ("-on-own-aircraft", "-on-other-aircraft")
LOWER = ("at-least", "more-than")
# People. Published totals are rounded to hundreds or thousands: figures that differ by no more than this still fit.
ROUNDING = 500


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit; `by` is how many too many (or, below zero, too few)."""

    kind: Literal["part-above-whole", "falls", "differs-from-daily", "less-than-daily"]
    key: FigureKey  # the part, or the total
    by: int
    text: str
    claims: tuple[str, ...]  # ids, those that came earlier first


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that somebody gave: how it was said, whether it is a lower bound only, and by which claims."""

    number: int
    said: str
    lower: bool
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A running total of the day or span that its key means, and what is said of the 24 hours that end then."""

    key: FigureKey
    so_far: Amount
    daily: Amount | None = None


def misfits(given: Account) -> tuple[Misfit, ...]:
    """What does not fit among the figures that stand in an account (S-42, S-44, S-45)."""
    return misfits_of(given.figures)


def misfits_of(given: Iterable[FigureOf[S]]) -> tuple[Misfit, ...]:
    """What does not fit among figures of one incident."""
    figures = {figure.key: figure for figure in given}
    series: dict[tuple[str, str, str], list[Total]] = {}
    for key, figure in figures.items():
        so_far = _amount(figure)
        if RUNNING in key.outcome and key.meant and so_far:
            kind = (key.attribute, key.population, key.outcome)
            series.setdefault(kind, []).append(Total(key, so_far, _daily(figures, key)))
    return _parts(figures) + tuple(found for totals in series.values() for found in check_series(totals))


def check_series(totals: Iterable[Total], *, rounding: int = ROUNDING) -> tuple[Misfit, ...]:
    """What does not fit in one series, by the day that is counted.

    1. A total below its own day's count does not contain it.
    2. A total below one of an earlier day falls, unless it is a lower bound itself.
    3. The total of the day before and the day's count make the total, to within `rounding` people. Where one of the
       two is a lower bound, the total may be higher. A total that is a lower bound and falls short could still be
       true; it is shown, since its sentence says "more than".
    """
    found: list[Misfit] = []
    ordered = sorted(totals, key=lambda total: (last_day(total.key.meant), "/" not in total.key.meant))
    whole_days = {total.key.meant: total.so_far for total in ordered}
    highest: Amount | None = None
    for total in ordered:
        now, daily, key = total.so_far, total.daily, total.key
        if daily and now.number < daily.number:
            text = f"total {now.said} is below the day's own {daily.said}"
            found.append(_misfit("less-than-daily", key, now, daily.number, text, daily))
        if highest and now.number < highest.number and not now.lower:
            text = f"total falls from {highest.said} to {now.said}"
            found.append(_misfit("falls", key, now, highest.number, text, highest))
        before = whole_days.get(_day_before(key.meant))
        if before and daily and not _adds_up(before, daily, now, rounding):
            expected = before.number + daily.number
            off = f"{abs(now.number - expected):,} {'above' if now.number > expected else 'below'} {expected:,}"
            text = f"total {now.said} is {off}: {before.said} the day before, and {daily.said} on the day"
            found.append(_misfit("differs-from-daily", key, now, expected, text, before, daily))
        if highest is None or now.number > highest.number:
            highest = now
    return tuple(found)


def _adds_up(before: Amount, daily: Amount, now: Amount, rounding: int) -> bool:
    off = now.number - before.number - daily.number
    return -rounding <= off and (off <= rounding or before.lower or daily.lower)


def _misfit(
    kind: Literal["falls", "differs-from-daily", "less-than-daily"],
    key: FigureKey,
    now: Amount,
    expected: int,
    text: str,
    *others: Amount,
) -> Misfit:
    claims = dict.fromkeys(claim for amount in (*others, now) for claim in amount.claims)
    return Misfit(kind, key, now.number - expected, text, tuple(claims))


def _parts(figures: Mapping[FigureKey, FigureOf[S]]) -> tuple[Misfit, ...]:
    """Parts above their whole even by the lowest figure of the part and the highest of the whole."""
    found = []
    for key, part in figures.items():
        for population in PARTS.get(key.population, ()):
            whole = figures.get(FigureKey(key.attribute, population, key.outcome, key.meant))
            if whole is None or whole.conservative.open_above:
                continue
            least = min((c for c in _standing(part) if c.min is not None), key=lambda c: c.min or 0, default=None)
            above = [claim for claim in reversed(_standing(whole)) if claim.max is not None]  # of equals the newest
            most = max(above, key=lambda c: c.max or 0, default=None)
            if least and most and (by := (least.min or 0) - (most.max or 0)) > 0:
                text = f"{name(key)} ({hedge(least)}) above {name(whole.key)} ({hedge(most)})"
                found.append(Misfit("part-above-whole", key, by, text, (least.id, most.id)))
    return tuple(found)


def _standing(figure: FigureOf[S]) -> tuple[S, ...]:
    ids = frozenset(figure.standing)
    return tuple(claim for claim in figure.claims if claim.id in ids)


def _amount(figure: FigureOf[S]) -> Amount | None:
    """The newest number that stands; an ambiguous sentence and an upper bound alone say nothing about a total."""
    for claim in reversed(_standing(figure)):
        if claim.min is not None and not claim.ambiguous:
            return Amount(claim.min, hedge(claim), claim.basis in LOWER, (claim.id,))
    return None


def _daily(figures: Mapping[FigureKey, FigureOf[S]], total: FigureKey) -> Amount | None:
    stem = total.outcome.partition(RUNNING)[0]

    def amount(ending: str) -> Amount | None:
        figure = figures.get(FigureKey(total.attribute, total.population, stem + ending, total.meant))
        return _amount(figure) if figure else None

    if day := amount(DAILY):
        return day
    first, second = (amount(part) for part in DAY_PARTS)
    if first is None or second is None:
        return None
    return Amount(
        first.number + second.number,
        f"{first.said} + {second.said}",
        first.lower or second.lower,
        (*first.claims, *second.claims),
    )


def _day_before(meant: str) -> str:
    """The ISO day before a day; empty for a span, which has no such day."""
    return "" if "/" in meant else str(date.fromisoformat(meant) - timedelta(days=1))
