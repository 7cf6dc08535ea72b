"""The people of a document: every form of their names, their titles and offices, and the longest form of each."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from safeconduct.incidents.reader.model import Document
from safeconduct.incidents.reader.people_words import MAN, MEN, OFFICE, RANKS, ROLES, WOMAN, WOMEN
from safeconduct.incidents.reader.phrases import SUFFIXES, Word, is_body_name, name_start, words

RUN = re.compile(
    r"(?<![\w’'])(?:(?:al|el|ul)[-’'])?[A-ZÀ-ÞŁŚŠŽÇĞİÖÜ][\w’'.-]*"
    r"(?:[ \xa0]{1,2}(?:(?:al|el|bin|ibn|von|van|de|da|del|der|di|dos|la|le|abu|ul|bint)[ -])*"
    r"(?:(?:al|el|ul)[-’'])?[A-ZÀ-ÞŁŚŠŽÇĞİÖÜ][\w’'.-]*)*"
)
ROLE_BEFORE = re.compile(r"((?:[a-z][\w-]*[ \xa0])*([a-z][\w-]*))[ \xa0]+$")
PLACED_OFFICE = re.compile(r"(\w+)[ \xa0](?:of|for)[ \xa0]+$")
APPOSITION = re.compile(
    r",? \(?,? ?(?P<office>(?:the |a |an |its |his |her |their |who is |who was |who heads |our )?(?:[\w.’'-]+ ){0,5}?"
    r"(?:"
    + "|".join(sorted(ROLES, key=len, reverse=True))
    + r")(?: (?:of|for|at|in|to|with) [^,.;:()\ue000]{2,70})?)(?=[,.;:)\s]|$)",
    re.IGNORECASE,
)
NICK = re.compile(r"(?<=\w )['‘“\"](\w+)['’”\"](?= [A-Z])")
AL = re.compile(r"^(?:al|el|ul|as|ar|an|ad)[-’']")


@dataclass(slots=True)
class Person:
    """One person as far as the document tells people apart."""

    names: list[str]  # forms without titles, in the order of the text
    titles: set[str] = field(default_factory=set)  # ranks in lower case: "gen", "president"
    office: str = ""  # "commander of a regional command", as written beside the name
    gender: str = ""  # "he", "she", or empty
    places: list[int] = field(default_factory=list)
    sure: bool = False  # a title, an office or a verb of saying shows that it is a person

    def last_before(self, position: int) -> int:
        """Where the person is named last before a position."""
        at = bisect_left(self.places, position)
        return self.places[at - 1] if at else -1

    @property
    def roles(self) -> set[str]:
        """Titles, and the words of the office before its "of" or "for"."""
        own = re.split(r" (?:of|for|at|in|to|with) ", self.office.lower(), maxsplit=1)[0]
        return self.titles | set(re.findall(r"\w+", own))

    @property
    def name(self) -> str:
        """The longest form."""
        return max(self.names, key=len)


class People:
    """The people named in one document."""

    def __init__(self, document: Document) -> None:
        self.all: list[Person] = []
        self._by_word: dict[str, list[Person]] = {}
        self._at: list[tuple[int, Person]] = []
        for start, parts, text in _names(document):
            self._enter(start, parts, text)

    def _enter(self, start: int, parts: list[Word], text: str) -> None:
        at = name_start(parts)
        if is_body_name(parts, at):
            return
        last = text[max(0, parts[0].start - 30) : parts[0].start].split()[-1:]
        placed = bool(last) and last[0] in {"of", "for"}
        place = PLACED_OFFICE.search(text, max(0, parts[0].start - 30), parts[0].start) if placed else None
        if place and at == 0 and len(parts) > 2 and (place[1].lower() in RANKS or place[1].lower() in ROLES):
            at = 1
        elif at == 0 and len(parts) > 3 and placed:
            at = len(parts) - 2
        name = parts[at:]
        titles = {word.key for word in parts[:at] if word.key in RANKS}
        in_office = at == 0 and bool(last) and (last[0] in ROLES or last[0] in RANKS)
        before = ROLE_BEFORE.search(text, max(0, parts[0].start - 50), parts[0].start) if in_office else None
        apart = (
            last[0][:-1] if last and last[0].endswith(",") and len(name) > 1 and at == 0 else ""
        )  # "her father, Ann Roe"
        role = before[2] if before and at == 0 and (before[2] in ROLES or before[2] in RANKS) else ""
        titles |= {apart} & ROLES
        if len(name) == 1 and not titles and not role:
            known = self.find(name[0].text)
            if known is not None:
                known.places.append(start)
                self._at.append((start, known))
            return
        person = self._same(name, titles) or self._add(name)
        surface = " ".join(text[name[0].start : name[-1].end].split())
        form = surface[:-2] if surface.endswith(("'s", "’s")) else surface
        if form not in person.names:
            person.names.append(form)
        person.places.append(start)
        self._at.append((start, person))
        person.titles |= titles | ({role} if role else set())
        apposition = APPOSITION.match(text, name[-1].end, name[-1].end + 140) if len(name) > 1 or titles else None
        if apposition and apposition[0].startswith(","):
            office = re.sub(r"^(?:the|a|an|who is|who was) ", "", apposition["office"].strip())
            person.office = max(person.office, office, key=len)
        elif len(parts[:at]) and not person.office and not titles <= {"mr", "mrs", "ms", "miss"}:
            person.office = " ".join(word.text for word in parts[:at])
        elif role and before and not person.office:
            person.office = re.sub(r"^.*\b(?:the|a|an|by|that|and|of|with|to|for|from|said|as)\s", "", before[1])
        person.sure = person.sure or bool(titles or role or person.office)
        person.gender = person.gender or _gender(name, titles | {role}, person.office)
        self._index(person, name)

    def _add(self, name: list[Word]) -> Person:
        person = Person([re.sub(r"['’]s$", "", " ".join(word.text for word in name))])
        self.all.append(person)
        return person

    def _index(self, person: Person, name: list[Word]) -> None:
        for key in {_surname(name), name[0].key}:
            known = self._by_word.setdefault(key, [])
            if person not in known:
                known.append(person)

    def _same(self, name: list[Word], titles: set[str]) -> Person | None:
        """A person entered before who bears this name: the same surname, and given names that do not differ."""
        surname, given = _surname(name), [word.key for word in name if word.key not in SUFFIXES][:-1]
        fitting = [p for p in self._by_word.get(surname, ()) if _last(p.name) == surname]
        for person in reversed(fitting[-20:]):
            other = [key for key in _keys(person.name) if key not in SUFFIXES][:-1]
            if (
                not given
                or not other
                or _given_fit(given, other)
                or (titles & person.titles) - {"mr", "ms", "mrs", "miss"}
            ):
                return person
        return None

    def find(self, name: str) -> Person | None:
        """The person of a name: by surname, or else by a given name that only one bears."""
        keys = [key for key in _keys(name) if key not in SUFFIXES]
        if not keys:
            return None
        surname = AL.sub("", keys[-1])
        known = [p for p in self._by_word.get(surname, ()) if _last(p.name) == surname]
        for person in known:
            other = [key for key in _keys(person.name) if key not in SUFFIXES][:-1]
            if len(keys) == 1 or not other or _given_fit(keys[:-1], other):
                return person
        if len(known) == 1 and known[0].titles:
            return known[0]
        first = self._by_word.get(keys[0], ()) if len(keys) == 1 else ()
        return first[0] if len(first) == 1 else None

    def before(self, position: int, *, gender: str = "", words_of: frozenset[str] = frozenset()) -> Person | None:
        """The person named last before a position who fits a gender and whose title or office has one of the words."""
        for start, person in reversed(self._at):
            if start >= position or not person.sure:
                continue
            if gender and person.gender and person.gender != gender:
                continue
            if words_of and not words_of & person.roles:
                continue
            return person
        return None

    def between(self, start: int, end: int) -> Iterator[tuple[int, Person]]:
        """People whose names begin within a stretch of text."""
        at = bisect_left(self._at, start, key=lambda entry: entry[0])
        while at < len(self._at) and self._at[at][0] < end:
            yield self._at[at]
            at += 1

    def holder(self, title: str, heading: str) -> Person | None:
        """Who bears a title: the one whom the heading names with it, or else the one named most often."""
        fitting = [p for p in self.all if title in p.titles and ("vice" in p.titles) == (title == "vice")]
        named = [person for person in fitting if any(name in heading for name in person.names)]
        return max(named or fitting, key=lambda person: len(person.places), default=None)


def find_people(document: Document) -> tuple[Person, ...]:
    """The people that a document names with a title, an office, or as speakers, in the order of first mention."""
    return tuple(person for person in People(document).all if person.sure)


def _names(document: Document) -> Iterator[tuple[int, list[Word], str]]:
    text = NICK.sub(lambda match: " " + match[1] + " ", document.plain)
    for block in document.blocks:
        if block.kind == "aside":
            continue
        for match in RUN.finditer(text, block.start, block.end):
            for parts in _split(words(text, match.start(), match.end()), text):
                if name_start(parts) < len(parts):
                    yield parts[0].start, parts, text


def _split(parts: list[Word], text: str) -> Iterator[list[Word]]:
    """Runs of capitals cut after a possessive and after a full stop that ends a sentence; days at the end left out."""
    run: list[Word] = []
    for word in parts:
        run.append(word)
        stop = text[word.end : word.end + 1] == "."  # words() keeps the dot of an abbreviation
        if word.text.endswith(("'s", "’s", "s'", "s’")) or stop:
            yield run
            run = []
    while run and run[-1].key in OFFICE:
        run.pop()
    if run:
        yield run


def _keys(name: str) -> list[str]:
    return [part.removesuffix("'s").removesuffix("’s").strip("'’\"“”").rstrip(".").lower() for part in name.split()]


def _last(name: str) -> str:
    keys = [key for key in _keys(name) if key not in SUFFIXES]
    return AL.sub("", keys[-1]) if keys else ""


def _surname(name: list[Word]) -> str:
    keys = [word.key for word in name if word.key not in SUFFIXES]
    return AL.sub("", keys[-1]) if keys else name[-1].key


def _given_fit(first: list[str], second: list[str]) -> bool:
    a, b = first[0], second[0]
    return (
        a == b
        or ((len(a) == 1 or len(b) == 1) and a[:1] == b[:1])
        or a in second
        or b in first
        or (min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)))
    )


def _gender(name: list[Word], titles: set[str], office: str) -> str:
    said = titles | set(re.findall(r"\w+", office.lower())[:8])
    if said & WOMAN or name[0].key in WOMEN:
        return "she"
    return "he" if said & MAN or name[0].key in MEN else ""
