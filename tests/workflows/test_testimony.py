"""Witnesses: what was said stands by its number; who said it is sealed to a key that this node does not have."""

import json

import pytest
from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.take_testimony import (
    name_custodian,
    new_custodian,
    read_testimonies,
    reveal_identity,
    take_testimony,
)

CONTENT = b"I stood ten steps from the wall when it went off, and saw two more fall after it."
NAME, PHONE, STREET = "Testname Exampleson", "555 0142 877", "7 Quiet Lane"
IDENTITY = f"name: {NAME}\nphone: {PHONE}\nhome: {STREET}\n".encode()
PARTS = ["Testname", "Exampleson", PHONE, "0142", STREET, "Quiet Lane"]


@pytest.fixture
def key(world):
    return new_custodian(world.evac)


def entries(node, kind):
    with node.store.reading() as tx:
        return [json.loads(entry.envelope) for entry in tx.ledger.find(kind)]


@pytest.mark.seed("S-79")
def test_witness_is_told_apart_from_the_content_and_found_in_no_table(world, key):
    taken = take_testimony(world.evac, CONTENT, IDENTITY)
    with world.evac.store.reading() as tx:
        (held,) = read_testimonies(tx)
    assert (held.number, held.content) == (taken.number, CONTENT.decode())
    assert entries(world.evac, "own:testimony")[0]["number"] == taken.number
    found = search_everywhere(world.evac_config.data_dir / "node.db", [*PARTS, key.strip()])
    assert set(found.values()) == {0}
    everything = b"".join(path.read_bytes() for path in world.base.rglob("*") if path.is_file())
    assert not [part for part in [*PARTS, key] if part.encode() in everything]


@pytest.mark.seed("S-79")
def test_only_the_key_opens_and_each_opening_stands_in_the_ledger(world, key):
    number = take_testimony(world.evac, CONTENT, IDENTITY).number
    assert reveal_identity(world.evac, number, f"{key}\n", by="inquiry", reason="asked by the court") == IDENTITY
    assert entries(world.evac, "own:testimony-opened") == [
        {"by": "inquiry", "number": number, "reason": "asked by the court"}
    ]
    other, _ = world.evac.vault.new_key()
    for wrong in (other, "AGE-SECRET-KEY-1", "", "no key"):
        with pytest.raises(BadInput) as caught:
            reveal_identity(world.evac, number, wrong, by="inquiry", reason="again")
        assert caught.value.code == "bad-key" and not any(part in str(caught.value) for part in [*PARTS, other])
    with pytest.raises(BadInput):
        world.evac.vault.open(search_sealed(world.evac, number))  # the node's own key opens nothing
    assert len(entries(world.evac, "own:testimony-opened")) == 1


def search_sealed(node, number):
    with node.store.reading() as tx:
        return tx.records.latest("testimony-identity", number)[0]


@pytest.mark.parametrize(("by", "reason"), [("", "why"), ("inquiry", " "), ("x" * 401, "why")])
def test_opening_without_an_office_or_a_reason_is_refused(world, key, by, reason):
    number = take_testimony(world.evac, CONTENT, IDENTITY).number
    with pytest.raises(BadInput):
        reveal_identity(world.evac, number, key, by=by, reason=reason)
    with pytest.raises(SafeconductError) as caught:
        reveal_identity(world.evac, "t-00", key, by="inquiry", reason="why")
    assert caught.value.code == "no-testimony"
    assert entries(world.evac, "own:testimony-opened") == []


@pytest.mark.parametrize("content", [
    b"", b"   ", b"\xff\xfe", b"x" * ((1 << 20) + 1),
    f"{NAME.upper()} stood there.".encode(), b"They call me exampleson.", f"Ring 555-0142-877, {NAME[:3]}".encode(),
    b"I live in 7, quiet lane.",
])  # fmt: skip
def test_content_that_is_none_or_gives_the_witness_away_is_refused_without_being_shown(world, key, content):
    with pytest.raises(BadInput) as caught:
        take_testimony(world.evac, content, IDENTITY)
    assert caught.value.code == "bad-testimony" and not any(part in str(caught.value) for part in PARTS)
    with world.evac.store.reading() as tx:
        assert read_testimonies(tx) == ()


