"""Plays the officer who reads a scenario's reports: adds each on its day, decides on what is suggested, links claims.

Sources and decisions go through the running node, by the forms of its review page; the node's files are only looked
into to find a suggestion by its place. Every step can be repeated: what is decided already is left as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import compress

from safeconduct.errors import SafeconductError
from safeconduct.replay.client import Operator
from safeconduct.replay.reports import Decision, Link, Place, Report, Reports
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.source_rows import OPEN, SuggestionRow
from safeconduct.workflows.suggested_claim import NEW
from safeconduct.workflows.tables import Tx

REVIEW = "/incidents/review"


def review_reports(operator: Operator, reports: Reports, day: str) -> None:
    """Add the reports that were published on an ISO day, and decide about them as the scenario says.

    Raises:
        SafeconductError: `report-refused`, `no-suggestion`, `decision-refused`: node and scenario do not fit.
    """
    todays = reports.of_day(day)
    if not todays:
        return
    for report in todays:
        _add(operator, report)
    files = {report.file for report in todays}
    digests = {report.file: report.digest for report in reports.reports}
    _decide(operator, [one for one in reports.decisions if one.place.file in files], digests, reports.incident)
    held = {report.file for report in reports.reports if report.day <= day}
    new = [link for link in reports.links if files & (ends := {link.source.file, link.target.file}) and ends <= held]
    _link(operator, new, digests)


def account_of(operator: Operator, reports: Reports) -> str:
    """Return the id of the incident under which claims of the reports were recorded, empty when none was."""
    with reading(operator) as tx:
        return _incident(tx, [report.digest for report in reports.reports])


@contextmanager
def reading(operator: Operator) -> Iterator[Tx]:
    """Look into the node's files beside the running node."""
    node = open_node(operator.node.config)
    try:
        with node.store.reading() as tx:
            yield tx
    finally:
        close_node(node)


def _add(operator: Operator, report: Report) -> None:
    name = report.file.rsplit("/", 1)[-1]
    files = [("files", (name, report.data, "text/plain"))]
    answer = operator.call("POST", f"{REVIEW}/sources", files=files, data={"outlet": report.outlet})
    if answer.status_code != HTTPStatus.SEE_OTHER:
        raise SafeconductError("report-refused", f"{report.file}: status {answer.status_code}")


def _decide(
    operator: Operator, decisions: Sequence[Decision], digests: Mapping[str, str], incident: Mapping[str, str]
) -> None:
    with reading(operator) as tx:
        rows = [find(tx, decision.place, digests).id for decision in decisions]
        open_ = [not _is_decided(tx, name) for name in rows]
        known = _incident(tx, digests.values())
    for decision, name in compress(zip(decisions, rows, strict=True), open_):
        where = {"incident": known} if known else {"incident": NEW, **incident}
        form = {"id": name, "act": decision.act, **where, "reading": decision.reading, **decision.fields}
        answer = operator.call("POST", f"{REVIEW}/decide", data=form)
        if known and answer.status_code == HTTPStatus.SEE_OTHER:
            continue
        with reading(operator) as tx:
            known = _incident(tx, digests.values())
            if not _is_decided(tx, name):  # a node that was killed may have stored it before it could answer
                raise SafeconductError("decision-refused", f"{_words(decision.place)}: status {answer.status_code}")


def _link(operator: Operator, links: Sequence[Link], digests: Mapping[str, str]) -> None:
    """Take up the relations that are suggested; record the others as ones that the officer saw."""
    taken: list[str] = []
    seen: list[dict[str, str]] = []
    with reading(operator) as tx:
        offered = {tie.id for tie, _, _ in tx.sources.ready_ties()}
        for link in links:
            ends = [find(tx, place, digests).id for place in (link.source, link.target)]
            tie = f"{link.kind}:{ends[0]}:{ends[1]}"
            if tie in offered:
                taken.append(tie)
            elif not tx.sources.decisions(tie):
                claims = [tx.sources.decisions(name)[-1].claim for name in ends]
                seen.append({"from": claims[0], "to": claims[1], "kind": link.kind, "method": link.method})
    for tie in taken:
        answer = operator.call("POST", f"{REVIEW}/relation", data={"tie": tie, "act": "accept"})
        if answer.status_code == HTTPStatus.SEE_OTHER:
            continue
        with reading(operator) as tx:
            if not tx.sources.decisions(tie):
                raise SafeconductError("decision-refused", f"{tie}: status {answer.status_code}")
    if seen:
        operator.post("/api/incidents", {"relations": seen})


def find(tx: Tx, place: Place, digests: Mapping[str, str]) -> SuggestionRow:
    """Return the suggestion of a kind at a place; of several around it the shortest.

    Raises:
        SafeconductError: `no-suggestion`.
    """
    rows = tx.sources.suggestions(digests[place.file])
    # Words may begin within a suggestion, or shortly before it: `said the strike` before `strike`.
    end = place.start + len(place.at)
    found = [row for row in rows if row.kind == place.kind and row.start < end and place.start < row.end]
    if not found:
        raise SafeconductError("no-suggestion", _words(place))
    return min(found, key=lambda row: (row.end - row.start, row.start))


def _is_decided(tx: Tx, name: str) -> bool:
    decisions = tx.sources.decisions(name)
    return bool(decisions) and decisions[-1].state != OPEN


def _incident(tx: Tx, digests: Iterable[str]) -> str:
    return next((name for digest in digests if (name := tx.sources.last_incident(digest=digest))), "")


def _words(place: Place) -> str:
    return f"{place.file}: {place.kind} at “{place.at}”"
