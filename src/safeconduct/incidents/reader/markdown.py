"""Markdown as archives keep it: front matter with day and title, escapes, emphasis, links."""

import re
from html import unescape

from safeconduct.incidents.reader.drafts import Draft, Part, Plain
from safeconduct.incidents.reader.lines import paragraphs

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_FRONT_LIMIT = 20_000  # characters; front matter is a few lines
_KEY = re.compile(r"^([A-Za-z_][\w-]*):[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|\r?\n[ \t]*\\?|(.))|\r?\n[ \t]*", re.DOTALL)
_PLAIN_ESCAPES = {"_": " ", "n": " ", "t": " ", "N": " ", "P": " ", "L": " ", "0": " "}
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # an escape: what follows is meant as it stands
    r"|</?(?:s|del|ins|em|strong|b|i|u|sup|sub|span|br|p|div|a|img)\b[^<>\n]{0,500}>"
    r"|<!--(?:[^-]|-(?!->)){0,200}-->"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});"
    r"|(?P<picture>!?)\[(?P<shown>[^\[\]\n]{0,400})\]\((?P<to>[^()\s]{0,1000})(?:\s+\"[^\"\n]{0,200}\")?\)"
    r"|\*\*|__(?=\S)|(?<=\S)__|(?<![\w*])[*_](?=[^\s*_])|(?<=[^\s*_])[*_](?![\w*])"
)
_OUTLET_KEYS = ("outlet", "publisher", "site_name", "source")
_DAY_KEYS = ("date", "published", "published_time", "publish_date", "pubdate", "date_published")


def read_markdown(text: str) -> Draft:
    """The text without marks; the title of the front matter stands first in it."""
    plain = Plain(text)
    front = _FRONT.match(text[:_FRONT_LIMIT])
    keys = {found[1].lower(): found for found in _KEY.finditer(front[1])} if front else {}
    shift = front.start(1) if front else 0
    if "title" in keys:
        _put_title(plain, text, shift + keys["title"].start(2), shift + keys["title"].end(2))
    length = len(plain)
    title = plain.text()
    if length:
        plain.put("\n\n", front.end() if front else 0)
    _put_body(plain, text, front.end() if front else 0)
    joined, parts = paragraphs(plain.text(), markdown=True)
    parts = tuple(part for part in parts if part.start >= length)
    if length:
        parts = (Part(0, length, "title"), *parts)
    stated = [(keys[key][2].strip(" '\""), f"the front matter's {key}") for key in _DAY_KEYS if key in keys][:1]
    outlet = next((keys[key][2].strip(" '\"") for key in _OUTLET_KEYS if key in keys), "")
    return Draft(joined, plain.places(), parts, title, outlet, tuple(stated))


def _put_title(plain: Plain, text: str, start: int, end: int) -> None:
    """A title as YAML writes it: bare, or in quotation marks with escapes, over one line or several."""
    quoted = text[start : start + 1] if text[start : start + 1] in ("'", '"') else ""
    if quoted:
        start += 1
        end = max(start, text.rfind(quoted, start, end))
    place = start
    for found in _ESCAPE.finditer(text, start, end):
        if found[0][0] == "\\" and quoted != '"':
            continue
        plain.copy(place, found.start())
        place = found.end()
        if found[1] or found[2]:
            plain.put(chr(int(found[1] or found[2], 16)).replace("\xa0", " "), found.start())
        elif found[3]:
            plain.put(_PLAIN_ESCAPES.get(found[3], found[3]), found.start())
        elif found[0][0] != "\\":
            plain.put(" ", found.start())
    plain.copy(place, end)


def _put_body(plain: Plain, text: str, place: int) -> None:
    skip_to = place
    for found in _INLINE.finditer(text, place):
        if found.start() < skip_to:
            continue
        plain.copy(place, found.start())
        place = found.end()
        if found[0] == "\\":
            skip_to = place + 1  # the character after an escape is no mark itself
        elif found[0][0] == "&":
            plain.put(unescape(found[0]), found.start())
        elif found["shown"] is not None and not found["picture"]:
            plain.copy(*found.span("shown"))
    plain.copy(place, len(text))
