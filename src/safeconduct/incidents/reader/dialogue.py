"""One document read from top to bottom for all that is said in it, and by whom."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from safeconduct.incidents.reader.labels import of_label
from safeconduct.incidents.reader.masked_sentences import sentences
from safeconduct.incidents.reader.model import DIRECT, Document, Quotation, Voice
from safeconduct.incidents.reader.people import People
from safeconduct.incidents.reader.quoted import Said, choose, outlets, utterances
from safeconduct.incidents.reader.quotes import Stretch, find_stretches, masked
from safeconduct.incidents.reader.reported import passes_on, reported
from safeconduct.incidents.reader.speakers import Speaker, Speakers
from safeconduct.incidents.reader.tags import find_tags
from safeconduct.incidents.reader.tails import LEAD, Tag
from safeconduct.incidents.reader.untagged import HEADLINES, Untagged, phrase_mention
from safeconduct.incidents.reader.utterances import leading, nickname, quotation, voice, with_same_words
from safeconduct.incidents.reader.verbs import ASK

BRACKETS = re.compile(r"\([^()\n]{0,160}\)|\[[^\[\]\n]{0,80}\]")

WORD = re.compile(r"\w")
AT_OFFICE = re.compile(
    r"\W*(?:In|At)\s+(?:the\s+(?:staff|headquarters|press service|press office|office|secretariat|command)\s+of\s+)?"
    r"(?:the\s+)?(?P<body>[^,.;:]{2,60}?)\s+"
)
OWN_WORDS = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me)\b")  # only somebody who was named just before says these


@dataclass(frozen=True, slots=True)
class Before:
    """What the sentence before left: who may go on speaking, and through whom."""

    block: int = -1
    speaker: Speaker | None = None
    relay: tuple[str, ...] = ()
    earlier: Speaker | None = None  # who spoke last in the same block, one sentence or more before


class Reader:
    """Reads one document from top to bottom."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stretches = find_stretches(document)
        self.lefts = [stretch.left for stretch in self.stretches if not stretch.nickname]
        self.spoken = [stretch for stretch in self.stretches if not stretch.nickname]
        hidden = masked(document, self.stretches)
        self.flat = BRACKETS.sub(lambda match: " " * len(match[0]), hidden)
        self.outlets = outlets(document, hidden)
        self.speakers = Speakers(document, People(document))
        self.untagged = Untagged(document, self.flat, self.speakers)
        self.said: list[Said] = []
        self.reported: list[Voice] = []
        self.turns: list[Voice] = []
        self.turn: Speaker | None = None
        self.answerer: Speaker | None = None
        self.question = ""
        self.sentence = 0
        self.pending = ("", "")  # whom somebody asked, and what
        self.before = Before(-1)

    def quotations(self) -> tuple[Quotation, ...]:
        """All quotations; `turns` and `reported` are filled on the way."""
        for number, block in enumerate(self.document.blocks):
            if block.kind == "aside":
                continue
            self._turn(number)
            for start, end in sentences(self.document.plain, self.flat, block.start, block.end):
                self._read(number, start, end)
        found = [self._quotation(group) for group in utterances(self.said, self.flat)]
        found = with_same_words(self.document, found)
        nicknames = [nickname(stretch) for stretch in self.stretches if stretch.nickname]
        return tuple(sorted(found + nicknames, key=lambda quotation: quotation.start))

    # -- transcripts ---------------------------------------------------------------------------------------------

    def _turn(self, number: int) -> None:
        """Enter the turn of a block; a turn goes on over the blocks of one speaker."""
        blocks = self.document.blocks
        block = blocks[number]
        before = next((blocks[n] for n in range(number - 1, -1, -1) if blocks[n].kind != "aside"), None)
        if not block.speaker:
            self.turn = None
            return
        if (
            self.turn is not None
            and before
            and before.speaker == block.speaker
            and before.asks == block.asks
            and self.turns
        ):
            self.turns[-1] = replace(self.turns[-1], end=block.end)
            return
        if self.turns and before and before.asks:
            self.question = _last_question(self.document, self.turns[-1])
        self.turn = of_label(block.speaker, self.speakers, asks=block.asks)
        following = next((b for b in blocks[number:] if b.speaker and not b.asks), None) if block.asks else None
        self.answerer = of_label(following.speaker, self.speakers, asks=False) if following else None
        question = self.question if not block.asks and before and before.asks else ""
        self.turns.append(voice(block.start, block.end, self.turn, "says", DIRECT, question=question))

    # -- sentences -----------------------------------------------------------------------------------------------

    def _read(self, number: int, start: int, end: int) -> None:
        self.sentence += 1
        self.speakers.starts.append(start)
        tags = find_tags(self.flat, start, end)
        who = self._speakers(tags, start, end)
        inside = self.spoken[bisect_left(self.lefts, start) : bisect_left(self.lefts, end)]
        alone = bool(inside) and not WORD.search(self.flat, start, end)
        passed = tuple(self._passed(tags, who).values()) if inside else ()
        for stretch in inside:
            said = Said(stretch, self.sentence, alone=alone, relay=passed)
            self._assign(said, number, (start, end), tags, who)
            self._answer(said)
            self.said.append(said)
        relay = self._relay(number, start)
        self.reported += reported(self.document.plain, self.flat, (start, end), tags, who, relay, self._question)
        self._leave(number, (start, end), tags, who, quoted=bool(inside))

    def _leave(
        self, number: int, span: tuple[int, int], tags: list[Tag], who: list[Speaker | None], *, quoted: bool
    ) -> None:
        """Keep who may go on speaking in the next sentence."""
        passed = self._passed(tags, who)
        relay = tuple(passed.values())
        place = next((n for n in range(len(who) - 1, -1, -1) if who[n] is not None and n not in passed), None)
        last = who[place] if place is not None else None
        if place is not None:
            relay = (*tags[place].relay, *relay)
        elif quoted and self.said[-1].speaker is not None:
            last, relay = self.said[-1].speaker, self.said[-1].relay
        elif (subject := self.untagged.head(*span)) is not None:
            self.speakers.focus(subject, span[0])
            last = subject
        same = self.before.block == number
        earlier = last or ((self.before.speaker or self.before.earlier) if same else None)
        self.before = Before(number, last, relay, earlier)

    def _passed(self, tags: list[Tag], who: list[Speaker | None]) -> dict[int, str]:
        """Outlets behind somebody else's words, by the number of their tag."""
        return {n: one.claimant for n, one in enumerate(who) if one is not None and passes_on(self.flat, tags, n, one)}

    def _speakers(self, tags: list[Tag], start: int, end: int) -> list[Speaker | None]:
        """The speaker of each tag; one without a subject has that of the tag before, or of the sentence."""
        who: list[Speaker | None] = []
        carried: Speaker | None = None
        for number, tag in enumerate(tags):
            speaker: Speaker | None = None
            if tag.source is not None:
                tag.relay.append(tag.subject.name if tag.subject else "")
                speaker = self.speakers.resolve(tag.source, tag.start)
            elif tag.subject is not None:
                opening = not self.flat[start : tag.subject.start].strip(" \n\t“\"'‘•·-–")
                speaker = self._own(tag) or self._elsewhere(tag, start)
                speaker = speaker or self.speakers.resolve(tag.subject, tag.start, opening=opening)
            elif number and who[-1] is not None:
                speaker = who[-1]
            else:
                speaker = carried or self.untagged.subject(tags, number, start, end)
            if speaker is not None:
                self._note(tag, speaker)
                carried = speaker
            who.append(speaker)
        return who

    def _own(self, tag: Tag) -> Speaker | None:
        """In a transcript: the speaker's own "I" and "we", and the "you" of a reporter."""
        if self.turn is None or tag.subject is None or tag.subject.kind != "pronoun":
            return None
        if tag.subject.name in {"i", "we"}:
            return replace(self.turn, seen=tag.subject.seen)
        if tag.subject.name == "you" and self.answerer is not None:
            return replace(self.answerer, seen=tag.subject.seen)
        return None

    def _elsewhere(self, tag: Tag, start: int) -> Speaker | None:
        """A pronoun that means a body or a paper: "in the ministry they said", "it also read"."""
        if tag.subject is None or tag.subject.kind != "pronoun":
            return None
        if tag.subject.name == "it" and tag.verb in {"read", "reads"} and self.speakers.last is not None:
            return replace(self.speakers.last, seen=tag.subject.seen)
        if tag.subject.name == "they" and (office := AT_OFFICE.fullmatch(self.flat, start, tag.subject.start)):
            body = phrase_mention(self.flat, office.start("body"), office.end("body"))
            if body is not None and body.kind in {"body", "person"} and not body.title:
                return self.speakers.resolve(body._replace(kind="body"), tag.start)
        return None

    def _note(self, tag: Tag, speaker: Speaker) -> None:
        if tag.passive_ask:
            self.speakers.focus(speaker, tag.start)
            self.speakers.asked = speaker
            self.pending = (speaker.claimant, self._question(tag))
            return
        if tag.subject is not None and tag.subject.name in {"i", "we", "you"}:
            return
        self.speakers.note(speaker, tag.start)
        if tag.subject is not None:
            self.speakers.asked = None
        if tag.verb in ASK and tag.listener is not None and tag.listener.kind == "person":
            self.speakers.asked = self.speakers.resolve(tag.listener, tag.start)

    # -- a stretch and its tag -----------------------------------------------------------------------------------

    def _assign(
        self, said: Said, number: int, span: tuple[int, int], tags: list[Tag], who: list[Speaker | None]
    ) -> None:
        stretch = said.stretch
        choice = choose(self.flat, stretch, tags)
        low = tags[choice].content if choice is not None else None
        if (choice is None or tags[choice].form == LEAD) and (
            beside := self.untagged.beside(stretch, span, low)
        ) is not None:
            said.speaker = beside
            self.speakers.note(beside, stretch.left)
            return
        if choice is not None:
            said.tag, said.speaker = tags[choice], who[choice]
            if said.tag.passive_ask:
                said.speaker = said.tag = None
                return
            if said.speaker is not None or self.turn is None:
                return
        if self.turn is not None:
            again = self.said[-1] if self.said and choice is None else None
            follows = again is not None and not WORD.search(self.document.plain, again.stretch.right, stretch.left)
            said.speaker = again.speaker if again is not None and follows else self.turn
            said.inherited = True
            return
        named = self.untagged.by_name(stretch, span, self.before.speaker)
        if named is not None:
            said.speaker = named
            self.speakers.note(named, stretch.left)
            return
        said.speaker, relay = self._inherited(stretch, number, alone=said.alone)
        said.relay, said.inherited = (*said.relay, *relay), True

    def _answer(self, said: Said) -> None:
        """Give an answer its question, told before it in other words or as a quotation."""
        asked = self.speakers.asked
        if (said.tag is not None and said.tag.subject is None and asked is not None) or (
            said.tag is not None and said.tag.verb in ASK and asked
        ):
            self.pending = (asked.claimant, self.document.plain[said.stretch.start : said.stretch.end])
        elif said.speaker is not None and said.speaker.claimant == self.pending[0]:
            said.question, self.pending = self.pending[1], ("", "")

    def _inherited(self, stretch: Stretch, number: int, *, alone: bool) -> tuple[Speaker | None, tuple[str, ...]]:
        """Who goes on speaking, and through whom, when nothing but the quotation makes up the sentence."""
        chained = bool(self.said) and self.said[-1].stretch.goes_on and self.said[-1].stretch.block < stretch.block
        if chained:
            return self.said[-1].speaker, self.said[-1].relay
        blocks, before = self.document.blocks, self.before
        words = self.document.plain[stretch.start : stretch.end]
        if not alone or (blocks[number].kind in HEADLINES and len(words.split()) <= 1):
            return None, ()
        if before.block == number:
            if before.speaker is None and OWN_WORDS.search(words):
                return before.earlier, ()
            return before.speaker, before.relay
        near = before.block >= 0 and number - before.block <= 1 and blocks[number].kind == "paragraph"
        return (before.speaker, before.relay) if near and blocks[before.block].kind == "paragraph" else (None, ())

    # -- the outcome ---------------------------------------------------------------------------------------------

    def _quotation(self, group: list[Said]) -> Quotation:
        first, lead = group[0].stretch, leading(group)
        question = self._question(lead.tag) if lead is not None and lead.tag is not None else ""
        return quotation(self.document, group, self._relay(first.block, first.start), question)

    def _question(self, tag: Tag) -> str:
        start, end = tag.question
        return re.sub(r"\s+", " ", self.document.plain[start:end]).strip() if start >= 0 else ""

    def _relay(self, block: int, position: int) -> tuple[str, ...]:
        """Outlets in brackets behind the passage in which a position stands."""
        places = self.outlets.get(block, ())
        at = bisect_right([place for place, _ in places], position)
        return places[at][1] if at < len(places) else ()


def _last_question(document: Document, turn: Voice) -> str:
    """The last sentence of a reporter's turn that asks."""
    text = re.sub(r"\s+", " ", document.plain[turn.start : turn.end])
    found = re.findall(r"[^.?!]*\?", text[-1500:])
    return found[-1].strip() if found else ""
