"""What an officer decides about a conflict between device logs, and what that does to the counts.

Nothing is deleted: a decision stands beside the events, a later one beside the earlier, and opening again is a
decision too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal

DOUBLE, FORK, SKIP, ASIDE = "double", "fork", "skip", "aside"
SAME, DIFFERENT, CLOCK, REOPENED, INQUIRY = "same-people", "different-people", "clock", "reopened", "inquiry"
SHORTEST, LONGEST = 3, 500  # characters of a reason

# kind of conflict -> outcome -> what it says, and what it does to the count
OUTCOMES: Mapping[str, Mapping[str, str]] = {
    DOUBLE: {
        SAME: "the same people, seen twice: counted once",
        DIFFERENT: "two different groups on one pass: every use is counted",
        CLOCK: "one passage, a device's clock is wrong: counted once",
        INQUIRY: "needs an inquiry: counted once until then",
    },
    FORK: {
        "restored": "the device was restored from an older copy: the first log stands",
        "cloned": "its key was copied: enrol the device anew; the first log stands",
        INQUIRY: "needs an inquiry: the first log stands until then",
    },
    SKIP: {
        "not-scanned": "the outer control point let them through without a scan",
        "went-round": "they did not come by the outer control point",
        CLOCK: "the outer log has not come yet, or its clock is wrong",
        INQUIRY: "needs an inquiry",
    },
    ASIDE: {
        "device-fault": "the device wrote what cannot be read: it counts nothing",
        "other-post": "the device was used at another control point than its own: it counts nothing",
        INQUIRY: "needs an inquiry: it counts nothing until then",
    },
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """One decision about one conflict."""

    conflict: str  # its id
    outcome: str  # of `OUTCOMES`, or REOPENED
    reason: str
    by: str  # the office

    @property
    def settles(self) -> bool:
        """Whether the conflict waits for nobody any more."""
        return self.outcome not in {REOPENED, INQUIRY}


def resolve(
    conflict: str, kind: str, outcome: str, reason: str, by: str, standing: Resolution | None
) -> Resolution | Refusal:
    """Decide whether a decision can be recorded.

    Steps: 1. a reason of 3 to 500 characters; 2. an outcome of this kind of conflict, or opening it again; 3. only what
    was decided can be opened again; 4. not the same decision twice.

    Raises:
        BadInput: `bad-reason` or `bad-outcome`.
    """
    words = " ".join(reason.split())
    if not SHORTEST <= len(words) <= LONGEST:  # 1
        raise BadInput("bad-reason", where="reason", expected=f"{SHORTEST} to {LONGEST} characters", seen=reason)
    known = OUTCOMES[kind]
    if outcome != REOPENED and outcome not in known:  # 2
        expected = f"one of {', '.join(known)}, {REOPENED}"
        raise BadInput("bad-outcome", where="outcome", expected=expected, seen=outcome)
    if outcome == REOPENED and (standing is None or standing.outcome == REOPENED):  # 3
        return Refusal("not-resolved", conflict)
    if standing is not None and (standing.outcome, standing.reason) == (outcome, words):  # 4
        return Refusal("already-resolved", conflict)
    return Resolution(conflict, outcome, words, by)


@dataclass(frozen=True, slots=True)
class Passage:
    """People of one pass at gates: how often it was used there, and how many people came."""

    issuer: str  # party that issued the pass
    key: str  # of the pass; two passes that an officer found to be the same people have one key
    heads: tuple[int, ...]  # people of each use, the first one first
    apart: bool = False  # an officer found different people: every use counts


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """People who passed gates, by issuer and jointly."""

    by_issuer: tuple[tuple[str, int], ...]  # each issuer's own people, sorted by issuer
    jointly: int  # nobody twice
    twice: int  # people whom two issuers count: the sum by issuer is this much above the joint number


def count_people(bulk: Iterable[tuple[str, int]], singled: Iterable[Passage]) -> PeopleCount:
    """Count people by issuer and jointly, nobody twice.

    A pass counts the most people of any of its uses, once, whoever scanned it; one that an officer found to have been
    used by different people counts each use. Passes of two issuers with one key are the same people: each issuer
    counts them, the joint number once.

    Args:
        bulk: (issuer, people) of passes about which nothing was decided.
        singled: the other passes, one by one.
    """
    issuers: dict[str, int] = {}
    jointly = 0
    for issuer, people in bulk:
        issuers[issuer] = issuers.get(issuer, 0) + people
        jointly += people
    by_key: dict[str, dict[str, int]] = {}
    for one in singled:
        people = sum(one.heads) if one.apart else max(one.heads, default=0)
        of_issuer = by_key.setdefault(one.key, {})
        of_issuer[one.issuer] = max(of_issuer.get(one.issuer, 0), people)
    for of_issuer in by_key.values():
        for issuer, people in of_issuer.items():
            issuers[issuer] = issuers.get(issuer, 0) + people
        jointly += max(of_issuer.values())
    return PeopleCount(tuple(sorted(issuers.items())), jointly, sum(issuers.values()) - jointly)
