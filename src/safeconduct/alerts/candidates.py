"""Who could have told of it: the candidates of a policy that are left for one area after all that was released."""

from collections.abc import Iterable

from safeconduct.alerts.earlier import Earlier
from safeconduct.alerts.policy import Policy
from safeconduct.alerts.quadtree import touches


def linked(area: str, earlier: Earlier) -> frozenset[str]:
    """Cells named before that the partner can link to one more release for this area."""
    return frozenset(one for one in earlier.touching if touches(one, area)) | earlier.alike | earlier.continued


class Candidates:
    """The declared candidates of one policy, found by area; `policy.plausible` says what is found.

    A set of candidates is a number, one bit each, in the order of the policy. Each cell is looked up by its name and by
    the beginnings of its name, so that the time does not grow with the candidates but with the cells asked for.
    """

    __slots__ = ("_below", "_names", "_reached")

    def __init__(self, policy: Policy) -> None:
        self._names = tuple(one.id for one in policy.candidates)
        self._reached: dict[str, int] = {}  # candidates that reach exactly this cell
        self._below: dict[str, int] = {}  # candidates that reach this cell or one inside it
        for place, one in enumerate(policy.candidates):
            for reached in one.cells:
                self._reached[reached] = self._reached.get(reached, 0) | 1 << place
        for reached, who in self._reached.items():
            for level in range(len(reached) + 1):
                self._below[reached[:level]] = self._below.get(reached[:level], 0) | who

    def all(self) -> int:
        """Everybody."""
        return (1 << len(self._names)) - 1

    def plausible(self, area: str) -> int:
        """Those who could have told of something in this cell."""
        found = self._below.get(area, 0)
        for level in range(1, len(area)):
            found |= self._reached.get(area[:level], 0)
        return found

    def in_all(self, areas: Iterable[str], start: int) -> int:
        """Those of `start` who could have told of something in each of these cells."""
        left = start
        for area in areas:
            left &= self.plausible(area)
            if not left:
                break
        return left

    def seen(self, area: str, earlier: Earlier) -> int:
        """Those left to a partner who takes this area together with all earlier releases that it can link to it."""
        return self.in_all(linked(area, earlier), self.plausible(area))

    def left(self, area: str, earlier: Earlier) -> int:
        """Those left when releases count too of which only this node knows that they rest on the same source."""
        return self.in_all(earlier.sourced, self.seen(area, earlier))

    def names(self, which: int) -> tuple[str, ...]:
        """Their ids, in the order of the policy."""
        return tuple(name for place, name in enumerate(self._names) if which >> place & 1)
