"""The online key is changed by a command, beside a root key on the node and beside one that is kept apart."""

import json

import pytest

from safeconduct.passes.batch import decode_certificate
from safeconduct.passes.bundle_format import parse_envelope
from safeconduct.passes.ceremony import answer_request
from safeconduct.wiring import close_node, open_node
from workflows.test_root_apart import TWO, Apart
from workflows.two_nodes import START, World


def newest(config):
    """(key that signed the newest bundle, the node's online key) in hexadecimal."""
    here = open_node(config)
    try:
        with here.store.reading() as tx:
            data = tx.passes.bundle()[1]
        signed = decode_certificate(parse_envelope(data).certificate.certificate_bytes).public_key.hex()
        return signed, here.vault.status().public.hex()
    finally:
        close_node(here)


@pytest.fixture
def folder(tmp_path):
    world = World(tmp_path)
    world.agree()
    world.close()
    world.config, world.folder = world.evac_config, tmp_path / "evac"
    return world


def test_one_command_changes_the_key_and_publishes_by_it(folder, say):
    status, out, err = say("node", "certify", "-n", folder.folder, "--json")
    assert status == 0, err
    before = json.loads(out)
    assert before["bundle"] is None and before["certified_days"] == 7
    status, out, err = say("node", "certify", "--new-key", "-n", folder.folder, "--json")
    assert status == 0, err
    after = json.loads(out)
    assert after["bundle"] == 1 and after["key"] != before["key"]
    assert newest(folder.config) == (after["key"], after["key"])


def test_with_the_root_apart_the_key_is_asked_for_and_turns_with_the_answer(tmp_path, say):
    (tmp_path / "usual").mkdir()
    world = Apart(tmp_path)
    world.agree()
    before, node = world.evac.vault.status().public.hex(), tmp_path / "apart"
    world.close()
    asked, answer = tmp_path / "ask", tmp_path / "answer"
    status, _, err = say("root", "request", asked, "--new-key", "-n", node, "--json")
    assert status == 0, err
    answer.write_bytes(answer_request(asked.read_bytes(), world.root, by=TWO, at=START))
    status, _, err = say("root", "accept", answer, "-n", node, "--json")
    assert status == 0, err
    status, _, err = say("threat", "publish", "-n", node, "--json")
    assert status == 0, err
    signed, online = newest(world.evac_config)
    assert signed == online != before
