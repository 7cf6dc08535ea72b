"""What was released before, asked of the store as a policy needs it, and kept so that it is found by an index."""

from safeconduct.alerts import policy as policies
from safeconduct.alerts import release as releases
from safeconduct.alerts.earlier import Earlier, Question, question, source_names, source_tags, trace_of
from safeconduct.alerts.inference import Inference, infer
from safeconduct.alerts.policy import Policy
from safeconduct.alerts.release import Release
from safeconduct.alerts.report import ThreatReport
from safeconduct.alerts.report import from_json as read_report
from safeconduct.errors import SafeconductError
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

TAG_KEY = "source-tag-key"  # sealed: without it the marks in the table tell nothing of a name
TAGGED = "sources-tagged-to"  # ledger index up to which the sources of all releases are marked
HELD = 100  # earlier releases that a page lists


def ask(node: Node, tx: Tx, report: ThreatReport, policy: Policy, *, replaces: str | None = None) -> Question:
    """Return what must be known of earlier releases before this one; reads only."""
    key = tx.records.get(TAG_KEY)
    tags = () if key is None else source_tags(report, node.vault.open(key))
    names = source_names(report)
    unmarked = [_open(node, tx, one) for one, _ in tx.alerts.reports_released_after(_tagged_to(tx))]
    shared = [one.id for one in unmarked if names & source_names(one)]
    return question(report, policy, pools=tx.alerts.pools(), tags=tags, reports=shared, replaces=replaces)


def earlier_to(node: Node, tx: Tx, report: ThreatReport, policy: Policy, *, replaces: str | None = None) -> Earlier:
    """Return what of the earlier releases counts for one more release of a report under a policy; reads only."""
    return tx.alerts.earlier(ask(node, tx, report, policy, replaces=replaces))


def note_sent(node: Node, tx: Tx, policy: Policy) -> None:
    """Mark the sources of what was sent since the last time, and who is declared to compare what they get."""
    tx.alerts.add_pools([(policy.partner, other) for other in policy.coalition])
    unmarked = tx.alerts.reports_released_after(_tagged_to(tx))
    if not unmarked:
        return
    sealed = tx.records.get(TAG_KEY)
    if sealed is None:
        sealed = node.vault.seal(node.random.bytes(32))
        tx.records.set(TAG_KEY, sealed)
    key = node.vault.open(sealed)
    for one, _ in unmarked:
        tx.alerts.tag_report(one, source_tags(_open(node, tx, one), key))
    tx.records.set(TAGGED, str(max(index for _, index in unmarked)).encode())


def inference_of(
    node: Node, tx: Tx, report: ThreatReport, policy: Policy, release: Release, *, replaces: str | None = None
) -> Inference:
    """Return what the partner could infer from a release beside all that it has had; reads only."""
    asked = ask(node, tx, report, policy, replaces=replaces)
    traces, total = tx.alerts.counting(asked, HELD)
    new = trace_of(release, report.id)
    return infer(policy, new, asked, tx.alerts.earlier(asked), traces, total=total)


def inference_for(node: Node, release_id: str, policy_json: bytes) -> Inference | None:
    """Return what the partner can infer from a release that was sent, with all others that count; None if unknown."""
    with node.store.reading() as tx:
        row = tx.alerts.release(release_id)
        if row is None or row.report is None:
            return None
        report, policy = _open(node, tx, row.report), policies.from_json(policy_json)
        return inference_of(node, tx, report, policy, releases.from_json(row.body), replaces=release_id)


def _tagged_to(tx: Tx) -> int:
    return int(tx.records.get(TAGGED) or b"-1")


def _open(node: Node, tx: Tx, report_id: str) -> ThreatReport:
    """Open a report that something was released from."""
    sealed = tx.alerts.report(report_id)
    if sealed is None:
        raise SafeconductError("no-report", f"there is no report {report_id}")
    return read_report(node.vault.open(sealed))
