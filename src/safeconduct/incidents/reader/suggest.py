"""Suggests claims from documents: each figure, quotation and remark with who says it, when, and of which incident.

Nothing is recorded here. What cannot be told is left empty or flagged; a person accepts, amends or rejects.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from safeconduct.incidents.reader.copies import find_copies, origins
from safeconduct.incidents.reader.gazetteer import Gazetteer
from safeconduct.incidents.reader.happenings import find_happenings
from safeconduct.incidents.reader.joining import Suggester
from safeconduct.incidents.reader.model import (
    Document,
    Reading,
    Suggestion,
)
from safeconduct.incidents.reader.one_utterance import group_utterances
from safeconduct.incidents.reader.parts import Parts, read_parts
from safeconduct.incidents.reader.ties import find_ties
from safeconduct.incidents.reader.years import settle_years

AROUND = 120  # characters of the text beside a suggestion that tell how it stands to another


def read(
    files: Sequence[tuple[str, bytes]],
    *,
    published: Mapping[str, str] | None = None,
    gazetteer: Gazetteer | None = None,
) -> Reading:
    """Read documents and suggest claims.

    Args:
        files: name and bytes of each.
        published: days of publication that a person gives, by name of file.
        gazetteer: identities of places, groups and bodies.
    """
    given = published or {}
    parts = [read_parts(name, data, published=given.get(name, ""), gazetteer=gazetteer) for name, data in files]
    return join(parts, gazetteer)


def join(read_by_itself: Sequence[Parts], gazetteer: Gazetteer | None = None) -> Reading:
    """Compare documents that were read by themselves, and suggest claims from all of them."""
    read_by_itself = settle_years(read_by_itself)
    happened = find_happenings(read_by_itself, gazetteer)
    parts = [
        replace(one, document=happened.documents[k], dates=happened.dates[k]) for k, one in enumerate(read_by_itself)
    ]
    documents = tuple(one.document for one in parts)
    taken: set[str] = set()
    by_file = {one.document.file: _named(Suggester(one, happened).all(), one.document, taken) for one in parts}
    suggestions = [one for found in by_file.values() for one in found]
    copies = find_copies(documents)
    told = {one.id: _sentence_of(document, one) for document in documents for one in by_file.get(document.file, ())}
    variants = group_utterances(suggestions)
    suggestions = _of_one_incident(suggestions, variants)
    return Reading(
        documents=documents,
        suggestions=tuple(suggestions),
        variants=variants,
        copies=_placed(documents, copies),
        ties=find_ties(suggestions, variants, published={one.file: one.published for one in documents}, wordings=told),
        happenings=happened.all,
        origins=origins(documents, copies),
        names={one.document.file: one.names for one in parts},
        dates={one.document.file: one.dates for one in parts},
    )


def _of_one_incident(suggestions: Sequence[Suggestion], variants: Sequence[Sequence[str]]) -> list[Suggestion]:
    """The suggestions, a quotation without an incident in that of which its other wordings mostly are."""
    known = {one.id: one.incident for one in suggestions}
    given: dict[str, str] = {}
    for group in variants:
        named = Counter(known[name] for name in group if known[name])
        if named:
            given |= {name: named.most_common(1)[0][0] for name in group if not known[name]}
    return [replace(one, incident=given[one.id]) if one.id in given else one for one in suggestions]


def _sentence_of(document: Document, one: Suggestion) -> str:
    """The text of a suggestion with what stands around it: enough to see "rose to" or "updated that to say"."""
    return document.text[max(0, one.start - AROUND) : one.end + AROUND]


def _placed(
    documents: Sequence[Document], copies: Sequence[Sequence[tuple[str, int, int]]]
) -> tuple[tuple[tuple[str, int, int], ...], ...]:
    """The copies with their positions in the files as decoded."""
    by_file = {document.file: document for document in documents}
    return tuple(tuple((file, *by_file[file].span(start, end)) for file, start, end in group) for group in copies)


def _named(found: Sequence[Suggestion], document: Document, taken: set[str]) -> list[Suggestion]:
    """The suggestions in order of place, each with an id that stays the same when other documents come in."""
    named: list[Suggestion] = []
    ids: dict[str, str] = {}
    for one in sorted(found, key=lambda s: (s.start, s.end, s.kind)):
        name = base = f"{document.digest[:8]}-{one.start}-{one.kind}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        ids[one.id] = name
        named.append(replace(one, id=name))
    return [replace(one, part_of=ids.get(one.part_of, "")) if one.part_of else one for one in named]
