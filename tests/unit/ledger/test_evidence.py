"""The evidence file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput, Refusal
from safeconduct.ledger.entry import entry_leaf
from safeconduct.ledger.evidence import Evidence, build, parse, verify
from safeconduct.ledger.merkle import Frontier, inclusion_proof
from safeconduct.ledger.note import COSIGNATURE, ED25519, cosign, note_key, parse_checkpoint, sign_checkpoint
from safeconduct.seal.keys import SigningKey

LOG, WITNESS = SigningKey.from_seed(b"l" * 32), SigningKey.from_seed(b"w" * 32)
LOG_KEY = note_key("evac.example/log", ED25519, LOG.public)
WITNESS_KEY = note_key("cordon.example/w", COSIGNATURE, WITNESS.public)
NONCE, ENVELOPE = bytes(range(32)), "a statement of the partner: وعده".encode()


def attempt(function, *arguments, **named):
    """What the function returns and None, or None and the code of its refusal of bad input."""
    try:
        return function(*arguments, **named), None
    except BadInput as error:
        return None, error.code


def tree(size, index):
    leaves = [entry_leaf(NONCE, f"other {n}".encode()) for n in range(size)]
    leaves[index] = entry_leaf(NONCE, ENVELOPE)
    frontier = Frontier()
    nodes = {(level, i): node for level, i, node in frontier.append(leaves)}
    return frontier.root(), inclusion_proof(index, size, lambda level, i: nodes[level, i])


def file_for(size=6, index=4):
    root, proof = tree(size, index)
    note = sign_checkpoint(LOG_KEY.name, size, root, LOG)
    note += cosign(parse_checkpoint(note).body, WITNESS_KEY.name, WITNESS, 1_629_936_000)
    return build(index, NONCE, ENVELOPE, proof, note)


GOOD = file_for()


@pytest.mark.seed("S-65")
@given(st.integers(1, 40), st.data())
def test_statement_of_a_partner_is_proved_by_signature_and_log_alone(size, data):
    index = data.draw(st.integers(0, size - 1))
    seen = verify(file_for(size, index), LOG_KEY, WITNESS_KEY)
    assert seen == Evidence(ENVELOPE, index, LOG_KEY.name, size, WITNESS_KEY.name, 1_629_936_000)


@pytest.mark.seed("S-65")
def test_statement_that_only_the_log_vouches_for_is_not_proved():
    root, proof = tree(6, 4)
    alone = build(4, NONCE, ENVELOPE, proof, sign_checkpoint(LOG_KEY.name, 6, root, LOG))
    assert verify(alone, LOG_KEY, WITNESS_KEY) == Refusal("not-cosigned", "step 3")


def test_each_step_says_its_number():
    root, proof = tree(6, 4)
    note = sign_checkpoint(LOG_KEY.name, 6, root, LOG)
    note += cosign(parse_checkpoint(note).body, WITNESS_KEY.name, WITNESS, 1)
    stranger = note_key(LOG_KEY.name, ED25519, WITNESS.public)
    renamed = note_key("else.example/log", ED25519, LOG.public)
    assert verify(GOOD, stranger, WITNESS_KEY) == Refusal("bad-note", "step 2")
    assert verify(GOOD, renamed, WITNESS_KEY) == Refusal("bad-note", "step 2")
    assert verify(GOOD, LOG_KEY, note_key(WITNESS_KEY.name, COSIGNATURE, LOG.public)) == Refusal(
        "not-cosigned", "step 3"
    )
    outside = verify(build(6, NONCE, ENVELOPE, proof, note), LOG_KEY, WITNESS_KEY)
    assert outside == Refusal("not-included", "step 4, index 6 of 6")
    changed = verify(build(4, NONCE, ENVELOPE + b".", proof, note), LOG_KEY, WITNESS_KEY)
    assert changed == Refusal("not-included", "step 5")
    assert verify(build(4, bytes(32), ENVELOPE, proof, note), LOG_KEY, WITNESS_KEY).code == "not-included"


def test_file_reads_as_a_tlog_proof():
    lines = GOOD.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 4"
    assert lines[lines.index("") + 1] == LOG_KEY.name


def test_file_of_more_than_its_limits_is_not_built():
    root, proof = tree(6, 4)
    note = sign_checkpoint(LOG_KEY.name, 6, root, LOG)
    for arguments in (
        (4, NONCE, ENVELOPE, [bytes(32)] * 64, note),
        (4, NONCE, bytes(1 << 24), proof, note),
        (4, b"short", b"", proof, note),
        (-1, NONCE, ENVELOPE, proof, note),
        (4, NONCE, ENVELOPE, [bytes(31)], note),
    ):
        with pytest.raises(BadInput) as caught:
            build(*arguments)
        assert caught.value.code == "bad-evidence"


def test_every_cut_of_the_file_is_refused():
    for at in range(len(GOOD)):
        seen, code = attempt(verify, GOOD[:at], LOG_KEY, WITNESS_KEY)
        assert code in ("bad-evidence", "bad-note") or isinstance(seen, Refusal), at


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_changed_byte_proves_something_else(at, mask):
    data = GOOD[:at] + bytes([GOOD[at] ^ mask]) + GOOD[at + 1 :]
    seen, code = attempt(verify, data, LOG_KEY, WITNESS_KEY)
    assert code in ("bad-evidence", "bad-note") or isinstance(seen, Refusal)


@given(st.binary(max_size=200))
def test_any_bytes_are_evidence_or_bad_input(data):
    for candidate in (data, b"c2sp.org/tlog-proof@v1\n" + data):
        with pytest.raises(BadInput) as caught:
            parse(candidate)
        assert caught.value.code in ("bad-evidence", "bad-note")
