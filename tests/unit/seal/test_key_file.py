"""A root key in a file under a passphrase, its fingerprint as words, and a key that signs elsewhere."""

from hashlib import sha256

import pytest
from mnemonic import Mnemonic

from safeconduct.errors import BadInput
from safeconduct.seal import key_file
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.elsewhere import ElsewhereKey
from safeconduct.seal.key_file import Cost, lock, public_of, unlock
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.words import fingerprint_words

SEED, WORDS = bytes(range(32)), "a long enough phrase"
LIGHT = Cost(memory=8_192, passes=1)  # KiB: the least that a reader takes
FILE = lock(SEED, WORDS, salt=bytes(16), nonce=bytes(12), cost=LIGHT)


def code_of(data, passphrase=WORDS):
    with pytest.raises(BadInput) as raised:
        unlock(data, passphrase)
    assert SEED.hex() not in str(raised.value)
    assert passphrase not in str(raised.value)
    return raised.value.code


def test_a_locked_key_opens_with_its_passphrase_and_tells_its_public_half_without():
    assert unlock(FILE, WORDS).sign(b"x") == SigningKey.from_seed(SEED).sign(b"x")
    assert public_of(FILE) == SigningKey.from_seed(SEED).public
    assert SEED not in FILE


def test_by_default_one_try_costs_256_mebibytes():
    fields = decode_cbor(lock(SEED, WORDS, salt=bytes(16), nonce=bytes(12)), where="file")
    assert (fields["memory"], fields["passes"]) == (262_144, 4)


def test_two_spellings_of_one_passphrase_are_one():
    file = lock(SEED, "un café très allongé", salt=bytes(16), nonce=bytes(12), cost=LIGHT)
    assert unlock(file, "un café très allongé").public == public_of(file)


def test_a_wrong_passphrase_or_any_changed_byte_is_refused():
    assert code_of(FILE, "another long phrase") == "bad-passphrase"
    for place in range(len(FILE)):
        changed = FILE[:place] + bytes([FILE[place] ^ 1]) + FILE[place + 1 :]
        assert code_of(changed) in {"bad-passphrase", "bad-key-file", "bad-cbor"}, place


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory", 1), ("memory", (1 << 20) + 1), ("passes", 0), ("passes", 17), ("v", 2), ("salt", b""), ("salt", 5),
     ("memory", True), ("extra", 1)],
)  # fmt: skip
def test_a_file_that_is_not_of_the_format_is_refused_before_any_work(field, value):
    assert code_of(encode_cbor({**decode_cbor(FILE, where="file"), field: value})) == "bad-key-file"


def test_what_is_no_map_or_too_long_is_refused():
    assert code_of(encode_cbor([1])) == "bad-key-file"
    assert code_of(bytes(2_000)) == "bad-cbor"


def test_a_file_that_names_another_key_than_it_holds_is_refused(monkeypatch):
    other = SigningKey.from_seed(bytes(32))
    monkeypatch.setattr(key_file.cipher, "decrypt", lambda *_, **__: bytes(32))
    assert public_of(FILE) != other.public
    assert code_of(FILE) == "bad-key-file"


def test_a_short_passphrase_is_refused():
    with pytest.raises(BadInput) as raised:
        lock(SEED, "too short", salt=bytes(16), nonce=bytes(12))
    assert raised.value.code == "weak-passphrase"


def test_a_fingerprint_is_eight_words_of_the_digest():
    bits = f"{int(sha256(b'').hexdigest(), 16):0256b}"
    listed = Mnemonic("english").wordlist
    assert fingerprint_words(b"").split() == [listed[int(bits[at : at + 11], 2)] for at in range(0, 88, 11)]
    assert len({fingerprint_words(bytes([n])) for n in range(100)}) == 100


def test_a_key_kept_elsewhere_gives_only_signatures_that_are_its_own():
    here = SigningKey.from_seed(SEED)
    assert ElsewhereKey.of(here.public, here.sign).sign(b"asked") == here.sign(b"asked")
    faulty = ElsewhereKey.of(here.public, lambda _: here.sign(b"something else"))
    with pytest.raises(BadInput) as raised:
        faulty.sign(b"asked")
    assert raised.value.code == "bad-key"
    assert "ask" not in repr(faulty)
