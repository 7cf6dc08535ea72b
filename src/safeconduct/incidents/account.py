"""The account of an incident: all that is claimed of it, as known at a day and as recorded at a time.

Two clocks: `known_at` asks what had been said by then; `recorded_at` asks what this node had written down by then.
An account of an earlier day never shows what only a later one knew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.incidents import figures as fig
from safeconduct.incidents.claims import GRADES, Claim, FigureKey, Incident, Relation, Source
from safeconduct.incidents.dates import last_day

WITHDRAWING = ("corrects", "retracts")
SUPERSEDING = ("updates", "refines")
DISPUTING = ("disputes", "denies", "contradicts")
COPYING = ("repeats", "variant")


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
) -> Account:
    """The account of one incident.

    Args:
        incident: which.
        sources: all sources that the claims cite.
        claims: of any incidents; those of others are left out.
        relations: between claims.
        known_at: ISO day, included.
        recorded_at: ISO time, included; None for no limit.
    """
    by_id = {source.id: source for source in sources}
    seen = tuple(
        sorted(
            (claim for claim in claims if claim.incident == incident.id and _visible(claim, known_at, recorded_at)),
            key=lambda claim: (claim.known_from, claim.id),
        )
    )
    ids = {claim.id for claim in seen}
    ties = tuple(tie for tie in relations if tie.source in ids and tie.target in ids and last_day(tie.said) <= known_at)
    states = _states(ties)
    return Account(
        incident=incident,
        known_at=known_at,
        recorded_at=recorded_at,
        claims=seen,
        figures=_figures(seen, ties, states, by_id),
        attribution=_attribution(seen),
        timeline=_timeline(seen, ties, states, by_id),
    )


def by_day(
    incident: Incident,
    sources: Iterable[Source],
    claims: Iterable[Claim],
    relations: Iterable[Relation],
    *,
    days: Iterable[str],
) -> dict[str, tuple[tuple[str, int | None, int | None], ...]]:
    """For each figure its conservative range as known at each day, for the plot: key text to (day, low, high)."""
    sources, claims, relations = tuple(sources), tuple(claims), tuple(relations)
    found: dict[str, list[tuple[str, int | None, int | None]]] = {}
    for day in days:
        for figure in account(incident, sources, claims, relations, known_at=day).figures:
            here = figure.conservative
            found.setdefault(str(figure.key), []).append((day, here.low, here.high))
    return {key: tuple(rows) for key, rows in found.items()}


def _visible(claim: Claim, known_at: str, recorded_at: str | None) -> bool:
    return claim.known_from <= known_at and (recorded_at is None or claim.recorded <= recorded_at)


def _states(ties: tuple[Relation, ...]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Per state (updated, corrected, retracted, disputed): claim to the claims that did it; copies share it."""
    found: dict[str, dict[str, set[str]]] = {"updated": {}, "corrected": {}, "retracted": {}, "disputed": {}}
    names = dict.fromkeys(SUPERSEDING, "updated") | dict.fromkeys(DISPUTING, "disputed")
    names |= {"corrects": "corrected", "retracts": "retracted"}
    for tie in ties:
        if tie.kind in names:
            found[names[tie.kind]].setdefault(tie.target, set()).add(tie.source)
    copies = [tie for tie in ties if tie.kind in COPYING]
    changed = True
    while changed:  # what befalls a statement befalls its copies, however long the chain of copies
        changed = False
        for tie in copies:
            for state in found.values():
                more = state.get(tie.target, set()) - state.get(tie.source, set()) - {tie.source}
                if more:
                    state.setdefault(tie.source, set()).update(more)
                    changed = True
    return {name: {key: tuple(sorted(by)) for key, by in state.items()} for name, state in found.items()}


def _figures(
    seen: tuple[Claim, ...],
    ties: tuple[Relation, ...],
    states: dict[str, dict[str, tuple[str, ...]]],
    sources: Mapping[str, Source],
) -> tuple[fig.Figure, ...]:
    keys = dict.fromkeys(claim.key for claim in seen if claim.is_figure)
    return tuple(
        _figure(key, tuple(c for c in seen if c.is_figure and c.key == key), ties, states, sources) for key in keys
    )


def _figure(
    key: FigureKey,
    claims: tuple[Claim, ...],
    ties: tuple[Relation, ...],
    states: dict[str, dict[str, tuple[str, ...]]],
    sources: Mapping[str, Source],
) -> fig.Figure:
    withdrawn = {claim.id for claim in claims if claim.id in states["corrected"] or claim.id in states["retracted"]}
    superseded = {claim.id for claim in claims if claim.id in states["updated"]} - withdrawn
    standing = tuple(claim for claim in claims if claim.id not in withdrawn | superseded)
    return fig.Figure(
        key=key,
        unit=claims[0].unit,
        claims=claims,
        standing=tuple(claim.id for claim in standing),
        superseded=tuple(claim.id for claim in claims if claim.id in superseded),
        withdrawn=tuple(claim.id for claim in claims if claim.id in withdrawn),
        conservative=fig.span(standing),
        full=fig.span(claims),
        vague=tuple(dict.fromkeys(claim.basis for claim in standing if claim.min is None and claim.max is None)),
        origins=fig.count_origins(standing, ties, sources),
        latest=(standing or claims)[-1].id,
        conflicts=fig.conflicts(standing, ties),
        disputed=any(claim.id in states["disputed"] for claim in standing),
        ambiguous=tuple(claim.id for claim in claims if claim.ambiguous),
    )


def _attribution(seen: tuple[Claim, ...]) -> tuple[Grade, ...]:
    grades = [
        Grade(claim.outcome, claim.population, claim.claimant, claim.said, claim.id)
        for claim in seen
        if claim.attribute == "attribution"
    ]
    return tuple(sorted(grades, key=lambda grade: (grade.said, GRADES.index(grade.grade))))


def _timeline(
    seen: tuple[Claim, ...],
    ties: tuple[Relation, ...],
    states: dict[str, dict[str, tuple[str, ...]]],
    sources: Mapping[str, Source],
) -> tuple[Line, ...]:
    shaken = _shaken(ties, {*states["corrected"], *states["retracted"]})
    lines = []
    for claim in seen:
        status = next(
            (name for name in ("retracted", "corrected", "updated", "disputed") if claim.id in states[name]), ""
        )
        source = sources[claim.source]
        place = f"{source.file}:{claim.line}" if source.file else f"elsewhere: {source.publisher}"
        lines.append(
            Line(
                date=claim.said,
                claim=claim.id,
                text=claim.text,
                claimant=claim.claimant,
                source=place,
                status=status or "stands",
                by=states[status][claim.id] if status else (),
                shaken_by=shaken.get(claim.id, ()),
            )
        )
    return tuple(lines)


def _shaken(ties: tuple[Relation, ...], withdrawn: set[str]) -> dict[str, tuple[str, ...]]:
    """Claims that rest, directly or through others, on a withdrawn one (S-95)."""
    found: dict[str, set[str]] = {}
    rests = [tie for tie in ties if tie.kind == "rests-on"]
    changed = True
    while changed:
        changed = False
        for tie in rests:
            causes = ({tie.target} & withdrawn) | found.get(tie.target, set())
            if causes - found.get(tie.source, set()):
                found.setdefault(tie.source, set()).update(causes)
                changed = True
    return {claim: tuple(sorted(causes)) for claim, causes in found.items()}
