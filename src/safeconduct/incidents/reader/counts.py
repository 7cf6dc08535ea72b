"""Figures of a document: how many of whom, what became of them, and how firmly it is said.

A figure is a number or a vague quantity of people, harm events or things that move or are held; spans of time are kept
apart. What a sentence leaves open is flagged and not guessed.
"""

from collections.abc import Sequence
from dataclasses import replace

from safeconduct.incidents.reader.bare_numbers import listed, part_of_last, read_bare
from safeconduct.incidents.reader.distractors import is_no_figure
from safeconduct.incidents.reader.lexicon import phrases as phrases_of
from safeconduct.incidents.reader.model import Count, Document
from safeconduct.incidents.reader.numbers import Number, find_numbers, is_number
from safeconduct.incidents.reader.outcomes import Phrase, outcome_of
from safeconduct.incidents.reader.populations import Population, is_counted, population_after
from safeconduct.incidents.reader.tokens import Token, tokens

_HEDGES = tuple(" ".join(words) for rows in phrases_of("hedges").values() for words, _ in rows)
_NEAR = 700  # characters back to the figure whose people a bare number may count
_GENERIC = frozenset(
    ("people", "persons", "others", "individuals", "men", "women", "adults", "members", "lives", "names", "souls")
)
_VAGUE_OF = frozenset(("many", "some", "several", "numerous", "a-few"))


def find_counts(document: Document) -> tuple[Count, ...]:
    """All figures of a document, in order; positions are those of `document.plain`."""
    found: list[Count] = []
    for sentence in document.sentences:
        if document.blocks[sentence.block].kind == "aside":
            continue
        last = next((row for row in reversed(found[-6:]) if row.unit == "people"), None)
        before = last if last is not None and sentence.start - last.end <= _NEAR else None
        found.extend(_in_sentence(document.plain, sentence.start, sentence.end, len(found), before))
    return tuple(found)


def _in_sentence(text: str, start: int, end: int, offset: int, before: Count | None) -> list[Count]:
    words = tokens(text, start, end)
    given = [number for number in find_numbers(words) if not is_no_figure(text, words, number)]
    drafts = [draft for number in given if (draft := _draft(words, number)) is not None]
    drafts += _singles(words, drafts)
    drafts = _apart(drafts)
    phrases = [_phrase(number, population) for number, population in drafts]
    outcomes = [outcome_of(words, phrases, k) for k in range(len(phrases))]
    _share(words, phrases, outcomes)
    hedge = _hedge(text[start:end].lower())
    rows = [
        _count(text, words, number, population, outcome, hedge)
        for (number, population), outcome in zip(drafts, outcomes, strict=True)
    ]
    rows = _with_bare(words, phrases, drafts, rows, before)
    rows = _parts(words, phrases, rows, offset)
    return _ambiguous(rows)


def _apart(drafts: Sequence[tuple[Number, Population | None]]) -> list[tuple[Number, Population | None]]:
    """The drafts in order, without those inside another: "nine members of one household" is one figure."""
    kept: list[tuple[Number, Population | None]] = []
    for number, population in sorted(drafts, key=lambda draft: draft[0].first):
        if not kept or number.first >= _phrase(*kept[-1]).last:
            kept.append((number, population))
    return kept


def _draft(words: Sequence[Token], number: Number) -> tuple[Number, Population | None] | None:
    """A number with what it counts; None when it counts nothing of interest."""
    bare = words[number.head].low
    one = bare == "one" and number.last - number.head == 1
    population = population_after(words, number.last, one=one)
    if population is None:
        if one or (number.vague and number.basis in _VAGUE_OF):
            return None
        return number, None
    if population.duration and number.basis in ("many", "some", "numerous"):
        return None
    if population.unit == "people" and _mixed(words, population.last):
        population = replace(population, name="people")
    return number, population


def _mixed(words: Sequence[Token], last: int) -> bool:
    """Whether the people counted are a list of several kinds: "citizens, partners, journalists and others"."""
    if last >= len(words) or words[last].text != ",":
        return False
    for place in range(last + 1, min(len(words) - 1, last + 6)):
        if words[place].low in ("who", "which", "including", "among", "were", "was", "said", "and") or is_number(
            words, place
        ):
            return False
        if is_counted(words[place]):
            return words[place + 1].low in (",", "and", "of")
    return False


def _singles(
    words: Sequence[Token], drafts: Sequence[tuple[Number, Population | None]]
) -> list[tuple[Number, Population | None]]:
    """One person or event of harm without a number: "killed a militant", "a girl was wounded"."""
    covered = {
        place for number, population in drafts for place in range(number.first, _phrase(number, population).last)
    }
    found: list[tuple[Number, Population | None]] = []
    for place, token in enumerate(words):
        if token.low not in ("a", "an", "another") or place in covered:
            continue
        population = population_after(words, place + 1, one=True)
        if population is None or population.unit != "people" or population.noun in _NOT_SINGLE:
            continue
        phrase = Phrase(place, population.last, population.noun)
        if any(k in covered for k in range(place, population.last)) or _restates(words, place):
            continue
        if _hit(words, phrase):
            found.append((Number(place, place + 1, 1, 1, "exact", place, article=True), population))
    return found


_NOT_SINGLE = frozenset(
    ("death", "injury", "casualty", "fatality", "family", "life", "body", "name", "household", "leader")
)


