"""Requests and answers between nodes: signed both ways, fresh, each once, and bound to each other."""

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.exceptions import InvalidSignature

from safeconduct.errors import BadInput, Refusal
from safeconduct.exchange import signed_http
from safeconduct.exchange.signed_http import (
    CERTIFICATE,
    Answer,
    Nonces,
    OneRule,
    Request,
    check_answer,
    check_request,
    sign_answer,
    sign_request,
)
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.workflows.peer_keys import SKEW
from workflows.two_nodes import World

BODY = b"envelopes"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("pair"))
    world.agree()
    yield world
    world.close()


def asked(node, *, method="POST", url="http://node/peer/envelopes?a=1", body=BODY):
    request = Request(method, url, {"Host": "node", "Content-Type": "application/cbor"})
    sign_request(node, request, body)
    return request


def test_request_names_its_party_and_is_taken_once(pair):
    request, nonces = asked(pair.evac), Nonces()
    assert check_request(pair.cordon, request, BODY, nonces) == "evac"
    again = check_request(pair.cordon, request, BODY, nonces)
    assert (again.code, again.detail) == ("not-authenticated", "a request that was taken before")
    assert check_request(pair.cordon, asked(pair.evac), BODY, nonces) == "evac"  # signed anew, it is another one


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"}, {"url": "http://node/peer/again?a=1"}, {"url": "http://node/peer/envelopes?a=2"},
        {"url": "http://node/peer/envelopes"},
    ],
    ids=["method", "path", "query", "query-gone"],
)  # fmt: skip
def test_what_is_signed_holds_for_one_method_path_and_query(pair, change):
    request = replace(asked(pair.evac), **change)
    assert check_request(pair.cordon, request, BODY, Nonces()).code == "not-authenticated"


def test_another_body_is_not_the_one_that_was_signed(pair):
    refused = check_request(pair.cordon, asked(pair.evac), BODY + b"!", Nonces())
    assert refused.code == "not-authenticated" and "Content-Digest" in refused.detail


@pytest.mark.parametrize("gone", ["signature", "signature-input", CERTIFICATE, "content-digest"])
def test_request_without_one_of_its_parts_is_refused(pair, gone):
    request = asked(pair.evac)
    request.headers = {name: value for name, value in request.headers.items() if name.lower() != gone}
    assert check_request(pair.cordon, request, BODY, Nonces()).code == "not-authenticated"


def test_strangers_and_oneself_are_nobody(pair, tmp_path):
    other = World(tmp_path)  # the same party ids, other roots
    other.agree()
    assert check_request(pair.cordon, asked(other.evac), BODY, Nonces()).code == "bad-status-key"
    other.close()
    assert isinstance(check_request(pair.evac, asked(pair.evac), BODY, Nonces()), Refusal)  # sent back to its sender


def test_certificate_of_another_agreement_is_no_certificate_here(pair):
    with pair.evac.store.transaction() as tx:
        from safeconduct.workflows.envelopes import certify_status  # noqa: PLC0415

        made = certify_status(pair.evac, tx, "another")
    request = asked(pair.evac)
    from safeconduct.seal.canonical import encode_cbor  # noqa: PLC0415

    blob = encode_cbor({"c": made.certificate_bytes, "cs": made.signature})
    request.headers[CERTIFICATE] = f":{base64.b64encode(blob).decode()}:"
    assert check_request(pair.cordon, request, BODY, Nonces()).code == "bad-status-key"


def test_certificate_out_of_its_days_ends_what_a_real_node_may_say(pair):
    real = replace(pair.cordon, exercise=False)
    assert check_request(real, asked(pair.evac), BODY, Nonces()) == "evac"
    request = asked(pair.evac)
    pair.cordon.clock.move_to(pair.cordon.clock.now() + 8 * 86_400)
    refused = check_request(real, request, BODY, Nonces())
    assert (refused.code, refused.detail) == ("bad-status-key", "outside its days")


