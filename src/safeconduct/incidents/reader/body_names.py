"""Names of bodies in one document: abbreviations, shorter forms, and the body named last."""

import re
from collections.abc import Iterable
from itertools import dropwhile

from safeconduct.incidents.reader.outlet_names import is_outlet
from safeconduct.incidents.reader.people_words import (
    ADVERBS,
    BODIES,
    BODY_HEADS,
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    RANKS,
    STOP,
)
from safeconduct.incidents.reader.verbs import word_set

ABBREVIATION = re.compile(
    r"(?<![\w’'-])((?:[A-ZÀ-Þ][\w’'-]+)(?:[ \xa0](?:of|the|for|and|on|in|des|de|[A-ZÀ-Þ][\w’'-]+)){0,9})"
    r"[ \xa0]\((?:the )?([A-Z][A-Za-z-]{1,9})(?:[,;][^)]{0,40})?\)"
)
SMALL = word_set("of the for and on in des de")
NAMED_BODY = re.compile(  # "the Hill Army", "the Morland government"; a body that may be "they" or "it"
    r"\b(?:[Tt]he|[Oo]ur|[Tt]heir|[Ii]ts|’s|'s) (?P<name>(?:[A-ZÀ-Þ][\w’'-]+ ){0,4}(?P<head>[A-ZÀ-Þa-z][\w-]+))"
    r"(?=[\s,.;:?!)]|['’]s)"
)
PLACES = word_set(
    "country nation city town district province airport hospital house "
    "report statement letter review campaign post cross day news front website daily"
)
CAPITALS = re.compile(r"(?:\b[A-ZÀ-Þ][\w-]+ ){1,4}$")
GOES_ON = re.compile(r"\w| [A-ZÀ-Þ]")
SCANNED, MOST_NAMES = 60_000, 200  # characters and names looked through for longer forms: the work stays linear
BACK = 400  # characters within which a body is looked for that "they" or "it" may mean

NO_FORM = DETERMINERS | STOP | PREPOSITIONS | PRONOUNS | ADVERBS | DAYS | RANKS  # no part of a body's longer name


class BodyNames:
    """Finds the whole name of a body, and the body that "they" or "it" may mean."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._longer = _abbreviations(text)
        self._known: dict[str, str] = {}

    def before(self, position: int) -> tuple[str, int]:
        """The body named last before a position, and where; an empty name when none is near."""
        found = ("", -1)
        for match in NAMED_BODY.finditer(self._text, max(0, position - BACK), position):
            head = match["head"].lower()
            if head in BODIES or (head in BODY_HEADS and head not in PLACES):
                found = match["name"], match.start("name")
        return found

    def whole(self, name: str, spoken: Iterable[str]) -> str:
        """The longest form: what an abbreviation stands for, or the name that ends in the words.

        `spoken` are bodies that spoke before; their first letters may be the abbreviation.
        """
        if name not in self._known:
            if len(self._known) > MOST_NAMES:
                return name
            self._known[name] = self._longer.get(name.rstrip(".")) or self._ending_in(name, spoken)
        return self._known[name]

    def _ending_in(self, name: str, spoken: Iterable[str]) -> str:
        if (
            not name[:1].isupper()
            or (len(name) < 4 and not name.isupper())
            or name.lower() in BODIES
            or is_outlet(name)
        ):
            return name
        if name.isupper():
            return next((other for other in spoken if _initials(other) == name), name)
        found = self._text.find(name, 0, SCANNED)
        while found >= 0:
            end = found + len(name)
            before = CAPITALS.search(self._text, max(0, found - 70), found)
            if before and not GOES_ON.match(self._text, end):
                form = list(dropwhile(lambda word: word.lower() in NO_FORM, before[0].split()))
                if form and not NO_FORM.intersection(word.lower() for word in form):
                    return f"{' '.join(form)} {name}"
            found = self._text.find(name, end, SCANNED)
        return name


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split() if part[0].isupper())


def _abbreviations(text: str) -> dict[str, str]:
    """Long forms of abbreviations that the document gives in brackets."""
    found: dict[str, str] = {}
    for match in ABBREVIATION.finditer(text):
        parts = match[1].split()
        letters = [letter.lower() for letter in match[2] if letter.isalpha()]
        for at in range(len(parts)):
            initials = [part[0].lower() for part in parts[at:] if part.lower() not in SMALL]
            every = [part[0].lower() for part in parts[at:]]
            if letters in (initials, every) or (
                initials[:1] == letters[:1] and abs(len(initials) - len(letters)) <= 1 and len(letters) > 2
            ):
                name = re.sub(r"^[Tt]he ", "", " ".join(parts[at:]))
                found.setdefault(match[2], name)
                break
    return found
