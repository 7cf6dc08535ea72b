"""Names of places, groups, bodies and outlets, each resolved to one identity; the name used is kept (S-28, S-110).

The default list is `gazetteer.toml` beside this file; a user's file of the same form extends it and wins over it. A
name that means two identities is flagged and never guessed. No person has an entry.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt

from safeconduct.errors import BadInput
from safeconduct.incidents.reader.identities import Identity, read_identities
from safeconduct.incidents.reader.model import Document, Name

EARTH_M = 6_371_000  # mean radius, metres
_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[^\w]+")
_TURNED = "'’‘ʼ`"
_DASHES = "-‐‑–"
# Acronyms that are also words: in a line of capitals nobody can tell which is meant.
_ARTICLES = frozenset({"Al", "El", "Ar", "As", "Ad", "An", "Ash"})  # "Al Qaeda" and "al-Qaeda"
_WORDLIKE = frozenset({"IS", "WHO", "US", "AP", "MAY", "UN", "PA"})


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that several identities bear; a person decides."""

    name: str
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    spelling: str
    identities: tuple[str, ...]
    wordlike: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Identities by id, and their names ready to be looked for."""

    identities: Mapping[str, Identity]
    meanings: Mapping[str, tuple[str, ...]]  # folded name to the identities that bear it
    index: Mapping[str, tuple[_Entry, ...]] = field(repr=False)  # folded first word to names, longest first

    @classmethod
    def default(cls) -> "Gazetteer":
        """The list that comes with the package."""
        return _default()

    @classmethod
    def extended(cls, text: str, where: str) -> "Gazetteer":
        """The default list with a user's TOML over it: same id replaces, same name goes to the user's identity.

        Raises:
            BadInput: `bad-toml`, `unknown-field`, `bad-field`, `bad-id`, `bad-reference`, `too-many`.
        """
        given = read_identities(text, where=where)
        return _build({**_default().identities, **given}, frozenset(given), where)

    @property
    def ambiguous(self) -> tuple[Ambiguous, ...]:
        """Names that mean more than one identity."""
        return tuple(Ambiguous(name, ids) for name, ids in sorted(self.meanings.items()) if len(ids) > 1)

    def resolve(self, text: str) -> Identity | Ambiguous | None:
        """What a name means; upper and lower case and the kind of dash or apostrophe make no difference here."""
        found = self.meanings.get(_fold(text), ())
        if len(found) > 1:
            return Ambiguous(text, found)
        return self.identities[found[0]] if found else None

    def chain(self, identity: str) -> tuple[str, ...]:
        """The identity and all that it is part of, innermost first."""
        steps: list[str] = []
        while identity and identity not in steps and identity in self.identities:
            steps.append(identity)
            identity = self.identities[identity].part_of
        return tuple(steps)

    def within(self, inner: str, outer: str) -> bool:
        """Whether one identity is the other or a part of it."""
        return outer in self.chain(inner)

    def distance_m(self, first: str, second: str) -> int | None:
        """Great-circle distance of two places in metres; None when one of them has no position."""
        one, two = self.identities.get(first), self.identities.get(second)
        if one is None or two is None or one.latitude is None or two.latitude is None:
            return None
        if one.longitude is None or two.longitude is None:
            return None
        lat_1, lat_2 = radians(one.latitude), radians(two.latitude)
        half = sin((lat_2 - lat_1) / 2) ** 2
        half += cos(lat_1) * cos(lat_2) * sin(radians(two.longitude - one.longitude) / 2) ** 2
        return round(2 * EARTH_M * asin(sqrt(min(1.0, half))))


def find_names(document: Document, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Names in reading order, the longest where several fit. An ambiguous one has an empty `identity`."""
    return tuple(_names(document.plain, gazetteer))


def _names(text: str, gazetteer: Gazetteer) -> Iterator[Name]:
    index, identities = gazetteer.index, gazetteer.identities
    end = 0
    for word in _WORD.finditer(text):
        start = word.start()
        if start < end:
            continue
        for entry in index.get(word[0].casefold(), ()):
            match = _pattern(entry.spelling).match(text, start)
            if match is None or (entry.wordlike and _in_capitals(text, start, match.end())):
                continue
            end = match.end()
            kinds = {identities[name].kind for name in entry.identities}
            kind = kinds.pop() if len(kinds) == 1 else ""
            yield Name(start, end, entry.identities[0] if len(entry.identities) == 1 else "", kind)
            break


