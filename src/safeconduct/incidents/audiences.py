"""What the account for one audience says, beside what the whole record holds (S-13)."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.incidents.account import account
from safeconduct.incidents.claims import AUDIENCES, INTERNAL, Claim, Dossier, Incident, Source, audience_of
from safeconduct.incidents.figures import words
from safeconduct.incidents.states import DISPUTING, SUPERSEDING, WITHDRAWING

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FigureBeside:
    """One figure as the audience sees it, and as the record has it."""

    key: str
    theirs: str
    ours: str

    @property
    def differs(self) -> bool:
        """Whether the audience is told something else than the record holds."""
        return self.theirs != self.ours


@dataclass(frozen=True, slots=True)
class Undercut:
    """A claim that the audience sees as standing, and the claim outside of its sight that says otherwise."""

    claim: str
    kind: str  # of the relation
    by: str
    by_audience: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What an audience is not told."""

    audience: str
    claims: tuple[str, ...]  # ids it does not see, in the order of the account
    figures: tuple[FigureBeside, ...]
    undercut: tuple[Undercut, ...]


def sees(audience: str, level: str) -> bool:
    """Whether an audience may see a record of a level: the public sees least, the inside all."""
    return AUDIENCES.index(level) <= AUDIENCES.index(audience)


def claims_for(audience: str, claims: Iterable[Claim], sources: Iterable[Source]) -> tuple[Claim, ...]:
    """The claims that an audience may see."""
    by_id = {source.id: source for source in sources}
    return tuple(claim for claim in claims if sees(audience, audience_of(claim, by_id[claim.source])))


def difference(
    incident: Incident, dossier: Dossier, audience: str, *, known_at: str, recorded_at: str | None = None
) -> Difference:
    """The account for an audience against the whole one, both as known at an ISO day and recorded at a time."""
    sources = {source.id: source for source in dossier.sources}
    shown = (
        claims_for(audience, dossier.claims, dossier.sources) if sees(audience, incident.audience or audience) else ()
    )
    theirs, ours = (
        account(incident, dossier.sources, claims, dossier.relations, known_at=known_at, recorded_at=recorded_at)
        for claims in (shown, dossier.claims)
    )
    told = {str(figure.key): words(figure) for figure in theirs.figures}
    seen = {claim.id for claim in theirs.claims}
    levels = {claim.id: audience_of(claim, sources[claim.source]) for claim in ours.claims}
    against = (*WITHDRAWING, *SUPERSEDING, *DISPUTING)
    return Difference(
        audience,
        tuple(claim.id for claim in ours.claims if claim.id not in seen),
        tuple(
            FigureBeside(str(figure.key), told.get(str(figure.key), NOTHING), words(figure)) for figure in ours.figures
        ),
        tuple(
            Undercut(tie.target, tie.kind, tie.source, levels.get(tie.source, INTERNAL))
            for tie in dossier.relations
            if tie.kind in against and tie.target in seen and tie.source in levels and tie.source not in seen
        ),
    )
