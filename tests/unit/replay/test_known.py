"""What a replay enters on a day was known on that day."""

import json
from pathlib import Path

import pytest

from safeconduct.replay.known import known_by
from safeconduct.replay.scenario import load

FOLDER = Path(__file__).parents[3] / "scenarios" / "kabul-2021"
RAW = json.loads((FOLDER / "claims.json").read_bytes())
DAYS = {c.id: c.known_from for c in load(FOLDER).dossier.claims}


@pytest.mark.parametrize(
    ("day", "incidents"),
    [
        ("2021-08-14", set()),
        ("2021-08-25", {"airlift"}),
        ("2021-08-26", {"airlift", "gate-attack", "names-list"}),
        ("2021-08-28", {"airlift", "gate-attack", "names-list", "strike-27-august"}),
        ("2021-09-01", {"airlift", "gate-attack", "names-list", "strike-27-august", "strike-29-august"}),
    ],
)
def test_no_incident_is_there_before_somebody_spoke_of_it(day, incidents):
    part = known_by(RAW, DAYS, day)
    assert {i["id"] for i in part["incidents"]} == incidents
    assert {s["id"] for s in part["sources"]} == {c["source"] for c in part["claims"]}


def test_all_of_it_is_known_in_the_end_and_each_day_adds_to_the_one_before():
    whole = known_by(RAW, DAYS, "2999-12-31")
    assert {part: len(items) for part, items in whole.items()} == {part: len(RAW[part]) for part in whole}
    before = {"claims": set(), "steps": set()}
    for day in sorted(set(DAYS.values())):
        part = known_by(RAW, DAYS, day)
        now = {
            "claims": {c["id"] for c in part["claims"]},
            "steps": {(c["id"], s["claim"], s["status"]) for c in part["cases"] for s in c["steps"]},
        }
        assert all(before[name] <= now[name] for name in now)
        before = now
