"""All incidents at once: of each what is known, and everything on which its claims disagree.

Each incident is read as its own page reads it, so that no number here differs from the one there. How much of it is
shown is limited; how much there is in all is always told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.incidents.dates import check_day
from safeconduct.incidents.disagreements import BARRED, DISPUTED, GONE, WITHDRAWN, Disagreement, disagreements
from safeconduct.workflows.account_view import AccountDetail, DisagreementView, Query, Stretch
from safeconduct.workflows.claim_index import STAMP
from safeconduct.workflows.export_account import read_full_account
from safeconduct.workflows.kept import Kept
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.room_view import IncidentView
from safeconduct.workflows.tables import Tx

MOST_OF_A_KIND = 8  # disagreements of one kind that are shown of one incident


@dataclass(frozen=True, slots=True)
class Sums:
    """What is open or was taken back, as numbers.

    Attributes:
        disputed: Figures on which claims disagree.
        withdrawn: Claims that were corrected or retracted.
        denied: Denials and challenges.
        barred: Groups of people who are kept from speaking.
    """

    disputed: int = 0
    withdrawn: int = 0
    denied: int = 0
    barred: int = 0


@dataclass(frozen=True, slots=True)
class ListedIncident:
    """One incident on the page of all.

    Attributes:
        incident: What every page knows of it.
        detail: What its own page shows, with at most `MOST_OF_A_KIND` disagreements of a kind.
        totals: How many disagreements there are of each kind.
        sums: The same, in the numbers of the first line.
    """

    incident: IncidentView
    detail: AccountDetail
    disagreements: tuple[DisagreementView, ...]
    totals: Mapping[str, int]
    sums: Sums


@dataclass(frozen=True, slots=True)
class IncidentsView:
    """The page of all incidents.

    Attributes:
        known_at: ISO day that was asked for; empty for the newest of each.
        incidents: Newest first.
        later: Incidents that are recorded and were not known of on that day.
        sums: Over all incidents.
        first_day: ISO day from which something is known; empty when no incident is recorded.
        last_day: ISO day of the newest claim; empty when no incident is recorded.
    """

    known_at: str
    incidents: tuple[ListedIncident, ...]
    later: int
    sums: Sums
    first_day: str
    last_day: str


LISTED: Kept[ListedIncident] = Kept(128)  # the stamp in their keys is random, so that two nodes never share one


def show_incidents(tx: Tx, *, known_at: str | None = None) -> IncidentsView:
    """Return all incidents with what is known of each and where its claims disagree.

    Args:
        tx: a reading.
        known_at: ISO day, included: what had been said by then; None for the newest of each.

    Raises:
        BadInput: `bad-date` for a day that is none.
    """
    if known_at is not None:
        check_day(known_at, where="known_at")
    opened = [read_account(tx, name, known_at=known_at) for name, _, _ in tx.records.all("incidents")]
    known = [view for view in opened if known_at is None or view.first_day[:10] <= known_at]
    known.sort(key=lambda view: view.id)
    known.sort(key=lambda view: view.date, reverse=True)
    listed = tuple(_listed(tx, view, known_at) for view in known)
    return IncidentsView(
        known_at=known_at or "",
        incidents=listed,
        later=len(opened) - len(known),
        sums=_added([one.sums for one in listed]),
        first_day=min((view.first_day[:10] for view in opened), default=""),
        last_day=max((view.last_day[:10] for view in opened), default=""),
    )


def _listed(tx: Tx, view: IncidentView, known_at: str | None) -> ListedIncident:
    # parties' names stand in the cases, which this page does not show: the stamp and the day are all it rests on
    key = (tx.records.get(STAMP), view.id, known_at)
    return LISTED.get(key, lambda: _made(tx, view.id, known_at))


def _made(tx: Tx, incident: str, known_at: str | None) -> ListedIncident:
    found = read_full_account(tx, incident, Query(known_at=known_at), Stretch(newest=True))
    every = disagreements(found.known.given, found.known.ties, found.known.sources)
    totals: dict[str, int] = {}
    for one in every:
        totals[one.kind] = totals.get(one.kind, 0) + 1
    shown: dict[str, int] = {}
    few = []
    for view in found.detail.disagreements:
        shown[view.kind] = shown.get(view.kind, 0) + 1
        if shown[view.kind] <= MOST_OF_A_KIND:
            few.append(view)
    return ListedIncident(found.incident, found.detail, tuple(few), totals, _sums(found.incident, every, totals))


def _sums(view: IncidentView, every: Sequence[Disagreement], totals: Mapping[str, int]) -> Sums:
    gone = {
        claim
        for one in every
        if one.kind == WITHDRAWN
        for side in one.sides
        if side.label in GONE
        for claim in side.claims
    }
    return Sums(
        disputed=sum(figure.disputed for figure in view.figures),
        withdrawn=len(gone),
        denied=totals.get(DISPUTED, 0),
        barred=totals.get(BARRED, 0),
    )


def _added(some: Sequence[Sums]) -> Sums:
    return Sums(
        disputed=sum(one.disputed for one in some),
        withdrawn=sum(one.withdrawn for one in some),
        denied=sum(one.denied for one in some),
        barred=sum(one.barred for one in some),
    )
