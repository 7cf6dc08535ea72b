"""A node under its own TLS root, in real processes: what a phone is given, and that a browser then trusts it."""

import json
import os
import plistlib
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from browser.served import CHROMIUM, NEEDS_CHROMIUM, free_port
from safeconduct.config import NodeConfig, config_from
from safeconduct.errors import BadInput, NodeUnavailable
from safeconduct.storage.tls_files import given_files, host_names, is_due, own_files, read_root
from safeconduct.web.api import tls_start
from safeconduct.web.pages.trust_words import LANGUAGES, chosen
from safeconduct.wiring import init_node
from safeconduct.workflows.clock import SystemClock

ROOT = Path(__file__).parents[2]
DAY = 86_400
NOW = SystemClock().now()
NAMES = ["127.0.0.1", "localhost", "gate.lan"]


@contextmanager
def run(folder, *options):
    """Serve a node by the command; yield what it says of itself."""
    with (folder / "err").open("wb") as stderr:
        running = subprocess.Popen(
            [sys.executable, "-m", "safeconduct.cli", "node", "run", "--node", str(folder), "--json", *options],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, stdout=subprocess.PIPE, stderr=stderr,
        )  # fmt: skip
    try:
        line = running.stdout.readline()
        assert line, (folder / "err").read_text()[-2000:]
        yield {**json.loads(line), "pid": running.pid}
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def patient(act):
    until = time.monotonic() + 40
    while True:
        try:
            return act()
        except (httpx.TransportError, OSError):
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("tls")
    config = NodeConfig("evac", "Evacuating party", made / "data", exercise=True, sign_in=False, port=free_port())
    init_node(made, config, passphrase=None)
    return made


@pytest.fixture(scope="module")
def served(folder):
    with run(folder, "--tls", "own", "--tls-name", "gate.lan", "--trust-port", str(free_port())) as told:
        patient(lambda: httpx.get(told["url"] + "health", verify=False))
        yield told


def trusting(folder):
    return ssl.create_default_context(cafile=str(folder / "data" / "tls" / "root.crt"))


def test_a_client_that_trusts_the_root_reaches_the_node_and_another_does_not(folder, served):
    assert served["url"].startswith("https://127.0.0.1:")
    assert httpx.get(served["url"] + "health", verify=trusting(folder)).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(served["url"] + "health")


def test_before_it_trusts_a_phone_gets_the_certificate_and_the_profile_over_plain_http_and_nothing_else(folder, served):
    base = served["trust"].removesuffix("/trust")
    root = read_root(folder / "data" / "tls")
    crt = httpx.get(base + "/trust/root.crt")
    assert (crt.content, crt.headers["content-type"]) == (root.der, "application/x-x509-ca-cert")
    told = httpx.get(base + "/trust/root.mobileconfig")
    assert told.headers["content-type"] == "application/x-apple-aspen-config"
    profile = plistlib.loads(told.content)
    [payload] = profile["PayloadContent"]
    assert (payload["PayloadType"], payload["PayloadContent"]) == ("com.apple.security.root", root.der)
    for path in ("/api/card", "/trust/room", "/static/safeconduct.css", "/../data/tls/root.key"):
        assert httpx.get(base + path).status_code == 404
    over_tls = httpx.get(served["url"] + "trust/root.crt", verify=trusting(folder))
    assert over_tls.content == root.der


def test_the_page_for_phones_speaks_five_languages_and_does_not_show_the_number_to_compare(folder, served):
    root = read_root(folder / "data" / "tls")
    assert sorted(LANGUAGES) == ["ar", "en", "prs", "ps", "uk"]
    for tag, (_, direction, words) in LANGUAGES.items():
        page = httpx.get(served["trust"], params={"lang": tag}).text
        assert f'lang="{tag}" dir="{direction}"' in page
        assert words["title"] in page
        assert words.keys() == LANGUAGES["en"][2].keys()
        assert root.pairs not in page
        assert f"{served['url']}scan/" in page
    assert chosen("", "fa-AF,en;q=0.5") == "prs"
    assert chosen("xx", "de, uk") == "uk"
    assert chosen("", "") == "en"


def test_the_rooms_screen_shows_the_number_as_pairs_and_words_and_the_plain_address(folder, served):
    root = read_root(folder / "data" / "tls")
    page = httpx.get(served["url"] + "trust/room", verify=trusting(folder)).text
    pairs = root.pairs.split(":")
    assert ":".join(pairs) == ":".join(sha256(root.der).hexdigest().upper()[i : i + 2] for i in range(0, 64, 2))
    assert " ".join(pairs[:8]) in page
    assert root.words in page
    assert served["trust"] in page


