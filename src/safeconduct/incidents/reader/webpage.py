"""A page of HTML: its article without the page around it, and what its head says of day, title and outlet."""

import re
from collections import Counter
from dataclasses import dataclass, field

from safeconduct.incidents.reader.drafts import Draft, Part, Plain
from safeconduct.incidents.reader.html_tags import Tag, split_tags, split_text


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCKS = _names(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol p pre section summary table tbody td tfoot "
    "th thead title tr ul"
)
_VOID = _names("br hr img input meta link area base col embed source track wbr")
_SKIPPED = _names(
    "nav header footer aside form button select script style template textarea svg iframe noscript math object dialog"
)
_SELF_CLOSING = _names("p li a td tr dt dd")
_UNNAMED = _names("a body html main article span img")  # their classes say nothing of one block
_HINTS = {f"h{level}": "heading" for level in range(2, 7)} | {
    "h1": "title",
    "figcaption": "caption",
    "caption": "caption",
    "li": "item",
    "p": "paragraph",
    "title": "page-title",
}
_HINTS_BY_WEIGHT = ("aside", "page-title", "title", "caption", "heading", "item")
_AROUND = re.compile(
    r"\b(?:shar(?:e|ing)|social|related|newsletter|promo|advert\w*|cookies?|breadcrumbs?|byline|tags|sidebar|menu|"
    r"subscribe|comments?|pagination|masthead|toolbar)\b"
)
_CAPTION = re.compile(r"\b(?:caption|credit|wp-caption-text)\b")
_DAY_NAMES = _names(
    "article:published_time og:published_time og:article:published_time datepublished date pubdate publishdate "
    "publish-date publish_date publication_date parsely-pub-date sailthru.date dc.date dc.date.issued "
    "dcterms.created dcterms.date"
)
_LINKED_DAY = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_LEAST = 200  # characters an article has at least
_SEARCHED = 64  # open tags looked through for the one that an end tag means


@dataclass(slots=True)
class _Open:
    name: str
    hint: str = ""
    skipped: bool = False


@dataclass(slots=True)
class _Piece:
    """Characters of one block, not yet placed."""

    runs: list[tuple[int, int, str]] = field(default_factory=list)
    hint: str = ""
    close: bool = False
    skipped: bool = False
    main: bool = False
    article: int = 0
    linked: int = 0
    length: int = 0


class _Page:
    """What one pass over the tags gathers."""

    def __init__(self) -> None:
        self.open: list[_Open] = []
        self.pieces: list[_Piece] = []
        self.now = _Piece()
        self.facts: dict[str, str] = {}
        self.stated: list[tuple[str, str]] = []
        self.hints: list[str] = []
        self.count: Counter[str] = Counter()
        self.articles = 0

    def read(self, text: str) -> None:
        for found in split_tags(text):
            if isinstance(found, Tag):
                self._tag(found)
            else:
                self._text(text, *found)
        self._flush()

    def _text(self, text: str, start: int, end: int) -> None:
        now = self.now
        for begin, stop, chars in split_text(text, start, end):
            if chars == " " and (not now.runs or now.runs[-1][2] == " "):
                continue
            now.runs.append((begin, stop, chars))
            now.length += len(chars)
            if self.count["a"]:
                now.linked += len(chars)

    def _tag(self, tag: Tag) -> None:
        if tag.name in _BLOCKS:
            self._flush(close=tag.name in ("br", "td", "th", "dt", "dd", "li"))
        if tag.closes:
            self._end(tag.name)
        else:
            self._facts(tag)
            if tag.name not in _VOID and not tag.inside.endswith("/"):
                self._begin(tag)
        if tag.name in _BLOCKS:
            self.now = self._piece()

    def _begin(self, tag: Tag) -> None:
        if self.open and tag.name == self.open[-1].name and tag.name in _SELF_CLOSING:
            self._pop()
        hint = _HINTS.get(tag.name, "")
        inside = self.count["article"] + self.count["main"] > 0
        skipped = tag.name in _SKIPPED and not (tag.name == "header" and inside)
        if "=" in tag.inside and tag.name not in _UNNAMED:
            given = tag.attributes()
            said = f"{given.get('class', '')} {given.get('id', '')}".lower().replace("_", "-")
            if _CAPTION.search(said):
                hint = "caption"
            elif tag.name in ("div", "section", "ul", "p") and _AROUND.search(said):
                hint = "aside"
            skipped = skipped or _unseen(given)
        if tag.name == "article" and not self.count["article"]:
            self.articles += 1
        self.open.append(_Open(tag.name, hint, skipped))
        self.count[tag.name] += 1
        self.count["skipped"] += skipped

    def _end(self, name: str) -> None:
        for depth in range(1, min(len(self.open), _SEARCHED) + 1):
            if self.open[-depth].name == name:
                for _ in range(depth):
                    self._pop()
                return

    def _pop(self) -> None:
        last = self.open.pop()
        self.count[last.name] -= 1
        self.count["skipped"] -= last.skipped

    def _facts(self, tag: Tag) -> None:
        if tag.name == "meta":
            given = tag.attributes()
            name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
            content = given.get("content", "")
            if name in _DAY_NAMES and content:
                self.stated.append((content, f"the page's {name}"))
            elif name in ("og:site_name", "og:title") and content:
                self.facts.setdefault(name, content.strip())
        elif tag.name == "script" and "ld+json" in tag.inside:
            self.stated += [(found[1], "the page's datePublished") for found in _LINKED_DAY.finditer(tag.raw)]
        elif tag.name == "time" and not self.count["skipped"]:
            given = tag.attributes()
            if "datetime" in given and "time" not in self.facts:
                self.facts["time"] = given["datetime"]

    def _piece(self) -> _Piece:
        hints = [opened.hint for opened in self.open[-8:] if opened.hint]
        hint = next((one for one in _HINTS_BY_WEIGHT if one in hints), "")
        return _Piece(
            hint=hint or (hints[-1] if hints else ""),
            skipped=self.count["skipped"] > 0 or (self.count["head"] > 0 and hint != "page-title"),
            main=self.count["main"] > 0,
            article=self.articles if self.count["article"] else 0,
        )

    def _flush(self, *, close: bool = False) -> None:
        now = self.now
        while now.runs and now.runs[-1][2] == " ":
            now.runs.pop()
        if now.runs:
            if now.linked * 5 > now.length * 4 and now.hint not in ("page-title", "title", "heading"):
                now.hint = "aside"
            self.pieces.append(now)
        self.now = _Piece(hint=now.hint, close=close, skipped=now.skipped, main=now.main, article=now.article)


