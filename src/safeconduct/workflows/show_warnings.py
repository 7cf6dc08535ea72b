"""Releases as the pages show them: what came back, how early each was, and who says what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from safeconduct.agreements.fields import iso
from safeconduct.alerts import lead as leads
from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, Action, Answer, Outcome, acknowledged, assessments, version_of
from safeconduct.alerts.answer_words import describe
from safeconduct.alerts.quadtree import size_m
from safeconduct.alerts.source_register import EndedSource
from safeconduct.alerts.unanswered import lapsed_at
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.common import cards
from safeconduct.workflows.room_view import AssessmentView, WarningView
from safeconduct.workflows.rows import ReleaseRow
from safeconduct.workflows.source_register import confidence_of_outcome, ended_sources
from safeconduct.workflows.tables import Tx

Floor = tuple[int, int]  # seconds of lead below which a warning helps nobody; level of the widest useful area
PARTNER = "the partner's view"
NO_FLOOR: Floor = (0, 0)  # the recipient does not know the owner's policy


def warnings_of(tx: Tx, answers: Sequence[Answer], closed_at: int | None) -> tuple[WarningView, ...]:
    """Return all releases, oldest first; those not settled when the agreement closed (unix seconds) have lapsed."""
    rows = tx.alerts.releases()
    lapsed: tuple[str, ...] = ()
    if closed_at is not None:
        lapsed = lapsed_at([releases.from_json(row.body) for row in rows], answers, closed_at)
    names, floors, given = names_of(tx), floors_of(tx), answers_by(answers)
    ended = ended_sources(tx)
    return tuple(
        warning_of(
            row,
            given.get(row.id, ()),
            names,
            floor=floors.get(row.id, NO_FLOOR),
            lapsed=row.id in lapsed,
            ended=ended,
        )
        for row in rows
    )


def answers_by(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """Return answers by release, in their order."""
    found: dict[str, list[Answer]] = {}
    for one in answers:
        found.setdefault(one.release_id, []).append(one)
    return found


def floors_of(tx: Tx) -> dict[str, Floor]:
    """Return the policy's floors of usefulness by release, of those that were sent from here."""
    found = {}
    for release_id, body, _ in tx.records.all("floor"):
        seconds, level = decode_json(body, where="floor of a release")
        found[release_id] = (seconds, level)
    return found


def names_of(tx: Tx) -> dict[str, str]:
    """Return the parties' names by id."""
    return {party: card.name for party, card in cards(tx).items()}


def said(answer: Answer, names: Mapping[str, str]) -> str:
    """Return an answer's one line with the parties by name."""
    if isinstance(answer, Outcome):
        answer = replace(answer, assessor=names.get(answer.assessor, answer.assessor))
    else:
        answer = replace(answer, by=names.get(answer.by, answer.by))
    return describe(answer)


def assessed(
    answers: Sequence[Answer], release_id: str, names: Mapping[str, str], ended: tuple[EndedSource, ...] = ()
) -> tuple[AssessmentView, ...]:
    """Return what each kind of assessor holds, kept apart; each with all that it said, oldest first.

    Where an assessment rests on a source that had `ended`, how it is to be read stands behind it; its words stay.
    """
    found = assessments([a for a in answers if isinstance(a, Outcome)], release_id)
    groups = (
        ("our own view", found.own),
        (PARTNER, found.partner),
        ("a named office", found.offices),
        ("somebody unnamed", found.unnamed),
    )
    return tuple(
        AssessmentView(whose, tuple(said(one, names) + _lowered(one, ended) for one in some))
        for whose, some in groups
        if some
    )


def _lowered(outcome: Outcome, ended: tuple[EndedSource, ...]) -> str:
    found = confidence_of_outcome(outcome, ended)
    return f" [read as {found.read}, since {found.because}]" if found.because else ""


def lead_of(row: ReleaseRow, answers: Sequence[Answer], floor: Floor) -> str:
    """Return in one line how long before its window a release was sent and received."""
    release = releases.from_json(row.body)
    received = row.issued if row.direction == "received" else None
    for answer in answers:
        if received is None and isinstance(answer, Acknowledgement):
            received = answer.at
    lead = leads.lead_time(
        release, released_at=row.issued, received_at=received, floor_seconds=floor[0], coarsest_level=floor[1]
    )
    return leads.describe(lead, received_here=row.direction == "received")


def warning_of(
    row: ReleaseRow,
    answers: Sequence[Answer],
    names: Mapping[str, str],
    *,
    floor: Floor = NO_FLOOR,
    lapsed: bool = False,
    ended: tuple[EndedSource, ...] = (),
) -> WarningView:
    """Return a release with what came back on it; only the partner's own outcome closes it."""
    release = releases.from_json(row.body)
    acks = _acks(release, answers)
    actions = [a for a in answers if isinstance(a, Action)]
    outcomes = [a for a in answers if isinstance(a, Outcome) and a.assessor_kind == "partner"]
    band = LIKELIHOOD[release.likelihood][0] if release.likelihood else "not given"
    return WarningView(
        id=row.id,
        title=f"{ADVICE[release.advised_action]} ({THREATENED[release.threatened_class]})",
        direction=row.direction,
        state=state_of_release(release, answers, lapsed=lapsed),
        area=f"cell {release.area}, about {size_m(release.area)} m",
        window=f"{iso(release.window_from)}/{iso(release.window_to)}",
        likelihood=band,
        lead_minutes=release.lead_seconds // 60,
        issued=iso(row.issued),
        acknowledged_at=iso(acks[0].at) if acks else None,
        action=said(actions[-1], names) if actions else None,
        outcome=said(outcomes[-1], names) if outcomes else None,
        outcome_confidence=outcomes[-1].confidence if outcomes else None,
        withheld=len(json.loads(row.withheld)),
        ledger_index=row.ledger_index,
        lead=lead_of(row, answers, floor),
        beside=tuple(one for one in assessed(answers, row.id, names, ended) if one.whose != PARTNER),
        unsigned=bool(acks) and not any(a.signed for a in acks),
        version=release.version,
        pending=pending(release, answers),
    )


def state_of_release(release: releases.Release, answers: Sequence[Answer], *, lapsed: bool = False) -> str:
    """Return the state of the version that counts, by what came back on it; only the partner's outcome closes it."""
    if release.revoked:
        return "withdrawn"
    if any(isinstance(one, Outcome) and one.assessor_kind == "partner" for one in answers):
        return "closed"
    if lapsed:
        return "lapsed"
    acks = _acks(release, answers)
    return acks[-1].stage if acks else "unanswered"


def pending(release: releases.Release, answers: Sequence[Answer]) -> str:
    """Return whether a correction or a withdrawal waits to be acknowledged itself."""
    if release.version == 1 or acknowledged(release, answers):
        return ""
    return "withdrawal" if release.revoked else "correction"


def _acks(release: releases.Release, answers: Sequence[Answer]) -> list[Acknowledgement]:
    """Return the acknowledgements of this very version."""
    return [a for a in answers if isinstance(a, Acknowledgement) and version_of(a) == release.version]
