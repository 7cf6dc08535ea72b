"""Who holds an area, since when and before, and whose consent a way through several of them needs (S-32).

Each word stands as its source said it, with its grade; nothing is overwritten. A newer word replaces an older one of
the same source, one by a worse source, and one by an equally good source that is at least a day old. Where words that
stand name different parties, control is disputed; where none names one, it is not known. All times are unix seconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import PointTerm
from safeconduct.agreements.entries import Entry
from safeconduct.agreements.fields import moment
from safeconduct.movement.guard_notes import GuardRecord

DAY = 86_400  # seconds
AGREED = "the agreement"
NOBODY = frozenset({"", "nobody", "unknown", "not known", "unclear"})  # names that name no party
_RANKS = {AGREED: 0, "A": 1, "B": 2, "C": 3, "D": 4, "E": 5, "F": 6}  # of the source; the lower the better
_UNGRADED = 7
HELD, DISPUTED, UNKNOWN = "held", "disputed", "unknown"


@dataclass(frozen=True, slots=True)
class ControlWord:
    """One source's word of who controls an area from `at` on; no party: it does not know, several: it is disputed."""

    area: str
    parties: tuple[str, ...]
    at: int
    source: str
    grade: str  # "B2" by the Admiralty code, `AGREED`, or empty: not graded
    ref: str = ""
    ledger_index: int | None = None

    @property
    def rank(self) -> int:
        """How good the source is, 0 best; a signed agreement is better than any grade, an ungraded word worse."""
        return _RANKS.get(self.grade if self.grade == AGREED else self.grade[:1], _UNGRADED)


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on control was so, by the words that then stood."""

    at: int
    state: str  # held, disputed or unknown
    parties: tuple[str, ...]
    words: tuple[ControlWord, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One area as it stands at a time: its present state since when, and all changes before, the oldest first."""

    area: str
    state: str
    parties: tuple[str, ...]
    since: int | None  # None: nobody ever said anything
    words: tuple[ControlWord, ...]  # those that stand
    history: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """One place of a way: whose consent is needed; `needed` is empty for what is ours alone and for what is unknown."""

    place: str
    control: Control
    needed: tuple[str, ...]


def area_key(area: str) -> str:
    """The name by which two wordings of an area are one: case and spaces do not count."""
    return " ".join(area.split()).casefold()


def of_entry(entry: Entry, ref: str, ledger_index: int) -> ControlWord | None:
    """The word that an entry records, None for an entry of another kind."""
    said = entry.fields
    if entry.kind == "area-held":
        grade = f"{said['reliability']}{said['credibility']}"
        parties = _named(said["parties"] or ())
    elif entry.kind == "area-control":
        grade, parties = "", _named((said["party"],))
    else:
        return None
    return ControlWord(said["area"], parties, entry.at, entry.source, grade, ref, ledger_index)


def of_record(record: GuardRecord, other: str) -> ControlWord:
    """The word of a guard on the spot, who is no graded source; `other` is the party beside the device's."""
    party = {"own": record.party, "other": other}.get(record.said.values["holder"], "")
    source = f"guards of {record.party or 'an unknown party'} at {record.point}"
    return ControlWord(record.point, _named((party,)), record.at, source, "", record.id)


def of_point(point: PointTerm) -> tuple[ControlWord, ...]:
    """What the agreement says of a control point over time: each holding, and nobody where none follows."""
    words = []
    starts = {moment(one.start) for one in point.holders}
    for one in point.holders:
        words.append(ControlWord(point.id, (one.party,), moment(one.start), AGREED, AGREED))
        if one.until is not None and moment(one.until) not in starts:
            words.append(ControlWord(point.id, (), moment(one.until), AGREED, AGREED))
    return tuple(words)


def control_of(area: str, words: Iterable[ControlWord], at: int) -> Control:
    """How one area stands at a time, by the words about it up to then.

    Args:
        area: its name or the id of a control point.
        words: about any area.
        at: the time.
    """
    key = area_key(area)
    mine = sorted((one for one in words if area_key(one.area) == key and one.at <= at), key=lambda one: one.at)
    standing: tuple[ControlWord, ...] = ()
    changes: list[Change] = []
    for word in mine:
        standing = (*(old for old in standing if not _replaces(word, old)), word)
        state, parties = _state(standing)
        if changes and changes[-1].at == word.at:
            changes.pop()
        if not changes or (changes[-1].state, changes[-1].parties) != (state, parties):
            changes.append(Change(word.at, state, parties, standing))
    if not changes:
        return Control(area, UNKNOWN, (), None, (), ())
    last = changes[-1]
    return Control(area, last.state, last.parties, last.at, standing, tuple(changes[:-1]))


def areas_of(words: Iterable[ControlWord]) -> tuple[str, ...]:
    """Every area that is spoken of, by its first wording, in alphabetical order."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(area_key(word.area), word.area)
    return tuple(found[key] for key in sorted(found))


def consents(places: Sequence[str], words: Iterable[ControlWord], at: int, own: str) -> tuple[Consent, ...]:
    """Whose consent a way needs, place by place in its order; of a disputed place, that of everybody who is named.

    Args:
        places: areas and control points in the order of the way.
        words: about any area.
        at: when the way will be gone.
        own: the party whose way it is; it needs no consent of its own.
    """
    held = tuple(words)
    found = []
    for place in places:
        control = control_of(place, held, at)
        found.append(Consent(place, control, tuple(one for one in control.parties if one != own)))
    return tuple(found)


def _named(parties: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(" ".join(p.split()) for p in parties) if one.casefold() not in NOBODY)


def _replaces(new: ControlWord, old: ControlWord) -> bool:
    if new.source == old.source:
        return True
    return new.rank < old.rank or (new.rank == old.rank and new.at - old.at >= DAY)


def _state(standing: Sequence[ControlWord]) -> tuple[str, tuple[str, ...]]:
    parties = tuple(sorted({party for word in standing for party in word.parties}))
    return (UNKNOWN, HELD, DISPUTED)[min(len(parties), 2)], parties
