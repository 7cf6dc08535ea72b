"""Events that are dated only against other events: in which order they were, and what is in tension with that (S-92).

A claim with `order` and `relative_to` says that what it is about was before, after, or at the same time as what another
claim is about, or as an incident. Claims on one subject (attribute, population, outcome) are about one thing. Nothing
is decided: what cannot be true beside it is shown with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from safeconduct.incidents.claims import Claim, Incident
from safeconduct.incidents.dates import first_day, last_day

_OTHER_WAY = {"before": "after", "after": "before", "same-time": "same-time"}
_WORDS = {"before": "before", "after": "after", "same-time": "at the same time as"}
Subject = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One claim that dates something only against something else."""

    claim: str  # id
    order: str  # "before", "after", "same-time"
    to: str  # id of a claim or an incident
    wording: str  # as the source has it
    tension: tuple[str, ...]  # one line for each thing that cannot be true beside it


@dataclass(frozen=True, slots=True)
class _Link:
    claim: Claim
    one: Subject
    order: str
    other: Subject


def subject_of(claim: Claim) -> Subject:
    """What a claim is about, whenever that was."""
    return (claim.incident, claim.attribute, claim.population, claim.outcome)


def orders(claims: Iterable[Claim], incidents: Iterable[Incident]) -> tuple[Order, ...]:
    """Each claim of a relative time, with what it is in tension with; one that names a claim not given is left out."""
    links, dates = _ground(claims, incidents)
    by_pair: dict[frozenset[Subject], list[_Link]] = {}
    for link in links:
        by_pair.setdefault(frozenset((link.one, link.other)), []).append(link)
    circles = _circles(links)
    return tuple(
        Order(
            link.claim.id,
            link.order,
            link.claim.relative_to,
            link.claim.meant_wording or link.claim.said_wording,
            (
                *_against_dates(link, dates),
                *_against_links(link, by_pair[frozenset((link.one, link.other))]),
                *_in_circle(link, links, circles),
            ),
        )
        for link in links
    )


def sequence(claims: Iterable[Claim], incidents: Iterable[Incident]) -> tuple[Subject, ...]:
    """The subjects that are dated against each other, earliest first as far as it is said.

    Of those that nobody orders, the one with the earlier day comes first, and one without a day comes last; those that
    go round in a circle are left out.
    """
    links, dates = _ground(claims, incidents)
    after: dict[Subject, set[Subject]] = {}
    for link in links:
        after.setdefault(link.one, set())
        after.setdefault(link.other, set())
        if link.order != "same-time":
            first, then = (link.one, link.other) if link.order == "before" else (link.other, link.one)
            after[first].add(then)
    waits = dict.fromkeys(after, 0)
    for later in after.values():
        for subject in later:
            waits[subject] += 1
    ready = [(_day(dates, subject), subject) for subject, number in waits.items() if not number]
    heapify(ready)
    found = []
    while ready:
        _, subject = heappop(ready)
        found.append(subject)
        for later_one in sorted(after[subject]):
            waits[later_one] -= 1
            if not waits[later_one]:
                heappush(ready, (_day(dates, later_one), later_one))
    return tuple(found)


def _day(dates: Mapping[Subject, Sequence[tuple[str, str]]], subject: Subject) -> str:
    return min((first_day(days) for days, _ in dates.get(subject, ())), default="9999-12-31")


def _ground(
    claims: Iterable[Claim], incidents: Iterable[Incident]
) -> tuple[list[_Link], dict[Subject, list[tuple[str, str]]]]:
    """The links, and for each subject its days as they are said, with who says so."""
    by_id = {claim.id: claim for claim in claims}
    days: dict[Subject, list[tuple[str, str]]] = {(one.id,): [(one.date, "the incident")] for one in incidents}
    for claim in by_id.values():
        if claim.meant:
            days.setdefault(subject_of(claim), []).append((claim.meant, claim.id))
    links = []
    for claim in by_id.values():
        to = claim.relative_to
        other = subject_of(by_id[to]) if to in by_id else (to,) if (to,) in days else None
        if claim.order and other is not None and other != subject_of(claim):
            links.append(_Link(claim, subject_of(claim), claim.order, other))
    return links, days


def _fits(one: str, order: str, other: str) -> bool:
    """Whether days can be in an order: some day of the one before, after or on some day of the other."""
    if order == "before":
        return first_day(one) <= last_day(other)
    if order == "after":
        return last_day(one) >= first_day(other)
    return first_day(one) <= last_day(other) and first_day(other) <= last_day(one)


def _against_dates(link: _Link, dates: Mapping[Subject, Sequence[tuple[str, str]]]) -> list[str]:
    return [
        f"said to be {_WORDS[link.order]} it; {by} dates the one {days}, {other_by} the other {other_days}"
        for days, by in dates.get(link.one, ())
        for other_days, other_by in dates.get(link.other, ())
        if not _fits(days, link.order, other_days)
    ]


def _against_links(link: _Link, beside: Sequence[_Link]) -> list[str]:
    found = []
    for one in beside:
        order = one.order if one.one == link.one else _OTHER_WAY[one.order]
        if order != link.order:
            found.append(f"{one.claim.id} puts it {_WORDS[order]} the same")
    return found


def _in_circle(link: _Link, links: Sequence[_Link], circles: Mapping[Subject, int]) -> list[str]:
    here = circles.get(link.one)
    if here is None or circles.get(link.other) != here or link.order == "same-time":
        return []
    others = [
        one.claim.id
        for one in links
        if one is not link and circles.get(one.one) == circles.get(one.other) == here
        and {one.one, one.other} != {link.one, link.other}
    ]  # fmt: skip
    return [f"with {', '.join(others)} the order goes round in a circle"] if others else []


def _circles(links: Sequence[_Link]) -> dict[Subject, int]:
    """Subjects that lie on a circle of "before", by the number of the circle."""
    after: dict[Subject, set[Subject]] = {}
    before: dict[Subject, set[Subject]] = {}
    for link in links:
        if link.order != "same-time":
            first, then = (link.one, link.other) if link.order == "before" else (link.other, link.one)
            after.setdefault(first, set()).add(then)
            before.setdefault(then, set()).add(first)
    ended: list[Subject] = []
    seen: set[Subject] = set()
    for start in after:  # each subject after all that can be reached from it
        stack = [(start, iter(after.get(start, ())))] if start not in seen else []
        seen.add(start)
        while stack:
            subject, rest = stack[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                ended.append(subject)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(after.get(following, ()))))
    found: dict[Subject, int] = {}
    taken: set[Subject] = set()
    for number, start in enumerate(reversed(ended)):
        group, open_ = [], [start]
        while open_:
            here = open_.pop()
            if here not in taken:
                taken.add(here)
                group.append(here)
                open_ += before.get(here, ())
        if len(group) > 1:
            found |= dict.fromkeys(group, number)
    return found