@NEEDS_CHROMIUM
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("certutil") is None, reason="no certutil: apt-get install libnss3-tools")
def test_a_browser_that_trusts_the_root_gets_camera_and_offline_page_and_one_that_does_not_gets_nothing(
    folder, served, playing, tmp_path
):
    store = tmp_path / ".pki" / "nssdb"
    store.mkdir(parents=True)
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    launch = {"executable_path": CHROMIUM, "args": ["--no-sandbox"], "env": {**os.environ, "HOME": str(tmp_path)}}
    strict = playing.chromium.launch(**launch)
    page = strict.new_page()
    with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(served["url"] + "scan/")
    strict.close()
    root = folder / "data" / "tls" / "root.crt"
    subprocess.run(
        ["certutil", "-A", "-d", f"sql:{store}", "-n", "node", "-t", "C,,", "-i", str(root)], check=True
    )  # fmt: skip
    browser = playing.chromium.launch(**launch)
    page = browser.new_page()
    page.goto(served["url"] + "scan/")
    assert page.evaluate("isSecureContext") is True
    assert page.evaluate("typeof navigator.mediaDevices.getUserMedia") == "function"
    assert page.evaluate("navigator.serviceWorker.ready.then(r => r.active !== null)") is True
    assert page.evaluate("crypto.subtle.digest('SHA-256', new Uint8Array(1)).then(d => d.byteLength)") == 32
    browser.close()


def test_a_running_node_takes_up_a_renewed_certificate_and_goes_on(tmp_path):
    port, trust = free_port(), free_port()
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", exercise=True, sign_in=False, port=port)
    init_node(tmp_path, config, passphrase=None)
    tls = tmp_path / "data" / "tls"

    def seen():
        pem = ssl.get_server_certificate(("127.0.0.1", port))
        return x509.load_pem_x509_certificate(pem.encode())

    with run(tmp_path, "--tls", "own", "--trust-port", str(trust)) as told:
        health, plain = told["url"] + "health", f"http://127.0.0.1:{trust}/trust"
        patient(lambda: httpx.get(health, verify=False))
        first = seen()
        assert first == certificate(tls)
        names = read_root(tls).names
        (tls / "node.crt").unlink()
        own_files(tls, "evac", names, NOW)  # as the node does itself when thirty days are left
        os.kill(told["pid"], signal.SIGHUP)
        until = time.monotonic() + 40
        while patient(seen) == first:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert patient(seen) == certificate(tls)
        assert patient(lambda: httpx.get(health, verify=trusting(tmp_path))).status_code == 200
        assert patient(lambda: httpx.get(plain)).status_code == 200, "the plain page is there again"


def test_a_certificate_that_is_due_is_renewed_for_the_same_names_while_the_node_runs(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "tls"
    config = NodeConfig("evac", "Evacuating party", tmp_path, exercise=True)
    own_files(folder, "evac", NAMES, NOW - 59 * DAY)
    young = certificate(folder)
    assert not is_due(folder, NOW) and not tls_start._renewed(config)
    assert certificate(folder) == young and is_due(folder, NOW + 2 * DAY) and not is_due(tmp_path, NOW)
    shutil.rmtree(folder)
    own_files(folder, "evac", NAMES, NOW - 61 * DAY)
    old = certificate(folder)
    monkeypatch.setattr(tls_start, "LOOK_AGAIN", 0.01)
    told = threading.Event()
    tls_start.keep_renewed(config, told.set)
    assert not told.wait(0.2), "a given certificate is left alone"
    monkeypatch.setenv(tls_start.TLS_OWN, "yes")
    tls_start.keep_renewed(config, told.set)
    assert told.wait(10)
    assert certificate(folder) != old and set(read_root(folder).names) == set(NAMES)
    (folder / "node.crt").write_bytes(b"damaged")
    assert not tls_start._renewed(config) and "not renewed" in capsys.readouterr().err
    with pytest.raises(NodeUnavailable):
        is_due(folder, NOW)


# -- files -----------------------------------------------------------------------------------------------------------


def certificate(folder, name="node"):
    return x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())


def test_the_certificate_lasts_ninety_days_and_is_renewed_before_its_end_under_the_same_root(tmp_path):
    own_files(tmp_path, "evac", NAMES, NOW)
    first, root = certificate(tmp_path), read_root(tmp_path)
    assert (first.not_valid_after_utc - datetime.fromtimestamp(NOW, UTC)).days == 90
    own_files(tmp_path, "evac", NAMES, NOW + 59 * DAY)
    assert certificate(tmp_path) == first
    own_files(tmp_path, "evac", NAMES, NOW + 61 * DAY)
    assert certificate(tmp_path) != first
    assert read_root(tmp_path).der == root.der
    assert set(read_root(tmp_path).names) == set(NAMES)


