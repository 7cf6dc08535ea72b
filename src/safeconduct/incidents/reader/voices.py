"""Who says what: quotations with their speakers, and what is reported in other words."""

from collections.abc import Sequence
from dataclasses import replace

from safeconduct.incidents.reader.dialogue import Reader
from safeconduct.incidents.reader.model import Document, Quotation, Voice
from safeconduct.incidents.reader.reported import with_outer


def find_quotations(document: Document) -> tuple[Quotation, ...]:
    """Every utterance in quotation marks, with its speaker where the text names one; in the order of the text."""
    return Reader(document).quotations()


def find_voices(document: Document, quotations: Sequence[Quotation]) -> tuple[Voice, ...]:
    """Every stretch that somebody is said to have said: quotations, turns of a transcript, and reported speech.

    A voice that stands inside another one's words has that other one in its relay.
    """
    reader = Reader(document)
    reader.quotations()
    return _voices(reader, quotations)


def read_speech(document: Document) -> tuple[tuple[Quotation, ...], tuple[Voice, ...]]:
    """Quotations and voices in one reading, in half the time of the two functions."""
    reader = Reader(document)
    quotations = reader.quotations()
    return quotations, _voices(reader, quotations)


def _voices(reader: Reader, quotations: Sequence[Quotation]) -> tuple[Voice, ...]:
    found = [*reader.turns, *reader.reported]
    for quotation in quotations:
        if quotation.voice is not None:
            found += [replace(quotation.voice, start=start, end=end) for start, end in quotation.pieces]
    return with_outer(found)
