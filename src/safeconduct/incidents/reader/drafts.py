"""What the readers of the three kinds of file make first: readable characters with their places, cut into parts."""

import re
from array import array
from dataclasses import dataclass, field
from itertools import pairwise

# One character for one, so that positions stay: other spaces, marks of direction and control characters ...
_SPACES = re.compile(
    "[\x00-\x09\x0e-\x1b\x1f\x7f\xa0\u1680\u2000-\u200b\u200e\u200f\u202a-\u202f\u205f\u2060\u2066-\u2069\u3000\ufeff]"
)
_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # ... and what ends a line or page
_DROPPED = "\xad"  # soft hyphens show a person nothing


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of readable text that stands alone: a paragraph, a line, an item of a list."""

    start: int
    end: int
    hint: str = ""  # what the markup says: "title", "heading", "paragraph", "caption", "aside", "item"; empty: nothing
    close: bool = False  # no empty line between it and the part before
    number: int = 0  # of a numbered item; its digits stand before `start`
    entry: int = 0  # of a page with several articles, from 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A file without its markup."""

    plain: str
    places: "array[int] | None"
    parts: tuple[Part, ...]
    title: str = ""
    outlet: str = ""
    stated: tuple[tuple[str, str], ...] = ()  # (date as written, where it stands)
    problems: tuple[str, ...] = field(default=())


def tidy(text: str) -> str:
    """The text with plain spaces and one kind of line end; as many characters as before."""
    return _ENDS.sub("\n", _SPACES.sub(" ", text.replace("\r\n", " \n").replace("\r", "\n")))


class Plain:
    """Readable characters and, for each, its place in the text as decoded."""

    def __init__(self, text: str) -> None:
        self._tidy = tidy(text)
        self._pieces: list[str] = []
        self._places: array[int] = array("i")

    def __len__(self) -> int:
        """Characters so far."""
        return len(self._places)

    def copy(self, start: int, end: int) -> None:
        """Take over characters of the text, without those that show nothing."""
        piece = self._tidy[start:end]
        if _DROPPED not in piece:
            self._pieces.append(piece)
            self._places.extend(range(start, end))
            return
        stops = [start - 1, *(start + at.start() for at in re.finditer(_DROPPED, piece)), end]
        for before, stop in pairwise(stops):
            self._pieces.append(self._tidy[before + 1 : stop])
            self._places.extend(range(before + 1, stop))

    def put(self, chars: str, place: int) -> None:
        """Characters that stand for what begins at `place`: an entity, an escape, a space for a line end."""
        self._pieces.append(tidy(chars))
        self._places.extend([place] * len(chars))

    def text(self) -> str:
        """All readable characters so far."""
        return "".join(self._pieces)

    def places(self) -> "array[int] | None":
        """Their places; None when nothing moved."""
        return None if self._places == array("i", range(len(self._tidy))) else self._places
