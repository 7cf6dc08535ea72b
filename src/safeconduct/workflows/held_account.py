"""What the database holds of one incident's claims, reckoned by the rules of `incidents` without reading every claim.

Of claims in no relation only those at the ends are read (`incidents.figures.figure_of` says why that is enough); claims
in relations are read one by one, as far as figures need them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from safeconduct.errors import SafeconductError
from safeconduct.incidents.bonds import bonds
from safeconduct.incidents.cases import Case
from safeconduct.incidents.claims import Assessment, Claim, Dossier, FigureKey, Incident, Relation, Source
from safeconduct.incidents.figures import FigureOf, figure_of
from safeconduct.incidents.reach import Reach, ranges
from safeconduct.incidents.reading import (
    read_assessment,
    read_case,
    read_claim,
    read_incident,
    read_relation,
    read_source,
)
from safeconduct.incidents.states import Causes, Tie, fates, gone_since
from safeconduct.workflows.claim_index import STEPS
from safeconduct.workflows.claim_rows import NEWEST, Loose, Saying, Window
from safeconduct.workflows.tables import Tx

Ranges = tuple[tuple[str, int | None, int | None], ...]


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """One figure, with how many claims it has and its range day by day."""

    figure: FigureOf[Saying]
    claims: int
    ranges: Ranges  # (day, low, high) of the days on which it changed, and of the last


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of the claims of one incident, as known at a day and recorded at a time."""

    window: Window
    days: Sequence[str]  # from which claims are known
    ties: Sequence[Tie[str]]
    fates: Mapping[str, Causes[str]]
    figures: Sequence[HeldFigure]  # in the order of their first claims


def read_held(tx: Tx, window: Window) -> Held:
    """Return what is held of an incident's claims."""
    names, tied = tx.claims.tied(window)
    ties = tuple(
        Tie(names[source], names[target], kind, day)
        for source, target, kind, day in tx.claims.ties(window)
        if source in names and target in names
    )
    befell = fates(ties)
    days = tx.claims.days(window)
    return Held(window, days, ties, befell, tuple(_figures(tx, window, tied, ties, befell, days)))


def _figures(
    tx: Tx,
    window: Window,
    tied: Sequence[Saying],
    ties: Sequence[Tie[str]],
    befell: Mapping[str, Causes[str]],
    days: Sequence[str],
) -> list[HeldFigure]:
    bound, gone = bonds(ties), gone_since(befell)
    sayings: dict[str, dict[str, Saying]] = {}
    counts: dict[str, int] = {}
    voices: dict[str, list[int]] = {}
    reaches: dict[str, list[Reach]] = {}
    for one in tied:
        sayings.setdefault(one.figure, {})[one.id] = one
        counts[one.figure] = counts.get(one.figure, 0) + 1
        reaches.setdefault(one.figure, []).append(Reach(one.day, gone.get(one.id, ""), one.min, one.min, one.max))
    loose = tx.claims.loose(window)
    for group in loose:
        _take(group, sayings, counts)
    for figure, voice in tx.claims.loose_voices(window):
        voices.setdefault(figure, []).append(voice)
    for figure, day, low, top_low, high in tx.claims.loose_days(window):
        reaches.setdefault(figure, []).append(Reach(day, "", low, top_low, high))
    alone = {one.id for group in loose for one in group.ends}
    found = []
    for text, said in sayings.items():
        claims = sorted(said.values(), key=lambda one: (one.day, one.id))
        # the voice of a loose claim is among `others`; naming one of them here adds none
        others = voices.get(text, [])
        claims = [one._replace(voice=others[0]) if one.id in alone else one for one in claims]
        made = figure_of(key_of(text), claims, befell, bound, lambda one: one.voice, others, most_conflicts=1)
        found.append(HeldFigure(made, counts[text], _changes(ranges(reaches[text], days))))
    return sorted(found, key=lambda one: (one.figure.claims[0].day, one.figure.claims[0].id))


