"""Imports by command, and the public feed over HTTP: off by default, cacheable, and what the bundles say."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from litestar.testing import TestClient

from safeconduct.exchange.cap_import import read_alert
from safeconduct.web.api.app import create_app
from safeconduct.wiring import close_node, open_node, start_node
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.release_warning import release_warning
from unit.exchange.test_cap_read import TEXT
from workflows.two_nodes import PROTECT, World

ATOM = "{http://www.w3.org/2005/Atom}"
HOUR = 3_600


def test_import_lists_what_a_person_has_to_fill_in(joined, say, tmp_path):
    node = joined.base / "evac"
    (tmp_path / "alert.cap").write_text(TEXT)
    status, out, err = say("report", "import", tmp_path / "alert.cap", "-n", node)
    assert (status, err) == (0, "")
    assert "CAP 1.2 from Road office (F6)" in out and "what people should do" in out
    [draft] = json.loads(say("report", "drafts", "-n", node, "--json")[1])["drafts"]
    assert draft["fields"]["what"] == "Crowd at risk" and "harm_answer" in draft["missing"]
    status, out, _ = say("report", "original", draft["id"], tmp_path / "copy.cap", "-n", node)
    assert status == 0 and (tmp_path / "copy.cap").read_text() == TEXT
    assert say("report", "set-aside", draft["id"], "-n", node)[0] == 0
    assert "no draft waits" in say("report", "drafts", "-n", node)[1]
    assert "set-aside" in say("report", "drafts", "--all", "-n", node)[1]


def test_import_of_a_wrong_file_is_one_line_and_stores_nothing(joined, say, tmp_path):
    node = joined.base / "evac"
    (tmp_path / "bad.cap").write_text(TEXT.replace("<scope>Public</scope>", ""))
    status, out, err = say("report", "import", tmp_path / "bad.cap", "-n", node)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "alert.scope: expected <scope> here, saw '<info>'" in err
    assert json.loads(say("report", "drafts", "-n", node, "--json")[1]) == {"drafts": []}


def told(config):
    """Hold a gate, close it, open it; return the alerts' names after each step."""
    node = open_node(config)
    point = joined_point(node)
    seen = []
    for state in ("hold", "hold", "closed", "open"):
        node.clock.move_to(node.clock.now() + HOUR)
        with node.store.transaction() as tx:
            tx.records.set("exercise-clock", str(node.clock.now()).encode())
        publish_bundle(node, states={point: state})
        seen.append(state)
    close_node(node)
    return point


def joined_point(node):
    with node.store.reading() as tx:
        return require_agreement(tx).control_points[-1].id


@pytest.fixture
def public(joined):
    config = replace(joined.evac_config, public_cap=True, sign_in=True)
    point = told(config)
    with TestClient(create_app(start_node(config))) as client:
        yield client, point


@pytest.mark.seed("S-26")
def test_feed_tells_everybody_the_state_of_a_gate_and_no_reason(public):
    client, point = public
    answer = client.get("/cap/feed.atom")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    [entry] = ET.fromstring(answer.content).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title").startswith("Open again: ")
    href = entry.find(f"{ATOM}link").get("href")
    cancel = client.get(href)
    assert cancel.headers["content-type"].startswith("application/cap+xml")
    alert = read_alert(cancel.content)
    assert (alert.msg_type, alert.scope, alert.status, len(alert.references)) == ("Cancel", "Public", "Exercise", 2)
    first = read_alert(client.get(href.replace(".3.cap", ".1.cap")).content)
    assert (first.msg_type, first.infos[0].headline.split(":")[0]) == ("Alert", "On hold")
    assert first.infos[0].areas[0].geocodes == (("safeconduct:control-point", point),)
    assert int(first.sent[14:16]) % 15 == 0 and first.sent[17:19] == "00"


def test_feed_may_be_cached_and_asked_for_again_without_its_body(public):
    client, _ = public
    answer = client.get("/cap/feed.atom")
    assert answer.headers["cache-control"] == "public, max-age=60"
    again = client.get("/cap/feed.atom", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_unknown_alert_is_not_found(public):
    client, _ = public
    assert client.get("/cap/nothing.cap").status_code == 404
    assert client.get("/cap/corridor-a").status_code == 404


def test_without_the_setting_there_is_no_feed(joined):
    point = told(joined.evac_config)
    with TestClient(create_app(start_node(joined.evac_config))) as client:
        assert client.get("/cap/feed.atom").status_code == 404
        assert client.get(f"/cap/corridor-a.{point}.1.cap").status_code == 404


def test_hold_that_lasts_is_told_again_before_it_runs_out(joined):
    config = replace(joined.evac_config, public_cap=True)
    node = open_node(config)
    point = joined_point(node)
    publish_bundle(node, states={point: "hold"})
    for hours in (12, 20):
        node.clock.move_to(node.clock.now() + hours * HOUR)
        publish_bundle(node)
    with node.store.transaction() as tx:
        tx.records.set("exercise-clock", str(node.clock.now()).encode())
    close_node(node)
    with TestClient(create_app(start_node(config))) as client:
        [entry] = ET.fromstring(client.get("/cap/feed.atom").content).findall(f"{ATOM}entry")
        href = entry.find(f"{ATOM}link").get("href")
        alert = read_alert(client.get(href).content)
        assert (href.rsplit(".", 2)[1], alert.msg_type) == ("2", "Update")


@pytest.fixture
def crossed(tmp_path):
    """The folder of the partner's node, which has a release; and the release's id."""
    world = World(tmp_path)
    world.agree()
    world.move(json.loads(world.scenario.report)["entered_at"] + 600)
    report = enter_report(world.evac, world.scenario.report)
    made = release_warning(world.evac, report, world.scenario.policy, purpose=PROTECT)
    world.settle()
    world.close()
    return world.cordon_config, world.base / "cordon", made.release_id


def test_release_is_exported_by_command_and_over_http(crossed, say, tmp_path):
    config, folder, release = crossed
    status, out, err = say("release", "export", release, tmp_path / "r.cap", "-n", folder)
    assert (status, err) == (0, "") and "CAP 1.2" in out
    assert read_alert((tmp_path / "r.cap").read_bytes()).msg_type == "Alert"
    made = say("release", "export", release, tmp_path / "r.json", "--form", "stix", "-n", folder, "--json")
    assert json.loads(made[1])["form"] == "stix"
    status, _, err = say("release", "export", release, tmp_path / "x", "--form", "pdf", "-n", folder)
    assert status == 2 and "one of cap, cap-answer, stix" in err
    with TestClient(create_app(start_node(config))) as client:
        answer = client.get(f"/releases/{release}/file/cap")
        assert answer.content == (tmp_path / "r.cap").read_bytes()
        assert answer.headers["content-disposition"].startswith("attachment")
        stix = client.get(f"/releases/{release}/file/stix")
        assert stix.content == (tmp_path / "r.json").read_bytes()
        assert stix.headers["content-type"].startswith("application/stix+json")
        assert client.get(f"/releases/{release}/file/pdf").status_code == 400
        assert client.get(f"/releases/{release}/file/cap-answer").json()["error"] == "no-answer"
        assert f"/releases/{release}/file/cap" in client.get(f"/inbox/{release}").text
    with TestClient(create_app(start_node(replace(config, sign_in=True)))) as client:
        assert client.get(f"/releases/{release}/file/cap").status_code == 401
