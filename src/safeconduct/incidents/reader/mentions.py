"""Words of a document that speak of an incident: which kind, on which day, at which place, as far as they tell."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Protocol

from safeconduct.incidents.reader.gazetteer import Gazetteer
from safeconduct.incidents.reader.model import Count, Document, Name, When

ATTACK, STRIKE, ROCKETS, AIRLIFT, ESCAPE, RAID, CLASH, CRUSH = (
    "attack", "strike", "rockets", "airlift", "prison-break", "raid", "clash", "crush",
)  # fmt: skip
HARMFUL = frozenset({ATTACK, STRIKE, ROCKETS, RAID, CLASH, CRUSH})


def _words() -> tuple[re.Pattern[str], tuple[str, ...], dict[str, re.Pattern[str]]]:
    """One pattern for all event words, the kinds in the order of its groups, and the words around them."""
    tables = tomllib.loads(resources.files(__package__).joinpath("event_words.toml").read_text(encoding="utf-8"))
    kinds = tuple(tables["events"])
    events = "|".join(f"(?P<e{place}>{tables['events'][kind]})" for place, kind in enumerate(kinds))
    how = re.IGNORECASE | re.VERBOSE
    around = {name: re.compile(text, how) for name, text in tables["around"].items()}
    return re.compile(rf"\b(?:{events})\b", how), kinds, around


_EVENT, _KINDS, _AROUND = _words()
_IN = (" in", " across", " inside")
_AFTER_TOWN = re.compile(r"\b(?:in|at|near|on|of|to)\s+(?:[A-Z][\w’'-]+\s?){1,2},\s$")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WIDE = 400  # characters between an event word and the people harmed by it
_FAR = 150  # characters between an event word and its day or place


class Found(Protocol):
    """What is read of one document: the part of it that tells incidents apart."""

    @property
    def document(self) -> Document:
        """The document."""

    @property
    def names(self) -> tuple[Name, ...]:
        """Its names."""

    @property
    def dates(self) -> tuple[When, ...]:
        """Its date wordings."""

    @property
    def counts(self) -> tuple[Count, ...]:
        """Its figures."""


@dataclass(slots=True)
class Mention:
    """One event word. `cluster` is filled in when it is known which incident it speaks of."""

    document: int
    start: int
    end: int
    sentence: int
    section: int
    family: str
    definite: bool = False
    plural: bool = False
    generic: bool = False  # "attack" may mean a strike or rockets too
    bare: bool = False  # a plural without "the", a number or the like: attacks in general
    day: str = ""  # day or interval
    until: str = ""  # the day on which it was told, when nothing else is known
    weekday: int = -1  # a weekday that could not be resolved
    when: int = -1  # position of its day among the dates of the document
    place: str = ""
    harm: tuple[tuple[str, str, int | None], ...] = ()
    cluster: int = -1


def find_mentions(number: int, found: Found, gazetteer: Gazetteer) -> list[Mention]:
    """Event words of a document in order; wordings of what might happen, or was prevented, are left out."""
    document, text = found.document, found.document.plain
    mentions: list[Mention] = []
    starts = [sentence.start for sentence in document.sentences]
    for match in _EVENT.finditer(text):
        place = bisect_right(starts, match.start()) - 1
        if place < 0 or match.start() >= document.sentences[place].end:
            continue
        block = document.blocks[document.sentences[place].block]
        if block.kind == "aside":
            continue
        before = text[max(document.sentences[place].start, match.start() - 60) : match.start()]
        family = _KINDS[int(str(match.lastgroup)[1:])]
        mention = Mention(number, match.start(), match.end(), place, block.section, family)
        if family == AIRLIFT or _happened(mention, text, before, headline=block.kind in ("title", "heading")):
            mentions.append(mention)
    _date(mentions, found)
    _locate(mentions, found, gazetteer)
    _weigh(mentions, found)
    return [one for one in mentions if not one.bare or one.day or one.place]


def _happened(mention: Mention, text: str, before: str, *, headline: bool) -> bool:
    """Whether something is told that took place; sets what the words before the event tell of it."""
    word = text[mention.start : mention.end].lower()
    mention.definite = bool(_AROUND["definite"].search(before))
    if _AROUND["supposed"].search(before) or (
        not mention.definite and _AROUND["supposed_next"].match(text, mention.end)
    ):
        return False
    mention.plural = word.endswith("s")
    mention.generic = word in ("attack", "attacks", "assault")
    determined = headline or bool(_AROUND["determined"].search(before)) or word.endswith("d")
    mention.bare = word.endswith("ed") or (mention.plural and not determined)
    return determined or mention.plural or word not in ("attack", "strike", "assault", "raid", "ambush")


def _date(mentions: Sequence[Mention], found: Found) -> None:
    """Give each mention the nearest day of its sentence that tells neither when it was said nor a limit."""
    document, text = found.document, found.document.plain
    starts = [when.start for when in found.dates]
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    for number, group in by_sentence.items():
        sentence = document.sentences[number]
        best: dict[int, tuple[int, int]] = {}
        until = ""
        for place in range(bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)):
            when = found.dates[place]
            before = text[max(sentence.start, when.start - 60) : when.start]
            if not _possessive(text, when) and _AROUND["bound"].search(before):
                continue
            if _tells_when_said(text, sentence.start, when, before):
                until = when.iso if when.iso and "/" not in when.iso else until
                continue
            which, away = _nearest(text, group, when)
            known = document.published if not group[0].section else ""  # later entries of a page are of later days
            late = bool(when.iso and known) and when.iso[:10] > known
            if (
                away <= _FAR
                and away < best.get(which, (_FAR + 1, 0))[0]
                and not (late and group[which].family != AIRLIFT)
            ):
                best[which] = (away, place)
        _share(group, {which: place for which, (_, place) in best.items()}, found.dates, until)


def _nearest(text: str, group: Sequence[Mention], when: When) -> tuple[int, int]:
    """The mention next to a day, by its position, and how far: a new clause between counts as too far."""

    def away(which: int) -> int:
        one = group[which]
        between = text[when.end : one.start] if when.end <= one.start else text[one.end : when.start]
        return len(between) + _FAR * len(_AROUND["turn"].findall(between))

    first = bisect_left(group, when.start - 2 * _FAR, key=lambda one: one.start)
    last = bisect_right(group, when.end + _FAR, key=lambda one: one.start)
    which = min(range(first, last), key=away, default=-1)
    return which, away(which) if which >= 0 else _FAR + 1


def _share(group: Sequence[Mention], days: dict[int, int], dates: Sequence[When], until: str) -> None:
    """Write the days down; mentions of the same kind in the sentence that have none take the first one."""
    by_family: dict[str, int] = {}
    for which, place in sorted(days.items()):
        by_family.setdefault(group[which].family, place)
    if set(by_family) == {AIRLIFT}:  # the day of a sentence is that of what was done to those who were moved
        by_family.update(dict.fromkeys(HARMFUL, by_family[AIRLIFT]))
    for which, one in enumerate(group):
        one.until = until
        place = days.get(which, by_family.get(one.family, -1))
        if place >= 0:
            one.day, one.when = dates[place].iso, place
            one.weekday = -1 if one.day else weekday_of(dates[place].wording)


def _tells_when_said(text: str, start: int, when: When, before: str) -> bool:
    """Whether a day is that of a saying: "said Monday", "On Friday, officials said", and not "Thursday's attack"."""
    if _possessive(text, when):
        return bool(_AROUND["talk"].match(text, when.end))
    if _AROUND["responsible"].search(before):
        return True
    said = _AROUND["said"].search(before)
    if said is not None and _EVENT.search(before, said.start()) is None:
        return True
    opens = when.start - start <= 4
    after = _AROUND["said_next"].match(text, when.end) if opens else None
    return after is not None and _EVENT.search(text, when.end, after.end()) is None


def _possessive(text: str, when: When) -> bool:
    return text[when.end : when.end + 2] in ("'s", "’s") or text[when.end - 2 : when.end] in ("'s", "’s")


def weekday_of(wording: str) -> int:
    """Number of the weekday that a wording names, Monday first; -1 when it names none."""
    low = wording.lower()
    return next((number for number, name in enumerate(_WEEKDAYS) if name in low), -1)


def _locate(mentions: Sequence[Mention], found: Found, gazetteer: Gazetteer) -> None:
    """Give each mention the nearest place of its sentence; a state counts only where something happens "in" it."""
    text, sentences = found.document.plain, found.document.sentences
    places = [name for name in found.names if name.kind == "place" and name.identity in gazetteer.identities]
    starts = [name.start for name in places]
    airports = {name.identity for name in places if gazetteer.identities[name.identity].sort == "airport"}
    for mention in mentions:
        sentence = sentences[mention.sentence]
        first = bisect_left(starts, max(sentence.start, mention.start - 2 * _FAR))
        near = places[first : bisect_left(starts, min(sentence.end, mention.end + _FAR))]
        fit = [name for name in near if _is_place(text, name, mention, gazetteer)]
        if fit:
            best = min(fit, key=lambda name: min(abs(name.start - mention.end), abs(mention.start - name.end)))
            deeper = [name.identity for name in fit if gazetteer.within(name.identity, best.identity)]
            mention.place = max(deeper, key=lambda one: len(gazetteer.chain(one)))
        if len(airports) == 1 and _AROUND["airport"].search(
            text, max(sentence.start, mention.start - 20), min(sentence.end, mention.end + 60)
        ):
            airport = next(iter(airports))
            if not mention.place or gazetteer.within(airport, mention.place):
                mention.place = airport


def _is_place(text: str, name: Name, mention: Mention, gazetteer: Gazetteer) -> bool:
    if name.start - mention.end > _FAR or mention.start - name.end > _FAR:
        return False
    if gazetteer.identities[name.identity].sort != "country":
        return not text[name.end : name.end + 12].startswith((" briefing", " newspaper"))
    before = text[max(0, name.start - 24) : name.start]
    ways = (*_IN, " from", " of") if mention.family == AIRLIFT else _IN
    return before.rstrip().lower().endswith(ways) or bool(_AFTER_TOWN.search(before))


def _weigh(mentions: Sequence[Mention], found: Found) -> None:
    """Keep the casualties that a sentence counts beside its event, to tell incidents of one week apart."""
    starts = [count.start for count in found.counts]
    for mention in mentions:
        sentence = found.document.sentences[mention.sentence]
        first = bisect_left(starts, max(sentence.start, mention.start - _WIDE))
        near = found.counts[first : bisect_left(starts, min(sentence.end, mention.end + _WIDE))]
        mention.harm = tuple(
            (one.population, one.outcome, one.min) for one in near if one.outcome in ("killed", "injured")
        )


def countries(found: Found, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Countries that a document names, the one that it is mostly about first: towns weigh more than states."""
    weights: Counter[str] = Counter()
    for name in found.names:
        if name.kind == "place" and name.identity in gazetteer.identities:
            chain = gazetteer.chain(name.identity)
            weights[chain[-1]] += 3 if len(chain) > 1 else 1
    for state in ("united-states", "united-kingdom", "russia"):  # they act abroad; where they act weighs more
        if state in weights:
            weights[state] = (weights[state] + 3) // 4
    return tuple(country for country, _ in weights.most_common())
