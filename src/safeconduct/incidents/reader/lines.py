"""Lines of a plain text: which belong to one paragraph, and which stand alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from safeconduct.incidents.reader.drafts import Part
from safeconduct.incidents.reader.turns import begins_turn

WRAPPED_AT_MOST = 110  # columns; a longer line was not broken by a typewriter's margin
_LONG = 40  # columns; shorter lines say nothing about the margin
_LINE = re.compile(r"[^\n]+")
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_BULLET = re.compile(r"[•▪‣◦●∙*]\s+|-\s+")
_HEADING = re.compile(r"#{1,6}\s+")
_FIRST_WORD = re.compile(r"\S+")
_FINAL = re.compile(r"[.!?:;…؟۔。][\"'”’»)\]]*$")


@dataclass(slots=True)
class Line:
    """One line without the spaces around it; `broken` when the text's own rules end it here (Markdown)."""

    start: int
    end: int
    indent: int
    broken: bool = False

    @property
    def length(self) -> int:
        """Columns, with the indent."""
        return self.indent + self.end - self.start


def paragraphs(plain: str, *, markdown: bool = False) -> tuple[str, tuple[Part, ...]]:
    """The text with a space for each line end inside a paragraph, and its parts.

    Lines are joined where the next word would not have fitted (a typewriter's or a mail's margin); Markdown joins
    them always, unless two spaces end the line.
    """
    groups = list(_groups(plain))
    width = _width(plain, groups)
    parts: list[Part] = []
    joints: list[int] = []
    for group in groups:
        fresh = True
        for lines in _paragraphs(plain, group, width, markdown=markdown):
            joints.extend(plain.index("\n", line.end, after.start) for line, after in pairwise(lines))
            parts.append(_part(plain, lines[0].start, lines[-1].end, close=not fresh, markdown=markdown))
            fresh = False
    return _spaced(plain, joints), tuple(part for part in parts if part.start < part.end)


def _groups(plain: str) -> Iterator[list[Line]]:
    """Runs of lines without an empty line between them."""
    group: list[Line] = []
    last = 0
    for found in _LINE.finditer(plain):
        start, end = found.span()
        if group and start > last + 1:
            yield group
            group = []
        last = end
        written = found[0].strip()
        if not written:
            if group:
                yield group
            group = []
            continue
        indent = len(found[0]) - len(found[0].lstrip())
        begin = start + indent
        group.append(Line(begin, begin + len(written), indent, end - begin - len(written) >= 2))
    if group:
        yield group


def _width(plain: str, groups: list[list[Line]]) -> int:
    """The margin at which the lines were broken, 0 when they were not.

    Lines broken at a margin seldom end with their sentence.
    """
    long = sorted(line.length for group in groups for line in group if line.length > _LONG)
    if len(long) < 3 or sum(length <= WRAPPED_AT_MOST for length in long) < 0.85 * len(long):
        return 0
    width = next((length for length in reversed(long) if length <= WRAPPED_AT_MOST), 0)
    pairs = (pair for group in groups for pair in pairwise(group))
    full = [line for line, after in pairs if _full(plain, line, after, width)]
    stopped = sum(_FINAL.search(plain[line.start : line.end]) is not None for line in full)
    return width if stopped * 2 < len(full) else 0


def _paragraphs(plain: str, group: list[Line], width: int, *, markdown: bool) -> Iterator[list[Line]]:
    """The paragraphs of a group."""
    typed = bool(width) and _typed(plain, group, width)
    lines = [group[0]]
    for line in group[1:]:
        before = lines[-1]
        if markdown:
            joined = not before.broken and before.length <= WRAPPED_AT_MOST and not _HEADING.match(plain, before.start)
        else:
            joined = typed and _full(plain, before, line, width) and line.indent < before.indent + 2
        if joined and not _opens(plain, before, line):
            lines.append(line)
        else:
            yield lines
            lines = [line]
    yield lines


def _typed(plain: str, group: list[Line], width: int) -> bool:
    """Whether the lines of a group were broken at a margin: all are full, but those that end a sentence."""
    return all(
        _full(plain, line, after, width) or _FINAL.search(plain[line.start : line.end])
        for line, after in pairwise(group)
    )


def _full(plain: str, line: Line, after: Line, width: int) -> bool:
    """Whether the first word of the next line would not have fitted; some margins are ragged by a few columns."""
    word = _FIRST_WORD.match(plain, after.start, after.end)
    return line.length + 1 + (word.end() - word.start() if word else 0) > width - 6


def _opens(plain: str, before: Line, line: Line) -> bool:
    """Whether a line begins something new: a turn of a transcript, a heading, an item of a list."""
    if begins_turn(plain, line.start, line.end) or any(form.match(plain, line.start) for form in (_HEADING, _BULLET)):
        return True
    # "by August / 31. The" is no item
    return bool(_NUMBER.match(plain, line.start) and _FINAL.search(plain[before.start : before.end]))


def _part(plain: str, start: int, end: int, *, close: bool, markdown: bool) -> Part:
    if markdown and (found := _HEADING.match(plain, start, end)):
        return Part(found.end(), end, "title" if found.end() - start == 2 else "heading", close)
    if found := _NUMBER.match(plain, start, end):
        return Part(found.end(), end, "item", close, int(found[1]))
    if found := _BULLET.match(plain, start, end):
        return Part(found.end(), end, "item", close)
    return Part(start, end, "", close)


def _spaced(plain: str, places: list[int]) -> str:
    """The text with a space at each of the places."""
    pieces, last = [], 0
    for place in places:
        pieces.append(plain[last:place])
        last = place + 1
    return " ".join([*pieces, plain[last:]])
