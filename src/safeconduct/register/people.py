"""People and groups of the private roll, the published priority rule, and counts that must balance.

Nothing in this room crosses to a partner. At-risk categories are protected: they raise a priority and appear nowhere
else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from safeconduct.errors import BadInput

# The published rule of priority: a lower number is called forward earlier. Within a class the order of registration
# decides. A group has the most urgent class among its people and is never split.
CLASSES: dict[str, tuple[int, str]] = {
    "citizen": (1, "citizens of the evacuating party and their families"),
    "resident": (2, "permanent residents of the evacuating party and their families"),
    "visa-holder": (3, "holders of a visa or a special permit to enter"),
    "local-staff": (4, "local staff of the evacuating party and of its allies"),
    "at-risk": (5, "people at risk because of their work or their public role"),
    "third-country": (6, "nationals of other countries"),
}

DOCUMENT_TYPES = ("passport", "national-id", "residence-card", "facilitation-document", "none")

# Categories of risk used for priority only. They are never part of a view that somebody outside the register sees.
RISK_CATEGORIES = ("journalist", "judge", "soldier", "rights-defender", "aid-worker", "teacher", "other")
PROTECTED = frozenset({"at_risk", "document_number", "birth_date", "doubts"})
AT_RISK_LIFT = 2  # classes: a person with a category ranks two classes earlier, never before a citizen

WAYS_OUT = ("withdrawn", "dead")  # how a person leaves the roll without having departed

ADULT_AGE = 18  # years, Convention on the Rights of the Child, article 1
MAX_GROUP = 255  # people, the head count of a pass is one byte
_MARK = "\x1f"  # unit separator; an import refuses control characters


class Person(NamedTuple):
    """One line of the roll. `doubts` names what is missing or odd in it; none of that keeps anybody out of the roll.

    A named tuple, because a roll has a hundred thousand of them and making a frozen dataclass takes three times as
    long.
    """

    person_id: str
    group_id: str
    given_name: str
    family_name: str
    birth_date: str  # ISO date, or empty when unknown
    sex: str  # "f", "m", "x" or empty
    person_class: str  # a key of CLASSES
    at_risk: str  # one of RISK_CATEGORIES or empty; protected
    document_type: str  # one of DOCUMENT_TYPES
    document_number: str
    with_parents: str  # "yes", "no", or empty when not asked
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """People who travel together: one pass, one slot, never split."""

    group_id: str
    people: tuple[Person, ...]

    @property
    def heads(self) -> int:
        """Number of people."""
        return len(self.people)

    @property
    def group_class(self) -> str:
        """The most urgent class among its people by the published rule (S-34)."""
        return min((person.person_class for person in self.people), key=lambda name: CLASSES[name][0])

    @property
    def priority(self) -> int:
        """Rank by the published rule, at-risk categories included; 1 is called first."""
        return min(priority_of(person) for person in self.people)

    def needs_guardian(self, on: str) -> bool:
        """Whether nobody in the group is an adult on the ISO date `on`: such a group gets no slot of its own."""
        return all(is_child(person, on) for person in self.people)

    def has_child_without_parents(self, on: str) -> bool:
        """Whether a child in the group travels without parents, so that the child-protection contact must be told."""
        return any(person.with_parents == "no" and is_child(person, on) for person in self.people)


def priority_of(person: Person) -> int:
    """Rank of one person: the class, lifted by an at-risk category but never to that of citizens (S-34, S-35)."""
    rank = CLASSES[person.person_class][0]
    if not person.at_risk or rank == 1:
        return rank
    return max(rank - AT_RISK_LIFT, 2)


def is_child(person: Person, on: str) -> bool:
    """Whether the person is under 18 years on the ISO date `on`; an unknown birth date counts as adult."""
    return age_group(person.birth_date, on) == "child"


def age_group(birth_date: str, on: str) -> str:
    """Whether somebody is "child" (under 18 years) or "adult" on the ISO date `on`; "unknown" without birth date."""
    if not birth_date:
        return "unknown"
    born, day = date.fromisoformat(birth_date), date.fromisoformat(on)
    years = (day.year - born.year) - ((day.month, day.day) < (born.month, born.day))
    return "child" if years < ADULT_AGE else "adult"


def to_body(person: Person) -> bytes:
    """Write what is kept of a person beside id, group and class: ten fields, joined by a sign no cell may hold."""
    return _MARK.join((*person[2:11], ",".join(person.doubts))).encode()


def birth_date_of(body: bytes) -> str:
    """Read the birth date, and nothing else, out of a stored body."""
    return body.split(_MARK.encode(), 3)[2].decode()


def view(person: Person, allowed: Iterable[str]) -> dict[str, str]:
    """The allowed fields of a person, built from the list; a protected field in the list is refused (S-35).

    Raises:
        BadInput: `protected-field` or `unknown-field`.
    """
    shown: dict[str, str] = {}
    for name in allowed:
        if name in PROTECTED:
            raise BadInput("protected-field", where="fields to show", expected="no protected field", seen=name)
        if name not in Person._fields:
            raise BadInput("unknown-field", where="fields to show", expected="a field of a person", seen=name)
        shown[name] = str(getattr(person, name))
    return shown


@dataclass(frozen=True, slots=True)
class Balance:
    """Whether a roll adds up: roll = registered − departed − withdrawn − dead (S-36)."""

    person_class: str
    registered: int
    departed: int
    withdrawn: int
    dead: int
    roll: int

    @property
    def expected(self) -> int:
        """What the roll should be."""
        return self.registered - self.departed - self.withdrawn - self.dead

    @property
    def holds(self) -> bool:
        """Whether the roll is what it should be, and no count is negative."""
        counts = (self.registered, self.departed, self.withdrawn, self.dead, self.roll)
        return self.roll == self.expected and min(counts) >= 0


Counts = Mapping[str, int]  # class to people


def balance(registered: Counts, departed: Counts, withdrawn: Counts, dead: Counts, roll: Counts) -> tuple[Balance, ...]:
    """Set the counts of people beside each other by class, the most urgent class first (S-36).

    Args:
        registered: people who were ever taken in.
        departed: people who are out.
        withdrawn: people who asked to be taken off the roll.
        dead: people who died before they were out.
        roll: people who are still on the roll, counted in another place than the first four.
    """
    names = {*registered, *departed, *withdrawn, *dead, *roll}
    ordered = sorted(names, key=lambda name: (CLASSES.get(name, (99, ""))[0], name))
    return tuple(
        Balance(
            person_class=name,
            registered=registered.get(name, 0),
            departed=departed.get(name, 0),
            withdrawn=withdrawn.get(name, 0),
            dead=dead.get(name, 0),
            roll=roll.get(name, 0),
        )
        for name in ordered
    )