def test_content_may_share_a_usual_word_with_the_identity(world, key):
    identity = b"Testname Exampleson\nnurse at the hospital by the river"
    assert take_testimony(world.evac, b"The nurse at the hospital told me so.", identity).number.startswith("t-")


def test_nothing_is_taken_in_before_a_custodian_is_named(world):
    with pytest.raises(SafeconductError) as caught:
        take_testimony(world.evac, CONTENT, IDENTITY)
    assert caught.value.code == "no-custodian" and NAME not in str(caught.value)
    with pytest.raises(BadInput) as refused:
        name_custodian(world.evac, "age1nobody")
    assert refused.value.code == "bad-recipient"


def test_size_of_what_is_sealed_does_not_tell_the_length_of_a_name(world, key):
    sealed = [search_sealed(world.evac, take_testimony(world.evac, CONTENT, who).number) for who in (b"Li", b"x" * 900)]
    assert abs(len(sealed[0]) - len(sealed[1])) < 256  # the sealing itself adds a random line


@pytest.mark.seed("S-79")
def test_claim_from_a_testimony_cites_its_number_and_is_internal(world, key):
    number = take_testimony(world.evac, CONTENT, IDENTITY).number
    source = {"id": "w1", "kind": "testimony", "publisher": "protected intake", "published": "2021-08-26",
              "file": f"testimony/{number}", "origin": "w1"}  # fmt: skip
    incident = {"id": "i1", "title": "An attack", "kind": "attack", "date": "2021-08-26", "place": "a gate"}
    claim = {"id": "c1", "incident": "i1", "attribute": "event", "population": "people", "outcome": "two-fell",
             "said": "2021-08-26", "claimant": "a witness", "claimant_kind": "unnamed", "claimant_count": 1,
             "source": "w1", "line": 1, "text": "Two more fell."}  # fmt: skip
    document = {"incidents": [incident], "sources": [source], "claims": [claim]}
    assert record_incident(world.evac, json.dumps(document).encode()).claims == 1
    wrong = {**source, "id": "w2", "file": "testimony/t-unknown"}
    with pytest.raises(BadInput) as caught:
        record_incident(world.evac, json.dumps({"sources": [wrong]}).encode())
    assert caught.value.code == "bad-reference"


@pytest.mark.seed("S-79")
def test_commands_take_from_files_or_input_and_print_no_identity(world, tmp_path):
    world.close()
    run = CliRunner()
    node = ["--node", str(world.base / "evac")]
    who, what, key, out = (tmp_path / name for name in ("who", "what", "key", "out"))
    who.write_bytes(IDENTITY)
    what.write_bytes(CONTENT)

    def told(*words, given=None):
        return run.invoke(app, ["incident", *words, *node], input=given)

    assert told("custodian", "--key", str(key)).exit_code == 0
    assert key.stat().st_mode & 0o777 == 0o600
    taken = told("testimony", "--content", str(what), "--identity", "-", "--json", given=IDENTITY)
    number = json.loads(taken.stdout)["number"]
    both = told("testimony", "--content", "-", "--identity", "-", given=CONTENT)
    assert both.exit_code != 0
    opened = told("reveal", number, "--key", str(key), "--out", str(out), "--reason", "court", "--by", "inquiry")
    assert opened.exit_code == 0 and out.read_bytes() == IDENTITY and out.stat().st_mode & 0o777 == 0o600
    assert not any(part in one.output for one in (taken, both, opened) for part in PARTS)
    again = told("reveal", number, "--key", str(key), "--out", str(out), "--reason", "court", "--by", "inquiry")
    assert again.exit_code != 0 and out.read_bytes() == IDENTITY
    failed = tmp_path / "failed"
    assert told("reveal", number, "--key", str(what), "--out", str(failed), "--reason", "c", "--by", "i").exit_code != 0
    assert not failed.exists()
    world.open()
