"""Remarks in a document: who is said to have done it, who denies, condemns, admits, challenges, or keeps silent.

A remark is a suggestion with the clause that carries it. Grades of attribution stay apart (S-84), a claim of
responsibility is none of them (S-85), and "no evidence that" is never a denial (S-88).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from safeconduct.incidents.reader.gazetteer import Gazetteer
from safeconduct.incidents.reader.model import Document, Name, Remark
from safeconduct.incidents.reader.remark_actors import ACTING, actor_of, of_itself, opening_dash
from safeconduct.incidents.reader.remark_rules import Rule, named_patterns, rules_by_word

_LONGEST = 600  # characters of a clause before and after the words that carry the remark
MOST_IN_SENTENCE = 40  # a sentence of a text gone wrong may be a whole file
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_BREAK = re.compile(
    r"[;:]\s|\s?[—–]\s?|\s--?\s"
    r"|,[”\"’']?\s+(?:but|although|though|while|whereas|and|which|who|whose|where|because|since|as|after|before|when|so|"
    r"saying|adding|citing|noting|explaining|including|if|yet)\b"
    r"|\s(?:although|though|while|whereas|but)\s",
    re.IGNORECASE,
)
_OPENS_ASIDE = re.compile(
    r",[”\"’']?\s+(?:as|which|who|whose|where|including|citing|after|before|when)\b", re.IGNORECASE
)
_HEDGES = re.compile(
    r"\b(?:(?-i:may)|might|could|appear(?:s|ed)?|apparently|reportedly|allegedly|alleged|believed?s?|suspected|presumed|"
    r"presumably|possibly|perhaps|probably|likely|seems?|seemed|reports?\s+indicate|thinks?|thought|unconfirmed|"
    r"some\s+(?:say|said)|would\s+have)\b",
    re.IGNORECASE,
)
# Who is kept from speaking, and "to the press", which is whom they may not tell.
_KEPT = re.compile(
    r"\b(?:medics|doctors|nurses|paramedics|medical\s+(?:staff|workers)|hospital\s+(?:staff|workers)|staff|aid\s+workers|rescuers|"
    r"journalists|reporters|camera\s+crews|correspondents|photographers|the\s+press|(?:news\s+)?media|observers|"
    r"monitors|inspectors|investigators|witnesses|survivors|families|relatives|residents|villagers|officials|employees|"
    r"soldiers|troops|prisoners|detainees|lawyers|teachers|lawmakers|crews?)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b(?:to|with)\s+(?:(?:the|any|foreign|local|international|state|news)\s+){0,2}$", re.IGNORECASE)
# An explanation that is denied: what is said to have caused it.
_CAUSE = re.compile(
    r"\b(?:caused\s+by|due\s+to|(?:a|the)\s+result\s+of|explained\s+by|set\s+off\s+by|triggered\s+by)\s+"
    r"(?:(?:an?|the|its|their)\s+)?(?P<cause>(?:[\w’'-]+\s+){0,2}?[\w’'-]+)(?=\s+(?:[a-z]+ed|in|inside|of|from|that|"
    r"which|when|while|during|and|or|after|at|on|by|near|to|as|but)\b|\s*[.,;:”\"’)]|\s*$)",
    re.IGNORECASE,
)
_METHODS = named_patterns("methods")
_TOPICS = named_patterns("topics")
_STATES = ("country", "territory")
# Of two remarks on the same words these kinds stand first: who is assessed to have done it is an attribution.
_CLOSER = {
    "assessment": ("no-evidence", "attribution", "justification", "condemnation", "claim-of-responsibility"),
    "admission": ("claim-of-responsibility",),
}
# Between two assessments that are one: "and", or the stop before a sentence that goes on with the same people.
_JOINING = re.compile(r"[\s,]*(?:and|but)\s+|[.”\"’']*[ ]+(?=[“\"‘']?(?:They|It|He|She)\b)")


def find_remarks(document: Document, names: Sequence[Name]) -> tuple[Remark, ...]:
    """Remarks in reading order. `names` are those of the same document, in reading order."""
    text = document.plain
    acting = [name for name in names if _may_act(name)]
    starts = [name.start for name in acting]
    found: list[Remark] = []
    for sentence in document.sentences:
        block = document.blocks[sentence.block]
        if block.kind == "aside":
            continue
        rules = _rules(text, sentence.start, sentence.end)
        if not rules:
            continue
        breaks = [(match.start(), match.end()) for match in _BREAK.finditer(text, sentence.start, sentence.end)]
        here: list[Remark] = []
        for rule in rules:
            if block.asks and not rule.asked:
                continue
            for count, match in enumerate(rule.pattern.finditer(text, sentence.start, sentence.end)):
                if count == MOST_IN_SENTENCE:
                    break
                start, end = _clause(text, match, sentence.start, sentence.end, breaks)
                near = acting[bisect_left(starts, block.start) : bisect_right(starts, end)]
                remark = _remark(text, rule, match, (start, end), near)
                if remark is not None:
                    here.append(remark)
        found += _weighed(here)
    return _without_repeated_titles(document, _joined(text, _distinct(found)))


def _may_act(name: Name) -> bool:
    """Groups and bodies act, and of the places states; places of a user's own list are taken as they are."""
    if name.kind != "place":
        return bool(name.identity) and name.kind in ACTING
    known = Gazetteer.default().identities.get(name.identity)
    return known.sort in _STATES if known is not None else bool(name.identity)


