"""Withdraw a release: a last version that takes it back. What was said before stays on record, on both sides.

No permit is asked for: taking back shares nothing new, and must be possible while sharing is suspended or over.
"""

from math import gcd

from safeconduct.alerts import release as releases
from safeconduct.alerts.policy import DAY
from safeconduct.alerts.release import Release, withdraw
from safeconduct.alerts.stix import encode_stix, to_stix
from safeconduct.errors import Refusal
from safeconduct.operators.people import KEYBOARD
from safeconduct.workflows.approve_release import current, reason_given
from safeconduct.workflows.common import log_refused
from safeconduct.workflows.envelopes import send
from safeconduct.workflows.keep_operators import may_act
from safeconduct.workflows.own_acts import log_act
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import SUBJECT, stix_ids
from safeconduct.workflows.rows import ReleaseRow


def withdraw_release(node: Node, release_id: str, *, reason: str, by: str = KEYBOARD) -> int | Refusal:
    """Send the withdrawal of a release; return its ledger index. Again for the same release is refused.

    Raises:
        BadInput: there is no reason.
    """
    why = reason_given(reason)
    with node.store.transaction() as tx:
        refusal = may_act(node, tx, by, "release")
        if refusal is not None:
            return refusal
        release = current(tx, release_id)
        if isinstance(release, Refusal):
            log_refused(node, tx, act="withdraw", subject=SUBJECT, refusal=release)
            return release
        now, row = node.clock.now(), tx.alerts.release(release_id)
        gone = withdraw(release, now=now, slot_seconds=_slot(release))
        body = encode_stix(to_stix(gone, stix_ids(node, tx, release_id)))
        index, _ = send(node, tx, to=gone.partner, kind="release", agreement=gone.agreement_id, body=body)
        report, withheld = (row.report, row.withheld) if row else (None, b"[]")
        tx.alerts.add_release(ReleaseRow(release_id, "sent", releases.to_json(gone), report, withheld, now, index))
        log_act(node, tx, "withdrawal", about=release_id, by=by, reason=why, said={"version": gone.version})
    return index


def _slot(release: Release) -> int:
    """Return the longest slot on whose borders all times of a release lie: no new time is finer than those before."""
    times = (release.window_from, release.window_to, release.first_issued, release.issued, release.expires)
    return gcd(DAY, *times)
