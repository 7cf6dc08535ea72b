"""A hand-over of open cases: one statement that the giver signs and the receiver holds against its own roll."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.register.people import CLASSES
from safeconduct.seal.canonical import encode_json
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.seal.signed import check, sign

DOMAIN = "safeconduct.hand-over.1"


@dataclass(frozen=True, slots=True)
class Cases:
    """How many open cases of each class there are, and a digest over their ids: nothing can be dropped unseen."""

    by_class: tuple[tuple[str, int], ...]  # by name of the class
    digest: str  # hex, SHA-256 over the sorted ids, one a line

    @property
    def total(self) -> int:
        """Number of people."""
        return sum(count for _, count in self.by_class)


@dataclass(frozen=True, slots=True)
class HandOver:
    """Who hands which open cases over, to whom and when (S-37). It names nobody."""

    by: str  # party id
    to: str  # the office that takes over
    at: str  # ISO time
    cases: Cases


def count_cases(people: Iterable[tuple[str, str]]) -> Cases:
    """Summarise (person id, class) of all open cases, in any order."""
    ids: list[str] = []
    classes: Counter[str] = Counter()
    for person_id, person_class in people:
        ids.append(person_id)
        classes[person_class] += 1
    return Cases(tuple(sorted(classes.items())), sha256("\n".join(sorted(ids)).encode()).hexdigest())


def plain(statement: HandOver) -> dict[str, object]:
    """JSON form of a statement, without its signature."""
    return {
        "at": statement.at,
        "by": statement.by,
        "cases": statement.cases.total,
        "classes": dict(statement.cases.by_class),
        "digest": statement.cases.digest,
        "to": statement.to,
        "v": 1,
    }


def sign_hand_over(statement: HandOver, root: SigningKey) -> bytes:
    """Sign with the party's root key: the one key that its card names and that lasts as long as the party."""
    return sign(DOMAIN, encode_json(plain(statement)), root)


def signature_holds(statement: HandOver, signature: bytes, root: VerifyKey) -> bool:
    """Whether the party with this root key signed the statement."""
    return check(DOMAIN, encode_json(plain(statement)), signature, root)


def differences(stated: Cases, own: Cases) -> list[str]:
    """Say in one line each where a stated count or digest is not that of the receiver's own roll."""
    theirs, ours = dict(stated.by_class), dict(own.by_class)
    found = [
        f"{name}: {theirs.get(name, 0)} handed over, {ours.get(name, 0)} on this roll"
        for name in sorted({*theirs, *ours}, key=lambda name: (CLASSES.get(name, (99, ""))[0], name))
        if theirs.get(name, 0) != ours.get(name, 0)
    ]
    if stated.digest != own.digest:
        found.append("digest: the ids handed over are not the ids on this roll")
    return found
