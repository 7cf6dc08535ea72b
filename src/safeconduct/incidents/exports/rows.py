"""An account as rows, one for each claim, for spreadsheets and statistics: CSV by RFC 4180.

A cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front, because a
spreadsheet would run it as a formula. A program that reads the file takes one leading apostrophe off such a cell.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from safeconduct.incidents.account import Account, Line
from safeconduct.incidents.claims import Claim, Relation, Source, audience_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"
COLUMNS = (
    "incident", "claim", "said", "said_basis", "known_from", "attribute", "population", "outcome", "meant", "basis",
    "min", "max", "unit", "speech", "claimant", "claimant_kind", "claimant_count", "relay", "question", "text", "quote",
    "status", "by", "rests_on_withdrawn", "relations", "ambiguous", "source", "origin", "source_kind", "publisher",
    "published", "file", "line", "start", "end", "outlets", "means", "said_wording", "meant_wording", "audience",
    "recorded",
)  # fmt: skip


def csv_bytes(
    given: Account, sources: Mapping[str, Source], relations: Iterable[Relation], *, with_mark: bool = False
) -> bytes:
    """The claims of an account as CSV in UTF-8: a header, then one row for each claim, oldest first.

    Args:
        given: the account.
        sources: by id.
        relations: between claims of the account.
        with_mark: start with a byte order mark, by which some spreadsheets know UTF-8.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(given, sources, relations))
    return ((MARK if with_mark else "") + text.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell as a spreadsheet takes it for text and never for a formula.

    An apostrophe that stands before such a start already gets another one, so that taking one off gives the cell back.
    """
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def _rows(given: Account, sources: Mapping[str, Source], relations: Iterable[Relation]) -> Iterator[tuple[str, ...]]:
    ties: dict[str, list[str]] = {}
    for tie in relations:
        ties.setdefault(tie.source, []).append(f"{tie.kind} {tie.target}" + (f" ({tie.method})" if tie.method else ""))
    lines = {line.claim: line for line in given.timeline}
    for claim in given.claims:
        row = _row(claim, sources[claim.source], lines[claim.id], ties.get(claim.id, []))
        yield tuple(harmless(row[name]) for name in COLUMNS)


def _row(claim: Claim, source: Source, line: Line, ties: list[str]) -> Mapping[str, str]:
    def given(number: int | None) -> str:
        return "" if number is None else str(number)  # never a zero for what nobody said

    return {
        "incident": claim.incident, "claim": claim.id, "said": claim.said, "said_basis": claim.said_basis,
        "known_from": claim.known_from, "attribute": claim.attribute, "population": claim.population,
        "outcome": claim.outcome, "meant": claim.meant, "basis": claim.basis, "min": given(claim.min),
        "max": given(claim.max), "unit": claim.unit, "speech": claim.speech, "claimant": claim.claimant,
        "claimant_kind": claim.claimant_kind, "claimant_count": given(claim.claimant_count),
        "relay": "; ".join(claim.relay), "question": claim.question, "text": claim.text,
        "quote": claim.quote, "status": line.status, "by": "; ".join(line.by),
        "rests_on_withdrawn": "; ".join(line.shaken_by), "relations": "; ".join(ties), "ambiguous": claim.ambiguous,
        "source": source.id, "origin": source.origin, "source_kind": source.kind, "publisher": source.publisher,
        "published": source.published, "file": source.file, "line": str(claim.line) if claim.line else "",
        "start": given(claim.start), "end": given(claim.end), "outlets": "; ".join(source.outlets),
        "means": claim.means, "said_wording": claim.said_wording, "meant_wording": claim.meant_wording,
        "audience": audience_of(claim, source),
        "recorded": claim.recorded,
    }  # fmt: skip
