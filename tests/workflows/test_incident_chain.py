"""Claims are recorded once and never overwritten; an account differs by the day on which it is known."""

import json

import pytest

from safeconduct.errors import BadInput
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.show_room import show_room
from workflows.two_nodes import SCENARIO

CLAIMS = (SCENARIO / "claims.json").read_bytes()


@pytest.mark.seed("S-46", "S-51", "S-95")
def test_the_account_as_known_at_27_august_differs_from_the_latest(world):
    record_incident(world.evac, CLAIMS)
    with world.evac.store.reading() as tx:
        early, latest = read_account(tx, "gate-attack", known_at="2021-08-27"), read_account(tx, "gate-attack")
    assert early.known_at == "2021-08-27" < latest.known_at
    ours = {f.key: (f.low, f.high, f.claims) for f in early.figures}
    now = {f.key: (f.low, f.high, f.claims) for f in latest.figures}
    assert ours != now
    assert all(now[key][2] >= ours[key][2] for key in ours)  # nothing was taken away, claims were added
    sources = [mark.source for marks in latest.marks.values() for mark in marks]
    assert any("line" in source for source in sources)


def test_recording_again_changes_nothing(world):
    first = record_incident(world.evac, CLAIMS)
    size = world.count(world.evac, "ledger")
    again = record_incident(world.evac, CLAIMS)
    assert first.claims > 40
    assert (again.claims, again.others) == (0, 0)
    assert world.count(world.evac, "ledger") == size


def test_a_claim_is_not_overwritten_and_nothing_beside_it_is_stored(world):
    record_incident(world.evac, CLAIMS)
    size = world.count(world.evac, "ledger")
    changed = json.loads(CLAIMS)
    changed["claims"][0]["min"] = 7
    changed["incidents"].append({**changed["incidents"][0], "id": "another"})
    with pytest.raises(BadInput):
        record_incident(world.evac, json.dumps(changed).encode())
    assert world.count(world.evac, "ledger") == size
    with world.evac.store.reading() as tx:
        assert "another" not in {i for i, _, _ in tx.records.all("incidents")}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b'{"claims":[1]}',
        b'{"claims":{}}',
        b'{"claims":5}',
        b'{"sources":null}',
        b'{"other":[]}',
        b"\xff",
    ],
)
def test_a_malformed_document_is_refused_in_one_line(world, data):
    with pytest.raises(BadInput) as caught:
        record_incident(world.evac, data)
    assert "\n" not in str(caught.value)


@pytest.mark.seed("S-25")
def test_what_is_alleged_is_never_counted_as_logged(world):
    """Allegations of people beaten or shot at are claims; the counts of a control point come from its devices alone."""
    record_incident(world.evac, CLAIMS)
    with world.evac.store.reading() as tx:
        shown = read_account(tx, "gate-attack", known_at="2022-12-31")
        alleged = [line for line in shown.timeline if "alleged" in line.text]
        assert alleged and all("unnamed" in line.claimant for line in alleged)
        assert tx.devices.tallies() == []
    room = show_room(world.evac)
    assert {(p.admitted, p.refused, p.last_heard) for p in room.points} == {(0, 0, None)}
