"""The whole account of an incident, for its page and its exports: on two clocks, by a stated rule, with what disagrees.

`read_account` gives what every page of the room needs of an incident; this adds what its own page and its exports show.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from safeconduct.errors import BadInput
from safeconduct.incidents import figures as fig
from safeconduct.incidents.account import ties_of
from safeconduct.incidents.changes import changes
from safeconduct.incidents.claims import PUBLIC
from safeconduct.incidents.dates import check_day
from safeconduct.incidents.disagreements import Disagreement, disagreements
from safeconduct.incidents.exports.jsonld import linked_data
from safeconduct.incidents.exports.rows import csv_bytes
from safeconduct.incidents.origins import origin_groups
from safeconduct.incidents.reach import Reach, ranges
from safeconduct.incidents.states import fates, gone_since
from safeconduct.workflows.account_claims import Known, claim_views, earlier, read_known
from safeconduct.workflows.account_view import (
    AccountDetail,
    AssessmentView,
    ChangesView,
    ClaimView,
    DisagreementView,
    LineView,
    Query,
    SideView,
    Stretch,
    TurnedView,
)
from safeconduct.workflows.account_wordings import find_wordings
from safeconduct.workflows.read_account import end_of, read_account
from safeconduct.workflows.room_view import FigureView, IncidentView
from safeconduct.workflows.tables import Tx

SHOWN_CLAIMS = 6  # of one side of a disagreement
SHOWN_CHANGES = 40  # claims of one list of what is new
SHOWN_OF_A_KIND = 30  # disagreements of one kind
ARROWS = ("updates", "refines", "corrects", "retracts")


@dataclass(frozen=True, slots=True)
class FullAccount:
    """An account with all that its page and its exports show of it."""

    incident: IncidentView
    detail: AccountDetail
    known: Known


def read_full_account(tx: Tx, incident_id: str, query: Query, stretch: Stretch | None = None) -> FullAccount:
    """Return the account of one incident with all that its page shows.

    Args:
        tx: a reading.
        incident_id: which.
        query: as known and as recorded when, by which rule, compared with when.
        stretch: which lines are looked at, where the timeline is long; None for all claims, however many.

    Raises:
        BadInput: `bad-date`, `bad-choice`, for a day that is none or a rule that is not known.
        SafeconductError: `no-incident`.
    """
    if query.rule not in fig.RULES:
        raise BadInput("bad-choice", where="rule", expected=" or ".join(fig.RULES), seen=query.rule)
    shown = read_account(tx, incident_id, known_at=query.known_at, recorded_at=query.recorded_at)
    known = read_known(tx, shown, stretch)
    return FullAccount(shown, _detail(known, shown, query), known)


def export_account(found: FullAccount, form: str, *, with_mark: bool = False) -> bytes:
    """Return an account for other programs.

    Args:
        found: the account.
        form: "jsonld" or "csv".
        with_mark: start the CSV with a byte order mark, by which some spreadsheets know UTF-8.

    Raises:
        BadInput: `bad-choice`, for another form.
    """
    known = found.known
    if form == "jsonld":
        return linked_data(known.given, known.sources, known.ties)
    if form == "csv":
        return csv_bytes(known.given, known.sources, known.ties, with_mark=with_mark)
    raise BadInput("bad-choice", where="form", expected="jsonld or csv", seen=form)


def _detail(known: Known, shown: IncidentView, query: Query) -> AccountDetail:
    given = known.given
    views = claim_views(known)
    named = {claim.claimant for claim in given.claims if claim.claimant_kind != "unnamed"}
    unnamed = {claim.claimant for claim in given.claims if claim.claimant_kind == "unnamed"}
    judged = [one for one in given.assessments if one.about == shown.id]
    lines = tuple(_line(figure, known, query.rule) for figure in given.figures)
    return AccountDetail(
        query=query,
        place=given.incident.place,
        recorded_days=known.recorded_days,
        claims=tuple(views.values()),
        figures=lines if known.whole else tuple(_held_line(one, query.rule) for one in shown.figures),
        sources=len({claim.source for claim in given.claims}),
        origins=len(origin_groups(given.claims, known.ties, known.sources)),
        named=len(named),
        unnamed=len(unnamed),
        disagreements=_disagreements(known, views),
        changes=_changes(known, query, views),
        wordings=find_wordings(known, views),
        ties=tuple((tie.source, tie.target, tie.kind) for tie in known.ties if tie.kind in ARROWS),
        ranges=_ranges(known, query.rule) if known.whole else shown.ranges,
        assessments=tuple(AssessmentView(one.grade, one.by, one.said, one.why) for one in judged),
        means=_means(views.values()),
        kept=sum(one.audience != PUBLIC for one in views.values())
        + sum(one.audience != PUBLIC for one in given.assessments),
        total=known.total,
        lines=known.stretch,
    )


def by_rule(figure: fig.Figure, rule: str, known: Known) -> fig.Figure:
    """Return the figure with all its claims standing by the full rule; as it is by the conservative one."""
    if rule == fig.CONSERVATIVE:
        return figure
    return replace(
        figure,
        standing=tuple(claim.id for claim in figure.claims),
        vague=tuple(dict.fromkeys(c.basis for c in figure.claims if c.min is None and c.max is None)),
        origins=len(origin_groups(figure.claims, known.ties, known.sources)),
    )


def _line(figure: fig.Figure, known: Known, rule: str) -> LineView:
    ruled = by_rule(figure, rule, known)
    standing = frozenset(ruled.standing)
    counted = [claim for claim in figure.claims if claim.id in standing]
    latest = next(claim for claim in figure.claims if claim.id == figure.latest)
    series = fig.name(figure.key)
    return LineView(
        key=str(figure.key), label=f"{series}, {figure.key.meant}" if figure.key.meant else series, series=series,
        meant=figure.key.meant, words=fig.words(ruled).rsplit(", ", 1)[0], sources=len({c.source for c in counted}),
        origins=ruled.origins, claims=len(figure.claims), disputed=figure.disputed or bool(figure.conflicts),
        withdrawn=len(figure.withdrawn), latest=fig.hedge(latest), latest_by=latest.claimant,
        latest_on=latest.known_from,
    )  # fmt: skip


def _held_line(figure: FigureView, rule: str) -> LineView:
    """Return a figure of an account that was not read whole, in the words of its ranges."""
    low, high, open_above = figure.low, figure.high, figure.open_above
    if rule == fig.FULL:
        low, high, open_above = figure.full_low, figure.full_high, figure.full_open_above
    ends = [f"{number:,}" for number in dict.fromkeys((low, high)) if number is not None]
    words = " … ".join(ends) + (" or more" if open_above else "")
    origins = f", {figure.origins} origin{'' if figure.origins == 1 else 's'}"
    return LineView(
        key=figure.key, label=figure.label, series=figure.series or figure.label, meant=figure.meant,
        words=words if ends else figure.words.removesuffix(origins), sources=0, origins=figure.origins,
        claims=figure.claims, disputed=figure.disputed, withdrawn=0, latest="", latest_by="", latest_on="",
    )  # fmt: skip


def _ranges(known: Known, rule: str) -> dict[str, tuple[tuple[str, int | None, int | None], ...]]:
    """Return each figure's range day by day: of all that was ever said by the full rule, else of what stood then."""
    given = known.given
    ties = ties_of(given.claims, known.ties, known_at=given.known_at, recorded_at=given.recorded_at)
    gone = gone_since(fates(ties)) if rule == fig.CONSERVATIVE else {}
    days = {claim.known_from for claim in given.claims} | set(gone.values())
    return {
        str(figure.key): ranges(
            (Reach(c.known_from, gone.get(c.id, ""), c.min, c.min, c.max) for c in figure.claims), days
        )
        for figure in given.figures
    }


