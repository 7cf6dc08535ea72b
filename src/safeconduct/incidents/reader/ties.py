"""How suggestions may stand to each other: repeated, updated, contradicted, corrected, denied, disputed.

Only suggestions of one incident are compared, figures only where they count the same people with the same outcome.
Each tie runs from the later to the earlier one and is a proposal like the suggestions themselves.
"""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from safeconduct.incidents.dates import first_day, last_day
from safeconduct.incidents.figures import bounds, compatible
from safeconduct.incidents.reader.model import Suggestion, Tie

MOST_VALUES = 12  # distinct earlier values that one value is compared with
FEW = 3  # that a challenge is tied to when it names nothing
MOST_SEEN = 40  # newest remarks of a kind in which a later one looks for what it answers
MOST_REMARKS = 8  # earlier remarks that one remark is tied to
SLACK_DAYS = 2
_GROWING = frozenset({"evacuated", "arrived", "admitted", "displaced"})
_ONE = (1, 1, "exact")  # "a man" and "a target" are not said to be one person
_UPDATING = re.compile(
    r"\b(?:updat\w+|revis\w+|ris(?:en|es|ing)|rose|increas\w+|climb\w+|now|later|up\s+from|new\s+(?:toll|figure)s?|latest|so\s+far|"
    r"since\s+(?:then|died))\b",
    re.IGNORECASE,
)
_MAY_BE_DENIED = ("allegation", "attribution")
_MAY_BE_DISPUTED = ("denial", "assessment", "attribution")
_KEPT = frozenset({*_MAY_BE_DENIED, *_MAY_BE_DISPUTED, "justification", "challenge", "claim-of-responsibility"})


def find_ties(
    suggestions: Sequence[Suggestion],
    variants: Iterable[Sequence[str]] = (),
    *,
    published: Mapping[str, str] | None = None,
    methods: Mapping[str, str] | None = None,
    wordings: Mapping[str, str] | None = None,
) -> tuple[Tie, ...]:
    """Propose ties, each once, in the order of the later suggestion.

    Args:
        suggestions: of all documents; of a remark `population` holds the topic.
        variants: ids of wordings of one utterance.
        published: day of publication by file, for suggestions without a day of their own.
        methods: for challenges, how they got there, by id ("video analysis").
        wordings: sentence of a suggestion by id; "rose to", "updated", "now" in it tell an update.
    """
    ordered = _in_time(suggestions, published or {})
    found = [
        *_figure_ties(ordered, wordings or {}),
        *_remark_ties(ordered, methods or {}),
        *_variant_ties(ordered, variants),
    ]
    place = {one.id: number for number, one in enumerate(ordered)}
    distinct = {(tie.source, tie.target, tie.kind): tie for tie in found}
    return tuple(sorted(distinct.values(), key=lambda tie: (place[tie.source], place[tie.target], tie.kind)))


def _in_time(suggestions: Sequence[Suggestion], published: Mapping[str, str]) -> list[Suggestion]:
    """By the day from which each is known to have been said; undated ones last, then by file and place."""

    def key(one: Suggestion) -> tuple[str, str, int]:
        return last_day(one.said or published.get(one.file, "")) or "~", one.file, one.start

    return sorted(suggestions, key=key)


def _figure_ties(ordered: Sequence[Suggestion], wordings: Mapping[str, str]) -> Iterator[Tie]:
    groups: dict[tuple[str, ...], list[Suggestion]] = {}
    for one in ordered:
        if one.kind == "figure" and one.incident and one.population and one.outcome:
            day = one.meant if one.outcome in _GROWING else ""
            key = (one.incident, one.population, one.outcome, one.unit, day, "part" if one.part_of else "")
            groups.setdefault(key, []).append(one)
    for group in groups.values():
        yield from _compare(group, wordings)


def _compare(group: Sequence[Suggestion], wordings: Mapping[str, str]) -> Iterator[Tie]:
    """Ties within one figure: a value said again repeats its first; a new one meets the values before it."""
    first: dict[tuple[int | None, int | None, str], Suggestion] = {}
    files: dict[tuple[int | None, int | None, str], set[str]] = {}
    for one in group:
        if one.ambiguous:
            continue
        value = (one.min, one.max, one.basis)
        if value in first:
            if one.file not in files[value] and value != _ONE:
                yield Tie(one.id, first[value].id, "repeats")
                files[value].add(one.file)
            elif one.claimant and one.claimant != first[value].claimant:
                yield Tie(one.id, first[value].id, "repeats")
            continue
        for earlier in list(first.values())[-MOST_VALUES:]:
            kind = _change(one, earlier, wordings.get(one.id, ""))
            if kind:
                yield Tie(one.id, earlier.id, kind)
        first[value] = one
        files[value] = {one.file}


def _change(later: Suggestion, earlier: Suggestion, wording: str) -> str:
    """How a new value stands to an earlier one; empty when nothing can be said."""
    if not _overlap(later.meant, earlier.meant) or _vague(later):
        return ""
    told = bool(_UPDATING.search(wording))
    after = _after(later, earlier)
    same_voice = _same_voice(later, earlier)
    if compatible(later, earlier):
        if _vague(earlier):
            return "refines"
        higher = (later.min or later.max or 0) > (earlier.min or earlier.max or 0)
        return "updates" if higher and (after or told or same_voice or earlier.basis == "at-least") else ""
    grows = bounds(later)[0] > bounds(earlier)[0] and later.outcome in _GROWING
    return "updates" if told or (after and (same_voice or grows)) else "contradicts"