def _hit(words: Sequence[Token], phrase: Phrase) -> bool:
    """Whether one person is killed or injured by the words directly beside."""
    before = [token.low for token in words[max(0, phrase.first - 2) : phrase.first]]
    after = [token.low for token in words[phrase.last : phrase.last + 4]]
    if "and" in after[:2] and (other := population_after(words, words_after(words, phrase.last), one=True)):
        after = [token.low for token in words[other.last : other.last + 4]]
    if before and before[-1] in ("killed", "killing", "wounded", "wounding", "injured", "injuring", "kills"):
        return not (len(before) > 1 and before[-2] in ("was", "were", "been"))
    link = next((k for k, low in enumerate(after) if low in ("was", "were", "been")), -1)
    if link < 0:
        return False
    return outcome_of(words, [phrase], 0) in ("killed", "injured") and any(
        low in ("killed", "wounded", "injured", "dead", "shot")
        for low in after[link:] + [token.low for token in words[phrase.last + 4 : phrase.last + 7]]
    )


def words_after(words: Sequence[Token], place: int) -> int:
    """The place after a mark, "and" and an article: where the second of two single ones begins."""
    while place < len(words) and (not words[place].is_word or words[place].low in ("and", "a", "an")):
        place += 1
    return place


def _restates(words: Sequence[Token], first: int) -> bool:
    """Whether single ones only say who was counted before them: "two guards, known as a cook and a …"."""
    before = [token.low for token in words[max(0, first - 6) : first]]
    return "as" in before or "namely" in before


def _phrase(number: Number, population: Population | None) -> Phrase:
    if population is None:
        return Phrase(number.first, number.last, "")
    return Phrase(number.first, max(number.last, population.last), population.noun)


def _share(words: Sequence[Token], phrases: Sequence[Phrase], outcomes: list[str]) -> None:
    """A part of a total shares its outcome: "the dead, including seven children"."""
    for which in range(1, len(phrases)):
        if not outcomes[which] and (part_of_last(words, phrases, which) or listed(words, phrases, which)):
            outcomes[which] = outcomes[which - 1]


def _count(
    text: str, words: Sequence[Token], number: Number, population: Population | None, outcome: str, hedge: str
) -> Count:
    last = _phrase(number, population).last
    start, end = words[number.first].start, words[last - 1].end
    name, unit = (population.name, population.unit) if population else ("", "")
    outcome = _fitting(unit, outcome)
    seen = text[words[number.last].start : end] if population and last > number.last else ""
    return Count(
        start=start, end=end, number_start=words[number.head].start, number_end=words[number.last - 1].end,
        min=number.low, max=number.high, basis=number.basis, population=name, population_seen=seen, outcome=outcome,
        unit=unit, duration=bool(population and population.duration), hedge=hedge,
    )  # fmt: skip


def _fitting(unit: str, outcome: str) -> str:
    """The outcome, where such things can have it: nobody is intercepted, and no flight is at risk."""
    if unit in ("attacks", "blasts", "strikes", "rockets"):
        return outcome if outcome == "thwarted" else "happened"
    if unit in ("people", "", "?"):
        return "" if outcome in ("destroyed", "fired", "thwarted", "trained") else outcome
    return outcome if outcome in ("destroyed", "fired", "released") else ""


def _hedge(low: str) -> str:
    """The first wording that holds a sentence back, empty when there is none."""
    return next((hedge for hedge in _HEDGES if hedge in low), "")


def _with_bare(
    words: Sequence[Token],
    phrases: Sequence[Phrase],
    drafts: Sequence[tuple[Number, Population | None]],
    rows: list[Count],
    before: Count | None,
) -> list[Count]:
    """Numbers without a noun take that of the figure before them, if somebody was harmed or moved; else they go."""
    kept: list[Count] = []
    for which, row in enumerate(rows):
        found: Count | None = row
        if drafts[which][1] is None:
            found = read_bare(words, phrases, which, row, before)
        kept.append(found or replace(row, unit="?"))
        if found is not None and found.unit == "people":
            before = found
    return kept


def _parts(words: Sequence[Token], phrases: Sequence[Phrase], rows: list[Count], offset: int) -> list[Count]:
    """Drop what counts nothing, and tie each part to its total."""
    places: dict[int, int] = {}
    kept: list[Count] = []
    for which, row in enumerate(rows):
        if row.unit == "?" or _empty_talk(row):
            continue
        total = places.get(which - 1, -1) if which and part_of_last(words, phrases, which) else -1
        if total >= 0 and kept[total - offset].part_of >= 0:
            total = kept[total - offset].part_of
        places[which] = offset + len(kept)
        kept.append(replace(row, part_of=total) if total >= 0 else row)
    return kept


def _empty_talk(row: Count) -> bool:
    """Whether it says no more than that there were people: "many people say so"."""
    if row.min is not None or row.max is not None or row.outcome or row.population not in ("people", "others"):
        return False
    return (
        row.basis in _VAGUE_OF and row.population_seen.split()[-1:][0].lower() in _GENERIC
        if row.population_seen
        else True
    )


def _ambiguous(rows: list[Count]) -> list[Count]:
    """Several groups under one "injured", the last of them "others": the first may have met something else (S-48)."""
    group = [k for k, row in enumerate(rows) if (row.outcome, row.unit) == ("injured", "people") and row.part_of < 0]
    if len(group) < 2 or rows[group[-1]].population != "others" or any(row.outcome == "killed" for row in rows):
        return rows
    reason = 'one verb for all groups; "others" may mean that only the last one was injured'
    open_ones = set(group[:-1])
    return [replace(row, ambiguous=reason) if k in open_ones else row for k, row in enumerate(rows)]
