"""A phone's key as text, and the code that it shows: slips are found, and a code is worth nothing elsewhere or later."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.passes import holding
from safeconduct.passes.base45 import ALPHABET
from safeconduct.passes.pass_format import EPOCH, qr
from safeconduct.seal.keys import SigningKey
from unit.passes.passes_world import NOON, a_pass

PHONE, OTHER = SigningKey.from_seed(bytes(range(32))), SigningKey.from_seed(bytes(32))
RAW = a_pass()
GATE = "gate-north"


@settings(max_examples=200)
@given(place=st.integers(0, holding.KEY_LENGTH - 1), letter=st.sampled_from(ALPHABET))
def test_every_slip_in_a_key_is_found(place, letter):
    text = holding.key_text(PHONE.public)
    typed = text[:place] + letter + text[place + 1 :]
    if typed == text:
        assert holding.read_key(typed) == PHONE.public
    else:
        with pytest.raises(BadInput):
            holding.read_key(typed)


def test_the_error_says_where_the_key_stood():
    with pytest.raises(BadInput, match="row 7"):
        holding.read_key("SCK1:NONSENSE", where="keys.csv row 7")


def test_both_codes_fit_the_codes_of_paper():
    assert len(holding.key_text(PHONE.public)) == holding.KEY_LENGTH
    text = holding.make_proof(PHONE, RAW, GATE, NOON)
    assert len(text) == holding.PROOF_LENGTH
    assert qr(text).designator == "6-M", "no larger than the pass itself"


@given(st.integers(-900, 900))
def test_a_code_holds_five_minutes_either_way_and_no_longer(seconds):
    proof = holding.read_proof(holding.make_proof(PHONE, RAW, GATE, NOON + seconds))
    off = abs(holding.minute_of(NOON + seconds) - holding.minute_of(NOON))
    assert holding.holds(proof, RAW, GATE, NOON) == (off <= 5)


@pytest.mark.parametrize(("raw", "point"), [(a_pass(index=8), GATE), (RAW, "cordon-1"), (RAW, GATE + " "), (RAW, "")])
def test_a_code_is_void_for_another_pass_or_point(raw, point):
    proof = holding.read_proof(holding.make_proof(PHONE, RAW, GATE, NOON))
    assert holding.holds(proof, RAW, GATE, NOON)
    assert not holding.holds(proof, raw, point, NOON)


def test_the_minute_written_in_by_somebody_else_is_found():
    early, late = (holding.make_proof(PHONE, RAW, GATE, at) for at in (NOON - 3_600, NOON))
    old, new = holding.read_proof(early), holding.read_proof(late)
    forged = holding.Proof(old.key, new.minute, old.signature)
    assert not holding.holds(forged, RAW, GATE, NOON)


@pytest.mark.parametrize("now", [EPOCH - 1, EPOCH + 60 * (1 << 24)])
def test_a_clock_outside_of_all_minutes_makes_no_code(now):
    with pytest.raises(BadInput) as refused:
        holding.make_proof(PHONE, RAW, GATE, now)
    assert refused.value.code == "bad-proof"


def test_only_a_whole_pass_is_signed():
    with pytest.raises(BadInput) as refused:
        holding.make_proof(PHONE, RAW[:95], GATE, NOON)
    assert refused.value.code == "bad-pass"


def test_a_weak_key_is_shown_to_nobody():
    with pytest.raises(BadInput) as refused:
        holding.key_text(bytes(32))
    assert refused.value.code == "bad-key"


@given(st.text(ALPHABET, min_size=1), st.text(min_size=1))
def test_a_link_brings_text_and_point_unchanged_and_behind_the_hash(text, point):
    page, _, told = holding.pass_link("https://node.example/scan/hold", text, point).partition("#")
    assert page == "https://node.example/scan/hold"
    assert dict(parse_qsl(told, keep_blank_values=True, strict_parsing=True)) == {"point": point, "pass": text}