def _take(group: Loose, sayings: dict[str, dict[str, Saying]], counts: dict[str, int]) -> None:
    for one in group.ends:
        sayings.setdefault(one.figure, {})[one.id] = one
    figure = group.ends[0].figure
    counts[figure] = counts.get(figure, 0) + group.claims


def _changes(known: Ranges) -> Ranges:
    """Return the days on which a range changed, and the last."""
    return tuple(
        row for place, row in enumerate(known) if place in (0, len(known) - 1) or row[1:] != known[place - 1][1:]
    )


def incident_dossier(tx: Tx, incident_id: str) -> tuple[Dossier, tuple[Case, ...]]:
    """Return all that is recorded of one incident, and its cases; for a file, since it may be very much.

    Raises:
        SafeconductError: `no-incident`.
    """
    incident = held_incident(tx, incident_id)
    everything = Window(incident_id, NEWEST, "")
    claims = claims_of(tx, tx.claims.oldest(everything, tx.claims.count(everything)))
    names = [" ".join(tie) for tie in tx.claims.tie_ids(incident_id)]
    dossier = Dossier(
        (incident,),
        tuple(with_originals(tx, claims.values()).values()),
        tuple(sorted(claims.values(), key=lambda claim: (claim.known_from, claim.id))),
        relations_of(tx, names, claims),
        assessments_of(tx, incident_id),
    )
    return dossier, held_cases(tx, incident_id, "")


def held_cases(tx: Tx, incident: str, recorded: str) -> tuple[Case, ...]:
    """Return the cases of an incident, with the steps that were recorded at an ISO time (empty: all of them)."""
    ids = tx.claims.parts(incident, "cases")
    bodies = tx.records.held("cases", ids)
    steps: dict[str, list[dict[str, str]]] = {}
    for _, body in tx.records.begin_with(STEPS, ids):
        step = json.loads(body)
        if not recorded or step.get("recorded", "") <= recorded:
            steps.setdefault(step.pop("case"), []).append(step)
    return tuple(read_case(json.loads(bodies[case]), steps.get(case, ())) for case in ids)


def held_incident(tx: Tx, incident_id: str) -> Incident:
    """Return one incident.

    Raises:
        SafeconductError: `no-incident`.
    """
    body = tx.records.held("incidents", [incident_id]).get(incident_id)
    if body is None:
        raise SafeconductError("no-incident", f"no incident {incident_id} is recorded")
    return read_incident(json.loads(body))


def assessments_of(tx: Tx, incident_id: str) -> tuple[Assessment, ...]:
    """Return the assessments of an incident and of its claims."""
    bodies = tx.records.held("assessments", tx.claims.parts(incident_id, "assessments"))
    return tuple(read_assessment(json.loads(body)) for body in bodies.values())


def relations_of(tx: Tx, names: Iterable[str], claims: Mapping[str, Claim]) -> tuple[Relation, ...]:
    """Return relations by their names ("from to kind"); the claims that relate are given."""
    said = {claim.id: claim.known_from for claim in claims.values()}
    return tuple(read_relation(json.loads(body), said) for body in tx.records.held("relations", names).values())


def with_originals(tx: Tx, claims: Iterable[Claim]) -> dict[str, Source]:
    """Return the sources of claims, and those that they copy."""
    found = sources_of(tx, (claim.source for claim in claims))
    while missing := {one.derived_from for one in found.values() if one.derived_from} - found.keys():
        found |= sources_of(tx, missing)
    return found


def key_of(text: str) -> FigureKey:
    """Return the key that reads as given."""
    key, _, meant = text.partition("@")
    attribute, population, outcome = key.split("/")
    return FigureKey(attribute, population, outcome, meant)


def claims_of(tx: Tx, ids: Iterable[str]) -> dict[str, Claim]:
    """Return claims by id, read from their bodies."""
    return {name: read_claim(json.loads(body)) for name, body in tx.records.held("claims", ids).items()}


def sources_of(tx: Tx, ids: Iterable[str]) -> dict[str, Source]:
    """Return sources by id."""
    return {name: read_source(json.loads(body)) for name, body in tx.records.held("sources", sorted(set(ids))).items()}
