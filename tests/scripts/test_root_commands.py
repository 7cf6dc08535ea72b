"""The key ceremony as people do it: a root key on a stick or a token, requests and answers carried as files."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from safeconduct.config import NodeConfig
from safeconduct.errors import NodeUnavailable, SafeconductError
from safeconduct.seal.key_file import public_of
from safeconduct.seal.words import fingerprint_words
from safeconduct.storage.root_token import Place, root_on_token
from safeconduct.wiring import close_node, init_node, open_node
from workflows.two_nodes import World

ROOT = Path(__file__).parents[2]
PHRASE = "a stick in the blue safe"
TWO = ("--by", "night desk", "--by", "legal desk")
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)  # fmt: skip
MODULE = next((one for one in MODULES if Path(one).exists()), "")


def command(*arguments, secret=None, env=None):
    """Run the command in a process of its own; a secret comes through a pipe, and is in no argument."""
    options, passed, pipe = [], (), None
    if secret is not None:
        reading, pipe = os.pipe()
        os.write(pipe, secret.encode() + b"\n")
        os.close(pipe)
        options, passed = ["--secret-fd", str(reading)], (reading,)
    done = subprocess.run(
        [sys.executable, "-m", "safeconduct.cli", *map(str, arguments), *options], cwd=ROOT, pass_fds=passed,
        env={**os.environ, "PYTHONPATH": "src", **(env or {})}, capture_output=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if passed:
        os.close(passed[0])
    assert secret is None or secret not in (done.stdout + done.stderr).decode()
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def one_line(err):
    return err.startswith("safeconduct: ") and err.count("\n") == 1 and "Traceback" not in err


def told(*arguments, **options):
    status, out, err = command(*arguments, "--json", **options)
    assert status == 0, err + out
    return json.loads(out)


def ceremony(stick, place, **options):
    return told("root", "ceremony", stick / "root.card", *place, *TWO, **options)


def chain(tmp_path, place, say, **options):
    """From the ceremony to passes and back: the online machine never has the key."""
    stick, desk = tmp_path / "stick", tmp_path / "desk"
    stick.mkdir()
    made = ceremony(stick, place(stick), **options)
    assert made["words"] == fingerprint_words(bytes.fromhex(made["public"]))
    told("init", desk, "--party", "evac", "--name", "Evacuating party", "--root", stick / "root.card", "--exercise")
    shown = told("root", "status", "-n", desk)
    assert (shown["kept"], shown["words"]) == ("apart", made["words"])
    (tmp_path / "world").mkdir()
    terms = tmp_path / "terms.json"
    terms.write_bytes(_terms(tmp_path / "world", desk))
    request, answer = stick / "request", stick / "answer"
    asked = told("root", "request", request, "--terms", terms, "-n", desk)
    assert [item["kind"] for item in asked["items"]] == ["agreement", "certificate"]
    assert told("root", "show", request)["words"] == asked["words"]
    signed = told("root", "sign", request, answer, *place(stick), *TWO, "--yes", **options)
    assert (signed["signed"], signed["words"]) == (2, asked["words"])
    accepted = told("root", "accept", answer, "-n", desk)
    assert accepted["by"] == ["night desk", "legal desk"]
    return desk, stick, request, answer


def _terms(base, desk):
    """Terms between this new party and a partner whose card it trusts."""
    world = World(base)
    node = open_node(NodeConfig("evac", "Evacuating party", desk / "data", exercise=True))
    own, other = node.card.root_public, world.cordon.card
    close_node(node)
    text = world.terms().decode().replace(world.evac.card.root_public, own)
    (base / "card.json").write_text(json.dumps({name: getattr(other, name) for name in other.__slots__}))
    world.close()
    told("node", "trust", base / "card.json", "-n", desk)
    return text.encode()


@pytest.mark.slow
def test_from_the_ceremony_on_a_stick_to_an_agreement_without_the_key_on_the_node(tmp_path, say):
    desk, stick, _, answer = chain(tmp_path, lambda at: ("--key", at / "root.key"), say, secret=PHRASE)
    key = (stick / "root.key").read_bytes()
    assert (stick / "root.key").stat().st_mode & 0o777 == 0o600
    for file in desk.rglob("*"):
        assert not file.is_file() or key not in file.read_bytes()
    status, _, _ = command("agreement", "propose", tmp_path / "terms.json", "-n", desk)
    assert status == 0
    assert told("root", "accept", answer, "-n", desk)["batches"] == 0
    found = told("batch", "list", "-n", desk)
    assert (found["root_kept"], found["batches"]) == ("apart", [])
    node = open_node(NodeConfig("evac", "Evacuating party", desk / "data", exercise=True))
    with node.store.reading() as tx:
        steps = [tx.ledger.entry(index).kind for index in range(4)]
        card = tx.ledger.entry(0).envelope
    close_node(node)
    assert steps == ["own:root-made", "own:root-request", "own:root-answer", "own:certificate"]
    assert card == (stick / "root.card").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not MODULE or shutil.which("softhsm2-util") is None, reason="no SoftHSM: apt-get install softhsm2")
def test_from_the_ceremony_on_a_token_to_an_agreement_and_the_key_cannot_leave_the_token(tmp_path, say, monkeypatch):
    pytest.importorskip("pkcs11", reason="no python-pkcs11: pip install 'safeconduct[pkcs11]'")
    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm.conf"
    conf.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "safe", "--pin", "246810", "--so-pin", "97531"],
                   check=True, capture_output=True)  # fmt: skip
    place = ("--pkcs11", MODULE, "--token", "safe")
    chain(tmp_path, lambda _: place, say, secret="246810")
    with root_on_token(Place(MODULE, "safe"), "246810") as key:
        assert key.verify_key.verify(key.sign(b"once more"), b"once more")
    for wrong, pin in ((("--token", "other"), "246810"), (("--token", "safe", "--label", "no-key"), "246810"),
                       (("--token", "safe"), "999999")):  # fmt: skip
        status, out, err = command("root", "sign", tmp_path / "stick" / "request", tmp_path / "x", "--pkcs11", MODULE,
                                   *wrong, *TWO, "--yes", secret=pin)  # fmt: skip
        assert (status, out) == (2, "")
        assert one_line(err)
        assert not (tmp_path / "x").exists()
    with pytest.raises(SafeconductError) as raised, root_on_token(Place(MODULE, "safe"), "246810", make=True):
        pass
    assert raised.value.code == "token-failed"


def test_a_missing_module_is_one_clear_error(monkeypatch):
    with pytest.raises(NodeUnavailable) as raised, root_on_token(Place("/nowhere.so", "safe"), "1"):
        pass
    assert raised.value.code == "no-pkcs11"
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(NodeUnavailable) as raised, root_on_token(Place("/nowhere.so", "safe"), "1"):
        pass
    assert "safeconduct[pkcs11]" in str(raised.value)


def test_what_goes_wrong_in_a_ceremony_is_one_line_and_writes_nothing(tmp_path):
    stick = tmp_path
    key = ("--key", stick / "root.key")
    cases = [
        (("root", "ceremony", stick / "c", *key, "--by", "one desk"), PHRASE),
        (("root", "ceremony", stick / "c", *key, "--by", "desk", "--by", "desk"), PHRASE),
        (("root", "ceremony", stick / "c", *TWO), PHRASE),
        (("root", "ceremony", stick / "c", *key, "--pkcs11", "x", "--token", "y", *TWO), PHRASE),
        (("root", "ceremony", stick / "c", *key, *TWO), "short"),
    ]
    for arguments, secret in cases:
        status, out, err = command(*arguments, secret=secret)
        assert (status, out) == (2, ""), arguments
        assert one_line(err)
        assert list(stick.iterdir()) == []
    ceremony(stick, key, secret=PHRASE)
    status, _, err = command("root", "ceremony", stick / "other", *key, *TWO, secret=PHRASE)
    assert status == 2
    assert "never written over" in err
    assert len(public_of((stick / "root.key").read_bytes())) == 32
    (stick / "no-request").write_bytes(b"\xa0")
    status, _, err = command("root", "sign", stick / "no-request", stick / "a", *key, *TWO, "--yes", secret=PHRASE)
    assert status == 2
    assert one_line(err)


def test_a_wrong_passphrase_signs_nothing(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "node" / "data", exercise=True)
    key = ("--key", tmp_path / "root.key")
    made = ceremony(tmp_path, key, secret=PHRASE)
    (tmp_path / "node").mkdir()
    init_node(tmp_path / "node", config, passphrase=None, root_public=bytes.fromhex(made["public"]))
    (tmp_path / "world").mkdir()
    terms = tmp_path / "terms.json"
    terms.write_bytes(_terms(tmp_path / "world", tmp_path / "node"))
    told("root", "request", tmp_path / "request", "--terms", terms, "-n", tmp_path / "node")
    status, out, err = command("root", "sign", tmp_path / "request", tmp_path / "answer", *key, *TWO, "--yes",
                               secret="another long passphrase")  # fmt: skip
    assert (status, out) == (2, "")
    assert one_line(err)
    assert not (tmp_path / "answer").exists()