def _unseen(given: dict[str, str]) -> bool:
    """Whether attributes tell that an element is not shown, or stands around the article."""
    return (
        given.get("role") in ("navigation", "banner", "contentinfo", "search")
        or given.get("aria-hidden") == "true"
        or "display:none" in given.get("style", "").replace(" ", "")
    )


def read_page(text: str) -> Draft:
    """The article of a page: `<main>` or `<article>` where there is one, without navigation, forms and notices."""
    page = _Page()
    page.read(text)
    shown = [piece for piece in page.pieces if piece.hint != "page-title"]
    pieces = _article([piece for piece in shown if not piece.skipped])
    problems: tuple[str, ...] = ()
    if sum(piece.length for piece in pieces) < _LEAST < sum(piece.length for piece in shown):
        pieces = shown  # some pages stand inside one form
        problems = ("no article was found on the page: all of it was read",)
    plain, parts = _placed(text, pieces)
    stated = page.stated or ([(page.facts["time"], "the page's time")] if "time" in page.facts else [])
    titles = ["".join(run[2] for run in piece.runs) for piece in page.pieces if piece.hint == "page-title"]
    title = page.facts.get("og:title") or (titles[0] if titles else "")
    outlet = page.facts.get("og:site_name", "")
    return Draft(plain.text(), plain.places(), tuple(parts), title, outlet, tuple(stated), problems)


def _placed(text: str, pieces: list[_Piece]) -> tuple[Plain, list[Part]]:
    """The characters of the pieces one after the other, with empty lines between."""
    plain = Plain(text)
    parts = []
    entries = {article: number for number, article in enumerate(sorted({piece.article for piece in pieces}))}
    for piece in pieces:
        if len(plain):
            plain.put("\n" if piece.close else "\n\n", piece.runs[0][0])
        start = len(plain)
        for begin, stop, chars in piece.runs:
            if chars == text[begin:stop]:
                plain.copy(begin, stop)
            else:
                plain.put(chars, begin)
        parts.append(Part(start, len(plain), piece.hint, piece.close, entry=entries[piece.article]))
    return plain, parts


def _article(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces of the main article or articles; all when none is marked or those that are hold too little."""
    main = [piece for piece in pieces if piece.main]
    within = main if sum(piece.length for piece in main) >= _LEAST else pieces
    lengths: Counter[int] = Counter()
    for piece in within:
        if piece.article and piece.hint != "aside":
            lengths[piece.article] += piece.length
    long = {article for article, length in lengths.items() if length >= _LEAST}
    if lengths and max(lengths.values()) >= 3 * sum(lengths.values()) / 4:
        long = {lengths.most_common(1)[0][0]}  # the others are teasers
    chosen = [piece for piece in within if piece.article in long]
    return chosen or within
