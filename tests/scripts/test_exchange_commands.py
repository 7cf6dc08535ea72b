"""`safeconduct exchange`: by file between two nodes that have no network, and what its lists say."""

import json

import pytest

from safeconduct.workflows.publish_bundle import publish_bundle


@pytest.fixture
def ready(joined):
    joined.open()
    publish_bundle(joined.evac)
    joined.close()
    return joined


def folder(world, party):
    return world.base / party


def test_a_file_carries_what_is_due_and_the_next_one_back_confirms_it(ready, say, tmp_path):
    file, back = tmp_path / "to-cordon.scb", tmp_path / "to-evac.scb"
    evac, cordon = folder(ready, "evac"), folder(ready, "cordon")
    status, out, _ = say("exchange", "status", "-n", evac)
    assert status == 0 and "1 of ours waits to be delivered" in out and "due: bundle, entry" in out
    assert say("exchange", "missing", "-n", cordon)[1].startswith("The partner has not stated yet")
    status, out, _ = say("exchange", "export", "--to", "cordon", file, "-n", evac)
    assert status == 0 and "1 envelopes" in out and "cordon alone" in out
    status, out, _ = say("exchange", "import", file, "-n", cordon, "--json")
    assert status == 0
    done = json.loads(out)
    assert (done["taken"], done["duplicate"], done["refused"]) == (1, 0, [])
    assert json.loads(say("exchange", "import", file, "-n", cordon, "--json")[1])["taken"] == 0
    assert say("exchange", "export", "--to", "evac", back, "-n", cordon)[0] == 0
    status, out, _ = say("exchange", "import", back, "-n", evac)
    assert status == 0 and "Everything up to entry" in out
    seen = json.loads(say("exchange", "status", "-n", evac, "--json")[1])
    assert (seen["due"], seen["completeness"]["missing"]) == (0, [])
    assert json.loads(say("exchange", "missing", "-n", evac, "--json")[1])["complete"] is True


def test_what_goes_wrong_is_one_line(ready, say, tmp_path):
    evac, cordon = folder(ready, "evac"), folder(ready, "cordon")
    file = tmp_path / "x.scb"
    assert say("exchange", "export", "--to", "cordon", file, "-n", evac)[0] == 0
    whole = file.read_bytes()
    for bad, node in ((whole[:-1], cordon), (whole[:-30] + bytes(30), cordon), (whole, evac), (b"", cordon)):
        file.write_bytes(bad)
        status, _, err = say("exchange", "import", file, "-n", node)
        assert status == 2
        assert err.count("\n") == 1 and "sealed" in err and "Traceback" not in err
    status, _, err = say("exchange", "export", "--to", "north", tmp_path / "y.scb", "-n", evac)
    assert status == 2 and "the partner's id" in err
    status, _, err = say("exchange", "now", "-n", evac)
    assert status == 2 and "no partner_url" in err
