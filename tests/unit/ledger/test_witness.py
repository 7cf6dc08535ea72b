"""The witness's decision."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.ledger.merkle import EMPTY_ROOT, Frontier, consistency_proof, leaf_hash
from safeconduct.ledger.note import COSIGNATURE, ED25519, note_key, sign_checkpoint, verify_cosignature
from safeconduct.ledger.witness import Accepted, Refused, WitnessState, decide, encode_request, parse_request
from safeconduct.seal.keys import SigningKey

LOG, WITNESS = SigningKey.from_seed(b"l" * 32), SigningKey.from_seed(b"w" * 32)
ORIGIN, NAME = "evac.example/log", "cordon.example/w"
LOG_KEY = note_key(ORIGIN, ED25519, LOG.public)
NODES = {(lv, i): h for lv, i, h in Frontier().append([leaf_hash(bytes([n])) for n in range(40)])}


def attempt(function, *arguments, **named):
    """What the function returns and None, or None and the code of its refusal of bad input."""
    try:
        return function(*arguments, **named), None
    except BadInput as error:
        return None, error.code


def get(level, index):
    return NODES[level, index]


def note_of(size):
    return sign_checkpoint(ORIGIN, size, Frontier.from_nodes(size, get).root(), LOG)


def ask(state, old, new, note=None, proof=None, keys=None):
    if proof is None:
        proof = consistency_proof(old, new, get) if 0 < old <= new else []
    request = parse_request(encode_request(old, proof, note or note_of(new)))
    return decide(state, request, keys or {ORIGIN: [LOG_KEY]}, name=NAME, key=WITNESS, now=1_629_936_000)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6).map(sorted))
def test_growing_log_is_cosigned_at_every_step(sizes):
    state = None
    for size in sizes:
        answer = ask(state, state.size if state else 0, size)
        assert isinstance(answer, Accepted)
        assert (answer.status, answer.body) == (200, answer.cosignature)
        witness = note_key(NAME, COSIGNATURE, WITNESS.public)
        assert verify_cosignature(answer.state.note + answer.cosignature, witness) == 1_629_936_000
        state = answer.state
    assert state.size == sizes[-1]


def test_two_signed_heads_of_one_size_are_both_kept():
    state = ask(None, 0, 7).state
    fork = sign_checkpoint(ORIGIN, 7, bytes(32), LOG)
    answer = ask(state, 7, 7, note=fork, proof=[])
    assert isinstance(answer, Refused)
    assert (answer.status, answer.body, answer.content_type) == (409, "7\n", "text/x.tlog.size")
    assert answer.evidence == (state.note, fork)


def test_unsigned_fork_is_no_evidence():
    state = ask(None, 0, 7).state
    forged = sign_checkpoint(ORIGIN, 7, bytes(32), WITNESS)
    answer = ask(state, 7, 7, note=forged, proof=[])
    assert (answer.status, answer.evidence) == (403, ())


def test_restored_backup_is_told_the_size_that_was_witnessed():
    state = ask(None, 0, 20).state
    answer = ask(state, 5, 6)
    assert (answer.status, answer.refusal.code, answer.body) == (409, "head-behind", "20\n")
    assert answer.evidence == ()


def test_log_that_asks_for_the_size_gets_it():
    answer = ask(ask(None, 0, 20).state, 0, 30)
    assert (answer.status, answer.body) == (409, "20\n")


def test_unknown_witness_state_is_size_zero():
    assert ask(None, 3, 5).body == "0\n"


def test_empty_log_has_one_root():
    wrong = sign_checkpoint(ORIGIN, 0, bytes(32), LOG)
    assert ask(None, 0, 0, note=wrong).status == 422
    state = ask(None, 0, 0).state
    assert state.root == EMPTY_ROOT
    assert ask(state, 0, 3).status == 200
    assert ask(state, 0, 0, note=wrong).status == 409
    assert ask(state, 0, 3, proof=[bytes(32)]).status == 422


def test_any_of_the_keys_trusted_for_an_origin_will_do():
    other = note_key(ORIGIN, ED25519, WITNESS.public)
    assert ask(None, 0, 3, keys={ORIGIN: [other, LOG_KEY]}).status == 200
    assert ask(None, 0, 3, keys={ORIGIN: [other]}).status == 403
    assert ask(None, 0, 3, keys={ORIGIN: []}).status == 403
    assert ask(None, 0, 3, keys={"else.example/log": [LOG_KEY]}).status == 404


def test_refused_request_says_why_in_words():
    assert ask(None, 0, 3, keys={"else.example/log": [LOG_KEY]}).body == "this log is not one that we witness\n"


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 5), st.binary(min_size=32, max_size=32))
def test_damaged_proof_is_never_cosigned(old, new, at, noise):
    state = ask(None, 0, old).state
    proof = consistency_proof(old, new, get) if old <= new else [noise]
    damaged = [*proof[:at], noise, *proof[at + 1 :]]
    if damaged == proof:
        return
    assert isinstance(ask(state, old, new, proof=damaged), Refused)


@given(st.binary(max_size=100), st.integers(0, 300), st.integers(0, 20))
def test_any_request_is_read_or_bad_input(noise, at, cut):
    whole = encode_request(3, consistency_proof(3, 5, get), note_of(5))
    for data in (noise, whole[:at] + noise + whole[at + cut :]):
        request, code = attempt(parse_request, data)
        if code:
            assert code in ("bad-request", "bad-note")
        else:
            assert encode_request(request.old_size, request.proof, request.checkpoint.note) == data


def test_request_above_the_limit_is_refused():
    with pytest.raises(BadInput, match="at most") as caught:
        parse_request(b"old 0\n\n" + b"x" * 100_000)
    assert caught.value.code == "bad-request"


def test_request_of_64_proof_lines_is_refused():
    assert parse_request(encode_request(0, [bytes(32)] * 63, note_of(5))).proof == (bytes(32),) * 63
    with pytest.raises(BadInput, match="at most 63 lines, saw 64"):
        parse_request(encode_request(0, [bytes(32)] * 64, note_of(5)))


def test_state_may_be_held_without_its_note():
    state = replace(ask(None, 0, 7).state, note="")
    assert isinstance(state, WitnessState)
    assert ask(state, 7, 9).status == 200
