"""What the review page shows: a source with all that is suggested from it marked, and one suggestion to decide on."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.incidents.reader.model import Suggestion
from safeconduct.workflows.add_source import OUTLETS, origin_of, suggestion_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.review_suggestions import decision_words, defaults, incidents
from safeconduct.workflows.review_text import ParagraphView, document_of, text_around
from safeconduct.workflows.source_rows import OPEN, Count, DecisionRow, SuggestionRow
from safeconduct.workflows.suggested_claim import propose
from safeconduct.workflows.tables import Tx

WORDS = 600  # characters of exact words shown beside the form; the whole stands marked in the text
MOST_TIES = 50  # suggested relations listed at once


@dataclass(frozen=True, slots=True)
class ReviewSource:
    """One source with how far its review is."""

    digest: str
    name: str
    title: str
    outlet: str
    published: str
    published_basis: str
    problems: tuple[str, ...]
    decided: int
    total: int


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One suggestion as it stands, with the fields of the claim that it would become."""

    id: str
    kind: str
    state: str
    by: str
    at: str  # ISO time of the decision
    claim: str
    incident: str  # of the claim that was recorded
    reading: str
    fields: Mapping[str, str]
    words: str  # the exact words at its place, shortened
    said_wording: str
    meant_wording: str
    hedge: str
    ambiguous: str
    part_of: str
    own_voice: bool  # the text says so itself
    history: tuple[tuple[str, str, str], ...]  # (time, state, by) of earlier decisions


