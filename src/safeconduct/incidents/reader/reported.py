"""Reported speech: which clause of a sentence somebody is said to have said, in other words than their own."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from safeconduct.incidents.reader.model import REPORTED, Voice
from safeconduct.incidents.reader.outlet_names import is_outlet
from safeconduct.incidents.reader.quotes import MASK
from safeconduct.incidents.reader.speakers import Speaker
from safeconduct.incidents.reader.tags import TALKS
from safeconduct.incidents.reader.tails import LEAD, Tag
from safeconduct.incidents.reader.verbs import ASK, NOBODY

JOINS = re.compile(
    r"(?:[,;]|\s[—–-])?\s*\b(?:and|but|while|although|though|whereas|yet|as)\b(?:\s+that)?\s*$|[;,—–]\s*$"
)
OPENING = re.compile(
    r"[\s,:;•·*—–-]*(?:(?:but|and|while|although|whereas|however|meanwhile|that)\b,?\s*)*", re.IGNORECASE
)
WORDS = re.compile(r"\w|" + MASK)
NEXT_VERB = re.compile(r"\b(?:was|were|is|are|has|had|will)\b")


def reported(
    plain: str, text: str, span: tuple[int, int], tags: Sequence[Tag], who: Sequence[Speaker | None],
    relay: tuple[str, ...], question: Callable[[Tag], str],
) -> list[Voice]:  # fmt: skip
    """Voices of reported speech of one sentence; `text` has quotations masked."""
    impersonal = NOBODY.finditer(text, *span) if " that" in text[span[0] : span[1]] else ()
    found = [_nobody(match, span, plain, relay) for match in impersonal]
    for number, (tag, speaker) in enumerate(zip(tags, who, strict=True)):
        if (
            speaker is None
            or tag.verb in ASK
            or tag.verb in TALKS
            or tag.passive_ask
            or passes_on(text, tags, number, speaker)
        ):
            continue
        start, end = _clause(text, span, tags, number)
        start, end = _trim(text, start, end)
        if end <= start or len(re.findall(r"[^\W_]+", text[start:end])) < 2:
            continue
        passed = [
            who[n]
            for n in range(number + 1, len(tags))
            if (one := who[n]) is not None and passes_on(text, tags, n, one)
        ]
        names = (*tag.relay, *(one.claimant for one in passed if one is not None), *relay)
        via = tuple(dict.fromkeys(name for name in names if name and name != speaker.claimant))
        found.append(
            Voice(
                start, end, speaker.claimant, speaker.seen, speaker.kind, speaker.count, via, REPORTED, tag.verb,
                *tag.said, question=question(tag),
            )
        )  # fmt: skip
    return found


def passes_on(text: str, tags: Sequence[Tag], number: int, speaker: Speaker) -> bool:
    """Whether "according to" names an outlet behind somebody else's words: it passed them on."""
    tag = tags[number]
    if tag.verb != "according to" or tag.form == LEAD or not is_outlet(speaker.claimant):
        return False
    told = [before for before in tags[:number] if not before.participle and before.subject is not None]
    return any(before.form == LEAD or not WORDS.search(text, before.end, tag.start) for before in told)


def _nobody(match: re.Match[str], span: tuple[int, int], plain: str, relay: tuple[str, ...]) -> Voice:
    noun = match["noun"]
    start, end = _trim(plain, match.end(), span[1])
    return Voice(start, end, noun or "not named", match["who"], "unnamed", None, relay, REPORTED, match["verb"] or noun)


def _clause(text: str, span: tuple[int, int], tags: Sequence[Tag], number: int) -> tuple[int, int]:
    tag = tags[number]
    if tag.form == LEAD:
        short = text[span[0] : tag.start].rstrip()
        if (
            short.endswith(",")
            and len(short.split()) <= 4
            and re.match(r",\s*\w", text[tag.content : tag.content + 8])
            and number == 0
        ):
            return _interrupted(text, span, tag, short)
        if tag.inserted and (verbs := list(NEXT_VERB.finditer(text, tag.content, span[1])))[1:]:
            return tag.content, verbs[1].start()
        return tag.content, _end(text, span[1], tags, number)
    start = span[0]
    for before in tags[:number]:
        if before.form != LEAD and before.end < tag.start:
            start = max(start, before.end)
        elif before.form == LEAD and re.search(r"\w", text[before.content : tag.start]):
            start = max(start, before.content)
    if start >= tag.start:
        start = span[0]
    return start, tag.start


def _interrupted(text: str, span: tuple[int, int], tag: Tag, short: str) -> tuple[int, int]:
    """`The blast, officials said, killed …`: the whole sentence; an opening like "In Rome," is no part of it."""
    del short
    opening = re.match(
        r"\W*(?:in|on|at|during|after|before|by|for|earlier|later|meanwhile|however)\b",
        text[span[0] : tag.start],
        re.IGNORECASE,
    )
    return (tag.content if opening else span[0]), span[1]


def _end(text: str, high: int, tags: Sequence[Tag], number: int) -> int:
    """Where what follows a tag ends: before the next tag that stands beside it and not inside."""
    tag = tags[number]
    for later in tags[number + 1 :]:
        if later.start <= tag.content or later.start >= high:
            continue
        if later.form != LEAD and not re.search(r"\w|" + MASK, text[tag.content : later.start]):
            return later.start
        joint = JOINS.search(text, max(tag.content, later.start - 24), later.start)
        if later.subject is None or (joint and later.form == LEAD):
            return joint.start() if joint else later.start
    return high


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    opening = OPENING.match(text, start, end)
    start = opening.end() if opening else start
    direct = re.search(r":\s*" + MASK, text[start:end])
    end = start + direct.start() if direct else end
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".,;:—–-"):
        end -= 1
    if text[start:end].strip(MASK + " ,.;:") == "":
        return start, start
    return start, end


def with_outer(voices: Sequence[Voice]) -> tuple[Voice, ...]:
    """Voices in the order of the text, each with the claimants of those around it at the end of its relay."""
    ordered = sorted(voices, key=lambda voice: (voice.start, -voice.end))
    result: list[Voice] = []
    around: list[Voice] = []
    for voice in ordered:
        while around and around[-1].end < voice.end:
            around.pop()
        outer = [one.claimant for one in reversed(around) if one.claimant != voice.claimant and one.end > voice.start]
        relay = tuple(dict.fromkeys([*voice.relay, *outer]))
        result.append(replace(voice, relay=relay) if relay != voice.relay else voice)
        around.append(voice)
    return tuple(result)
