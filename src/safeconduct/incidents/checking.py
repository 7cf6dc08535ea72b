"""Whether a dossier is whole: every reference holds, every claim has a source and a claimant, every bound its basis."""

from collections.abc import Mapping

from safeconduct.errors import BadInput
from safeconduct.incidents.claims import (
    ASSESSMENT_GRADES,
    AUDIENCES,
    BASES,
    CLAIMANT_KINDS,
    GRADES,
    INCIDENT_STATUSES,
    ORDERS,
    RELATIONS,
    SAID_BASES,
    SOURCE_KINDS,
    SPEECHES,
    Assessment,
    Claim,
    Dossier,
    Incident,
    Relation,
    Source,
)
from safeconduct.incidents.dates import check_days


def check_dossier(dossier: Dossier) -> Dossier:
    """The dossier, if every reference holds and every claim is whole.

    Raises:
        BadInput: `no-source`, `no-claimant` (S-46), `bad-basis`, `bad-grade`, `bad-date`, `bad-reference`,
            `bad-choice`, `bad-span`.
    """
    incidents = _ids([incident.id for incident in dossier.incidents], "incidents")
    sources = {source.id: source for source in dossier.sources}
    _ids([source.id for source in dossier.sources], "sources")
    claims = _ids([claim.id for claim in dossier.claims], "claims")
    for source in dossier.sources:
        _check_source(source, sources)
    _no_circle({s.id: s.derived_from for s in dossier.sources}, "source", "derived_from")
    for incident in dossier.incidents:
        _check_incident(incident, incidents)
    _no_circle({i.id: i.part_of for i in dossier.incidents}, "incident", "part_of")
    for claim in dossier.claims:
        _check_claim(claim, incidents, sources)
        known = claim.relative_to in claims or claim.relative_to in incidents
        if claim.relative_to and (not known or claim.relative_to == claim.id):
            where = f"claim {claim.id}, relative_to"
            raise BadInput("bad-reference", where=where, expected="another claim or incident", seen=claim.relative_to)
    for relation in dossier.relations:
        _check_relation(relation, claims)
    _ids([one.id for one in dossier.assessments], "assessments")
    for assessment in dossier.assessments:
        _check_assessment(assessment, claims, incidents)
    return dossier


def _check_source(source: Source, sources: Mapping[str, Source]) -> None:
    where = f"source {source.id}"
    _choice(source.kind, SOURCE_KINDS, f"{where}, kind")
    check_days(source.published, where=f"{where}, published")
    if (source.kind == "elsewhere") == bool(source.file):
        raise BadInput("bad-reference", where=f"{where}, file", expected="a file, unless elsewhere", seen=source.file)
    if source.derived_from and source.derived_from not in sources:
        raise BadInput(
            "bad-reference", where=f"{where}, derived_from", expected="a known source", seen=source.derived_from
        )


def _check_incident(incident: Incident, incidents: set[str]) -> None:
    where = f"incident {incident.id}"
    check_days(incident.date, where=f"{where}, date")
    _choice(incident.status, INCIDENT_STATUSES, f"{where}, status")
    _choice(incident.audience, ("", *AUDIENCES), f"{where}, audience")
    if incident.part_of and incident.part_of not in incidents:
        raise BadInput("bad-reference", where=f"{where}, part_of", expected="a known incident", seen=incident.part_of)


def _no_circle(up: Mapping[str, str], what: str, name: str) -> None:
    """Refuse a record that leads back to itself."""
    ended: set[str] = set()
    for start in up:
        here, way = start, dict.fromkeys([start])
        while (here := up.get(here, "")) and here not in ended:
            if here in way:
                raise BadInput("bad-reference", where=f"{what} {start}, {name}", expected="no circle", seen=here)
            way[here] = None
        ended.update(way)


def _check_relation(relation: Relation, claims: set[str]) -> None:
    where = f"relation {relation.source} {relation.kind} {relation.target}"
    _choice(relation.kind, RELATIONS, where)
    check_days(relation.said, where=f"{where}, said")
    for name in (relation.source, relation.target):
        if name not in claims or relation.source == relation.target:
            raise BadInput("bad-reference", where=where, expected="two different claims", seen=name)


