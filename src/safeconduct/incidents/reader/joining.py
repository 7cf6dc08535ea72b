"""Joins what was found in one document into suggestions: who says what, when, of which incident."""

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from safeconduct.incidents.reader.doers import doer_of
from safeconduct.incidents.reader.entry_days import not_before
from safeconduct.incidents.reader.happenings import Happenings
from safeconduct.incidents.reader.model import (
    DIRECT,
    REPORTED,
    Count,
    Quotation,
    Remark,
    Suggestion,
    Voice,
    When,
)
from safeconduct.incidents.reader.one_utterance import stands_in
from safeconduct.incidents.reader.parts import Parts
from safeconduct.incidents.reader.shingles import keys

_INITIALS = re.compile(r" \([A-Z][A-Za-z]{1,7}\)")
DOERS = frozenset(("condemnation", "denial", "claim-of-responsibility", "admission", "restriction", "challenge"))
LONG = 60  # characters of a date
FAR = 90  # characters between a figure and a day that it may be about


@dataclass(frozen=True, slots=True)
class _Said:
    """Who said something, through whom, when."""

    voice: Voice | None
    day: str
    wording: str


class Suggester:
    """Joins what was found in one document."""

    def __init__(self, parts: Parts, happened: Happenings) -> None:
        self.parts = parts
        self.document = parts.document
        self.happened = happened
        self.starts = [sentence.start for sentence in self.document.sentences]
        self.first_parts: dict[tuple[int, str], int] = {}
        for one in parts.counts:
            if one.part_of >= 0 and one.start >= parts.counts[one.part_of].end:
                self.first_parts.setdefault((one.part_of, one.population), one.start)
        self.voices = sorted(parts.voices, key=lambda voice: voice.end - voice.start)

    def all(self) -> list[Suggestion]:
        """All suggestions of the document; their ids are only good within it."""
        figures = [(count.start, self.figure(k, count)) for k, count in enumerate(self.parts.counts)]
        quotations = [(quoted.start, self.quotation(quoted)) for quoted in self.spoken_words()]
        remarks = [(one.start, self.remark(one)) for one in self.parts.remarks]
        return not_before([*figures, *quotations, *remarks], self.document, self.day_of)

    def spoken_words(self) -> list[Quotation]:
        """The quotations; words in marks that nobody is said to have spoken only where others say who spoke them."""
        voiced = [one for one in self.parts.quotations if one.voice is not None and not one.scare]
        said = {self.words_of(one): one.voice for one in voiced}
        found: list[Quotation] = []
        for one in self.parts.quotations:
            words = self.words_of(one) if one.scare else ""
            spoken = next((whole for whole in said if words and stands_in(words, whole)), "")
            if one.end > one.start and (not one.scare or spoken):
                found.append(replace(one, voice=said[spoken]) if one.scare else one)
        return found

    def words_of(self, quoted: Quotation) -> str:
        """The words of a quotation, for comparison."""
        return " ".join(keys(self.document.plain[quoted.start : quoted.end]))

    def figure(self, number: int, count: Count) -> Suggestion:
        """The claim of a figure."""
        said = self.said(count.number_start, count.end)
        day, wording = self.meant(count.start, count.end, said, self.of_parts(number, count))
        incident = self.happened.incident_of(self.document.file, count.start, count.end, count.outcome)
        return replace(
            self._base("duration" if count.duration else "figure", count.start, count.end, said),
            id=f"figure {number}",
            part_of=f"figure {count.part_of}" if count.part_of >= 0 else "",
            incident=incident,
            population=count.population,
            outcome=count.outcome,
            unit=count.unit,
            min=count.min,
            max=count.max,
            basis=count.basis,
            meant=day if wording else self.day_of(incident),
            meant_wording=wording,
            hedge=count.hedge,
            ambiguous=count.ambiguous,
        )

    def of_parts(self, number: int, count: Count) -> int:
        """Where the first part of a total of the same people begins: "900 people, 40 of them on Friday"."""
        return self.first_parts.get((number, count.population), sys.maxsize)

    def quotation(self, quoted: Quotation) -> Suggestion:
        """The claim that somebody spoke these words."""
        said = self._said_by(quoted.voice)
        base = self._base("quotation", quoted.start, quoted.end, said)
        return replace(
            base,
            id=f"quotation {quoted.start}",
            speech=DIRECT,
            incident=self.happened.incident_of(self.document.file, quoted.start, quoted.end, ""),
            quote=self.document.text[base.start : base.end],
            ambiguous="" if quoted.closed else "the quotation is never closed",
        )

    def remark(self, remark: Remark) -> Suggestion:
        """The claim of a statement that is no figure."""
        said = self.spoken(remark)
        day, wording = self.meant(remark.start, remark.end, said)
        incident = self.happened.incident_of_remark(self.document.file, remark.start, remark.end, remark.kind)
        return replace(
            self._base(remark.kind, remark.start, remark.end, said),
            id=f"{remark.kind} {remark.start}",
            incident=incident,
            actor=remark.actor,
            grade=remark.grade,
            population=remark.topic,
            meant=day if wording else self.day_of(incident),
            meant_wording=wording,
            hedge=remark.hedge,
        )

    def spoken(self, remark: Remark) -> _Said:
        """Who makes a remark: who is said to condemn, deny or claim; else the voice that it mostly consists of."""
        doer, kind = doer_of(remark, self.document, self.parts.names) if remark.kind in DOERS else ("", "")
        if doer:
            outer = self.said(remark.start, remark.end)
            relay = (outer.voice.claimant, *outer.voice.relay) if outer.voice and outer.voice.claimant else ()
            own = Voice(remark.start, remark.end, doer, doer, kind, None, relay, REPORTED, remark.kind)
            return _Said(own, outer.day, outer.wording)
        for voice in self.voices:
            shared = min(remark.end, voice.end) - max(remark.start, voice.start)
            if shared * 2 > min(remark.end - remark.start, voice.end - voice.start):
                return self._said_by(voice)
        return self._said_by(None)

    def day_of(self, incident: str) -> str:
        """The day of an incident of one day; that of an operation of many tells nothing of a figure."""
        day = self.happened.day_of(incident)
        return "" if "/" in day else day

    def said(self, start: int, end: int) -> _Said:
        """Who says a stretch of text: the innermost voice over it, the document itself when there is none."""
        for voice in self.voices:
            if voice.start <= start and end <= voice.end + 1:
                return self._said_by(voice)
        return self._said_by(None)

    def _said_by(self, voice: Voice | None) -> _Said:
        told = None if voice is None else self.told_on(voice)
        if told is not None:
            return _Said(voice, told.iso, told.wording)
        return _Said(voice, self.document.published, "")

    def dates_in(self, start: int, end: int) -> Sequence[When]:
        """The dates that begin in a stretch, or not long before it."""
        first = bisect_left(self.parts.dates, start - LONG, key=lambda when: when.start)
        return self.parts.dates[first : bisect_left(self.parts.dates, end, key=lambda when: when.start)]

    def told_on(self, voice: Voice) -> When | None:
        """When something was said: beside its verb, or right before who says it: "On Monday, officials"."""
        plain = self.document.plain
        stretch = (voice.start - FAR, voice.start) if voice.said_start < 0 else (voice.said_start, voice.said_end)
        for when in self.dates_in(*stretch):
            if when.start < voice.said_end and voice.said_start < when.end:
                return when
            if voice.said_start < 0 and when.end <= voice.start and voice.start - when.end < FAR:
                between = plain[when.end : voice.start].lstrip(", ").removeprefix("the ")
                if voice.claimant_seen and between.startswith(f"{voice.claimant_seen} "):
                    return when
        return None

    def meant(self, start: int, end: int, said: _Said, until: int = sys.maxsize) -> tuple[str, str]:
        """The day that a stretch is about: the nearest one in its sentence that does not tell when it was said.

        Days from `until` on are not its own.
        """
        place = max(0, bisect_right(self.starts, start) - 1)
        if not self.document.sentences:
            return "", ""
        sentence = self.document.sentences[place]
        told = None if said.voice is None else self.told_on(said.voice)
        near: list[tuple[int, When]] = []
        for when in self.dates_in(sentence.start, sentence.end):
            if when.start < sentence.start or when.end > sentence.end:
                continue
            if when == told or until <= when.start:
                continue
            away = when.start - end if when.start >= end else (start - when.end) * 2 if when.end <= start else 0
            if away <= FAR:
                near.append((away, when))
        if not near:
            return "", ""
        _, best = min(near, key=lambda pair: pair[0])
        return best.iso, best.wording

    def with_initials(self, voice: Voice | None) -> Voice | None:
        """The voice with the initials that the document gives for a body beside its name: "… of Nurses (UNN)"."""
        if voice is None or voice.claimant_kind == "person" or " " not in voice.claimant:
            return voice
        place = self.document.plain.find(f"{voice.claimant} (")
        given = _INITIALS.match(self.document.plain, place + len(voice.claimant)) if place >= 0 else None
        return replace(voice, claimant=f"{voice.claimant}{given[0]}") if given else voice

    def _base(self, kind: str, start: int, end: int, said: _Said) -> Suggestion:
        first, last = self.document.span(start, end)
        voice = self.with_initials(said.voice)
        if voice is None:
            return Suggestion(
                id="", file=self.document.file, start=first, end=last, kind=kind, said=said.day, speech=REPORTED
            )
        return Suggestion(
            id="", file=self.document.file, start=first, end=last, kind=kind,
            claimant=voice.claimant, claimant_kind=voice.claimant_kind, claimant_count=voice.claimant_count,
            claimant_seen=voice.claimant_seen, relay=voice.relay, speech=voice.speech, question=voice.question,
            said=said.day, said_wording=said.wording,
        )  # fmt: skip
