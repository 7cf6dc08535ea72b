"""Take in a source: its original is archived, and claims are suggested from it. Nothing is recorded as a claim here.

The ledger holds that an original with this digest was taken in, under which name, and not its text. All sources are
read together, so that copies and wordings of one utterance are found across them; what was decided stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from hashlib import sha256
from typing import Any

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.dates import check_day
from safeconduct.incidents.reader.model import Document, Happening, Reading, Suggestion
from safeconduct.incidents.reader.parts import Parts, read_parts
from safeconduct.incidents.reader.suggest import join
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.source_rows import OPEN, SourceRow, SuggestionRow, TieRow
from safeconduct.workflows.suggested_claim import Origin, happening_key, one_line
from safeconduct.workflows.tables import Tx

LIMIT_MB = 50  # of one original
NAME_LIMIT = 200  # characters
TOGETHER, TOGETHER_MB = 400, 64  # sources that are read together: the newest ones, so that adding one never takes long
MOST = 10**12  # a number above it counts nobody and is not kept
BODY_LIMIT = 64 << 20  # bytes of one stored suggestion: a quotation that is never closed may be long
# kinds of record: what a person gave for a digest
DAYS, OUTLETS = "source-day", "source-outlet"

KEPT_BYTES = 64 << 10  # a source up to this size is not read by itself again while the process runs

Read = Callable[..., Reading]


@dataclass(frozen=True, slots=True)
class Added:
    """What came of taking in sources."""

    new: tuple[SourceRow, ...]
    known: tuple[SourceRow, ...]  # held before, byte for byte; nothing changed
    waiting: int  # open suggestions of all sources
    problems: tuple[tuple[str, str], ...]  # (name, what could not be read or was read with a doubt)
    compared: int = 0  # sources that were read together, the newest ones; 0 when nothing had to be read


def read_together(files: Sequence[tuple[str, bytes]], *, published: Mapping[str, str]) -> Reading:
    """Read sources and compare them with each other; one that was read before is only compared."""
    return join(
        [(_kept if len(data) <= KEPT_BYTES else _parts)(name, data, published.get(name, "")) for name, data in files]
    )


def _parts(name: str, data: bytes, published: str) -> Parts:
    return read_parts(name, data, published=published)


_kept = lru_cache(maxsize=256)(_parts)


def add_sources(
    node: Node,
    files: Sequence[tuple[str, bytes]],
    *,
    published: Mapping[str, str] | None = None,
    outlet: str = "",
    read: Read = read_together,
) -> Added:
    """Archive originals and suggest claims from them; the same bytes again change nothing.

    Args:
        node: where.
        files: name and bytes of each.
        published: days of publication that a person gives, by name.
        outlet: who published them, when a person gives it; of all files.
        read: reads sources together.

    Raises:
        BadInput: `too-large`, `empty-file`, `bad-name`, `bad-date`, `bad-reference`; then nothing is stored.
    """
    given = dict(published or {})
    checked = [(_name(name), _body(name, data)) for name, data in files]
    for name, day in given.items():
        check_day(day, where=f"day of publication of {name}")
        if name not in {file for file, _ in files}:
            raise BadInput("bad-reference", where="day of publication", expected="one of the files", seen=name)
    new: dict[str, SourceRow] = {}
    known: dict[str, SourceRow] = {}
    dated: set[str] = set()
    with node.store.transaction() as tx:
        now = node.clock.now()
        for (name, data), (as_given, _) in zip(checked, files, strict=True):
            digest = sha256(data).hexdigest()
            held = tx.sources.row(digest)
            if held is None:
                row = SourceRow(digest, name, len(data), now)
                tx.sources.archive(row, data)
                body = encode_json({"digest": digest, "name": name, "size": len(data)})
                tx.ledger.append("own:source", body, node.random.bytes(32), now)
                new[digest] = row
            elif digest not in new:
                known[digest] = held
            if outlet.strip():
                tx.records.add(OUTLETS, digest, one_line(outlet, NAME_LIMIT).encode(), now)
            if as_given in given and tx.records.add(DAYS, digest, given[as_given].encode(), now):
                dated.add(digest)
        unread = tx.sources.unread()
    compared = _read_again(node, unread | dated, read) if unread or dated else 0
    return _added(node, new, known, compared)


def correct_source(
    node: Node, digest: str, *, published: str = "", outlet: str = "", read: Read = read_together
) -> None:
    """Give or correct what a source says of itself; empty leaves it. Decisions stay.

    Args:
        node: where.
        digest: of the source.
        published: day of publication; relative dates of the text are worked out again.
        outlet: who published it.
        read: reads sources together.

    Raises:
        BadInput: `bad-date`.
        SafeconductError: `unknown-source`.
    """
    if published:
        check_day(published, where="day of publication")
    with node.store.transaction() as tx:
        row = tx.sources.row(digest)
        if row is None:
            raise SafeconductError("unknown-source", f"no source with the digest {digest[:16]} is held")
        now, told = node.clock.now(), origin_of(tx, row)
        given = {DAYS: published if published != told.published else "", OUTLETS: one_line(outlet, NAME_LIMIT)}
        changed = [kind for kind, text in given.items() if text and tx.records.add(kind, digest, text.encode(), now)]
        if changed:
            body = encode_json({"digest": digest, **{kind: given[kind] for kind in changed}})
            tx.ledger.append("own:source-said", body, node.random.bytes(32), now)
    if DAYS in changed:
        _read_again(node, {digest}, read)


def origin_of(tx: Tx, row: SourceRow) -> Origin:
    """Return what a source says of itself."""
    body = tx.sources.reading(row.digest)
    said = decode_json(body, where=f"reading of {row.name}") if body else {}
    known = {one.name for one in fields(Origin)} & set(said)
    told = {"published": "", **{name: said[name] for name in known}}
    given = tx.records.latest(OUTLETS, row.digest)
    if given is not None:
        told["outlet"] = given[0].decode()
    return Origin(row.digest, row.name, retrieved=iso(row.at), **told)


def suggestion_of(row: SuggestionRow) -> tuple[Suggestion, Happening | None]:
    """Return a stored suggestion and the incident that it may belong to."""
    body = decode_json(row.body, where=f"suggestion {row.id}", limit=BODY_LIMIT)
    known = {one.name for one in fields(Suggestion)} & set(body["suggestion"])
    given = {name: body["suggestion"][name] for name in known}
    happening = body["happening"]
    return Suggestion(**{**given, "relay": tuple(given["relay"])}), Happening(**happening) if happening else None


def file_of(row: SourceRow) -> str:
    """Return the name under which a source is read: two sources may have one name, and never one digest."""
    return f"{row.digest[:16]}/{row.name}"


def day_of(tx: Tx, digest: str) -> str:
    """Return the day of publication that a person gave, empty when nobody did."""
    held = tx.records.latest(DAYS, digest)
    return held[0].decode() if held else ""


def _name(name: str) -> str:
    """Return a name without what hides in a line: no control characters, no leading slashes."""
    parts = (part.strip() for part in one_line(name, len(name)).replace("\\", "/").split("/"))
    plain = "/".join(part for part in parts if part not in ("", ".", ".."))
    if not plain:
        raise BadInput("bad-name", where="source", expected="a name", seen=name)
    return plain if len(plain) <= NAME_LIMIT else plain[-NAME_LIMIT:].lstrip("/ ")


def _body(name: str, data: bytes) -> bytes:
    if not data.strip():
        raise BadInput("empty-file", where=f"source {name}", expected="some text", seen=f"{len(data)} bytes")
    if len(data) > LIMIT_MB << 20:
        raise BadInput("too-large", where=f"source {name}", expected=f"at most {LIMIT_MB} MB",
                       seen=f"{len(data) / (1 << 20):.1f} MB")  # fmt: skip
    return data


def _read_again(node: Node, touched: set[str], read: Read) -> int:
    """Read sources together and store what is suggested; only the last step holds up other writers."""
    with node.store.reading() as tx:
        rows = _together(tx.sources.rows(), touched)
        files = [(file_of(row), tx.sources.original(row.digest) or b"") for row in rows]
        days = {file_of(row): day for row in rows if (day := day_of(tx, row.digest))}
    found = read(files, published=days)
    digests = {file_of(row): row.digest for row in rows}
    happenings = {one.id: one for one in found.happenings}
    held = [one for one in found.suggestions if max(one.min or 0, one.max or 0) <= MOST]
    suggestions = [_row(one, happenings.get(one.incident), digests[one.file]) for one in held]
    ties = [TieRow(f"{t.kind}:{t.source}:{t.target}", t.source, t.target, t.kind, t.method) for t in found.ties]
    with node.store.transaction() as tx:
        for document in found.documents:
            tx.sources.note_reading(digests[document.file], encode_json(_self_told(document, found, digests)))
        tx.sources.replace_suggestions(digests.values(), suggestions)
        tx.sources.replace_ties(digests.values(), ties)
    return len(rows)


def _together(rows: Sequence[SourceRow], touched: set[str]) -> list[SourceRow]:
    """Return the sources to read together: those that need it, and the newest others within the limits."""
    chosen = [row for row in rows if row.digest in touched]
    size = sum(row.size for row in chosen)
    for row in reversed(rows):
        size += 0 if row.digest in touched else row.size
        if len(chosen) >= TOGETHER or size > TOGETHER_MB << 20:
            break
        if row.digest not in touched:
            chosen.append(row)
    return sorted(chosen, key=lambda row: row.seq)


def _row(one: Suggestion, happening: Happening | None, digest: str) -> SuggestionRow:
    body = {"suggestion": asdict(one), "happening": asdict(happening) if happening else None}
    key = happening_key(happening) if happening else ""
    return SuggestionRow(one.id, digest, one.start, one.end, one.kind, key, encode_json(body))


def _self_told(document: Document, found: Reading, digests: Mapping[str, str]) -> dict[str, Any]:
    origin = found.origins.get(document.file, document.file)
    return {
        "published": document.published,
        "basis": document.published_basis,
        "title": document.title,
        "outlet": document.outlet,
        "kind": _kind(document),
        "problems": list(document.problems),
        "origin": digests.get(origin, origin),
    }


def _kind(document: Document) -> str:
    """Return the kind of source: a briefing has questions, remarks have one speaker throughout."""
    told = [block for block in document.blocks if block.kind == "paragraph"]
    if any(block.asks for block in told):
        return "press-briefing"
    return "remarks" if told and all(block.speaker for block in told) else "press-report"


def _added(node: Node, new: Mapping[str, SourceRow], known: Mapping[str, SourceRow], compared: int) -> Added:
    with node.store.reading() as tx:
        waiting = sum(one.number for one in tx.sources.counts() if one.state == OPEN)
        problems = []
        for row in new.values():
            body = tx.sources.reading(row.digest)
            said = decode_json(body, where=row.name)["problems"] if body else ["it could not be read"]
            problems += [(row.name, problem) for problem in said]
        rows = {row.digest: row for row in tx.sources.rows()}
    return Added(tuple(rows[digest] for digest in new), tuple(known.values()), waiting, tuple(problems), compared)
