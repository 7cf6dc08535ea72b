"""What arrives from outside is refused with its code; heads are cosigned; evidence is verified by two public keys."""

import json
import os
import random
import subprocess
import sys

import pytest

from safeconduct.errors import SafeconductError
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.cosign_head import ask_for_cosignature, heads, size_of, witness_head
from safeconduct.workflows.envelopes import LIMIT, wrap
from safeconduct.workflows.make_evidence import make_evidence
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_envelope import receive_envelope
from workflows.two_nodes import START

REFUSED = {
    "bad-cbor",
    "bad-envelope",
    "bad-signature",
    "bad-status-key",
    "unknown-sender",
    "bad-key",
    "bad-certificate",
}


@pytest.fixture
def wire(world):
    """An envelope with a bundle that the cordon party has not seen yet."""
    publish_bundle(world.evac)
    with world.evac.store.reading() as tx:
        [row] = tx.outbox.due()
    return row.wire


def test_an_envelope_that_comes_twice_changes_nothing_the_second_time(world, wire):
    assert receive_envelope(world.cordon, wire).status == "taken"
    size = world.count(world.cordon, "ledger")
    assert receive_envelope(world.cordon, wire).status == "duplicate"
    assert world.count(world.cordon, "ledger") == size


def test_an_envelope_with_a_flipped_bit_is_refused_wherever_the_bit_is(world, wire):
    rng = random.Random(5)
    places = sorted({*range(0, len(wire), max(1, len(wire) // 60)), *(rng.randrange(len(wire)) for _ in range(20))})
    for place in places:
        bad = bytearray(wire)
        bad[place] ^= 1 << rng.randrange(8)
        taken = receive_envelope(world.cordon, bytes(bad))
        assert taken.status == "refused", place
        assert taken.code in REFUSED, place
    assert receive_envelope(world.cordon, wire).status == "taken"  # nothing blocks the true one


def test_an_envelope_that_is_cut_short_is_refused_at_every_length(world, wire):
    for length in {0, 1, 2, len(wire) // 2, len(wire) - 1}:
        assert receive_envelope(world.cordon, wire[:length]).code == "bad-cbor"
    assert receive_envelope(world.cordon, wire + b"\x00").code == "bad-cbor"


def test_an_oversized_envelope_is_refused_before_it_is_read(world):
    wire = encode_cbor({"c": b"", "cs": b"", "e": bytes(LIMIT), "s": b""})
    assert receive_envelope(world.cordon, wire).code == "bad-cbor"


@pytest.mark.parametrize("junk", [b"", b"\xff", b"\x80", b"\xa0", b"\x00", b"\x9f" * 50_000, b"\x81" * 50_000, b"{}"])
def test_junk_is_refused_and_logged(world, junk):
    taken = receive_envelope(world.cordon, junk)
    assert taken.status == "refused"
    assert taken.code in {"bad-cbor", "bad-envelope"}
    with world.cordon.store.reading() as tx:
        assert refused_acts(tx)[-1][1] == "receive: envelope"


def sent(node, **changes):
    given = {"to": "cordon", "kind": "bundle", "agreement": "kabul-2021", "body": b"", **changes}
    with node.store.transaction() as tx:
        return wrap(node, tx, **given)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "evac"}, "not-for-us"),
        ({"kind": "gossip"}, "unknown-kind"),
        ({"kind": "withdrawal"}, "unknown-kind"),
        ({"agreement": "another"}, "no-agreement"),
    ],
)
def test_a_rightly_signed_envelope_that_does_not_belong_here_is_refused(world, changes, code):
    assert receive_envelope(world.cordon, sent(world.evac, **changes)).code == code


@pytest.mark.parametrize(
    "kind", ["agreement", "device", "bundle", "segment", "release", "acknowledgement", "action", "outcome"]
)
@pytest.mark.parametrize("body", [b"", b"\x00", b"{}", b"[]", b"\xa0", b"\xff" * 300, b'{"type":"outcome"}'])
def test_a_signed_envelope_with_a_senseless_body_is_refused_and_leaves_nothing(world, kind, body):
    before = world.count(world.cordon, "ledger")
    taken = receive_envelope(world.cordon, sent(world.evac, kind=kind, body=body))
    assert taken.status == "refused"
    assert taken.code
    assert world.count(world.cordon, "ledger") == before + 1  # the refusal and nothing else


def test_a_stranger_is_refused(world, tmp_path):
    wire = decode_cbor(sent(world.evac), where="wire")
    inner = decode_cbor(wire["e"], where="e")
    wire["e"] = encode_cbor({**inner, "from": "stranger"})
    assert receive_envelope(world.cordon, encode_cbor(wire)).code == "unknown-sender"


# -- heads -------------------------------------------------------------------------------------------------------


def test_each_party_has_cosigned_the_others_newest_head(world):
    publish_bundle(world.evac)
    world.settle()
    for one, other in ((world.evac, world.cordon), (world.cordon, world.evac)):
        with one.store.reading() as tx, other.store.reading() as there:
            assert size_of(heads(tx).ours) == (tx.ledger.size(), tx.ledger.root().hex())
            assert size_of(heads(there).theirs) == (tx.ledger.size(), tx.ledger.root().hex())


def test_the_answer_to_a_request_that_is_behind_tells_the_known_size(world):
    publish_bundle(world.evac)
    with world.evac.store.transaction() as tx:
        tx.records.set("cosigned-size", b"0")  # as if the answer had been lost
    answer = witness_head(world.cordon, ask_for_cosignature(world.evac))
    assert answer.status == 409
    assert world.cosign(world.evac, world.cordon)


@pytest.mark.seed("S-02")
def test_evidence_is_verified_by_the_command_with_nothing_but_two_public_keys(world, tmp_path):
    publish_bundle(world.evac)
    with world.evac.store.reading() as tx:
        index = tx.ledger.find("out:bundle")[0].index
    with pytest.raises(SafeconductError) as caught:
        make_evidence(world.evac, index)
    assert caught.value.code == "not-cosigned"
    world.settle()
    file = tmp_path / "evidence.txt"
    file.write_bytes(make_evidence(world.evac, index))

    def verify(path, log_key, witness_key):
        command = [sys.executable, "-m", "safeconduct.cli", "verify", str(path), "--json"]
        keys = ["--log-key", log_key, "--witness-key", witness_key]
        return subprocess.run([*command, *keys], capture_output=True, text=True, check=False, cwd=tmp_path,
                              env={**os.environ, "HOME": str(tmp_path)})  # fmt: skip

    done = verify(file, world.evac.card.log_vkey, world.cordon.card.witness_vkey)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verified"] is True
    assert json.loads(done.stdout)["index"] == index
    assert verify(file, world.cordon.card.log_vkey, world.evac.card.witness_vkey).returncode == 1
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(bytes(damaged))
    bad = verify(file, world.evac.card.log_vkey, world.cordon.card.witness_vkey)
    assert bad.returncode in {1, 2}
    assert "Traceback" not in bad.stderr


def test_a_node_that_was_restored_from_an_older_copy_refuses_to_work(world):
    folder = world.evac_config.data_dir
    world.close()
    older = (folder / "node.db").read_bytes()
    world.open()
    world.move(START + 7_200)
    publish_bundle(world.evac)
    world.close()
    newer = (folder / "node.db").read_bytes()
    (folder / "node.db").write_bytes(older)
    with pytest.raises(SafeconductError) as caught:
        world.open()
    assert caught.value.code == "rolled-back"
    (folder / "node.db").write_bytes(newer)
    world.open()


def test_a_head_that_fell_behind_a_crash_is_caught_up_at_the_next_start(world):
    folder = world.evac_config.data_dir
    world.close()
    older = (folder / "head.db").read_bytes()
    world.open()
    publish_bundle(world.evac)
    size = world.count(world.evac, "ledger")
    world.close()
    (folder / "head.db").write_bytes(older)  # as after kill -9 between the commit and the head
    world.open()
    world.reopen()
    assert world.count(world.evac, "ledger") == size
