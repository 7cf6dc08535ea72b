"""Puts words that speak of incidents into clusters, one for each incident that documents tell apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from safeconduct.incidents.dates import first_day, last_day
from safeconduct.incidents.reader.gazetteer import Gazetteer
from safeconduct.incidents.reader.mentions import AIRLIFT, ATTACK, Mention

if TYPE_CHECKING:
    from safeconduct.incidents.reader.related import Related

NEAR_M = 2_000  # two places of one town as close as this may be one scene
LONGEST_DAYS = 31  # an interval beyond it tells incidents apart no more
OPERATION_DAYS = 60  # evacuations of one country as far apart as this are two
RECENT_DAYS = 14
MOST_SEEN = 50  # newest incidents of a country that are looked at
VAGUE_DAYS = 8  # a month does not tell which of two attacks is meant
_WIDE = ("country", "region", "province", "territory", "state", "sea")


@dataclass(slots=True)
class Cluster:
    """What is known of one incident."""

    family: str
    day: str
    place: str
    named: tuple[str, ...] = ()  # countries that its first document names
    documents: set[int] = field(default_factory=set)
    harm: set[tuple[str, str, int | None]] = field(default_factory=set)


class Gathering:
    """Puts mentions into clusters: dated ones first, then those that fit one cluster and no other."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.clusters: list[Cluster] = []
        self.named: list[tuple[str, ...]] = []  # countries by document, the foremost first
        self.published: list[str] = []
        self.related: Related | None = None
        self.by_day: dict[tuple[str, str], list[int]] = {}
        self.by_place: dict[tuple[str, str], dict[str, dict[int, None]]] = {}  # then by month

    def gather(self, mentions: Sequence[Sequence[Mention]]) -> None:
        """Fill in the cluster of every mention that can be told: those that know their day first."""
        flat = [one for row in mentions for one in row if one.family != AIRLIFT]
        steps = (self.dated, self.spanning, self.on_a_weekday, self.told_of)
        for step in steps:
            for one in flat:
                if one.cluster < 0:
                    step(one)
        for row in mentions:
            self.undated([one for one in row if one.family != AIRLIFT])
        for one in flat:
            if one.cluster < 0 and one.day:
                self.join(one, self.on_days(one, _days(one.day)), create=one.day if _days(one.day) else "")
        self.operations(mentions)

    def dated(self, one: Mention) -> None:
        """A mention on one day."""
        if one.day and "/" not in one.day:
            self.join(one, self.on_days(one, [one.day]), create=one.day)

    def spanning(self, one: Mention) -> None:
        """A mention in a week or a month: "the attack last month" is rather what the text spoke of before."""
        days = _days(one.day) if one.day else []
        vague = one.definite and len(days) > VAGUE_DAYS
        if days:
            self.join(one, self.on_days(one, days), create="" if vague else one.day)

    def on_a_weekday(self, one: Mention) -> None:
        """A mention on a weekday of an unknown week."""
        if one.weekday >= 0:
            self.join(one, self.at_weekday(one), create="", anyway=self.town(one.place))

    def told_of(self, one: Mention) -> None:
        """A mention of which only the day is known on which it was told: then or on the day before."""
        if one.until and not (one.day or one.weekday >= 0 or one.definite or one.generic):
            days = _days(f"{date.fromisoformat(one.until) - timedelta(1)}/{one.until}")
            self.join(one, self.on_days(one, days), create=f"{days[0]}/{days[-1]}")

    def on_days(self, one: Mention, days: Iterable[str]) -> list[int]:
        """Clusters of the same kind on one of these days at a place that may be the same."""
        return [place for day in days for place in self.by_day.get((one.family, day), ()) if self.fits(one, place)]

    def at_weekday(self, one: Mention) -> list[int]:
        """Clusters at the same place on a day with this weekday."""
        found = []
        for place in self.at_place(one):
            day = self.clusters[place].day
            if len(day) == 10 and date.fromisoformat(day).weekday() == one.weekday:
                found.append(place)
        return found

    def at_place(self, one: Mention) -> list[int]:
        """Clusters of the same kind that lie in the mention's place, or in which it lies, or close by."""
        if not one.place:
            return []
        found = {
            place
            for name in self.gazetteer.chain(one.place)
            for month in self.months(one, self.by_place.get((one.family, name), {}))
            for place in month
        }
        return [place for place in sorted(found) if self.clusters[place].place and self.fits(one, place)]

    def months(self, one: Mention, by_month: Mapping[str, dict[int, None]]) -> list[dict[int, None]]:
        """The months in which an incident may lie that a document speaks of without its day."""
        known = self.published[one.document]
        if not known:
            return list(by_month.values())[-MOST_SEEN:]
        day = date.fromisoformat(known)
        near = {str(day - timedelta(days=back))[:7] for back in range(0, OPERATION_DAYS + 31, 30)} | {""}
        return [by_month[month] for month in sorted(near) if month in by_month]

    def fits(self, one: Mention, place: int) -> bool:
        """Whether the places of a mention and a cluster may be one; an unknown one may be any its document names."""
        cluster = self.clusters[place]
        if one.place and cluster.place:
            return self.same_place(one.place, cluster.place)
        first = {self.root(one.place)} if one.place else set(self.named[one.document])
        second = {self.root(cluster.place)} if cluster.place else set(cluster.named)
        return not first or not second or not first.isdisjoint(second)

    def root(self, place: str) -> str:
        """The outermost identity that a place lies in."""
        chain = self.gazetteer.chain(place)
        return chain[-1] if chain else ""

    def same_place(self, first: str, second: str) -> bool:
        """Whether one place lies in the other or close by it."""
        if self.gazetteer.within(first, second) or self.gazetteer.within(second, first):
            return True
        away = self.gazetteer.distance_m(first, second)
        return away is not None and away <= NEAR_M

    def town(self, place: str) -> bool:
        """Whether a place is as small as a town, so that it tells incidents apart."""
        return bool(place) and self.gazetteer.identities[place].sort not in _WIDE

    def join(self, one: Mention, fitting: Sequence[int], *, create: str, anyway: bool = False) -> None:
        """Join the only cluster that fits, or the one of this document or these casualties; else make a new one."""
        if len(fitting) > 1:
            for test in self.preferences(one):
                kept = [place for place in fitting if test(self.clusters[place])]
                fitting = kept or fitting
        if len(fitting) == 1:
            self.add(one, fitting[0])
        elif not fitting and (create or anyway):
            self.clusters.append(Cluster(one.family, create, one.place, self.named[one.document]))
            place = len(self.clusters) - 1
            for day in _days(create) if create else ():
                self.by_day.setdefault((one.family, day), []).append(place)
            self.add(one, place)

    def preferences(self, one: Mention) -> tuple[Callable[[Cluster], bool], ...]:
        """What tells several fitting clusters apart, strongest first."""
        return (
            lambda cluster: bool(one.place) and bool(cluster.place) and self.same_place(one.place, cluster.place),
            lambda cluster: bool(cluster.harm.intersection(one.harm)),
            lambda cluster: one.document in cluster.documents,
            lambda cluster: self.lately(cluster, one.document),
            lambda cluster: cluster.named[:1] == self.named[one.document][:1],
        )

    def lately(self, cluster: Cluster, document: int) -> bool:
        """Whether a cluster lies within two weeks before a document came out."""
        known, day = self.published[document], last_day(cluster.day)
        return bool(known and day) and 0 <= _apart(known, day) <= RECENT_DAYS

    def add(self, one: Mention, place: int) -> None:
        """Put a mention into a cluster, which takes over a closer place."""
        cluster = self.clusters[place]
        one.cluster = place
        cluster.documents.add(one.document)
        cluster.harm.update(one.harm)
        if one.place and (not cluster.place or self.gazetteer.within(one.place, cluster.place)):
            cluster.place = one.place
        for name in self.gazetteer.chain(cluster.place):
            months = self.by_place.setdefault((cluster.family, name), {})
            months.setdefault(last_day(cluster.day)[:7], {})[place] = None

    def undated(self, row: Sequence[Mention]) -> None:
        """Give mentions without a day the incident before them in the section, else the only one that fits."""
        latest: dict[tuple[int, str], int] = {}
        known: dict[str, dict[tuple[int, int], None]] = {}  # by family: (section, cluster), in reading order
        for one in row:
            if one.cluster >= 0:
                known.setdefault(one.family, {})[one.section, one.cluster] = None
        for one in row:
            if one.cluster < 0 and one.weekday < 0:
                counted = bool(one.harm) and self.stands_alone(one)
                told = not one.bare and not one.day and (self.town(one.place) or counted)
                self.join(
                    one, self.meant(one, list(known.get(one.family, ()))[:MOST_SEEN], latest), create="", anyway=told
                )
            if one.cluster >= 0:
                known.setdefault(one.family, {})[one.section, one.cluster] = None
                latest.pop((one.section, one.family), None)
                latest[one.section, one.family] = one.cluster

    def meant(self, one: Mention, known: Sequence[tuple[int, int]], latest: Mapping[tuple[int, str], int]) -> list[int]:
        """The clusters that an undated mention may speak of, nearest first ones only."""
        before = latest.get((one.section, one.family), -1)
        if before >= 0 and self.fits(one, before):
            return [before]
        inside = [(section, place) for section, place in known if self.fits(one, place)]
        same = [place for section, place in inside if section == one.section]
        if same:
            return same[:1] if len(same) == 1 or not one.plural else []
        if inside:
            return list(dict.fromkeys(place for _, place in inside))
        if one.family == ATTACK and (one.definite or one.generic) and not one.place:
            others = [place for (section, _), place in latest.items() if section == one.section]
            if others:
                return others[-1:]
        if self.town(one.place):
            return [place for place in self.at_place(one) if self.may_mean(one, place)]
        return self.on_the_matter(one) if one.definite and not one.place and not one.plural else []

    def on_the_matter(self, one: Mention) -> list[int]:
        """The incident of this kind that other documents on the same matter tell, when there is only one."""
        others = set(self.related.to(one.document)) if self.related is not None else set()
        found = [
            place
            for place, cluster in enumerate(self.clusters)
            if cluster.family == one.family and others & cluster.documents and self.may_mean(one, place)
        ]
        return found if len(found) == 1 and self.fits(one, found[0]) else []

    def stands_alone(self, one: Mention) -> bool:
        """Whether no incident of this kind lately happened in the countries of a document: it speaks of another."""
        return not any(
            self.lately(self.clusters[place], one.document)
            for country in self.named[one.document]
            for month in self.months(one, self.by_place.get((one.family, country), {}))
            for place in month
        )

    def may_mean(self, one: Mention, place: int) -> bool:
        """Whether a document may speak of an incident of another one without naming its day: not of one long ago."""
        known, day = self.published[one.document], last_day(self.clusters[place].day)
        return not known or not day or abs(_apart(known, day)) <= OPERATION_DAYS

    def operations(self, mentions: Sequence[Sequence[Mention]]) -> None:
        """Evacuations of one country within a season are one operation; documents that say from where come first."""
        spans: dict[str, list[tuple[int, str, str]]] = {}
        rows = [(number, [one for one in row if one.family == AIRLIFT]) for number, row in enumerate(mentions)]
        origins = {number: next((self.root(one.place) for one in row if one.place), "") for number, row in rows}
        for number, row in sorted(rows, key=lambda pair: not origins[pair[0]]):
            country = origins[number] or next((name for name in self.named[number] if name in spans), "")
            country = country or next(iter(self.named[number]), "")
            if not row or not country:
                continue
            days = self.span(row, self.published[number])
            first, last = (days[0], days[-1]) if days else (self.published[number], self.published[number])
            place = self.operation(spans.setdefault(country, []), country, first, last, number)
            cluster = self.clusters[place]
            if days:
                told = [*days, *(day for day in cluster.day.split("/") if day)]
                cluster.day = min(told) if min(told) == max(told) else f"{min(told)}/{max(told)}"
            cluster.documents.add(number)
            for one in row:
                one.cluster = place

    def span(self, row: Sequence[Mention], published: str) -> list[str]:
        """Days that the evacuation words of a document name, not after it came out nor long before."""
        return sorted(
            day
            for one in row
            if one.day and _days(one.day)
            for day in one.day.split("/")
            if not published or 0 <= _apart(published, day) <= OPERATION_DAYS
        )

    def operation(self, known: list[tuple[int, str, str]], country: str, first: str, last: str, number: int) -> int:
        """The cluster of an operation that fits a span of days."""
        for position, (place, start, end) in enumerate(known):
            if not first or not start or max(_apart(first, end), _apart(start, last)) <= OPERATION_DAYS:
                low = min(filter(None, (first, start)), default="")
                known[position] = (place, low, max(last, end))
                return place
        self.clusters.append(Cluster(AIRLIFT, "", country, self.named[number]))
        known.append((len(self.clusters) - 1, first, last))
        return len(self.clusters) - 1


def _apart(later: str, earlier: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def _days(span: str) -> list[str]:
    """Days of an interval that is short enough to tell incidents apart."""
    first, last = date.fromisoformat(first_day(span)), date.fromisoformat(last_day(span))
    count = (last - first).days + 1
    return [str(first + timedelta(number)) for number in range(count)] if count <= LONGEST_DAYS else []
