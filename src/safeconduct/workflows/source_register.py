"""The register of sources that ended, and the confidence of reports and assessments in its light."""

from safeconduct.alerts.answer import CONFIDENCE as OUTCOMES
from safeconduct.alerts.answer import Outcome
from safeconduct.alerts.report import ThreatReport
from safeconduct.alerts.source_register import EndedSource, Stated, named_in, stated
from safeconduct.alerts.words import CONFIDENCE
from safeconduct.workflows.read_entries import list_entries
from safeconduct.workflows.tables import Tx


def ended_sources(tx: Tx) -> tuple[EndedSource, ...]:
    """Return the sources that are recorded as ended, by the entries of kind `source-ended`."""
    return tuple(
        EndedSource(one.entry.fields["source_name"], one.entry.fields["because"], one.entry.at)
        for one in list_entries(tx, "source-ended")
    )


def confidence_of(report: ThreatReport, ended: tuple[EndedSource, ...]) -> Stated:
    """Return a report's confidence as written and as it is to be read."""
    names = [source.name for source in report.sources]
    return stated(CONFIDENCE, report.confidence, at=report.entered_at, relied_on=names, ended=ended)


def confidence_of_outcome(outcome: Outcome, ended: tuple[EndedSource, ...]) -> Stated:
    """Return an assessment's confidence as written and as it is to be read, by the sources that it names."""
    names = named_in(f"{outcome.text}\n{outcome.evidence or ''}", ended)
    return stated(tuple(OUTCOMES), outcome.confidence, at=outcome.at, relied_on=names, ended=ended)
