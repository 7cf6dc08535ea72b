"""Keys, signatures with a domain, ciphers."""

import nacl.exceptions
import nacl.signing
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.seal.cipher import Cipher, decrypt, encrypt, hkdf
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.seal.signed import check, sign

KEY = SigningKey.from_seed(bytes(range(32)))
SEED_8032 = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")


def test_key_and_signature_are_those_of_rfc_8032_test_1():
    key = SigningKey.from_seed(SEED_8032)
    assert key.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")


def test_printed_key_shows_no_secret():
    shown = repr(KEY) + str(KEY)
    assert bytes(range(32)).hex() not in shown
    assert repr(bytes(range(32)))[2:-1] not in shown
    assert repr(KEY.public) in shown


@given(st.binary(max_size=300), st.binary(max_size=70))
def test_verdict_is_that_of_the_public_interface_of_pynacl(message, other):
    signature = KEY.sign(message)
    assert KEY.verify_key.verify(signature, message)
    peer = nacl.signing.VerifyKey(KEY.public)
    assert peer.verify(message, signature) == message
    for wrong in (other, signature[:63] + bytes([signature[63] ^ 0x20]), signature + b"\0", signature[:32]):
        assert not KEY.verify_key.verify(wrong, message)
        with pytest.raises((nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError)):
            peer.verify(message, wrong)


@pytest.mark.parametrize(
    "raw", [b"", bytes(31), bytes(33), bytes(32), b"\1" + bytes(31), b"\xff" * 32, "0" * 32], ids=repr
)
def test_bad_key_is_refused_where_it_is_loaded(raw):
    with pytest.raises(BadInput, match="batch entry") as caught:
        VerifyKey.load(raw, where="batch entry")
    assert caught.value.code == "bad-key"
    with pytest.raises(BadInput, match="public key"):
        VerifyKey(raw)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_bad_seed_is_refused_and_not_shown(length):
    with pytest.raises(BadInput, match="a seed of 32 bytes") as caught:
        SigningKey.from_seed(b"\xab" * length)
    assert "xab" not in str(caught.value)


def test_keys_are_compared_by_value():
    assert VerifyKey.load(KEY.public, where="test") == KEY.verify_key
    assert len({VerifyKey(KEY.public), KEY.verify_key}) == 1


def test_signature_of_one_domain_is_void_in_another():
    signature = sign("safeconduct.bundle.1", b"payload", KEY)
    assert check("safeconduct.bundle.1", b"payload", signature, KEY.verify_key)
    assert not check("safeconduct.segment.1", b"payload", signature, KEY.verify_key)
    assert KEY.verify_key.verify(signature, b"safeconduct.bundle.1\0payload")


@pytest.mark.parametrize(
    "domain", ["", "bundle", "safeconduct.bundle", "safeconduct.Bundle.1", "safeconduct.b.0", "x.b.1"]
)
def test_domain_of_another_form_is_refused(domain):
    with pytest.raises(BadInput) as caught:
        sign(domain, b"", KEY)
    assert caught.value.code == "bad-domain"


def test_ciphertext_is_that_of_the_published_case():
    # NIST's GCM validation file, 256-bit key of zeros, one block of zeros.
    sealed = encrypt(bytes(32), bytes(12), bytes(16), b"")
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"


def test_ciphertext_opens_with_its_own_key_nonce_and_context_only():
    key, nonce = bytes(range(32)), bytes(range(12))
    sealed = encrypt(key, nonce, b"an event", b"device 7")
    assert decrypt(key, nonce, sealed, b"device 7", where="segment") == b"an event"
    wrong = [
        (bytes(32), nonce, sealed, b"device 7"),
        (key, bytes(12), sealed, b"device 7"),
        (key, nonce, sealed, b"device 8"),
        (key, nonce, sealed[:-1], b"device 7"),
        (key, nonce, bytes([sealed[0] ^ 1]) + sealed[1:], b"device 7"),
        (key, nonce, b"", b"device 7"),
    ]
    for case in wrong:
        with pytest.raises(BadInput, match="segment") as caught:
            decrypt(*case, where="segment")
        assert caught.value.code == "bad-ciphertext"


def test_cipher_for_many_records_writes_what_the_single_form_writes():
    cipher = Cipher(bytes(32))
    sealed = cipher.encrypt(bytes(12), b"x", b"aad")
    assert sealed == encrypt(bytes(32), bytes(12), b"x", b"aad")
    assert cipher.decrypt(bytes(12), sealed, b"aad", where="test") == b"x"


def test_key_or_nonce_of_wrong_length_is_refused_and_the_key_is_not_shown():
    with pytest.raises(BadInput) as caught:
        Cipher(b"\xab" * 16)
    assert caught.value.code == "bad-key"
    assert "xab" not in str(caught.value)
    with pytest.raises(BadInput) as caught:
        hkdf(b"short", "use")
    assert caught.value.code == "bad-key"
    for function in (Cipher(bytes(32)).encrypt, lambda *a: Cipher(bytes(32)).decrypt(*a, where="test")):
        with pytest.raises(BadInput) as caught:
            function(bytes(16), b"x", b"")
        assert caught.value.code == "bad-nonce"


def test_derived_keys_differ_by_use_and_follow_rfc_5869():
    import hashlib  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    key = bytes(range(32))
    derived = hkdf(key, "safeconduct.table.1")
    prk = hmac.digest(bytes(32), key, hashlib.sha256)
    assert derived == hmac.digest(prk, b"safeconduct.table.1\x01", hashlib.sha256)
    assert derived != hkdf(key, "safeconduct.table.2")
    assert len(hkdf(key, "x", 48)) == 48
