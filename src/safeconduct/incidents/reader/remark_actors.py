"""Who is meant by an attribution or a claim of responsibility: a group, body or state, known or only worded."""

import re
from collections.abc import Sequence

from safeconduct.incidents.reader.gazetteer import Gazetteer
from safeconduct.incidents.reader.model import Name
from safeconduct.incidents.reader.remark_rules import Rule, compiled

ACTING = ("group", "body", "place")
_FIGHTERS = (
    r"(?:separatists?|rebels?|militants?|insurgents?|jihadi(?:st)?s?|extremists?|gunm[ae]n|militia(?:s|m[ae]n)?|"
    r"paramilitar(?:y|ies)|mercenar(?:y|ies)|terrorists?|junta|regime|guerrillas?|settlers|gangs?|fighters)"
)
_GROUP_WORDS = re.compile(
    r"\b(?P<named>(?:(?!(?:The|Some|Local|Armed|Suspected|Two|Three|Four|Five|Several|Many|These|Those|A|An|That|By|In|On|"
    rf"But|And|Police)\b)(?:pro-)?[A-Z][\w’'-]+(?:-backed|-led)?\s+){{1,3}})?(?P<kind>(?i:{_FIGHTERS}))\b"
)
_CAPITALS = (
    r"(?P<name>(?:[A-Z][\w’'-]+|[a-z]{2}-[A-Z][\w’'-]+)"
    r"(?:[\s-]+(?:of|the|al|for|and|[a-z]{2}-)?[\s-]?[A-Z][\w’'-]+){0,4})"
)
_NAMED_GROUP = re.compile(
    r"\b(?:group|outfit|faction|network|militia|gang|organi[sz]ation|movement|calling\s+itself|known\s+as|called|self-styled|"
    rf"so-called)\s+(?:the\s+)?[“\"'‘«]?{_CAPITALS}"
)
# "The Ashen Guard, a militia that …": the name stands before what it is called.
_EXPLAINED = re.compile(
    rf"(?<![\w’'])(?:the\s+|The\s+)?(?!The\b){_CAPITALS}[”\"'’»]?,\s+(?:an?|the|another|one\s+of)\s+(?:[\w’'-]+\s+){{0,4}}?"
    r"(?:group|faction|network|militia|gang|organi[sz]ation|movement|alliance|affiliate|offshoot|cell|army|party|force|"
    rf"{_FIGHTERS})\b"
)
# A name right before the verb: "Red Hand later claimed …"; one word that opens a sentence may be any word.
_NO_NAME = (
    r"(?!(?:The|It|They|He|She|No|A|An|But|And|This|That|In|On|At|We|I|One|Some|Mr|Mrs|Ms|Dr|Gen|General|Col|Colonel|"
    r"Major|Captain|Minister|President|Officials?|Police|January|February|March|April|May|June|July|August|September|"
    r"October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b)"
)
_SUBJECT = re.compile(
    rf"(?<![\w’']){_NO_NAME}{_CAPITALS}(?:\s\([^()]{{1,30}}\))?[”\"'’»]?[,\s]+"
    r"(?:(?:on\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\s+)?"
    r"(?:(?:has|had|have|is|are|was|were|also|later|quickly|then|since)\s+){0,3}$"
)
_OBJECT = re.compile(
    rf"(?:\b(?:the|The|a|an|self-styled|calling\s+itself)\s+|^(?:that\s+)?)[“\"'‘«]?{_NO_NAME}{_CAPITALS}"
)
_HARMFUL = compiled(r"{EVENT}|\b(?:shells?|device|mines?|rounds|gunfire|shots?|shot|fired|guilt|blame[ds]?|blaming)\b")
_ASIDE = re.compile(r",\s+(?:which|who|whose|an?|the|as|already|long)\b", re.IGNORECASE)
_CUT = re.compile(r",[”\"'’]?\s+|\s(?:that|which|who|whom|whose|because|since)\s")
_TIED = re.compile(r"\s?[-‐‑–](?:linked|affiliated|backed|aligned|inspired|allied)\b")
_THE_GROUP = re.compile(
    r"\b(?:the\s+(?:group|organi[sz]ation|militants|militia|movement|affiliate|insurgents|network|faction)|it|they)\b",
    re.IGNORECASE,
)