def _disagreements(known: Known, views: Mapping[str, ClaimView]) -> tuple[DisagreementView, ...]:
    shown: dict[str, int] = {}
    found = []
    for one in disagreements(known.given, known.ties, known.sources):
        shown[one.kind] = shown.get(one.kind, 0) + 1
        if shown[one.kind] <= SHOWN_OF_A_KIND:
            found.append(_disagreement(one, views))
    return tuple(found)


def _disagreement(one: Disagreement, views: Mapping[str, ClaimView]) -> DisagreementView:
    sides = tuple(
        SideView(
            side.label,
            tuple(views[claim] for claim in side.claims[:SHOWN_CLAIMS]),
            max(len(side.claims) - SHOWN_CLAIMS, 0),
        )
        for side in one.sides
    )
    return DisagreementView(one.kind, one.subject, sides, one.method, one.note)


def _changes(known: Known, query: Query, views: Mapping[str, ClaimView]) -> ChangesView | None:
    """Return what is new since the day asked for, on its clock; None when none was asked for."""
    if query.since is None and query.recorded_since is None:
        return None
    given = known.given
    since = given.known_at if query.since is None else check_day(query.since, where="since")
    recorded = given.recorded_at
    if query.recorded_since is not None:
        recorded = end_of(query.recorded_since)
    found = changes(earlier(known, known_at=since, recorded_at=recorded), given)
    return ChangesView(
        since=query.since or query.recorded_since or "",
        clock="known" if query.since else "recorded",
        new=tuple(views[claim] for claim in reversed(found.new[-SHOWN_CHANGES:])),
        turned=tuple(TurnedView(views[t.claim], t.before, t.after) for t in found.turned[:SHOWN_CHANGES]),
        moved=tuple((moved.label, moved.before, moved.after) for moved in found.moved[:SHOWN_CHANGES]),
        more=max(len(found.new) - SHOWN_CHANGES, 0),
    )


def _means(claims: Iterable[ClaimView]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for claim in claims:
        if claim.means:
            found.setdefault(claim.means, []).append(claim.id)
    return tuple((means, tuple(some)) for means, some in found.items())
