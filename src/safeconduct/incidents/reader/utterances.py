"""Utterances made into quotations: pieces, voice and relay; one without a speaker may stand elsewhere with one."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from safeconduct.incidents.reader.model import DIRECT, Document, Quotation, Voice
from safeconduct.incidents.reader.quoted import Said
from safeconduct.incidents.reader.quotes import Stretch
from safeconduct.incidents.reader.speakers import Speaker

FEW_WORDS = 3  # of words in marks that may be a mere name
RUN = 3  # words in a row that two wordings share
SAME = 0.6  # share of such runs by which two quotations are one utterance
WORD = re.compile(r"[^\W_]+")


def quotation(document: Document, group: Sequence[Said], relay: tuple[str, ...], question: str) -> Quotation:
    """One utterance as a quotation; `relay` and `question` are those of its passage and its tag."""
    first, last = group[0].stretch, group[-1].stretch
    lead = leading(group)
    pieces = tuple((said.stretch.start, said.stretch.end) for said in group)
    few = len(group) == 1 and len(document.plain[first.start : first.end].split()) <= FEW_WORDS
    untold = lead is None or (lead.inherited and not lead.alone)
    if few and untold:
        return Quotation(first.start, last.end, pieces, None, closed=last.closed, scare=True)
    found = None
    if lead is not None and lead.speaker is not None:
        tag = lead.tag
        names = tuple(dict.fromkeys([*(tag.relay if tag else ()), *lead.relay, *relay]))
        names = tuple(name for name in names if name != lead.speaker.claimant)
        asked = question or next((said.question for said in group if said.question), "")
        when = tag.said if tag else (-1, -1)
        verb = tag.verb if tag else "says"
        found = voice(first.start, last.end, lead.speaker, verb, DIRECT, relay=names, question=asked, said=when)
    return Quotation(first.start, last.end, pieces, found, closed=last.closed)


def leading(group: Sequence[Said]) -> Said | None:
    """The stretch of an utterance that tells its speaker."""
    told = next((said for said in group if said.tag is not None and said.speaker is not None), None)
    return told or next((said for said in group if said.speaker is not None), None)


def nickname(stretch: Stretch) -> Quotation:
    """Words in marks inside a name."""
    return Quotation(stretch.start, stretch.end, ((stretch.start, stretch.end),), None, scare=True)


def voice(
    start: int, end: int, speaker: Speaker, verb: str, speech: str, *, relay: tuple[str, ...] = (), question: str = "",
    said: tuple[int, int] = (-1, -1),
) -> Voice:  # fmt: skip
    """The voice of a speaker over a stretch of text."""
    return Voice(
        start, end, speaker.claimant, speaker.seen, speaker.kind, speaker.count, relay, speech, verb, *said,
        question=question,
    )  # fmt: skip


def with_same_words(document: Document, found: Sequence[Quotation]) -> list[Quotation]:
    """Quotations without a speaker get that of the same words, or nearly the same, elsewhere in the document."""
    if all(one.voice is not None for one in found):
        return list(found)
    holders: dict[tuple[str, ...], Voice] = {}
    for one in found:
        if one.voice is not None:
            for run in _runs(document, one):
                holders.setdefault(run, one.voice)
    return [one if one.voice is not None else _adopted(one, _runs(document, one), holders) for one in found]


def _adopted(one: Quotation, runs: list[tuple[str, ...]], holders: dict[tuple[str, ...], Voice]) -> Quotation:
    votes = Counter((holders[run].start, holders[run].end) for run in runs if run in holders)
    if not votes:
        return one
    (span, share), *_ = votes.most_common(1)
    if share < SAME * len(runs):
        return one
    other = next(holders[run] for run in runs if run in holders and (holders[run].start, holders[run].end) == span)
    return replace(one, voice=replace(other, start=one.start, end=one.end, said_start=-1, said_end=-1), scare=False)


def _runs(document: Document, one: Quotation) -> list[tuple[str, ...]]:
    words = [word.lower() for start, end in one.pieces for word in WORD.findall(document.plain, start, end)]
    return [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]
