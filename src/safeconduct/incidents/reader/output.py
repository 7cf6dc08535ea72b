"""A reading as JSON, as `safeconduct incident read --json` prints it. Positions count characters of the files."""

from typing import Any

from safeconduct.incidents.reader.model import Document, Reading, Suggestion


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading as plain values."""
    return {
        "sources": [_source(document, reading) for document in reading.documents],
        "claims": [_claim(one) for one in reading.suggestions],
        "variants": [list(group) for group in reading.variants],
        "copies": [_copies(reading, group) for group in reading.copies],
        "relations": [
            {"from": tie.source, "to": tie.target, "kind": tie.kind, "method": tie.method} for tie in reading.ties
        ],
        "incidents": [
            {"id": one.id, "kind": one.kind, "date": one.date or None, "place": one.place or None, "title": one.title}
            for one in reading.happenings
        ],
        "dates": [
            {"file": document.file, "start": start, "end": end, "wording": when.wording, "date": when.iso or None,
             "basis": when.basis}
            for document in reading.documents
            for when in reading.dates.get(document.file, ())
            for start, end in [document.span(when.start, when.end)]
        ],
    }  # fmt: skip


def _source(document: Document, reading: Reading) -> dict[str, Any]:
    return {
        "file": document.file,
        "published": document.published or None,
        "published_basis": document.published_basis,
        "origin": reading.origins.get(document.file, document.file),
        "title": document.title,
        "outlet": document.outlet,
        "encoding": document.encoding,
        "sha256": document.digest,
        "problems": list(document.problems),
    }


def _claim(one: Suggestion) -> dict[str, Any]:
    return {
        "id": one.id, "file": one.file, "start": one.start, "end": one.end, "kind": one.kind,
        "claimant": one.claimant or None, "claimant_kind": one.claimant_kind or None,
        "claimant_count": one.claimant_count, "claimant_seen": one.claimant_seen or None, "relay": list(one.relay),
        "speech": one.speech, "question": one.question or None, "incident": one.incident or None,
        "population": one.population or None, "outcome": one.outcome or None, "unit": one.unit or None,
        "min": one.min, "max": one.max, "basis": one.basis or None,
        "said": one.said or None, "said_wording": one.said_wording or None,
        "meant": one.meant or None, "meant_wording": one.meant_wording or None,
        "hedge": one.hedge or None, "actor": one.actor or None, "grade": one.grade or None,
        "part_of": one.part_of or None, "ambiguous": one.ambiguous or None, "quote": one.quote or None,
    }  # fmt: skip


def _copies(reading: Reading, group: tuple[tuple[str, int, int], ...]) -> list[Any]:
    """Names of files where whole documents are copies, else spans."""
    lengths = {document.file: len(document.text) for document in reading.documents}
    if all(end - start >= lengths[file] * 0.98 for file, start, end in group):
        return [file for file, _, _ in group]
    return [{"file": file, "start": start, "end": end} for file, start, end in group]
