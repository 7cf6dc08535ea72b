"""Tags and entities of HTML with their positions, read in one pass over any text, however broken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_NAME = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_ATTRIBUTE = re.compile(r"([^\s=\"'<>/]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++))")
_RAW = ("script", "style", "template", "textarea", "svg", "iframe", "noscript", "math", "object")
_PIECE = re.compile(r"\s+|&#?[\w]{1,32};?|[^\s&]+|&")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag; `raw` is what stands inside it where that is not for reading (a script)."""

    name: str  # lower case
    closes: bool
    inside: str  # the attributes as written
    raw: str = ""

    def attributes(self) -> dict[str, str]:
        """Attributes by their names in lower case, entities resolved."""
        found = _ATTRIBUTE.finditer(self.inside)
        return {at[1].lower(): unescape(at[2] or at[3] or at[4] or "") for at in found}


def split_tags(text: str) -> Iterator[Tag | tuple[int, int]]:
    """Tags, and between them the spans of readable text, in order. Comments and declarations are left out.

    Linear in the length of the text: what does not close is looked for once.
    """
    lower = text.lower()
    lower = lower if len(lower) == len(text) else text  # a few capitals change their length
    shut: set[str] = set()  # ends that do not come again
    place = begin = 0
    while (place := text.find("<", place)) >= 0:
        found = _next(text, lower, place, shut)
        if found is None:
            place += 1
            continue
        if begin < place:
            yield begin, place
        tag, place = found
        if tag:
            yield tag
        begin = place
    if begin < len(text):
        yield begin, len(text)


def _next(text: str, lower: str, place: int, shut: set[str]) -> tuple[Tag | None, int] | None:
    """The tag at a "<" and the place after it; without a tag for a comment; None when it is a plain character."""
    if text[place + 1 : place + 2] in ("!", "?"):
        ending = "-->" if text.startswith("<!--", place) else ">"
        end = _find(text, ending, place + 2, shut)
        return (None, len(text) if end < 0 else end + len(ending))
    name = _NAME.match(text, place)
    if name is None:
        return None
    found = None
    if "quotes" not in shut:
        found = _TAG.match(text, place)
        if found is None:  # a quotation mark that does not close: from here on only ">" counts
            shut.add("quotes")
    end = found.end() if found else _find(text, ">", name.end(), shut) + 1
    if end <= 0 or (found is None and text.find("<", name.end(), end) >= 0):
        return None
    inside = text[name.end() : end - 1]
    low = name[2].lower()
    if low in _RAW and not name[1] and not inside.endswith("/"):
        stop = _find(lower, f"</{low}", end, shut)
        stop = len(text) if stop < 0 else stop
        return Tag(low, closes=False, inside=inside, raw=text[end:stop]), stop
    return Tag(low, closes=bool(name[1]), inside=inside), end


def _find(text: str, ending: str, place: int, shut: set[str]) -> int:
    if ending in shut:
        return -1
    end = text.find(ending, place)
    if end < 0:
        shut.add(ending)
    return end


def split_text(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Pieces of a span of readable text: (start, end, characters it stands for); white space is one space."""
    for found in _PIECE.finditer(text, start, end):
        piece = found[0]
        if piece[0].isspace():
            yield found.start(), found.end(), " "
        elif piece[0] == "&" and len(piece) > 1:
            yield found.start(), found.end(), unescape(piece)
        else:
            yield found.start(), found.end(), piece
