"""Which incident a clause speaks of: mentions of one event in several documents are one, others stay apart.

Two mentions are one incident when kind, day and place agree, or when one leaves open what the other tells. Standing
side by side in a paragraph is no reason (S-90). How many blasts there were is left open (S-81, S-83).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from safeconduct.incidents.dates import first_day, last_day
from safeconduct.incidents.reader.gathering import Cluster, Gathering
from safeconduct.incidents.reader.gazetteer import Gazetteer
from safeconduct.incidents.reader.mentions import AIRLIFT, HARMFUL, Found, Mention, countries, find_mentions
from safeconduct.incidents.reader.model import Document, Happening, When
from safeconduct.incidents.reader.related import Related

HARMED = frozenset({"killed", "injured", "casualties"})
MOVED = frozenset({"evacuated", "arrived", "admitted", "remaining", "at-risk", "displaced"})
_OF_HARM = frozenset({"attribution", "claim-of-responsibility", "condemnation"})
_REACH = 10  # sentences back to the event of a casualty figure
_CLOSE = 80  # characters to the event of something that is neither harm nor movement of people


@dataclass(frozen=True, slots=True)
class Happenings:
    """Incidents of a set of documents, and which of them each stretch of text speaks of."""

    all: tuple[Happening, ...]
    documents: tuple[Document, ...]
    dates: tuple[tuple[When, ...], ...]  # with weekdays resolved that another document settles
    _files: dict[str, int] = field(repr=False)
    _mentions: tuple[tuple[Mention, ...], ...] = field(repr=False)
    _ids: tuple[str, ...] = field(repr=False)
    _days: dict[str, str] = field(repr=False)

    def day_of(self, incident: str) -> str:
        """Day or interval of an incident, empty when nobody tells."""
        return self._days.get(incident, "")

    def incident_of(self, file: str, start: int, end: int, outcome: str = "", *, harmful: bool = False) -> str:
        """Id of the incident that a stretch of `plain` speaks of, empty when that cannot be told.

        The event named in the clause, else in the sentence; for people harmed else the nearest one before it in the
        same section; for people moved else the evacuation of the document.
        """
        number = self._files.get(file, -1)
        if number < 0:
            return ""
        document, mentions = self.documents[number], self._mentions[number]
        fitting: Sequence[Mention] = mentions
        if outcome in MOVED:
            fitting = [one for one in mentions if one.family == AIRLIFT]
        elif outcome in HARMED or harmful:
            fitting = [one for one in mentions if one.family in HARMFUL]
        sentences = _sentences(document, start, end)
        here = [one for one in fitting if sentences[0] <= one.sentence <= sentences[1]]
        if here:
            best, away = _closest(document.plain, here, start, end)
            if outcome or away <= _CLOSE:
                return self._ids[best.cluster]
        if outcome in MOVED and fitting:
            return self._ids[fitting[0].cluster]
        if outcome in HARMED:
            return self._before(document, fitting, sentences[0])
        return ""

    def incident_of_remark(self, file: str, start: int, end: int, kind: str = "") -> str:
        """Id of the incident of a denial, a challenge and the like: the nearest event named in it or just before it.

        Of who did it, and of a condemnation, it is an event that did harm, whatever else the sentence names.
        """
        named = self.incident_of(file, start, end, "", harmful=kind in _OF_HARM)
        number = self._files.get(file, -1)
        if named or number < 0:
            return named
        document = self.documents[number]
        sentence = _sentences(document, start, end)[0]
        harmful = [one for one in self._mentions[number] if one.family in HARMFUL]
        return self._before(document, harmful, sentence, reach=3, here=True)

    def _before(
        self,
        document: Document,
        mentions: Sequence[Mention],
        sentence: int,
        reach: int = _REACH,
        *,
        here: bool = False,
    ) -> str:
        """The event before a sentence in its section, or in the sentence itself where that counts too."""
        if sentence >= len(document.sentences) or _speaks_of_years(document, sentence):
            return ""
        section = document.blocks[document.sentences[sentence].block].section
        for one in reversed(mentions):
            if one.sentence < sentence + here and one.section == section:
                return self._ids[one.cluster] if sentence - one.sentence <= reach else ""
        return ""


def _sentences(document: Document, start: int, end: int) -> tuple[int, int]:
    starts = [sentence.start for sentence in document.sentences]
    first = max(0, bisect_right(starts, start) - 1)
    return first, max(first, bisect_left(starts, end) - 1)


def _closest(text: str, mentions: Sequence[Mention], start: int, end: int) -> tuple[Mention, int]:
    """The mention with the fewest characters between, a break of the sentence counting as fifty."""

    def away(one: Mention) -> int:
        between = text[end : one.start] if one.start >= end else text[one.end : start]
        return len(between) + 50 * sum(between.count(mark) for mark in (", ", "; ", " — ", "–"))

    best = min(mentions, key=away)
    return best, away(best)


def _speaks_of_years(document: Document, sentence: int) -> bool:
    stretch = document.sentences[sentence]
    words = document.plain[stretch.start : stretch.end].lower().split()
    return any(word.strip(".,’'") in ("war", "decades", "decade", "years", "conflict") for word in words)


def find_happenings(found: Sequence[Found], gazetteer: Gazetteer | None = None) -> Happenings:
    """Tell the incidents of documents apart.

    Args:
        found: what was read of each document.
        gazetteer: identities of places; the default ones when none is given.
    """
    gathered = Gathering(gazetteer or Gazetteer.default())
    mentions = [find_mentions(number, one, gathered.gazetteer) for number, one in enumerate(found)]
    gathered.named = [countries(one, gathered.gazetteer) for one in found]
    gathered.published = [one.document.published for one in found]
    gathered.related = Related([one.document for one in found])
    gathered.gather(mentions)
    used = sorted({one.cluster for row in mentions for one in row if one.cluster >= 0})
    ids = _ids([gathered.clusters[place] for place in used], gathered.gazetteer)
    by_place = dict(zip(used, ids, strict=True))
    happenings = tuple(_happening(by_place[place], gathered.clusters[place], gathered.gazetteer) for place in used)
    return Happenings(
        all=happenings,
        documents=tuple(one.document for one in found),
        dates=tuple(_settled(one.dates, row, gathered.clusters) for one, row in zip(found, mentions, strict=True)),
        _files={one.document.file: number for number, one in enumerate(found)},
        _mentions=tuple(tuple(one for one in row if one.cluster >= 0) for row in mentions),
        _ids=tuple(by_place.get(place, "") for place in range(len(gathered.clusters))),
        _days={one.id: one.date for one in happenings},
    )


def _settled(dates: tuple[When, ...], mentions: Iterable[Mention], clusters: Sequence[Cluster]) -> tuple[When, ...]:
    """Dates of a document in which a weekday is given the day that another document has for the same incident."""
    days = {
        one.weekday: clusters[one.cluster].day
        for one in mentions
        if one.weekday >= 0 and one.cluster >= 0 and len(clusters[one.cluster].day) == 10
    }
    if not days:
        return dates
    found = list(dates)
    for one in mentions:
        if one.weekday in days and one.when >= 0 and not found[one.when].iso:
            found[one.when] = replace(found[one.when], iso=days[one.weekday], basis="relative")
    return tuple(found)


def _ids(clusters: Sequence[Cluster], gazetteer: Gazetteer) -> list[str]:
    """Ids that a person can read, each once: `attack-2021-08-26-kabul-airport`."""
    taken: set[str] = set()
    ids: list[str] = []
    for cluster in clusters:
        day = first_day(cluster.day)[:7] if cluster.family == AIRLIFT else last_day(cluster.day)
        place = cluster.place if cluster.place in gazetteer.identities else ""
        name = base = "-".join(part for part in (cluster.family, day, place) if part)
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        ids.append(name)
    return ids


def _happening(name: str, cluster: Cluster, gazetteer: Gazetteer) -> Happening:
    place = gazetteer.identities.get(cluster.place)
    words = cluster.family.replace("-", " ").capitalize()
    title = f"{words}, {place.name}" if place else words
    title = f"{title}, {cluster.day}" if cluster.day else title
    return Happening(name, cluster.family, cluster.day, cluster.place, title)
