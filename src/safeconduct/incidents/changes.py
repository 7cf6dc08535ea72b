"""What differs between two accounts of one incident: as known, or as recorded, at an earlier and at a later time."""

from dataclasses import dataclass

from safeconduct.incidents.account import Account
from safeconduct.incidents.figures import name, words


@dataclass(frozen=True, slots=True)
class Turned:
    """A claim whose state is another one now."""

    claim: str
    before: str
    after: str
    by: tuple[str, ...]  # ids of the claims that did it


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure whose line reads differently now; empty words: there was none."""

    figure: str  # its key as text
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is new in the later account."""

    new: tuple[str, ...]  # ids of claims, oldest first
    turned: tuple[Turned, ...]
    moved: tuple[Moved, ...]

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.new or self.turned or self.moved)


def changes(before: Account, after: Account) -> Changes:
    """What the later account shows that the earlier one did not: claims, states of claims, lines of figures."""
    lines = {line.claim: line for line in before.timeline}
    figures = {figure.key: figure for figure in before.figures}
    moved = []
    for figure in after.figures:
        old, now = figures.get(figure.key), words(figure)
        was = words(old) if old else ""
        if was != now:
            label = f"{name(figure.key)}, {figure.key.meant}" if figure.key.meant else name(figure.key)
            moved.append(Moved(str(figure.key), label, was, now))
    return Changes(
        new=tuple(line.claim for line in after.timeline if line.claim not in lines),
        turned=tuple(
            Turned(line.claim, lines[line.claim].status, line.status, line.by)
            for line in after.timeline
            if line.claim in lines and lines[line.claim].status != line.status
        ),
        moved=tuple(moved),
    )
