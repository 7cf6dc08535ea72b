"""The sharing log: every version of every release that went to a party, since when, and what became of it."""

from collections.abc import Sequence

from safeconduct.agreements.fields import iso, moment
from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, Answer, version_of
from safeconduct.alerts.words import ADVICE, THREATENED
from safeconduct.incidents.dates import check_days, first_day
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.common import cards
from safeconduct.workflows.keep_operators import name_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import ReleaseRow
from safeconduct.workflows.show_warnings import answers_by
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.warning_view import ShareView


def list_shares(node: Node, tx: Tx, *, since: str | None = None, to: str | None = None) -> tuple[ShareView, ...]:
    """Return all that was shared, in the order of the ledger.

    Args:
        node: this node.
        tx: a transaction.
        since: an ISO day; only what was sent on it or later. None: from the start.
        to: a party's id; only what went to it. None: to anybody.

    Raises:
        BadInput: `bad-date`.
    """
    start = 0 if not since else moment(f"{first_day(check_days(since, where='since'))}T00:00:00Z")
    answers, names = answers_by(answers_to(tx)), {party: card.name for party, card in cards(tx).items()}
    rows = [row for row in tx.alerts.versions() if row.direction == "sent" and row.issued >= start]
    found = []
    for row in sorted(rows, key=lambda one: one.ledger_index):
        release = releases.from_json(row.body)
        if to in (None, "", release.partner):
            found.append(_share(node, tx, row, answers.get(row.id, ()), names.get(release.partner, release.partner)))
    return tuple(found)


def acknowledgement_of(release: releases.Release, answers: Sequence[Answer]) -> Acknowledgement | None:
    """Return the first acknowledgement of this very version; one under the partner's signature goes before."""
    acks = [a for a in answers if isinstance(a, Acknowledgement) and version_of(a) == release.version]
    return next((a for a in acks if a.signed), acks[0] if acks else None)


def released_by(tx: Tx, release: releases.Release) -> str:
    """Return the id of the office that released a version, empty where an older node did not record it."""
    for _, body, _ in tx.records.all(f"act:{release.id}"):
        kept = decode_json(body, where="act")
        if kept["kind"] in ("release", "withdrawal") and kept["said"].get("version") == release.version:
            return str(kept["by"])
    return ""


def kind_of(release: releases.Release) -> str:
    """Return what a version is: a warning, a correction or a withdrawal."""
    return "withdrawal" if release.revoked else "correction" if release.version > 1 else "warning"


def _share(node: Node, tx: Tx, row: ReleaseRow, answers: Sequence[Answer], to_name: str) -> ShareView:
    release = releases.from_json(row.body)
    ack, by = acknowledgement_of(release, answers), released_by(tx, release)
    return ShareView(
        at=iso(row.issued),
        to=release.partner,
        to_name=to_name,
        release=row.id,
        version=release.version,
        kind=kind_of(release),
        what=f"{ADVICE[release.advised_action]} ({THREATENED[release.threatened_class]})",
        purpose=release.purpose,
        by=name_of(node, tx, by) if by else "",
        acknowledged_at=iso(ack.at) if ack else None,
        minutes=max(0, ack.at - row.issued) // 60 if ack else None,
        unsigned=ack is not None and not ack.signed,
        ledger_index=row.ledger_index,
    )