def test_old_and_early_signatures_are_refused(pair, monkeypatch):
    for off in (-2 * SKEW - 10, SKEW + 10):
        request = Request("GET", "http://node/peer/inventory", {"Host": "node"})
        moment = datetime.fromtimestamp(signed_http._CLOCK.now() + off, UTC)
        signer = signed_http.HTTPMessageSigner.sign

        def at(self, message, moment=moment, signer=signer, **options):
            return signer(self, message, created=moment, **options)

        with monkeypatch.context() as patch:
            patch.setattr(signed_http.HTTPMessageSigner, "sign", at)
            sign_request(pair.evac, request, b"")
        refused = check_request(pair.cordon, request, b"", Nonces(started=0))
        assert refused.code == "not-authenticated", off


def test_what_was_signed_before_a_restart_is_refused_after_it(pair):
    request = asked(pair.evac)
    later = Nonces(started=signed_http._CLOCK.now() + 30)
    assert check_request(pair.cordon, request, BODY, later).detail == "signed before this node was started"


def test_nonces_have_a_bound_and_forget_what_is_too_old_anyway():
    now = signed_http._CLOCK.now()
    nonces = Nonces(started=0, most=3)
    for number, at in enumerate((now - 4 * SKEW, now, now)):
        assert nonces.take("evac", str(number), at) is None
    assert nonces.take("evac", "3", now) is None  # the oldest made room
    assert nonces.take("evac", "4", now).detail == "too many requests within the window"
    assert nonces.take("cordon", "4", now) is None  # each party has its own


def test_answer_fits_the_request_that_it_answers_and_no_other(pair):
    first, second = asked(pair.evac), asked(pair.evac)
    answer = Answer(200, {}, first)
    sign_answer(pair.cordon, answer, b"taken")
    assert check_answer(pair.evac, answer, b"taken") == "cordon"
    assert check_answer(pair.evac, replace(answer, request=second), b"taken").code == "not-authenticated"
    assert check_answer(pair.evac, replace(answer, status_code=409), b"taken").code == "not-authenticated"
    assert check_answer(pair.evac, answer, b"refused").code == "not-authenticated"
    assert check_answer(pair.evac, answer, b"taken", party="evac").code == "not-authenticated"


def test_a_request_is_no_answer_and_an_answer_is_no_request(pair):
    request = asked(pair.cordon)
    fake = Answer(200, dict(request.headers), asked(pair.evac))
    assert check_answer(pair.evac, fake, BODY).code == "not-authenticated"


@pytest.mark.parametrize("junk", ["", ":", "::", ":====:", "x", ":" + "A" * 20_000 + ":", ':AAAA:, sc="1"'])
def test_junk_in_the_headers_is_refused(pair, junk):
    for name in (CERTIFICATE, "Signature", "Signature-Input", "Content-Digest"):
        request = asked(pair.evac)
        request.headers[name] = junk
        assert isinstance(check_request(pair.cordon, request, BODY, Nonces()), Refusal), name


class _Known(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        assert key_id == "test-key-ed25519"
        raw = base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
        return VerifyKey.load(raw, where="RFC 9421, B.1.4")

    def resolve_private_key(self, key_id):
        raise NotImplementedError


class _AnyAge(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input, max_age=None):
        pass


def test_example_of_the_standard_verifies_and_its_altered_twin_does_not():
    """RFC 9421, B.2.6, with the key of B.1.4: the example for Ed25519."""
    signature = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    headers = {
        "Date": "Tue, 20 Apr 2021 02:07:55 GMT", "Content-Type": "application/json", "Content-Length": "18",
        "Signature-Input": 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"',
        "Signature": f"sig-b26=:{signature}:",
    }  # fmt: skip
    verifier = _AnyAge(signature_algorithm=OneRule, key_resolver=_Known())
    good = Request("POST", "https://example.com/foo?param=Value&Pet=dog", headers)
    assert verifier.verify(good, max_age=None)[0].label == "sig-b26"
    with pytest.raises(InvalidSignature):
        verifier.verify(replace(good, method="PUT"), max_age=None)


def test_keys_of_small_order_sign_nothing():
    with pytest.raises(BadInput, match="prime-order"):
        VerifyKey.load(bytes([1] + [0] * 31), where="key")
    key = SigningKey.from_seed(bytes(32))
    made = OneRule(private_key=key).sign(b"base")
    assert OneRule(public_key=key.verify_key).verify(made, b"base") is None
