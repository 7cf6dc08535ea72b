"""A sentence as words, numbers and marks, each with its place."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}"  # U.S., U.K., D.C.
    r"|\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|k|K|m|M)?(?![\w])"  # 13,400  1.5  1st  1990s  12k
    r"|\w+(?:[’'\-‑–]\w+)*[’']?"
    r"|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `low` is its text in lower case with straight apostrophes."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number, not a mark."""
        return self.text[0].isalnum()


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of `text[start:end]`, with positions in `text`."""
    return [Token(m[0], m[0].lower().replace("’", "'"), m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
