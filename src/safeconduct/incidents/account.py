"""The account of an incident: all that is claimed of it, as known at a day and as recorded at a time.

Two clocks: `known_at` asks what had been said by then; `recorded_at` asks what this node had written down by then.
An account of an earlier day never shows what only a later one knew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from safeconduct.incidents import figures as fig
from safeconduct.incidents.bonds import bonds
from safeconduct.incidents.claims import (
    GRADES,
    Assessment,
    Claim,
    FigureKey,
    Incident,
    Relation,
    Source,
    origins_of,
    voice_key,
)
from safeconduct.incidents.dates import last_day
from safeconduct.incidents.reach import Reach, ranges
from safeconduct.incidents.states import (
    COPYING,
    DISPUTING,
    SUPERSEDING,
    WITHDRAWING,
    Causes,
    Tie,
    fates,
    gone_since,
    shaken,
    state_of,
)

__all__ = [
    "COPYING", "DISPUTING", "SUPERSEDING", "WITHDRAWING", "Account", "Grade", "Line", "account", "by_day", "place_of",
    "ties_of", "visible_assessments",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grade:
    """One attribution: who says how firmly that which actor did it. Grades are never merged (S-84)."""

    grade: str
    actor: str
    claimant: str
    said: str
    claim: str


@dataclass(frozen=True, slots=True)
class Line:
    """One dated line of an account."""

    date: str
    claim: str
    text: str
    claimant: str
    source: str  # file and line, or "elsewhere: publisher"
    status: str  # "stands", "updated", "corrected", "retracted", "disputed"
    by: tuple[str, ...]  # ids of the claims that gave it that status
    shaken_by: tuple[str, ...]  # withdrawn claims on which it rests (S-95)


@dataclass(frozen=True, slots=True)
class Account:
    """What is claimed of an incident."""

    incident: Incident
    known_at: str
    recorded_at: str | None
    claims: tuple[Claim, ...]
    figures: tuple[fig.Figure, ...]
    attribution: tuple[Grade, ...]
    timeline: tuple[Line, ...]
    assessments: tuple[Assessment, ...] = field(default=())  # side by side, oldest first; none changes a claim

    def figure(self, text: str) -> fig.Figure | None:
        """The figure whose key reads as given, such as `casualties/civilians/killed`."""
        return next((figure for figure in self.figures if str(figure.key) == text), None)

    def line(self, claim: str) -> Line | None:
        """The line of a claim, None if it is not known yet."""
        return next((line for line in self.timeline if line.claim == claim), None)


def account(
    incident: Incident,
    sources: Iterable[Source],
    claims: Iterable[Claim],
    relations: Iterable[Relation],
    *,
    known_at: str,
    recorded_at: str | None = None,
    assessments: Iterable[Assessment] = (),
) -> Account:
    """The account of one incident.

    Args:
        incident: which.
        sources: all sources that the claims cite.
        claims: of any incidents; those of others are left out.
        relations: between claims.
        known_at: ISO day, included.
        recorded_at: ISO time, included; None for no limit.
        assessments: of claims or incidents; those of others are left out.
    """
    by_id = {source.id: source for source in sources}
    seen = tuple(
        sorted(
            (claim for claim in claims if claim.incident == incident.id and _visible(claim, known_at, recorded_at)),
            key=lambda claim: (claim.known_from, claim.id),
        )
    )
    ids = {claim.id for claim in seen}
    ties = ties_of(seen, relations, known_at=known_at, recorded_at=recorded_at)
    befell = fates(ties)
    about = ids | {incident.id}
    return Account(
        incident=incident,
        known_at=known_at,
        recorded_at=recorded_at,
        claims=seen,
        figures=_figures(seen, ties, befell, by_id),
        attribution=_attribution(seen),
        timeline=_timeline(seen, ties, befell, by_id),
        assessments=visible_assessments(assessments, about, known_at=known_at, recorded_at=recorded_at),
    )


def ties_of(
    seen: Iterable[Claim], relations: Iterable[Relation], *, known_at: str, recorded_at: str | None = None
) -> tuple[Tie[str], ...]:
    """The relations that hold at a day between claims that are known then, each with the day since when it holds."""
    since = {claim.id: claim.known_from for claim in seen}
    return tuple(
        Tie(tie.source, tie.target, tie.kind, max(last_day(tie.said), since[tie.source], since[tie.target]))
        for tie in relations
        if tie.source in since
        and tie.target in since
        and last_day(tie.said) <= known_at
        and (recorded_at is None or tie.recorded <= recorded_at)
    )


def visible_assessments(
    given: Iterable[Assessment], about: Iterable[str], *, known_at: str, recorded_at: str | None = None
) -> tuple[Assessment, ...]:
    """The assessments of what is known at a day, oldest first."""
    ids = frozenset(about)
    found = [
        one
        for one in given
        if one.about in ids and last_day(one.said) <= known_at and (recorded_at is None or one.recorded <= recorded_at)
    ]
    return tuple(sorted(found, key=lambda one: (last_day(one.said), one.id)))


def by_day(
    incident: Incident,
    sources: Iterable[Source],
    claims: Iterable[Claim],
    relations: Iterable[Relation],
    *,
    days: Iterable[str],
) -> dict[str, tuple[tuple[str, int | None, int | None], ...]]:
    """For each figure its conservative range as known at each day, for the plot: key text to (day, low, high)."""
    days, relations = sorted(days), tuple(relations)
    found = account(incident, sources, claims, relations, known_at=days[-1] if days else "")
    gone = gone_since(fates(ties_of(found.claims, relations, known_at=found.known_at)))
    return {
        str(figure.key): ranges(
            (Reach(c.known_from, gone.get(c.id, ""), c.min, c.min, c.max) for c in figure.claims), days
        )
        for figure in found.figures
    }


def _visible(claim: Claim, known_at: str, recorded_at: str | None) -> bool:
    return claim.known_from <= known_at and (recorded_at is None or claim.recorded <= recorded_at)


def _figures(
    seen: tuple[Claim, ...], ties: tuple[Tie[str], ...], befell: dict[str, Causes[str]], sources: Mapping[str, Source]
) -> tuple[fig.Figure, ...]:
    origins, tied = origins_of(sources.values()), bonds(ties)
    by_key: dict[FigureKey, list[Claim]] = {}
    for claim in seen:
        if claim.is_figure:
            by_key.setdefault(claim.key, []).append(claim)
    return tuple(
        fig.figure_of(key, claims, befell, tied, lambda claim: voice_key(claim, origins))
        for key, claims in by_key.items()
    )


def _attribution(seen: tuple[Claim, ...]) -> tuple[Grade, ...]:
    grades = [
        Grade(claim.outcome, claim.population, claim.claimant, claim.said, claim.id)
        for claim in seen
        if claim.attribute == "attribution"
    ]
    return tuple(sorted(grades, key=lambda grade: (grade.said, GRADES.index(grade.grade))))


def _timeline(
    seen: tuple[Claim, ...], ties: tuple[Tie[str], ...], befell: dict[str, Causes[str]], sources: Mapping[str, Source]
) -> tuple[Line, ...]:
    unsound = shaken(ties, sorted({*befell["corrected"], *befell["retracted"]}))
    lines = []
    for claim in seen:
        status = state_of(befell, claim.id)
        lines.append(
            Line(
                date=claim.said,
                claim=claim.id,
                text=claim.text,
                claimant=claim.claimant,
                source=place_of(claim, sources[claim.source]),
                status=status or "stands",
                by=tuple(sorted(befell[status][claim.id])) if status else (),
                shaken_by=unsound.get(claim.id, ()),
            )
        )
    return tuple(lines)


def place_of(claim: Claim, source: Source) -> str:
    """Where a claim stands: file and line, or that it is a public fact."""
    return f"{source.file}:{claim.line}" if source.file else f"elsewhere: {source.publisher}"
