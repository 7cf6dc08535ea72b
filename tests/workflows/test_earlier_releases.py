"""What was released before is found by an index, kept with each release, and filled in for older databases."""

import json
import sqlite3

import pytest

from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.errors import Refusal
from safeconduct.seal.commitment import prove, verify_field
from safeconduct.workflows.earlier_releases import TAG_KEY, TAGGED, ask, earlier_to, inference_for
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.withdraw_release import withdraw_release
from workflows.two_nodes import PROTECT, START

HOUR = 3_600


@pytest.fixture
def sent(world):
    """A world with one release; its id."""
    world.move(json.loads(world.scenario.report)["entered_at"] + 600)
    report = enter_report(world.evac, world.scenario.report)
    world.sent = release_warning(world.evac, report, world.scenario.policy, purpose=PROTECT)
    assert not isinstance(world.sent, Refusal), world.sent
    world.settle()
    return world


def other(world, **changes):
    return reports.from_json(json.dumps({**json.loads(world.scenario.report), "id": "other", **changes}).encode())


def weighed(world, report, policy=None):
    policy = policy or policies.from_json(world.scenario.policy)
    with world.evac.store.reading() as tx:
        return earlier_to(world.evac, tx, report, policy)


def area(world):
    return world.sent.derivation.release.area


def test_a_release_that_was_sent_counts_for_the_next_one_about_the_place(sent):
    found = weighed(sent, other(sent))
    assert found.touching == found.alike == found.sourced == {area(sent)} and found.continued == frozenset()


def test_a_source_is_found_again_elsewhere_without_opening_a_report(sent):
    shared = json.loads(sent.scenario.report)["sources"][0]
    far = other(sent, lat=1_000_000, lon=1_000_000, sources=[shared])
    assert weighed(sent, far).sourced == {area(sent)} and weighed(sent, far).touching == frozenset()
    stranger = other(sent, lat=1_000_000, lon=1_000_000, sources=[{**shared, "name": "somebody else"}])
    assert weighed(sent, stranger).sourced == frozenset()
    with sent.evac.store.reading() as tx:
        assert tx.alerts.reports_released_after(int(tx.records.get(TAGGED))) == []


def test_no_name_of_a_source_and_no_key_lies_open_in_the_tables(sent):
    with sent.evac.store.reading() as tx:
        key = sent.evac.vault.open(tx.records.get(TAG_KEY))
    raw = b"".join(file.read_bytes() for file in sent.evac_config.data_dir.glob("node.db*"))
    assert len(key) == 32 and key not in raw and b"MARIGOLD" not in raw.upper()


def test_a_withdrawal_and_its_release_both_stay_on_the_list(sent):
    assert isinstance(withdraw_release(sent.evac, sent.sent.release_id, reason="it was wrong"), int)
    found = inference_for(sent.evac, sent.sent.release_id, sent.scenario.policy)
    assert [(one.version, one.reasons[-1]) for one in found.held] == [(2, "sourced"), (1, "sourced")]
    assert found.total == 2 and found.readers == ("cordon",) and found.areas == (area(sent),)
    assert set(found.after) <= set(found.before) and len(found.after) >= found.floor


def test_nothing_can_be_inferred_from_what_is_unknown(sent):
    assert inference_for(sent.evac, "nobody", sent.scenario.policy) is None
    assert inference_for(sent.cordon, sent.sent.release_id, sent.scenario.policy) is None, "received, not sent"


def test_a_declared_coalition_is_remembered_for_the_policies_of_the_others(sent):
    plain = {**json.loads(sent.scenario.policy), "coalition": ["friend"]}
    enter_report(sent.evac, reports.to_json(other(sent)))
    made = release_warning(sent.evac, "other", json.dumps(plain).encode(), purpose=PROTECT)
    assert not isinstance(made, Refusal), made
    theirs = policies.from_json(json.dumps({**plain, "partner": "friend", "coalition": []}).encode())
    with sent.evac.store.reading() as tx:
        assert ask(sent.evac, tx, other(sent), theirs).readers == ("cordon", "friend")
    assert weighed(sent, other(sent), theirs).touching == {area(sent)}


def test_a_database_of_an_older_version_is_filled_in_when_it_is_opened(sent):
    withdraw_release(sent.evac, sent.sent.release_id, reason="it was wrong")
    before = weighed(sent, other(sent))
    sent.close()
    with sqlite3.connect(sent.evac_config.data_dir / "node.db") as database:
        database.execute("DROP TABLE release_cells")
        for table in ("report_sources", "source_cells", "release_pools"):
            database.execute(f"DROP TABLE {table}")
        database.execute("DELETE FROM settings WHERE key IN (?, ?)", (TAG_KEY, TAGGED))
        database.execute("PRAGMA user_version=2")
    database.close()
    sent.open()
    sent.move(START + 1_000 * HOUR)
    assert weighed(sent, other(sent)) == before, "sources of reports without marks are compared by opening them"
    found = inference_for(sent.evac, sent.sent.release_id, sent.scenario.policy)
    assert [one.version for one in found.held] == [2, 1]


def test_a_new_database_has_nothing_to_fill_in(world):
    world.reopen()
    assert weighed(world, other(world)).touching == frozenset()


def test_the_owner_keeps_what_opens_each_commitment_sealed(sent):
    """So that a single field can be shown to a court later, and no other."""
    release = sent.sent.derivation.release
    with sent.evac.store.reading() as tx:
        sealed, _ = tx.records.latest("opening", f"{release.id}.1")
    salts = {name: bytes.fromhex(salt) for name, salt in json.loads(sent.evac.vault.open(sealed)).items()}
    fields = reports.plain_fields(reports.from_json(sent.scenario.report))
    proof = prove(fields, {name: salts[name] for name in fields}, "likelihood")
    assert verify_field(release.commitment, proof) and proof.value == 5
    raw = b"".join(file.read_bytes() for file in sent.cordon_config.data_dir.glob("node.db*"))
    assert not [name for name, salt in salts.items() if salt in raw or salt.hex().encode() in raw]