def actor_of(text: str, rule: Rule, match: re.Match[str], clause: tuple[int, int], names: Sequence[Name]) -> str:
    """The group, body or state meant: named where the wording points to, else before the verb, else earlier.

    Normal form where the gazetteer knows it, else in the words of the text; empty when nothing tells.
    """
    for group in ("who", "whom"):
        if group in match.re.groupindex and (match[group] or "").strip():
            first, last = match.start(group), min(match.end(group), max(clause[1], match.start(group)))
            found = (_pointed_to(text, part, clause, names) for part in _parts(text, first, last))
            return next((actor for actor in found if actor), "")
    before = _before(text, match, clause, names)
    if before:
        return _foremost(before[::-1])
    worded = _words(text, clause[0], match.start())
    if worded:
        return worded
    if rule.kind == "claim-of-responsibility" or _THE_GROUP.search(text, clause[0], match.end()):
        groups = [name for name in names if name.kind == "group" and name.end <= match.start()]
        return groups[-1].identity if groups else ""
    return ""


def of_itself(actor: str, match: re.Match[str], clause: tuple[int, int], names: Sequence[Name]) -> bool:
    """Whether somebody tells of an act of its own side: the army says that its state attacked."""
    if not match[0].lower().startswith(("said", "says", "report")):
        return False
    speakers = [name for name in names if clause[0] <= name.start and name.end <= match.start() + 1]
    gazetteer = Gazetteer.default()
    return bool(speakers) and gazetteer.chain(speakers[-1].identity)[-1:] == gazetteer.chain(actor)[-1:]


def opening_dash(text: str, start: int, verb: int) -> int:
    """Where an aside between dashes begins that ends right before a verb; -1 when none does."""
    before = text[start:verb].rstrip()
    if not before.endswith(("–", "—")):
        return -1
    place = max(before[:-1].rfind("–"), before[:-1].rfind("—"))
    return start + place if place > 0 else -1


def _parts(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """The stretches between commas and relative words: "fighters", before "that it believes are backed by" a state."""
    cuts = [(cut.start(), cut.end()) for cut in _CUT.finditer(text, first, last)]
    return list(zip([first, *(end for _, end in cuts)], [*(start for start, _ in cuts), last], strict=True))


def _pointed_to(text: str, part: tuple[int, int], clause: tuple[int, int], names: Sequence[Name]) -> str:
    inside = [name for name in names if part[0] <= name.start < part[1]]
    return _foremost(inside) if inside else _words(text, *part) or _object(text, part, clause)


def _before(text: str, match: re.Match[str], clause: tuple[int, int], names: Sequence[Name]) -> list[Name]:
    """The names before the verb that may be its subject."""
    before = [name for name in names if clause[0] <= name.start and name.end <= match.start() + 1]
    if not match[0].lower().endswith("linked"):
        before = [name for name in before if not _TIED.match(text, name.end)]
    if text[max(0, match.start() - 3) : match.start()].endswith(
        (", ", ",” ", '," ')
    ):  # the subject stands before the aside that ends here
        aside = max((found.start() for found in _ASIDE.finditer(text, clause[0], match.start() - 2)), default=-1)
        before = [name for name in before if name.end <= aside] or before
    dash = opening_dash(text, clause[0], match.start())
    if dash >= 0:
        before = [name for name in before if name.end <= dash] or before
    return before


def _words(text: str, start: int, end: int) -> str:
    """A group that the gazetteer does not know, in the words of the text: "the group Red Hand", "separatists"."""
    for pattern in (_NAMED_GROUP, _EXPLAINED):
        named = pattern.search(text, start, end)
        if named is not None:
            return named["name"]
    kind = _GROUP_WORDS.search(text, start, end)
    if kind is not None:
        return kind[0] if kind["named"] else kind[0].lower()
    subject = _SUBJECT.search(text, max(start, end - 160), end)
    return subject["name"] if subject is not None else ""


def _object(text: str, span: tuple[int, int], clause: tuple[int, int]) -> str:
    """A name that nobody knows, where the wording points and the clause tells of harm: "on the Border Legion"."""
    if _HARMFUL.search(text, *clause) is None:
        return ""
    named = _OBJECT.search(text[span[0] : span[1]])
    return named["name"] if named is not None else ""


def _foremost(names: Sequence[Name]) -> str:
    """A group before a body before a state; among equals the first given."""
    return min(names, key=lambda name: ACTING.index(name.kind)).identity
