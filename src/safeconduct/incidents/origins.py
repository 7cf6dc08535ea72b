"""Which claims share an origin, so that copies and one office speaking twice never count as two voices."""

from collections.abc import Hashable, Iterable, Mapping

from safeconduct.incidents.bonds import Joined
from safeconduct.incidents.claims import Claim, Relation, Source, origins_of, voice_key
from safeconduct.incidents.states import COPYING


def origin_groups(
    claims: Iterable[Claim], relations: Iterable[Relation], sources: Mapping[str, Source]
) -> tuple[tuple[str, ...], ...]:
    """The claims by independent origin, each group in the order given (S-109).

    Claims of one named office or body belong together, unnamed ones of one source's origin, and claims that repeat or
    reword each other. There are as many groups as `figures.count_origins` counts.

    Args:
        claims: those to be grouped.
        relations: between these and any other claims; a chain of copies may pass through claims that are not given.
        sources: by id.
    """
    claims = tuple(claims)
    origins = origins_of(sources.values())
    joined = Joined()
    for claim in claims:
        joined.join(("claim", claim.id), ("voice", voice_key(claim, origins)))
    for tie in relations:
        if tie.kind in COPYING:
            joined.join(("claim", tie.source), ("claim", tie.target))
    groups: dict[Hashable, list[str]] = {}
    for claim in claims:
        groups.setdefault(joined.root(("claim", claim.id)), []).append(claim.id)
    return tuple(tuple(group) for group in groups.values())
