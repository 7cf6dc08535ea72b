"""What recorded small things say of the relation: meetings and their undertakings, statements, performance, hopes.

Plain grouping of entries by what they refer to; nothing here opens or closes anything. Entries come with their ids.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreements.entries import Entry

GRADES = ("poor", "mixed", "fair", "good")  # from worst to best
Held = tuple[str, Entry]  # id, entry


@dataclass(frozen=True, slots=True)
class MeetingUndertaking:
    """Something undertaken at a meeting, with every word on what became of it, oldest first."""

    id: str
    entry: Entry
    followed: tuple[Entry, ...]

    @property
    def state(self) -> str:
        """The newest state that was recorded, open without one."""
        return str(self.followed[-1].fields["state"]) if self.followed else "open"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting as it was recorded, the permits that it cites, what was undertaken, and its later disclosures."""

    id: str
    entry: Entry
    permits: tuple[Entry, ...]
    undertakings: tuple[MeetingUndertaking, ...]
    disclosed: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One public statement with the clarifications that qualify it and the comparisons with others."""

    id: str
    entry: Entry
    clarified: tuple[Held, ...]
    compared: tuple[Entry, ...]


def meetings(entries: Iterable[Held]) -> tuple[Meeting, ...]:
    """Every meeting with what refers to it, newest first."""
    held = tuple(entries)
    by = _Referring(held)
    return tuple(
        Meeting(
            name,
            entry,
            tuple(one for _, one in by("permit-cited", "of", name)),
            tuple(
                MeetingUndertaking(
                    child, one, tuple(step for _, step in by("undertaking-followed", "undertaking", child))
                )
                for child, one in by("meeting-undertaking", "meeting", name)
            ),
            tuple(one for _, one in by("disclosure", "discloses", name)),
        )
        for name, entry in reversed(_in_time(held, "meeting"))
    )


def open_undertakings(found: Iterable[Meeting], now: int) -> tuple[MeetingUndertaking, ...]:
    """Undertakings of meetings that are open and past their time, in the order of the meetings."""
    return tuple(
        one
        for meeting in found
        for one in meeting.undertakings
        if one.state == "open" and (one.entry.fields["due"] or now + 1) <= now
    )


def statements(entries: Iterable[Held]) -> tuple[Statement, ...]:
    """Every public statement, newest first; a clarification stands beside what it qualifies and in its own place."""
    held = tuple(entries)
    by = _Referring(held)
    return tuple(
        Statement(
            name,
            entry,
            tuple(by("public-statement", "about", name)),
            tuple(one for field in ("one", "other") for _, one in by("statement-compared", field, name)),
        )
        for name, entry in reversed(_in_time(held, "public-statement"))
    )


def to_compare(found: Sequence[Statement], near: int = 86_400) -> tuple[tuple[Statement, Statement], ...]:
    """Pairs by different speakers within `near` seconds that nobody compared and of which none clarifies the other."""
    pairs = []
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            if one.entry.fields["speaker"] == other.entry.fields["speaker"]:
                continue
            linked = {one.entry.fields["about"], other.entry.fields["about"]} & {one.id, other.id}
            compared = any({c.fields["one"], c.fields["other"]} == {one.id, other.id} for c in one.compared)
            if abs(one.entry.at - other.entry.at) <= near and not linked and not compared:
                pairs.append((other, one))
    return tuple(pairs)


def performance(entries: Iterable[Entry], about: str) -> tuple[tuple[int, int, Entry], ...]:
    """The course of a party's performance: (time, grade from 0 worst to 3 best, entry), oldest first."""
    notes = [one for one in entries if one.kind == "performance-note" and one.fields["about"] == about]
    return tuple((one.at, GRADES.index(one.fields["grade"]), one) for one in sorted(notes, key=lambda e: e.at))


def newest_labels(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """What each speaker calls the relation, by date; several may differ, and one may give no name to it."""
    return tuple(sorted((one for one in entries if one.kind == "relation-label"), key=lambda e: e.at))


def unreasoned(entries: Iterable[Entry], decisions: Iterable[str]) -> tuple[str, ...]:
    """Decisions to cooperate for which no reason is recorded."""
    given = {one.fields["decision"] for one in entries if one.kind == "decision-reason"}
    return tuple(one for one in decisions if one not in given)


def left_behind(entries: Iterable[Entry], out: Mapping[str, bool]) -> tuple[tuple[Entry, tuple[str, ...]], ...]:
    """Each list on which people were named, with those of it who are not out.

    `out` tells of each register id whether that person has departed or left the roll; an unknown id is listed.
    """
    lists = [one for one in entries if one.kind == "people-named"]
    return tuple((one, tuple(p for p in one.fields["people"] if not out.get(p, False))) for one in lists)


class _Referring:
    """Entries of a kind whose field names another entry, in the order of time."""

    def __init__(self, held: Iterable[Held]) -> None:
        self._found: dict[tuple[str, str, str], list[Held]] = {}
        for name, entry in sorted(held, key=lambda one: one[1].at):
            for field, value in entry.fields.items():
                if isinstance(value, str):
                    self._found.setdefault((entry.kind, field, value), []).append((name, entry))

    def __call__(self, kind: str, field: str, name: str) -> tuple[Held, ...]:
        return tuple(self._found.get((kind, field, name), ()))


def _in_time(held: Iterable[Held], kind: str) -> list[Held]:
    return sorted((one for one in held if one[1].kind == kind), key=lambda one: one[1].at)
