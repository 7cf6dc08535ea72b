"""Which tag tells the speaker of a quotation, and which quotations are one utterance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from safeconduct.incidents.reader.model import Document
from safeconduct.incidents.reader.outlet_names import is_outlet
from safeconduct.incidents.reader.quotes import MASK, Stretch
from safeconduct.incidents.reader.speakers import Speaker
from safeconduct.incidents.reader.tails import LEAD, TRAIL, Tag


@dataclass(slots=True)
class Said:
    """A stretch with its speaker, when one is told."""

    stretch: Stretch
    sentence: int
    speaker: Speaker | None = None
    tag: Tag | None = None
    inherited: bool = False  # no tag of its own
    question: str = ""
    alone: bool = False  # nothing else stands in the sentence
    relay: tuple[str, ...] = ()  # who passed it on, told elsewhere than in its tag


def choose(text: str, stretch: Stretch, tags: list[Tag]) -> int | None:
    """Which tag of the sentence tells the speaker of a stretch."""
    for number, tag in enumerate(tags):
        if (
            tag.start >= stretch.right
            and tag.form == TRAIL
            and not re.search(r"\w|" + MASK, text[stretch.right : tag.start])
        ):
            return number
    lead = None
    for number, tag in enumerate(tags):
        if tag.content <= stretch.left and tag.form == LEAD:
            lead = number if not (tag.inserted and _past_insertion(text, tag, stretch)) else lead
    if lead is not None:
        return lead
    behind = next((n for n, tag in enumerate(tags) if tag.start >= stretch.right and tag.form == TRAIL), None)
    if behind is not None:
        return behind
    return next((n for n in range(len(tags) - 1, -1, -1) if tags[n].end <= stretch.left), None)


def _past_insertion(text: str, tag: Tag, stretch: Stretch) -> bool:
    """Whether a second verb stands before the stretch: what "officials said was …" covers has ended."""
    verbs = re.findall(r"\b(?:was|were|is|are|had|has|will)\b", text[tag.content : stretch.left])
    return len(verbs) > 1


def utterances(said: list[Said], text: str) -> Iterator[list[Said]]:
    """Stretches of the text grouped into utterances."""
    group: list[Said] = []
    for item in said:
        if group and _belongs(group, item, text):
            group.append(item)
            continue
        if group:
            yield group
        group = [item]
    if group:
        yield group


def _belongs(group: list[Said], item: Said, text: str) -> bool:  # noqa: PLR0911  (one return for each way to stand)
    """Whether a stretch goes on with the utterance of the one before."""
    last = group[-1]
    same = last.speaker is not None and item.speaker is not None and last.speaker.claimant == item.speaker.claimant
    if last.stretch.goes_on and item.stretch.block > last.stretch.block:
        return same or last.speaker is None or item.speaker is None
    if not same:
        return False
    between = text[last.stretch.right : item.stretch.left]
    if item.stretch.block != last.stretch.block:
        near = item.stretch.block == last.stretch.block + 1
        tagged = any(
            said.tag is not None and said.tag.form == TRAIL
            for said in group
            if said.stretch.block == last.stretch.block
        )
        return near and item.inherited and tagged and item.sentence - last.sentence <= 1
    if item.sentence - last.sentence > 1 or not re.search(r"(?:[,.:;?!—–…]\s*|\s\w+ed,?\s*|^\s*)$", between):
        return False
    tag = last.tag
    stands_between = (
        tag is not None and tag.form == TRAIL and last.stretch.right <= tag.start and tag.end <= item.stretch.left
    )
    if not stands_between:
        return item.inherited and last.inherited and not re.search(r"\w", between)
    if item.sentence == last.sentence:
        return between.rstrip()[-1:] in ",:;—–" or item.tag is tag
    return item.inherited


def outlets(document: Document, hidden: str) -> dict[int, list[tuple[int, tuple[str, ...]]]]:
    """For each block the brackets that name outlets where a passage ends."""
    found: dict[int, list[tuple[int, tuple[str, ...]]]] = {}
    for number, block in enumerate(document.blocks):
        for match in re.finditer(
            r"(?<=[.!?" + MASK + r"])\s*\(([A-Z][^()\n" + MASK + r"]{1,90})\)(?=\s|$)", hidden[block.start : block.end]
        ):
            names = [name.strip() for name in re.split(r",|;|\band\b|/", match[1]) if name.strip()]
            if names and all(is_outlet(name) or (name.isupper() and 2 <= len(name) <= 6) for name in names):
                found.setdefault(number, []).append((block.start + match.start(), tuple(names)))
    return found
