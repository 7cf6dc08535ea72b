"""The scenario's own reports: each is read as its decisions expect, and they disagree as reports do."""

import json
import shutil
from pathlib import Path

import pytest

from safeconduct.errors import BadInput
from safeconduct.incidents.reader.suggest import read
from safeconduct.replay.reports import ACCEPT, REJECT, Reports
from safeconduct.replay.scenario import load

FOLDER = Path(__file__).parents[3] / "scenarios" / "kabul-2021"
DECISIONS = "reports/decisions.json"


@pytest.fixture(scope="module")
def reports():
    return load(FOLDER).reports


@pytest.fixture(scope="module")
def suggested(reports):
    return read([(report.file, report.data) for report in reports.reports])


def around(suggested, place):
    end = place.start + len(place.at)
    return [
        one
        for one in suggested.suggestions
        if (one.file, one.kind) == (place.file, place.kind) and one.start < end and place.start < one.end
    ]


def test_every_decision_is_about_one_suggestion_of_the_reader(reports, suggested):
    places = [decision.place for decision in reports.decisions]
    assert [place for place in places if len(around(suggested, place)) != 1] == []
    assert len({around(suggested, place)[0].id for place in places}) == len(places)
    assert {decision.act for decision in reports.decisions} == {ACCEPT, REJECT}
    assert len(suggested.suggestions) > len(places), "some wait for whoever opens the review"


def test_accepted_claims_have_a_paraphrase_of_their_own(reports):
    texts = {report.file: report.data.decode() for report in reports.reports}
    for decision in reports.decisions:
        if decision.act == ACCEPT:
            assert decision.fields["text"]
            assert decision.fields["text"].rstrip(".") not in texts[decision.place.file]


@pytest.mark.seed("S-106", "S-108")
def test_one_utterance_stands_in_three_wordings(suggested):
    found = {one.id: one for one in suggested.suggestions}
    wordings = [[found[name] for name in group] for group in suggested.variants]
    assert any({one.file for one in group} == {d.file for d in suggested.documents} for group in wordings)


def test_each_report_is_dated_as_the_scenario_says(reports, suggested):
    assert {d.file: d.published for d in suggested.documents} == {r.file: r.day for r in reports.reports}


def test_reports_come_in_the_order_of_their_days(reports):
    days = [report.day for report in reports.reports]
    assert days == sorted(days) and len(set(days)) == 3
    assert [report.file for report in reports.of_day(days[1])] == ["reports/2-newspaper.txt"]
    assert reports.of_day("2021-08-24") == ()


@pytest.fixture
def broken(tmp_path):
    folder = tmp_path / "scenario"
    shutil.copytree(FOLDER, folder)

    def refused(change, name=DECISIONS):
        text = (folder / name).read_text(encoding="utf-8")
        changed = change(text)
        assert changed != text
        (folder / name).write_text(changed, encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            load(folder)
        return caught.value

    return refused


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("At least 9 people", "At least 8 people", "bad-field", "decisions[1].at"),
        ('"Two blasts at"', '"blasts"', "bad-field", "decisions[0].at"),
        ('"kind": "figure"', '"kind": "number"', "bad-field", "decisions[0].kind"),
        ('"act": "reject"', '"act": "burn"', "bad-field", "decisions[0].act"),
        ("reports/1-agency.txt", "reports/9-other.txt", "bad-field", "decisions[0].file"),
        ('"kind": "retracts"', '"kind": "hides"', "bad-field", "relations"),
        ('"decisions": [', '"more": 1, "decisions": [', "unknown-field", DECISIONS),
        ('"decisions": [', '"decisions": [3, ', "bad-field", "decisions[0]"),
        ('"incident": {', '"incident": [], "was": {', "bad-field", "incident"),
        ('{"file"', '{"colour": "red", "file"', "unknown-field", "decisions[0]"),
    ],
)
def test_broken_decisions_are_refused_by_field(broken, old, new, code, place):
    error = broken(lambda text: text.replace(old, new, 1))
    assert error.code == code and place in error.where, str(error)


def test_relation_needs_two_accepted_suggestions(broken):
    def change(text):
        raw = json.loads(text)
        link = raw["relations"][0]["from"]
        for one in raw["decisions"]:
            if {name: one[name] for name in link} == link:
                one["act"] = "reject"
        return json.dumps(raw)

    assert broken(change).code == "bad-reference"


def test_decisions_that_are_no_object_are_refused(broken):
    assert broken(lambda _: "[]").code == "bad-field"


@pytest.mark.parametrize("path", ["/etc/hosts", "../other.txt"])
def test_report_outside_the_folder_is_refused(broken, path):
    error = broken(lambda text: text.replace("reports/1-agency.txt", path, 1), "scenario.toml")
    assert (error.code, error.where) == ("bad-field", "scenario.toml.reports[0].file")


def test_report_that_is_no_text_is_refused(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "s")
    (tmp_path / "s" / "reports" / "1-agency.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(BadInput) as caught:
        load(tmp_path / "s")
    assert caught.value.where == "reports/1-agency.txt"


@pytest.mark.parametrize("name", ["2-newspaper.txt", "decisions.json"])
def test_missing_report_or_decisions_are_named(tmp_path, name):
    shutil.copytree(FOLDER, tmp_path / "s")
    (tmp_path / "s" / "reports" / name).unlink()
    with pytest.raises(BadInput) as caught:
        load(tmp_path / "s")
    assert caught.value.code == "no-scenario" and name in caught.value.where


def test_scenario_without_reports_has_none(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "s")
    toml = tmp_path / "s" / "scenario.toml"
    text = toml.read_text(encoding="utf-8")
    start, end = text.index("[[reports]]"), text.index("[errors]")
    toml.write_text(text[:start] + text[end:], encoding="utf-8")
    shutil.rmtree(tmp_path / "s" / "reports")
    assert load(tmp_path / "s").reports == Reports()