def _in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words beside a stretch are all capitals, as in a headline."""
    around = text[max(0, start - 24) : start].split()[-1:] + text[end : end + 24].split()[:1]
    letters = ["".join(filter(str.isalpha, word)) for word in around]
    return any(letters) and all(word.isupper() and len(word) > 2 for word in letters if word)


@cache
def _default() -> Gazetteer:
    text = resources.files(__package__).joinpath("gazetteer.toml").read_text(encoding="utf-8")
    return _build(read_identities(text, where="gazetteer.toml"), frozenset(), "gazetteer.toml")


def _build(identities: Mapping[str, Identity], preferred: frozenset[str], where: str) -> Gazetteer:
    """Index every name; where a preferred identity bears a name too, the others lose it."""
    bearers: dict[str, list[tuple[str, str]]] = {}
    for identity in identities.values():
        if identity.part_of and identity.part_of not in identities:
            raise BadInput(
                "bad-reference", where=f"{where}, {identity.id}.part_of", expected="a known id", seen=identity.part_of
            )
        for name in {*identity.names, *_airport_names(identity, identities)}:
            bearers.setdefault(_fold(name), []).append((identity.id, name))
    meanings: dict[str, tuple[str, ...]] = {}
    index: dict[str, list[_Entry]] = {}
    for folded, pairs in bearers.items():
        first = [pair for pair in pairs if pair[0] in preferred] or pairs
        ids = tuple(sorted({name for name, _ in first}))
        meanings[folded] = ids
        for spelling in sorted({name for _, name in first}):
            head = _WORD.search(spelling)
            if head is not None:
                entry = _Entry(spelling, ids, spelling in _WORDLIKE)
                index.setdefault(head[0].casefold(), []).append(entry)
    ordered = {
        head: tuple(sorted(entries, key=lambda entry: (-len(entry.spelling), entry.spelling)))
        for head, entries in index.items()
    }
    return Gazetteer(identities, meanings, ordered)


def _airport_names(identity: Identity, identities: Mapping[str, Identity]) -> Sequence[str]:
    """What an airport is called after its city, when the city has no other: "Kabul airport", "airport in Kabul"."""
    city = identities.get(identity.part_of)
    if identity.sort != "airport" or city is None or city.sort != "city":
        return ()
    airports = [one for one in identities.values() if one.sort == "airport" and one.part_of == city.id]
    if len(airports) > 1:
        return ()
    return [
        form.format(name)
        for name in city.names
        for form in (
            "{} airport", "{} international airport", "{}'s airport", "{}'s international airport",
            "{}'s main airport", "{}'s military airport", "airport in {}", "airport of {}", "airport at {}",
        )
    ]  # fmt: skip


def _fold(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(text.translate(dict.fromkeys(map(ord, _TURNED), None))))


@lru_cache(maxsize=50_000)
def _pattern(name: str) -> re.Pattern[str]:
    """A name as it may stand in a text: other dashes, spaces, apostrophes; capitals where the name has them."""
    words = [match[0] for match in _WORD.finditer(name)]
    gaps = [match[0] for match in _GAP.finditer(name.strip("“”\"'‘’ "))]
    # "ISIS-K" as it stands, "LeT" too: in small letters or with one capital it is another word.
    acronym = name != name.lower() and (name == name.upper() or (len(name) <= 4 and name[1:] != name[1:].lower()))
    parts = [_word(words[0], exact=acronym)]
    for gap, word in zip(gaps, words[1:], strict=False):
        parts += [_gap(gap), _word(word, exact=acronym)]
    if name.endswith(".") and len(words[-1]) == 1:
        parts.append(r"\.")
        return re.compile("".join(parts))
    return re.compile("".join(parts) + r"(?!\w)")


def _word(word: str, *, exact: bool) -> str:
    """A capital is asked for where the name has one; small letters match either way."""
    if exact or not word[0].isupper() or word in _ARTICLES:
        return re.escape(word) if exact else f"(?i:{re.escape(word)})"
    return re.escape(word[0]) + (f"(?i:{re.escape(word[1:])})" if len(word) > 1 else "")


def _gap(gap: str) -> str:
    if any(mark in gap for mark in _TURNED):
        return f"[{_TURNED}]?" if gap.strip() == gap else f"[{_TURNED}]?\\s{{1,2}}"
    if "." in gap:
        return r"\.\s?"
    if gap.strip(_DASHES + " "):
        return r"\s?".join(["", *map(re.escape, gap.split()), ""])
    return f"(?:\\s{{1,2}}(?:the\\s{{1,2}})?|\\s?[{_DASHES}]\\s?)"
