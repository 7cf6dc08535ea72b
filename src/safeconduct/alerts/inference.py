"""What a partner could infer from all that it has had, put together as it could do itself; for the owner's eyes only.

Candidates are those of the policy in hand. Whoever is left could be the source, as far as the declared candidates go;
whoever is not left could not, if all that is counted came from one source.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safeconduct.alerts.candidates import Candidates, linked
from safeconduct.alerts.earlier import Earlier, Question, Trace, counted
from safeconduct.alerts.policy import Policy, plausible_targets

# Why an earlier release counts, in the words of a page.
REASONS: dict[str, str] = {
    "touching": "its area and this one have ground in common",
    "alike": "same people, same hours, next to it: it can be taken for the same threat",
    "continued": "an earlier version of this release",
    "sourced": "rests on a source of this report; the partner cannot see that",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One earlier release that counts, and the reasons for it (keys of `REASONS`)."""

    release_id: str
    version: int
    partner: str
    area: str
    threatened_class: str
    window_from: int
    window_to: int
    actor: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inference:
    """All that the partner and those who compare with it hold beside one release.

    `held`: earlier releases that count, newest first, as many as were asked for, of `total`; `areas`: their cells and
    the new one, those that lie in another left out; `spans`: their windows and the new one joined into stretches (unix
    seconds); `actors`: names given. `before` and `after`: ids of the candidates who are left without and with this
    release; `after` counts what only this node can link to it too. `lost`: those whom this release rules out.
    `targets`: places in its area that the warning might mean. `floor`: how many candidates must be left.
    """

    readers: tuple[str, ...]
    held: tuple[Held, ...]
    total: int
    areas: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    actors: tuple[str, ...]
    candidates: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    targets: tuple[str, ...]
    floor: int

    @property
    def lost(self) -> tuple[str, ...]:
        """Candidates who could still be the source before this release, and no longer after it."""
        return tuple(one for one in self.before if one not in self.after)


def infer(
    policy: Policy,
    new: Trace,
    asked: Question,
    earlier: Earlier,
    traces: Sequence[tuple[Trace, Sequence[bytes]]],
    *,
    total: int,
) -> Inference:
    """What the partner could make of a release and of the earlier ones that count for it.

    Args:
        policy: the policy of the release.
        new: what the release tells.
        asked: the question that `earlier` answers.
        earlier: all cells that count.
        traces: earlier releases that count with the tags of their sources, newest first; may be cut short.
        total: how many there are.
    """
    candidates = Candidates(policy)
    before = candidates.in_all(linked(new.area, earlier) | earlier.sourced, candidates.all())
    held = tuple(
        Held(
            one.release_id, one.version, one.partner, one.area, one.threatened_class, one.window_from, one.window_to,
            one.actor, counted(asked, one, tags),
        )
        for one, tags in traces
    )  # fmt: skip
    known = [new, *(one for one, _ in traces)]
    return Inference(
        readers=asked.readers,
        held=held,
        total=total,
        areas=_outermost({new.area, *earlier.touching, *earlier.alike, *earlier.continued}),
        spans=joined((one.window_from, one.window_to) for one in known),
        actors=tuple(sorted({one.actor for one in known if one.actor is not None})),
        candidates=candidates.all().bit_count(),
        before=candidates.names(before),
        after=candidates.names(candidates.left(new.area, earlier)),
        targets=plausible_targets(policy, new.area, new.threatened_class),
        floor=policy.min_candidates,
    )


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches of time in which at least one of the spans lies, in order; spans that meet become one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _outermost(areas: Iterable[str]) -> tuple[str, ...]:
    """Cells that lie in none of the others, sorted."""
    found: list[str] = []
    for area in sorted(areas):
        if not found or not area.startswith(found[-1]):
            found.append(area)
    return tuple(found)
