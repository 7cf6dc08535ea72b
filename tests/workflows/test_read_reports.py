"""The replay's officer at work on a running node: three reports become one account, on the days of their publication."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from litestar.testing import TestClient

from safeconduct.agreements.fields import moment
from safeconduct.config import NodeConfig
from safeconduct.errors import SafeconductError
from safeconduct.incidents.figures import CONSERVATIVE
from safeconduct.replay.client import Operator
from safeconduct.replay.review import account_of, reading, review_reports
from safeconduct.replay.scenario import load
from safeconduct.web.api.app import create_app
from safeconduct.wiring import init_node, start_node
from safeconduct.workflows.account_view import Query
from safeconduct.workflows.export_account import read_full_account
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.source_rows import OPEN

REPORTS = load(Path(__file__).parents[2] / "scenarios" / "kabul-2021").reports
DAYS = [report.day for report in REPORTS.reports]


class Beside(Operator):
    """An operator of a node that runs in this process."""

    def __init__(self, config, client):
        self.node = SimpleNamespace(config=config)
        self._http = client


@pytest.fixture
def operator(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "node" / "data", exercise=True, sign_in=False)
    (tmp_path / "node").mkdir()
    init_node(tmp_path / "node", config, passphrase=None)
    with TestClient(create_app(start_node(config))) as client:
        client.follow_redirects = False
        yield Beside(config, client)


def read_all(operator, reports=REPORTS, days=DAYS):
    for day in days:
        operator.move_clock(moment(f"{day}T20:00:00Z"))
        review_reports(operator, reports, day)


def held(operator):
    with reading(operator) as tx:
        kinds = ("incidents", "sources", "claims", "relations")
        return {kind: sorted((name, body) for name, body, _ in tx.records.all(kind)) for kind in kinds}


def account(operator, **clocks):
    with reading(operator) as tx:
        return read_account(tx, account_of(operator, REPORTS), **clocks)


def status(view):
    return {line.text: line.status for line in view.timeline}


@pytest.mark.seed("S-50", "S-95", "S-97")
def test_three_reports_become_one_account_with_figures_that_disagree_and_a_reversal(operator):
    read_all(operator)
    view = account(operator)
    (killed,) = [f for f in view.figures if f.key == "casualties/people/killed"]
    assert killed.disputed and (killed.low, killed.full_low) == (9, 9) and killed.claims == 4
    shown = status(view)
    assert shown["The strike was needed to stop a second bomb."] == "retracted"
    assert shown["Eleven people were killed."] == "corrected"
    assert shown["At least twenty people were killed."] == "disputed"
    with reading(operator) as tx:
        counts = tx.sources.counts()
        assert len(tx.sources.rows()) == 3
    waiting = sum(one.number for one in counts if one.state == OPEN)
    assert 0 < waiting < sum(one.number for one in counts)


@pytest.mark.seed("S-106", "S-108")
def test_one_utterance_is_set_out_in_its_three_wordings(operator):
    read_all(operator)
    with reading(operator) as tx:
        full = read_full_account(tx, account_of(operator, REPORTS), Query(None, None, CONSERVATIVE))
    (utterance,) = full.detail.wordings
    assert {claim.claimant for claim in utterance.claims} == {"commander of the river command"}
    assert len({claim.quote for claim in utterance.claims}) == len({claim.publisher for claim in utterance.claims}) == 3


@pytest.mark.seed("S-52")
def test_an_earlier_day_knows_nothing_of_later_reports(operator):
    read_all(operator)
    early = status(account(operator, known_at="2021-08-23"))
    assert early["The strike was needed to stop a second bomb."] == "stands"
    assert "Thirteen people died." not in early
    recorded = status(account(operator, recorded_at="2021-08-26T00:00:00Z"))
    assert recorded["The strike was needed to stop a second bomb."] == "disputed"
    assert "Thirteen people died." not in recorded


def test_nothing_happens_on_other_days_and_twice_is_as_once(operator):
    review_reports(operator, REPORTS, "2021-08-22")
    assert account_of(operator, REPORTS) == ""
    read_all(operator)
    before = held(operator)
    read_all(operator)
    assert held(operator) == before
    assert len(before["incidents"]) == 1 and len(before["sources"]) == 3
    assert len(before["relations"]) == len(REPORTS.links)


def test_decisions_that_were_cut_off_go_on(operator):
    half = replace(REPORTS, decisions=REPORTS.decisions[:5], links=())
    read_all(operator, half, DAYS[:1])
    read_all(operator)
    claims = held(operator)["claims"]
    assert len(claims) == sum(decision.act == "accept" for decision in REPORTS.decisions)


def test_decision_about_nothing_is_named(operator):
    first = REPORTS.decisions[0]
    lost = replace(first, place=replace(first.place, kind="admission"))
    with pytest.raises(SafeconductError) as caught:
        review_reports(operator, replace(REPORTS, decisions=(lost,)), DAYS[0])
    assert caught.value.code == "no-suggestion" and "Two blasts at" in str(caught.value)


def test_decision_that_the_node_refuses_ends_the_replay(operator):
    first = REPORTS.decisions[1]
    wrong = replace(first, fields={**first.fields, "said": "soon"})
    with pytest.raises(SafeconductError) as caught:
        review_reports(operator, replace(REPORTS, decisions=(wrong,), links=()), DAYS[0])
    assert caught.value.code == "decision-refused"


def test_report_that_the_node_refuses_is_named(operator):
    empty = replace(REPORTS.reports[0], data=b" ")
    with pytest.raises(SafeconductError) as caught:
        review_reports(operator, replace(REPORTS, reports=(empty,)), DAYS[0])
    assert caught.value.code == "report-refused" and empty.file in str(caught.value)
