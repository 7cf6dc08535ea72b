"""The page of all incidents: sums, jumps, what is known, what disagrees, limits that tell the rest, and an empty node."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.config import NodeConfig
from safeconduct.errors import BadInput
from safeconduct.incidents.disagreements import KINDS
from safeconduct.web.api.app import create_app
from safeconduct.web.pages import incidents_page
from safeconduct.web.pages.account_page import HEADINGS, plain_detail
from safeconduct.web.pages.incidents_page import render_incidents
from safeconduct.wiring import close_node, init_node, start_node
from safeconduct.workflows import show_incidents as module
from safeconduct.workflows.account_view import Stretch
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.show_incidents import LISTED, IncidentsView, ListedIncident, Sums, show_incidents
from unit.incidents.exports.harbour import document
from unit.web.account_node import harbour_node, read
from unit.web.room_samples import HOSTILE, incident
from unit.web.test_pages import AROUND
from unit.web.test_pages import read as parsed

LATER = {"id": "pier", "title": "Fire at the pier", "kind": "fire", "date": "2031-04-02", "place": "old pier"}


@pytest.fixture
def node(tmp_path):
    made = harbour_node(tmp_path)
    LISTED.clear()
    yield made
    close_node(made)
    LISTED.clear()


def shown(node, known_at=None):
    with node.store.reading() as tx:
        return show_incidents(tx, known_at=known_at)


def html(node, known_at=None):
    return render_incidents(shown(node, known_at), AROUND)


def words(text):
    return " ".join(" ".join(parsed(text).words).split())


def add(node, **parts):
    record_incident(node, json.dumps({name: list(some) for name, some in parts.items()}).encode())


def test_the_page_is_well_formed_and_carries_no_inline_code(node):
    add(node, incidents=[LATER])
    page = parsed(html(node))
    assert len(page.ids) == len(set(page.ids))
    for tag, attrs in page.attributes:
        assert "style" not in attrs and not [name for name in attrs if name.startswith("on")]
        assert tag != "script" or attrs["src"].startswith("/static/")
        for name in ("for", "aria-labelledby"):
            assert name not in attrs or attrs[name] in page.ids, attrs
        if tag == "a" and attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in page.ids


@pytest.mark.seed("S-83", "S-84", "S-86", "S-88", "S-96", "S-100")
def test_every_kind_of_disagreement_of_an_account_stands_on_it(node):
    text = words(html(node))
    detail = read(node).detail
    assert {one.kind for one in detail.disagreements} == set(KINDS)
    for one in detail.disagreements:
        assert HEADINGS[one.kind][1] in text
        assert one.note in text and one.method in text
        for side in one.sides:
            assert all(claim.text in text or claim.claimant in text for claim in side.claims)


def test_the_first_line_adds_up_what_the_accounts_tell(node):
    view = shown(node)
    detail = read(node).detail
    assert view.sums.disputed == sum(line.disputed for line in detail.figures)
    assert view.sums.barred == sum(one.kind == "barred" for one in detail.disagreements) == 1
    assert view.sums.denied == sum(one.kind == "disputed" for one in detail.disagreements)
    gone = {claim.id for claim in detail.claims if claim.status in ("corrected", "retracted")}
    assert view.sums.withdrawn == len(gone) > 0
    first = words(html(node))
    assert f"1 incident, {view.sums.disputed} figure in dispute, {len(gone)} withdrawn" in first


def test_incidents_are_listed_newest_first_and_each_leads_to_its_account(node):
    add(node, incidents=[LATER])
    text = html(node)
    assert words(text).index("Fire at the pier") < words(text).index("harbour")
    assert 'href="#incident-pier"' in text and 'href="/incidents/pier"' in text
    assert "Nothing is claimed of it." in words(text) and "agreed" in words(text)


@pytest.mark.seed("S-52")
def test_at_an_earlier_day_later_incidents_are_not_there_and_links_keep_the_day(node):
    add(node, incidents=[LATER])
    early = shown(node, "2031-03-05")
    assert [one.incident.id for one in early.incidents] == ["harbour"] and early.later == 1
    text = html(node, "2031-03-05")
    assert "1 incident became known later." in words(text)
    assert "/incidents/harbour?known_at=2031-03-05" in text
    assert not re.search(r'href="/incidents/harbour(?!\?known_at)', text)
    assert shown(node).sums != early.sums


def test_a_day_that_is_none_is_one_clear_error(node):
    with pytest.raises(BadInput) as caught:
        shown(node, "soon")
    assert caught.value.code == "bad-date"


def test_of_many_disagreements_a_few_are_shown_and_the_rest_is_told_with_its_link(node, monkeypatch):
    monkeypatch.setattr(module, "MOST_OF_A_KIND", 1)
    LISTED.clear()
    view = shown(node)
    (one,) = view.incidents
    many = {kind: number for kind, number in one.totals.items() if number > 1}
    assert many
    text = html(node)
    for kind, number in many.items():
        assert f'<a href="/incidents/harbour#odds-{kind}">and {number - 1} more</a>' in text


def test_of_many_figures_those_in_dispute_are_shown(node, monkeypatch):
    monkeypatch.setattr(incidents_page, "MOST_FIGURES", 1)
    (listed,) = [incidents_page.Listed(one) for one in shown(node).incidents]
    assert listed.figures[0].figures[-1].disputed and listed.more_figures == len(listed.series) - 1 > 0
    assert f"and {listed.more_figures} more" in words(html(node))


def test_a_new_claim_is_seen_at_once_though_answers_are_kept(node):
    before = shown(node)
    assert shown(node).incidents[0] is before.incidents[0]
    given = json.loads(document())
    again = {**given["claims"][0], "id": "again", "min": 977, "max": 977, "basis": "exact"}
    add(node, claims=[again])
    assert "977" in words(html(node)) and "977" not in words(render_incidents(before, AROUND))


def test_every_line_that_is_linked_is_on_the_page_that_is_linked(node):
    found = read(node, stretch=Stretch())
    ids = {claim.id for claim in found.detail.claims}
    (listed,) = [incidents_page.Listed(one) for one in shown(node).incidents]
    for claim_id in ids:
        page, _, mark = listed.line(claim_id).partition("#")
        assert page == "/incidents/harbour" and mark.startswith("line-")


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_hostile_titles_never_become_markup(text):
    view = sample_view(f"{HOSTILE}{text}")
    page = parsed(render_incidents(view, AROUND))
    assert not [attrs for tag, attrs in page.attributes if tag == "script" and "src" not in attrs]
    assert not [attrs for tag, attrs in page.attributes if "onerror" in attrs]


def sample_view(title):
    one = replace(incident(), title=title)
    listed = ListedIncident(one, plain_detail(one), (), {}, Sums())
    return IncidentsView("", (listed,), 0, Sums(), one.first_day, one.last_day)


@pytest.fixture
def empty(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", exercise=True, sign_in=False)
    init_node(tmp_path, config, passphrase=None)
    return config


def test_an_empty_node_says_so_and_points_to_the_review(empty):
    with TestClient(create_app(start_node(empty))) as client:
        answer = client.get("/incidents")
        assert answer.status_code == 200
        text = words(answer.text)
        assert (
            "No incident is recorded. Add a report" in text
            and '<a href="/incidents/review">Add a report' in answer.text
        )
        assert client.get("/incidents?known_at=2024-13-01").status_code == 400
        assert client.get("/incidents?known_at=").status_code == 200
        room = client.get("/").text
        assert re.search(r'<a href="/incidents" data-key="i">Incidents</a>', room)


def test_the_list_of_the_command_tells_the_same(tmp_path):
    node = harbour_node(tmp_path)
    view = shown(node)
    close_node(node)
    run = CliRunner().invoke(app, ["incident", "list", "--node", str(tmp_path), "--json"])
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    assert told["sums"]["disputed"] == view.sums.disputed
    assert [one["id"] for one in told["incidents"]] == ["harbour"]
    assert {odd["kind"] for odd in told["incidents"][0]["disagreements"]} == set(KINDS)
    plain = CliRunner().invoke(app, ["incident", "list", "--node", str(tmp_path), "--known-at", "2031-03-05"])
    assert plain.exit_code == 0 and plain.stdout.startswith("1 incidents, ")
    assert "as known at 2031-03-05" in plain.stdout