@dataclass(frozen=True, slots=True)
class TieView:
    """A relation that two recorded claims may have."""

    id: str
    kind: str
    method: str
    source: str  # id of the suggestion
    target: str
    source_text: str
    target_text: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The page."""

    kind: str  # filters, empty for all
    digest: str
    decided: int  # under the filters
    total: int
    kinds: tuple[tuple[str, int, int], ...]  # (kind, decided, all)
    sources: tuple[ReviewSource, ...]
    source: ReviewSource | None  # whose text is shown
    paragraphs: tuple[ParagraphView, ...]
    cut: str  # what of a long text is shown, empty for all
    current: SuggestionView | None
    before: str | None
    after: str | None
    incidents: tuple[tuple[str, str], ...]
    ties: tuple[TieView, ...]


def show_review(node: Node, *, suggestion: str = "", kind: str = "", digest: str = "") -> ReviewView:
    """Return the review as it stands.

    Args:
        node: where.
        suggestion: the one to show; without it, or if it is not held, the first open one.
        kind: only this kind of suggestion.
        digest: only this source.
    """
    with node.store.reading() as tx:
        row = tx.sources.suggestion(suggestion) if suggestion else None
        if row is None:
            first = tx.sources.next_open(kind=kind, digest=digest)
            row = tx.sources.suggestion(first) if first else None
        counts = tx.sources.counts()
        shown = row.digest if row is not None else digest
        source = tx.sources.row(shown) if shown else None
        sources = _sources(tx, counts)
        under = [one for one in counts if kind in ("", one.kind) and digest in ("", one.digest)]
        before, after = tx.sources.beside(row.id, kind=kind, digest=digest) if row else (None, None)
        paragraphs, cut = text_around(tx, source, row) if source else ((), "")
        return ReviewView(
            kind=kind,
            digest=digest,
            decided=_decided(under),
            total=sum(one.number for one in under),
            kinds=_kinds(counts, digest),
            sources=sources,
            source=next((one for one in sources if one.digest == shown), None),
            paragraphs=paragraphs,
            cut=cut,
            current=_suggestion(tx, row) if row else None,
            before=before,
            after=after,
            incidents=tuple(sorted(incidents(tx).items(), key=lambda pair: pair[1])),
            ties=tuple(_ties(tx)),
        )


def list_suggestions(node: Node, *, kind: str = "", everything: bool = False) -> list[SuggestionView]:
    """Return open suggestions (or all) in the order of their sources and places."""
    with node.store.reading() as tx:
        found = []
        for source in tx.sources.rows():
            states = tx.sources.states(source.digest)
            for row in tx.sources.suggestions(source.digest):
                decided = states.get(row.id)
                if kind in ("", row.kind) and (everything or decided is None or decided.state == OPEN):
                    found.append(_suggestion(tx, row))
        return found


def _decided(counts: Iterable[Count]) -> int:
    return sum(one.number for one in counts if one.state != OPEN)


def _kinds(counts: Sequence[Count], digest: str) -> tuple[tuple[str, int, int], ...]:
    found: dict[str, list[Count]] = {}
    for one in counts:
        if digest in ("", one.digest):
            found.setdefault(one.kind, []).append(one)
    return tuple((kind, _decided(some), sum(one.number for one in some)) for kind, some in sorted(found.items()))


def _sources(tx: Tx, counts: Sequence[Count]) -> tuple[ReviewSource, ...]:
    rows = tx.sources.rows()
    readings, outlets = tx.sources.readings(), tx.records.held(OUTLETS, [row.digest for row in rows])
    own: dict[str, list[Count]] = {}
    for one in counts:
        own.setdefault(one.digest, []).append(one)
    found = []
    for row in rows:
        said = json.loads(readings.get(row.digest, b"{}"))
        outlet = outlets[row.digest].decode() if row.digest in outlets else said.get("outlet", "")
        some = own.get(row.digest, [])
        found.append(ReviewSource(
            digest=row.digest, name=row.name, title=said.get("title", ""), outlet=outlet,
            published=said.get("published", ""), published_basis=said.get("basis", ""),
            problems=tuple(said.get("problems", ("it has not been read yet",))), decided=_decided(some),
            total=sum(one.number for one in some),
        ))  # fmt: skip
    return tuple(found)


def _suggestion(tx: Tx, row: SuggestionRow) -> SuggestionView:
    one, _ = suggestion_of(row)
    decisions = tx.sources.decisions(row.id)
    last = decisions[-1] if decisions else DecisionRow(row.id, OPEN, "", 0)
    words = decision_words(last)
    fields = defaults(tx, row.id)
    if last.state != OPEN:
        fields |= {**words.get("changed", {}), "incident": words.get("incident", "")}
    return SuggestionView(
        id=row.id, kind=row.kind, state=last.state, by=last.by, at=iso(last.at) if decisions else "", claim=last.claim,
        incident=words.get("incident", ""), reading=words.get("reading", ""), fields=fields, words=_words(tx, row),
        said_wording=one.said_wording, meant_wording=one.meant_wording, hedge=one.hedge, ambiguous=one.ambiguous,
        part_of=_part_of(tx, one), own_voice=not one.claimant,
        history=tuple((iso(d.at), d.state, d.by) for d in decisions[:-1]),
    )  # fmt: skip


def _part_of(tx: Tx, one: Suggestion) -> str:
    """Return the total of which a figure is part, in words."""
    row = tx.sources.suggestion(one.part_of) if one.part_of else None
    source = None if row is None else tx.sources.row(row.digest)
    if row is None or source is None:
        return ""
    return propose(*suggestion_of(row), origin_of(tx, source))["text"]


def _words(tx: Tx, row: SuggestionRow) -> str:
    source = tx.sources.row(row.digest)
    if source is None:
        return ""
    words = document_of(tx, source).text[row.start : row.end]
    return words if len(words) <= WORDS else words[:WORDS] + " …"


def _ties(tx: Tx) -> Iterator[TieView]:
    for tie, source, target in tx.sources.ready_ties()[:MOST_TIES]:
        yield TieView(
            tie.id, tie.kind, tie.method, tie.source, tie.target, _claim_text(tx, source), _claim_text(tx, target)
        )


def _claim_text(tx: Tx, claim: str) -> str:
    held = tx.records.latest("claims", claim)
    if held is None:
        return claim
    said = json.loads(held[0])
    return f"{said['text']} ({said['claimant']}, {said['said']})"
