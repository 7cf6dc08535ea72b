"""Sealed files on a stick: the same end as over the network, and nothing stored of a file that is not whole and ours."""

import random

import pytest

from exchange.operation import Operation, holds
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.exchange.bundle_file import export_file, import_file
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.cosign_head import cosigned_note, size_of
from safeconduct.workflows.inventory import completeness
from safeconduct.workflows.publish_bundle import publish_bundle
from workflows.two_nodes import World


@pytest.fixture
def apart(tmp_path):
    world = World(tmp_path / "nodes") if (tmp_path / "nodes").mkdir() is None else None
    yield world
    world.close()


def carry(world, path, sender="evac"):
    """Write a file on one node, take it in on the other."""
    one, other = (world.evac, world.cordon) if sender == "evac" else (world.cordon, world.evac)
    export_file(one, other.party, path)
    return import_file(other, path)


def sizes(node):
    with node.store.reading() as tx:
        return tx.ledger.size(), len(refused_acts(tx))


def test_a_whole_operation_by_stick_ends_as_over_the_network(apart, tmp_path):
    operation = Operation(apart)
    for _ in range(60):
        while operation.go():
            pass
        for sender in ("evac", "cordon"):
            done = carry(apart, tmp_path / f"{sender}.scb", sender)
            assert not isinstance(done, Refusal) and not done.refused, done
        if not operation.acts:
            break
    assert not operation.acts
    for sender in ("evac", "cordon", "evac", "cordon"):
        carry(apart, tmp_path / "last.scb", sender)
    ours, theirs = holds(apart.evac), holds(apart.cordon)
    assert ours == theirs and not ours["waiting"] and not ours["refused"]
    for node in (apart.evac, apart.cordon):
        assert completeness(node).complete
        with node.store.reading() as tx:
            assert tx.exchange.outbox_counts()[0] == 0
            assert size_of(cosigned_note(tx))[0] > 0


@pytest.fixture
def file(apart, tmp_path):
    apart.agree()
    publish_bundle(apart.evac)
    path = tmp_path / "evac.scb"
    assert export_file(apart.evac, "cordon", path).count == 1
    return path


def test_a_file_that_is_brought_twice_changes_nothing_the_second_time(apart, file):
    first = import_file(apart.cordon, file)
    assert (first.taken, first.duplicate) == (1, 0)
    before = sizes(apart.cordon)
    again = import_file(apart.cordon, file)
    assert (again.taken, again.duplicate) == (0, 1)
    assert sizes(apart.cordon) == before


def test_envelopes_stay_due_until_the_partner_states_that_it_has_them(apart, file, tmp_path):
    assert export_file(apart.evac, "cordon", tmp_path / "again.scb").count == 1  # the first stick may have been lost
    import_file(apart.cordon, file)
    back = tmp_path / "back.scb"
    export_file(apart.cordon, "evac", back)
    import_file(apart.evac, back)
    assert export_file(apart.evac, "cordon", tmp_path / "third.scb").count == 0


def test_a_file_cut_anywhere_is_one_line_and_stores_nothing(apart, file):
    whole, before = file.read_bytes(), sizes(apart.cordon)
    for length in sorted({0, 1, 100, len(whole) // 2, len(whole) - 17, len(whole) - 1}):
        file.write_bytes(whole[:length])
        with pytest.raises(BadInput) as caught:
            import_file(apart.cordon, file)
        assert caught.value.code in {"bad-ciphertext", "bad-file"} and "\n" not in str(caught.value)
    assert sizes(apart.cordon) == before
    file.write_bytes(whole)
    assert import_file(apart.cordon, file).taken == 1


def test_a_file_with_a_flipped_bit_anywhere_stores_nothing(apart, file):
    whole, before = file.read_bytes(), sizes(apart.cordon)
    rng = random.Random(3)
    for place in [*range(0, 200, 20), *(rng.randrange(len(whole)) for _ in range(30)), len(whole) - 1]:
        bad = bytearray(whole)
        bad[place] ^= 1 << rng.randrange(8)
        file.write_bytes(bytes(bad))
        with pytest.raises(BadInput):
            import_file(apart.cordon, file)
    assert sizes(apart.cordon) == before


def test_a_file_for_another_cannot_be_opened_nor_written(apart, file, tmp_path):
    with pytest.raises(BadInput) as caught:
        import_file(apart.evac, file)  # its own writer
    assert caught.value.code == "bad-ciphertext"
    for name in ("north", "evac"):
        with pytest.raises(BadInput, match="the partner's id"):
            export_file(apart.evac, name, tmp_path / "x.scb")
    assert not (tmp_path / "x.scb").exists()


def test_a_file_that_a_stranger_sealed_to_us_is_refused(apart, file, tmp_path):
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")  # knows our public card, has other roots
    other.agree()
    publish_bundle(other.evac)
    with other.evac.store.transaction() as tx:
        from safeconduct.workflows.common import store_card  # noqa: PLC0415

        store_card(tx, apart.cordon.card, 1)
    forged = tmp_path / "forged.scb"
    export_file(other.evac, "cordon", forged)
    before = sizes(apart.cordon)
    refused = import_file(apart.cordon, forged)
    assert isinstance(refused, Refusal) and refused.code == "bad-status-key"
    assert sizes(apart.cordon) == before
    other.close()


def test_a_sealed_text_that_is_no_file_of_ours_is_refused(apart, tmp_path):
    apart.agree()
    path = tmp_path / "x.scb"
    for plain in (b"", b"hello", b"safeconduct file 1\n", b"safeconduct file 1\n\xff\xff\xff\xff", b"\x00" * 5_000):
        path.write_bytes(apart.evac.vault.seal_to(apart.cordon.card.age_recipient, plain))
        with pytest.raises(BadInput) as caught:
            import_file(apart.cordon, path)
        assert caught.value.code in {"bad-file", "bad-cbor"}


def test_a_folder_that_is_gone_is_one_line(apart, tmp_path):
    apart.agree()
    with pytest.raises(SafeconductError) as caught:
        export_file(apart.evac, "cordon", tmp_path / "gone" / "x.scb")
    assert caught.value.code == "no-file"
    with pytest.raises(SafeconductError) as caught:
        import_file(apart.evac, tmp_path / "none.scb")
    assert caught.value.code == "no-file"


def test_progress_reaches_its_end(apart, file, tmp_path):
    seen = []
    export_file(apart.evac, "cordon", tmp_path / "p.scb", lambda done, of: seen.append((done, of)))
    assert seen[-1] == (1, 1)
    import_file(apart.cordon, file, lambda done, of: seen.append((done, of)))
    assert seen[-1][0] == seen[-1][1] == file.stat().st_size