def _check_assessment(one: Assessment, claims: set[str], incidents: set[str]) -> None:
    where = f"assessment {one.id}"
    if one.about not in claims and one.about not in incidents:
        raise BadInput("bad-reference", where=f"{where}, about", expected="a known claim or incident", seen=one.about)
    if one.about in claims and one.about in incidents:
        raise BadInput("bad-reference", where=f"{where}, about", expected="an id with one meaning", seen=one.about)
    _choice(one.grade, ASSESSMENT_GRADES, f"{where}, grade")
    _choice(one.audience, AUDIENCES, f"{where}, audience")
    check_days(one.said, where=f"{where}, said")


def _check_claim(claim: Claim, incidents: set[str], sources: dict[str, Source]) -> None:
    where = f"claim {claim.id}"
    if claim.incident not in incidents:
        raise BadInput("bad-reference", where=f"{where}, incident", expected="a known incident", seen=claim.incident)
    source = sources.get(claim.source)
    if source is None:
        raise BadInput("no-source", where=where, expected="the source that carried it", seen=claim.source)
    if not claim.claimant.strip():
        raise BadInput("no-claimant", where=where, expected="who said it", seen=claim.claimant)
    if (source.kind == "elsewhere") == (claim.line > 0):
        raise BadInput(
            "no-source", where=f"{where}, line", expected="a line of the file, 0 for elsewhere", seen=claim.line
        )
    _choice(claim.claimant_kind, CLAIMANT_KINDS, f"{where}, claimant_kind")
    _choice(claim.speech, SPEECHES, f"{where}, speech")
    _choice(claim.said_basis, SAID_BASES, f"{where}, said_basis")
    _choice(claim.basis, BASES, f"{where}, basis")
    check_days(claim.said, where=f"{where}, said")
    if claim.meant:
        check_days(claim.meant, where=f"{where}, meant")
    _choice(claim.audience, ("", *AUDIENCES), f"{where}, audience")
    _choice(claim.order, ORDERS, f"{where}, order")
    if bool(claim.order) != bool(claim.relative_to):
        raise BadInput("bad-reference", where=f"{where}, order", expected="with relative_to only", seen=claim.order)
    _check_span(claim, where)
    _check_basis(claim, where)
    if claim.attribute == "attribution" and claim.outcome not in GRADES:
        raise BadInput("bad-grade", where=where, expected="one of " + ", ".join(GRADES), seen=claim.outcome)


def _check_span(claim: Claim, where: str) -> None:
    """A span has both ends, and is as long as the words that are quoted from it."""
    if claim.start is None and claim.end is None:
        return
    if claim.start is None or claim.end is None or claim.start >= claim.end:
        raise BadInput("bad-span", where=where, expected="start before end", seen=(claim.start, claim.end))
    if claim.quote and len(claim.quote) != claim.end - claim.start:
        raise BadInput("bad-span", where=where, expected=f"a span of {len(claim.quote)} characters",
                       seen=claim.end - claim.start)  # fmt: skip


def check_quote(claim: Claim, text: str) -> None:
    """Refuse a quotation that does not stand at its place.

    Args:
        claim: with `start`, `end` and `quote`; without them nothing can be compared.
        text: of its source as decoded.

    Raises:
        BadInput: `bad-span`.
    """
    if claim.quote and claim.start is not None:
        seen = text[claim.start : claim.end]
        if seen != claim.quote:
            where = f"claim {claim.id}, quote"
            raise BadInput("bad-span", where=where, expected="the words that stand there", seen=seen[:80])


def _check_basis(claim: Claim, where: str) -> None:
    """Bounds fit the kind of figure: a vague word never gets a number (S-50)."""
    low, high = claim.min, claim.max
    fits = {
        "exact": low is not None and low == high,
        "about": low is not None and low == high,
        "at-least": low is not None and high is None,
        "more-than": low is not None and high is None,
        "up-to": low is None and high is not None,
        "fewer-than": low is None and high is not None,
        "between": low is not None and high is not None and low < high,
    }.get(claim.basis, low is None and high is None)
    if not fits or (low or 0) < 0 or (high or 0) < 0:
        raise BadInput("bad-basis", where=where, expected=f"bounds that fit '{claim.basis}'", seen=(low, high))


def _ids(ids: list[str], where: str) -> set[str]:
    found: set[str] = set()
    for name in ids:
        if name in found:
            raise BadInput("bad-reference", where=where, expected="each id once", seen=name)
        found.add(name)
    return found


def _choice(value: str, choices: tuple[str, ...], where: str) -> None:
    if value not in choices:
        raise BadInput("bad-choice", where=where, expected="one of " + ", ".join(choices), seen=value)
