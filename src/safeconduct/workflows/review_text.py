"""The text of a source with the places of its suggestions marked in it, as a page shows it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from safeconduct.incidents.reader.documents import read_document
from safeconduct.incidents.reader.model import Block, Document
from safeconduct.workflows.add_source import day_of, file_of
from safeconduct.workflows.source_rows import OPEN, DecisionRow, SourceRow, SuggestionRow
from safeconduct.workflows.tables import Tx

AROUND = 40_000  # characters shown to either side of the suggestion; a page with a book on it would not open


@dataclass(frozen=True, slots=True)
class PieceView:
    """A run of text under the same suggestions."""

    text: str
    suggestion: str = ""  # the innermost one over it, empty for none
    state: str = ""
    current: bool = False
    first: bool = False  # where the current suggestion begins


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """One paragraph of a source; `label` is what stands before it: a speaker, a number."""

    kind: str
    label: str
    pieces: tuple[PieceView, ...]


def document_of(tx: Tx, source: SourceRow) -> Document:
    """Return a source as it is read, by the day of publication that a person gave if one did."""
    data = tx.sources.original(source.digest) or b""
    return _document(file_of(source), data, day_of(tx, source.digest))


@lru_cache(maxsize=4)
def _document(file: str, data: bytes, published: str) -> Document:
    """Read a source's text; whoever reviews goes through one source after the other."""
    return read_document(file, data, published=published)


def text_around(tx: Tx, source: SourceRow, row: SuggestionRow | None) -> tuple[tuple[ParagraphView, ...], str]:
    """Return the paragraphs around a suggestion, and in words what is left out."""
    document = document_of(tx, source)
    states = tx.sources.states(source.digest)
    marks = [_mark(document, one, states, row) for one in tx.sources.suggestions(source.digest)]
    here = next((mark.start for mark in marks if mark.current), 0)
    low, high = here - AROUND, here + AROUND
    if here < AROUND:
        high = 2 * AROUND
    blocks = [block for block in document.blocks if block.end > low and block.start < high]
    paragraphs = tuple(_paragraphs(document.plain, blocks, marks))
    if len(blocks) == len(document.blocks):
        return paragraphs, ""
    size = f"{len(document.plain):,}"
    return paragraphs, f"characters {blocks[0].start + 1:,} to {blocks[-1].end:,} of {size}" if blocks else ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A suggestion's place in the readable text."""

    start: int
    end: int
    id: str
    state: str
    current: bool


def _mark(
    document: Document, row: SuggestionRow, states: Mapping[str, DecisionRow], current: SuggestionRow | None
) -> _Mark:
    start, end = row.start, row.end
    if document.places is not None:
        start, end = bisect_left(document.places, start), bisect_left(document.places, end)
    decided = states.get(row.id)
    state = decided.state if decided else OPEN
    return _Mark(start, max(end, start + 1), row.id, state, current is not None and row.id == current.id)


def _paragraphs(plain: str, blocks: Sequence[Block], marks: Sequence[_Mark]) -> Iterator[ParagraphView]:
    ordered = sorted(marks, key=lambda mark: mark.start)
    starts = [mark.start for mark in ordered]
    active: list[_Mark] = []
    taken = 0
    before = blocks[0].start if blocks else 0
    begun = False
    for block in blocks:
        upto = bisect_left(starts, block.end)
        active = [mark for mark in (*active, *ordered[taken:upto]) if mark.end > block.start]
        taken = max(taken, upto)
        pieces = list(_pieces(plain, block, active, begun=begun))
        begun = begun or any(piece.first for piece in pieces)
        label = plain[before : block.start].strip() if before < block.start else ""
        before = block.end
        yield ParagraphView(block.kind, label[-80:], tuple(pieces))


def _pieces(plain: str, block: Block, marks: Sequence[_Mark], *, begun: bool) -> Iterator[PieceView]:
    """Cut a block wherever a suggestion begins or ends."""
    cuts = {block.start, block.end}
    for mark in marks:
        cuts |= {place for place in (mark.start, mark.end) if block.start < place < block.end}
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        over = [mark for mark in marks if mark.start <= start and mark.end >= end]
        text = plain[start:end]
        if not over:
            yield PieceView(text)
            continue
        inner = min(over, key=lambda mark: (mark.end - mark.start, mark.id))
        current = any(mark.current for mark in over)
        yield PieceView(text, inner.id, inner.state, current, first=current and not begun)
        begun = begun or current
