"""Days of the entries of one page: a later entry was not written before what it tells had happened."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from safeconduct.incidents.reader.model import Document, Suggestion


def not_before(
    found: Iterable[tuple[int, Suggestion]], document: Document, day_of: Callable[[str], str]
) -> list[Suggestion]:
    """Return the suggestions; in a later entry the page's day gives way to the newest incident that the entry tells.

    A page of several entries gives one day of publication, that of its first entry. It is the day of saying of a later
    entry too, unless the entry tells of an incident after it: then that incident's day is the earliest possible one.

    Args:
        found: where each suggestion begins in `plain`, and the suggestion.
        document: in which they stand.
        day_of: the day of an incident by its id, empty when unknown or more than one.
    """
    rows = list(found)
    if not document.published or not document.blocks or not any(block.section for block in document.blocks):
        return [one for _, one in rows]
    starts = [block.start for block in document.blocks]
    sections = [document.blocks[max(0, bisect_right(starts, start) - 1)].section for start, _ in rows]
    newest = _newest([one for _, one in rows], sections, day_of)
    return [
        replace(one, said=newest[section])
        if section in newest and one.said == document.published < newest[section] and not one.said_wording
        else one
        for (_, one), section in zip(rows, sections, strict=True)
    ]


def _newest(rows: Sequence[Suggestion], sections: Sequence[int], day_of: Callable[[str], str]) -> dict[int, str]:
    newest: dict[int, str] = {}
    for one, section in zip(rows, sections, strict=True):
        if section and one.incident and (day := day_of(one.incident)):
            newest[section] = max(newest.get(section, ""), day)
    return newest