def _after(later: Suggestion, earlier: Suggestion) -> bool:
    """Whether one was said after the other: on a later day, or further down in one document that gives no days."""
    if later.said and earlier.said:
        return first_day(later.said) > last_day(earlier.said)
    return later.file == earlier.file and later.start > earlier.start


def _same_voice(first: Suggestion, second: Suggestion) -> bool:
    """Whether one office, or the unnamed ones of one document, speak again."""
    unnamed = first.claimant_kind == second.claimant_kind == "unnamed" and first.file == second.file
    return first.claimant == second.claimant or unnamed


def _vague(one: Suggestion) -> bool:
    return one.min is None and one.max is None


def _overlap(first: str, second: str) -> bool:
    """Whether the days that two figures are about may be the same; one that is not told fits any.

    Reports give the day of an announcement for that of the event: two days between are no difference.
    """
    if not first or not second:
        return True
    days = [date.fromisoformat(day) for span in (first, second) for day in (first_day(span), last_day(span))]
    return max(days[0] - days[3], days[2] - days[1]).days <= SLACK_DAYS


def _remark_ties(ordered: Sequence[Suggestion], methods: Mapping[str, str]) -> Iterator[Tie]:
    """Ties of denials, challenges and admissions to what stood before them for the same incident."""
    seen: dict[str, dict[str, deque[Suggestion]]] = {}
    figures: dict[tuple[str, str], list[Suggestion]] = {}
    reasons: dict[tuple[str, str], list[Suggestion]] = {}
    for one in sorted(ordered, key=lambda other: other.start):
        if one.kind == "figure":
            figures.setdefault((one.file, one.incident), []).append(one)
        elif one.kind == "justification":
            reasons.setdefault((one.file, one.incident), []).append(one)
    for one in ordered:
        if not one.incident:
            continue
        before = seen.setdefault(one.incident, {})
        if one.kind == "denial":
            yield from _to(one, "denies", _about(one, _of(before, _MAY_BE_DENIED)))
        elif one.kind == "challenge":
            named = _inside(one, figures.get((one.file, one.incident), ()))
            yield from _to(one, "disputes", _challenged(one, before, named), methods.get(one.id, one.population))
        elif one.kind == "admission":
            own = [other for other in _of(before, ("denial",)) if _by_one(one, other)]
            within = _inside(one, reasons.get((one.file, one.incident), ()))  # "that they had called necessary"
            yield from _to(one, "corrects", [*_of(before, ("justification",)), *within, *own])
        if one.kind in _KEPT:
            before.setdefault(one.kind, deque(maxlen=MOST_SEEN)).append(one)


def _of(before: Mapping[str, Iterable[Suggestion]], kinds: Sequence[str]) -> list[Suggestion]:
    return [other for kind in kinds for other in before.get(kind, ())]


def _inside(one: Suggestion, figures: Sequence[Suggestion]) -> list[Suggestion]:
    """Figures that stand within the words of a remark."""
    first = bisect_left(figures, one.start, key=lambda other: other.start)
    last = bisect_right(figures, one.end, key=lambda other: other.start)
    return [other for other in figures[first:last] if other.end <= one.end]


def _challenged(
    one: Suggestion, before: Mapping[str, Iterable[Suggestion]], named: Sequence[Suggestion]
) -> list[Suggestion]:
    """The figures that a challenge names, and the justifications before it; else what else was said of the incident."""
    reasons = [other for other in _of(before, ("justification",)) if not _by_one(one, other)]
    rest = [other for other in _of(before, _MAY_BE_DISPUTED) if not _by_one(one, other)]
    return [*reasons, *named] or rest[-FEW:]


def _by_one(first: Suggestion, second: Suggestion) -> bool:
    return bool(first.claimant) and first.claimant == second.claimant


def _about(one: Suggestion, before: Sequence[Suggestion]) -> list[Suggestion]:
    """Earlier ones by somebody else, on the same topic where both have one."""
    fitting = [
        other
        for other in before
        if not _by_one(one, other) and (not one.population or _topic(other) in ("", one.population))
    ]
    exact = [other for other in fitting if one.population and other.population == one.population]
    return exact or fitting


def _topic(one: Suggestion) -> str:
    """What a remark is about; who did it is about the attack, though it does not say so."""
    return one.population or ("attack" if one.kind == "attribution" else "")


def _to(one: Suggestion, kind: str, targets: Sequence[Suggestion], method: str = "") -> Iterator[Tie]:
    for target in targets[-MOST_REMARKS:]:
        if target.id != one.id:
            yield Tie(one.id, target.id, kind, method)


def _variant_ties(ordered: Sequence[Suggestion], variants: Iterable[Sequence[str]]) -> Iterator[Tie]:
    """Each later wording of one utterance to the first."""
    place = {one.id: number for number, one in enumerate(ordered)}
    for group in variants:
        known = sorted((name for name in group if name in place), key=place.__getitem__)
        for later in known[1:]:
            yield Tie(later, known[0], "variant")
