"""From a file to a document: text, readable characters with their places, blocks, sentences, and its own day."""

from hashlib import sha256
from pathlib import PurePosixPath

from safeconduct.incidents.dates import check_day
from safeconduct.incidents.reader.blocks import name_blocks
from safeconduct.incidents.reader.decoding import decode
from safeconduct.incidents.reader.drafts import Draft, tidy
from safeconduct.incidents.reader.lines import paragraphs
from safeconduct.incidents.reader.markdown import read_markdown
from safeconduct.incidents.reader.model import Document
from safeconduct.incidents.reader.publication import (
    dated_entries,
    find_outlet,
    infer_publication,
    read_stated,
    settle,
    stated_days,
)
from safeconduct.incidents.reader.sentences import split_sentences
from safeconduct.incidents.reader.turns import assign_turns
from safeconduct.incidents.reader.webpage import read_page

_PAGES = frozenset((".html", ".htm", ".xhtml", ".shtml"))
_MARKDOWN = frozenset((".md", ".markdown", ".mdown"))
_LOOKED_AT = 2_000  # characters in which a page without a telling name shows itself


def read_document(file: str, data: bytes, *, published: str = "", year: int | None = None) -> Document:
    """A file as a document, read as far as it can be read; what could not be read is told in its `problems`.

    Plain text, HTML and Markdown are told apart by name and content. `published` (an ISO day) is what a person gives
    as the day of publication and goes before all else; `year` is the year of other documents on the same matter,
    for a document that gives days without one.

    Labels of turns ("MS. SMITH:"), numbers and bullets of lists stand before the start of their block, not in it.

    Raises:
        BadInput: `bad-date`, only for a `published` that is no day. Nothing in the file raises.
    """
    if published:
        check_day(published, where="published")
    decoded = decode(data)
    digest = sha256(data).hexdigest()
    if not decoded.readable:
        return Document(
            file, digest, decoded.text, tidy(decoded.text), None, (), (), published, "given" if published else "",
            encoding=decoded.encoding, problems=decoded.problems,
        )  # fmt: skip
    draft = _draft(file, decoded.text)
    blocks = name_blocks(draft.plain, draft.parts, draft.title)
    title = draft.title or next((draft.plain[block.start : block.end] for block in blocks if block.kind == "title"), "")
    blocks = assign_turns(draft.plain, blocks, title)
    blocks = dated_entries(draft.plain, blocks)
    own = [] if any(block.section for block in blocks) else stated_days(draft.plain, blocks)
    day, basis, doubts = settle(read_stated(draft.stated) or [*own])
    document = Document(
        file=file,
        digest=digest,
        text=decoded.text,
        plain=draft.plain,
        places=draft.places,
        blocks=blocks,
        sentences=split_sentences(draft.plain, blocks),
        published=published or day,
        published_basis="given" if published else basis,
        encoding=decoded.encoding,
        title=title.strip(),
        outlet=draft.outlet or find_outlet(draft.plain, blocks),
        problems=(*decoded.problems, *draft.problems, *doubts),
    )
    return infer_publication(document, year=year)


def _draft(file: str, text: str) -> Draft:
    kind = PurePosixPath(file).suffix.lower()
    start = text[:_LOOKED_AT].lstrip("\ufeff \t\r\n").lower()
    if kind in _PAGES or start.startswith(("<!doctype html", "<html", "<?xml")):
        return read_page(text)
    if kind in _MARKDOWN or start.startswith(("---\n", "---\r\n")):
        return read_markdown(text)
    if kind not in (".txt", "") and sum(start.count(tag) for tag in ("<p>", "<p ", "<div", "<br", "<span")) >= 3:
        return read_page(text)
    plain, parts = paragraphs(tidy(text))
    return Draft(plain, None, parts)