def test_another_address_brings_another_certificate_and_a_foreign_name_none(tmp_path):
    own_files(tmp_path, "evac", NAMES, NOW)
    first = certificate(tmp_path)
    own_files(tmp_path, "evac", [*NAMES, "192.168.7.7"], NOW)
    assert certificate(tmp_path) != first
    for name in ("bank.example", "203.0.113.9", "not a name"):
        with pytest.raises(BadInput) as raised:
            own_files(tmp_path, "evac", [name], NOW)
        assert raised.value.code == "bad-tls"
    own_files(tmp_path / "new", "evac", ["bank.example", "203.0.113.9"], NOW)  # a root that is made for them


def test_the_root_may_vouch_for_private_addresses_and_its_own_names_only(tmp_path):
    own_files(tmp_path, "evac", [*NAMES, "corridor.example"], NOW)
    held = certificate(tmp_path, "root").extensions.get_extension_for_class(x509.NameConstraints)
    assert held.critical
    shown = {str(one.value) for one in held.value.permitted_subtrees}
    assert shown >= {"192.168.0.0/16", "lan", "corridor.example"}
    assert not any(one in shown for one in ("0.0.0.0/0", "com", "example"))


def test_private_keys_are_for_their_owner_only_and_apart_from_all_others(tmp_path):
    own_files(tmp_path, "evac", NAMES, NOW)
    for name in ("root.key", "node.key"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "root.key").read_bytes() != (tmp_path / "node.key").read_bytes()


def test_a_damaged_file_is_one_clear_error(tmp_path):
    assert read_root(tmp_path) is None
    own_files(tmp_path, "evac", NAMES, NOW)
    (tmp_path / "node.crt").write_text("nothing")
    for act in (lambda: read_root(tmp_path), lambda: own_files(tmp_path, "evac", NAMES, NOW)):
        with pytest.raises(NodeUnavailable) as raised:
            act()
        assert raised.value.code == "bad-tls"


@pytest.mark.slow
def test_given_files_must_belong_together(tmp_path, folder):
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    name = x509.Name([])
    at = datetime.fromtimestamp(NOW, UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(keys[0].public_key())
        .serial_number(1).not_valid_before(at).not_valid_after(at + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(keys[0], hashes.SHA256())
    )  # fmt: skip
    (tmp_path / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    for number, key in enumerate(keys):
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (tmp_path / f"{number}.key").write_bytes(key.private_bytes(*form))
    assert given_files(tmp_path / "c.pem", tmp_path / "0.key").key == tmp_path / "0.key"
    for crt, key in (("c.pem", "1.key"), ("missing", "0.key"), ("0.key", "0.key"), ("c.pem", "c.pem")):
        with pytest.raises(BadInput) as raised:
            given_files(tmp_path / crt, tmp_path / key)
        assert raised.value.code == "bad-tls"
    given = ("--tls-cert", str(tmp_path / "c.pem"), "--tls-key", str(tmp_path / "0.key"))
    with run(folder, *given, "--port", str(free_port())) as told:
        answer = patient(lambda: httpx.get(told["url"] + "health", verify=False))
        assert (answer.status_code, told["url"][:8]) == (200, "https://")


@pytest.mark.parametrize(
    "wrong", [{"tls": "yes"}, {"tls": "given"}, {"tls_cert": "a", "tls_key": "b"}, {"trust_port": 8401},
              {"tls": "own", "sign_in": False, "exercise": True, "host": "0.0.0.0"}],
)  # fmt: skip
def test_settings_that_contradict_each_other_are_refused(wrong, tmp_path):
    with pytest.raises(BadInput) as raised:
        config_from({"party": "evac", "name": "x", **wrong}, where="node.toml", base=tmp_path)
    assert raised.value.code == "bad-config"


def test_this_machine_is_known_by_its_own_names():
    assert {"localhost", "127.0.0.1", "10.1.2.3"} <= set(host_names("10.1.2.3"))
    assert "0.0.0.0" not in host_names("0.0.0.0")


@pytest.mark.slow
def test_a_port_in_use_is_one_line(folder):
    port = free_port()
    with run(folder, "--tls", "own", "--trust-port", str(port), "--port", str(free_port())):
        done = subprocess.run(
            [sys.executable, "-m", "safeconduct.cli", "node", "run", "-n", str(folder), "--tls", "own", "--trust-port",
             str(port)], cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert str(port) in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