def _rules(text: str, start: int, end: int) -> list[Rule]:
    by_word = rules_by_word()
    words = dict.fromkeys(match[0].lower().replace("’", "'") for match in _WORD.finditer(text, start, end))
    return list(dict.fromkeys(rule for word in words for rule in by_word.get(word, ())))


def _clause(
    text: str, match: re.Match[str], start: int, end: int, breaks: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """The clause around a match. A verb right after a comma has its subject before the aside that the comma closes."""
    place = bisect_right(breaks, (match.start(), len(text))) - 1
    while place >= 0 and breaks[place][1] > match.start():
        place -= 1
    if place >= 0 and text[max(start, match.start() - 4) : match.start()].rstrip().endswith(
        (",", ",”", ',"', ",’", "–", "—")
    ):
        while place >= 0 and (breaks[place][1] == match.start() or _OPENS_ASIDE.match(text, breaks[place][0])):
            place -= 1
            if place >= 0 and not _OPENS_ASIDE.match(text, breaks[place][0]):
                break
    dash = opening_dash(text, start, match.start())
    if dash >= 0:  # "The Red Hand — an enemy of both — claimed …": the subject stands before the first dash
        place = bisect_left(breaks, (dash - 1, 0)) - 1
    first = max(breaks[place][1] if place >= 0 else start, match.start() - _LONGEST)
    told = _told_by(match)
    following = bisect_left(breaks, (told, 0))
    last = min(breaks[following][0] if following < len(breaks) else end, told + _LONGEST)
    while first < last and (text[first].isspace() or text[first] in ",;:"):
        first += 1
    return min(first, match.start()), max(first + len(text[first:last].rstrip()), told)


def _told_by(match: re.Match[str]) -> int:
    """Where the words that carry a remark end; what may name the actor after them runs on into the next clause."""
    for group in ("who", "whom"):
        if group in match.re.groupindex and match.end(group) == match.end():
            return match.start(group) + 1
    return match.end()


def _remark(
    text: str, rule: Rule, match: re.Match[str], clause: tuple[int, int], names: Sequence[Name]
) -> Remark | None:
    start, end = clause
    if rule.needs is not None and rule.needs.search(text, start, end) is None:
        return None
    if rule.unless is not None and rule.unless.search(text, start, end) is not None:
        return None
    actor = ""
    if rule.kind in ("attribution", "claim-of-responsibility"):
        actor = actor_of(text, rule, match, clause, names)
        if rule.kind == "attribution" and (not actor or of_itself(actor, match, clause, names)):
            return None
    hedges = dict.fromkeys(word[0].lower() for word in _HEDGES.finditer(text, start, end))
    return Remark(start, end, rule.kind, actor, rule.grade, _topic(text, rule.kind, start, end), ", ".join(hedges))


def _topic(text: str, kind: str, start: int, end: int) -> str:
    if kind == "challenge":
        return ", ".join(name for name, pattern in _METHODS if pattern.search(text, start, end))
    if kind == "restriction":
        kept = next(
            (found for found in _KEPT.finditer(text, start, end) if not _TOLD.search(text, start, found.start())), None
        )
        return " ".join(kept[0].lower().split()) if kept else ""
    if kind == "denial" and (cause := _CAUSE.search(text, start, end)) is not None:
        return f"cause: {' '.join(cause['cause'].lower().split())}"
    return next((name for name, pattern in _TOPICS if pattern.search(text, start, end)), "")


def _weighed(remarks: Sequence[Remark]) -> list[Remark]:
    """Remarks of one sentence, without those that only repeat what a closer kind says of the same words."""
    closer = {kind: [one for one in remarks if one.kind in above] for kind, above in _CLOSER.items()}
    return [
        one
        for one in remarks
        if not any(one.start < other.end and other.start < one.end for other in closer.get(one.kind, ()))
    ]


def _joined(text: str, remarks: Sequence[Remark]) -> list[Remark]:
    """Assessments that only "and" keeps apart, or that go on about the same people in the next sentence, are one."""
    kept: list[Remark] = []
    last = -1  # place of the assessment before
    for one in remarks:
        if one.kind != "assessment":
            kept.append(one)
            continue
        between = _JOINING.match(text, kept[last].end) if last >= 0 else None
        if between is not None and between.end() == one.start:
            hedges = ", ".join(hedge for hedge in (kept[last].hedge, one.hedge) if hedge)
            kept[last] = replace(kept[last], end=one.end, topic=kept[last].topic or one.topic, hedge=hedges)
        else:
            last = len(kept)
            kept.append(one)
    return kept


def _without_repeated_titles(document: Document, remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """A title sums up: what it says goes when the text below carries a remark of the same kind."""
    titles = [block for block in document.blocks if block.kind == "title"]
    if not titles:
        return tuple(remarks)
    above = [any(block.start <= one.start < block.end for block in titles) for one in remarks]
    below = {one.kind for one, in_title in zip(remarks, above, strict=True) if not in_title}
    return tuple(
        one
        for one, in_title in zip(remarks, above, strict=True)
        if not in_title or one.kind not in below - {"assessment"}
    )


def _distinct(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """One remark for one clause and kind and grade; of two that overlap the longer stays."""
    kept: dict[tuple[str, str], list[Remark]] = {}
    for remark in sorted(remarks, key=lambda one: (one.start, -one.end)):
        row = kept.setdefault((remark.kind, remark.grade), [])
        if row and remark.start < row[-1].end:
            if not row[-1].actor and remark.actor:
                row[-1] = remark
            continue
        row.append(remark)
    found = [remark for row in kept.values() for remark in row]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.kind, one.grade)))
