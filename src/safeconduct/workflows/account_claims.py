"""Each claim of an account as a reader meets it: who said it, its exact words, its place, and what became of it.

Of an incident with very many claims only those are read that decide or that are looked at: claims in relations, those
that a plot shows, and the stretch of the timeline that was asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.incidents.account import Account, Line, account
from safeconduct.incidents.claims import Claim, Relation, Source, audience_of, voice
from safeconduct.incidents.disagreements import subject_of
from safeconduct.incidents.figures import hedge
from safeconduct.workflows.account_view import AssessmentView, ChipView, ClaimView, Stretch
from safeconduct.workflows.claim_rows import Window
from safeconduct.workflows.held_account import assessments_of, claims_of, held_incident, relations_of, with_originals
from safeconduct.workflows.room_view import IncidentView
from safeconduct.workflows.tables import Tx

WHOLE = 3_000  # claims up to which an account is read whole
AT_ONCE = 200  # lines of a timeline
TIED = 400  # claims in relations that are read of a larger one, the newest first
# relation -> how the claim that relates reads, and how the one that it relates to
CHIPS: Mapping[str, tuple[str, str]] = {
    "repeats": ("repeats", "repeated by"),
    "variant": ("another wording of", "worded otherwise by"),
    "refines": ("refines", "refined by"),
    "updates": ("updates", "updated by"),
    "corrects": ("corrects", "corrected by"),
    "retracts": ("retracts", "retracted by"),
    "denies": ("denies", "denied by"),
    "disputes": ("challenges", "challenged by"),
    "contradicts": ("contradicts", "contradicted by"),
    "qualifies": ("qualifies", "qualified by"),
    "rests-on": ("rests on", "basis for"),
}
MOST_CHIPS = 8  # of one claim; a statement repeated by everybody would drown its own line


@dataclass(frozen=True, slots=True)
class Known:
    """An account with what its claims cite and how they are tied, as far as it is known at the account's times."""

    given: Account
    sources: Mapping[str, Source]
    ties: tuple[Relation, ...]
    claims: Mapping[str, Claim]
    whole: bool  # every claim of the incident was read
    total: int  # claims that there are
    recorded_days: tuple[str, ...]  # on which claims were written down; empty when not all were read
    stretch: tuple[str, ...] | None  # the lines asked for, when not all claims were read


def read_known(tx: Tx, shown: IncidentView, stretch: Stretch | None) -> Known:
    """Return the account of an incident with its claims.

    Args:
        tx: a reading.
        shown: what every page knows of the incident, as known at and recorded at the times asked for.
        stretch: which lines are looked at; None for all claims, however many.
    """
    window = Window(shown.id, shown.known_at, shown.recorded_at or "")
    total = tx.claims.count(window)
    numbers, ties = tx.claims.tied(window)[0], tx.claims.ties(window)
    whole = stretch is None or total <= WHOLE
    lines = None
    if whole:
        everything = Window(shown.id, shown.known_at, "")
        names = set(tx.claims.oldest(everything, tx.claims.count(everything)))
    else:
        lines = _lines(tx, window, stretch or Stretch())
        names = {*lines, *(mark.claim for marks in shown.marks.values() for mark in marks), *_newest(numbers, ties)}
        names |= {step.claim for case in shown.cases for step in case.steps}
        names |= {claim for misfit in shown.misfits for claim in misfit.claims}
    held = claims_of(tx, names)
    sources = with_originals(tx, held.values())
    between = ((numbers.get(source, ""), numbers.get(target, ""), kind) for source, target, kind, _ in ties)
    relations = relations_of(tx, [" ".join(tie) for tie in between if tie[0] in held and tie[1] in held], held)
    given = account(
        held_incident(tx, shown.id), sources.values(), held.values(), relations, known_at=shown.known_at,
        recorded_at=shown.recorded_at, assessments=assessments_of(tx, shown.id),
    )  # fmt: skip
    claims = {claim.id: claim for claim in given.claims}
    days = sorted({claim.recorded[:10] for claim in held.values()}) if whole else ()
    seen = tuple(tie for tie in relations if tie.source in claims and tie.target in claims)
    return Known(given, sources, seen, claims, whole, total, tuple(days), lines)


def earlier(known: Known, *, known_at: str, recorded_at: str | None) -> Account:
    """Return the account of the same claims at earlier times."""
    given = known.given
    return account(
        given.incident, known.sources.values(), given.claims, known.ties, known_at=known_at, recorded_at=recorded_at
    )


def _lines(tx: Tx, window: Window, stretch: Stretch) -> tuple[str, ...]:
    """Return the claims of one stretch of the timeline, in its order."""
    skip = (max(stretch.part, 1) - 1) * AT_ONCE
    if stretch.newest:
        return tuple(reversed(tx.claims.newest(window, AT_ONCE, skip=skip)))
    return tuple(tx.claims.oldest(window, AT_ONCE, skip=skip))


def _newest(numbers: Mapping[int, str], ties: Iterable[tuple[int, int, str, str]]) -> list[str]:
    """Return the claims of the newest relations."""
    newest = sorted(ties, key=lambda tie: tie[3], reverse=True)[: TIED // 2]
    return [numbers[end] for tie in newest for end in tie[:2] if end in numbers]


def claim_views(known: Known) -> dict[str, ClaimView]:
    """Return every claim of an account by its id, oldest first."""
    chips: dict[str, list[ChipView]] = {}
    for tie in known.ties:
        active, passive = CHIPS[tie.kind]
        chips.setdefault(tie.source, []).append(ChipView(active, tie.target, tie.method))
        chips.setdefault(tie.target, []).append(ChipView(passive, tie.source, tie.method))
    judged: dict[str, list[AssessmentView]] = {}
    for one in known.given.assessments:
        judged.setdefault(one.about, []).append(AssessmentView(one.grade, one.by, one.said, one.why))
    lines = {line.claim: line for line in known.given.timeline}
    return {
        claim.id: _view(
            claim, known.sources[claim.source], lines[claim.id], chips.get(claim.id, []), judged.get(claim.id, [])
        )
        for claim in known.given.claims
    }


def place_of(claim: Claim, source: Source) -> str:
    """Return where a claim stands: file and line and the span of characters, or that it lies outside the documents."""
    if not source.file:
        return f"elsewhere: {source.publisher}"
    span = "" if claim.start is None or claim.end is None else f", characters {claim.start:,}–{claim.end:,}"
    return f"{source.file}, line {claim.line}{span}"


def _view(claim: Claim, source: Source, line: Line, chips: list[ChipView], judged: list[AssessmentView]) -> ClaimView:
    return ClaimView(
        id=claim.id, kind="figure" if claim.is_figure else claim.speech, about=subject_of(claim), figure=hedge(claim),
        text=claim.text, quote=claim.quote, voice=voice(claim), claimant=claim.claimant,
        named=claim.claimant_kind != "unnamed", relay=claim.relay, question=claim.question, said=claim.said,
        said_wording=claim.said_wording, meant=claim.meant, meant_wording=claim.meant_wording,
        place=place_of(claim, source), publisher=source.publisher, outlets=source.outlets, recorded=claim.recorded,
        status=line.status, ambiguous=claim.ambiguous, means=claim.means, shaken_by=line.shaken_by,
        chips=tuple(chips[:MOST_CHIPS]), assessments=tuple(judged), audience=audience_of(claim, source),
    )  # fmt: skip
