"""Words, documents and phones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.passes import binding
from unit.passes.passes_world import IDENTITY


def test_four_words_carry_44_bits():
    words = binding.words_of("bip39-en")
    assert len(set(words)) == 2_048
    assert binding.draw_words(bytes(6)) == (words[0],) * 4
    assert binding.draw_words(b"\xff" * 6) == (words[2_047],) * 4
    one_bit = binding.draw_words((1 << 4).to_bytes(6, "big"))
    assert one_bit == (words[0], words[0], words[0], words[1])


@pytest.mark.parametrize("length", [0, 5, 7])
def test_words_are_drawn_from_six_bytes_only(length):
    with pytest.raises(BadInput):
        binding.draw_words(bytes(length))


def test_an_unknown_word_list_or_preset_is_refused():
    with pytest.raises(BadInput):
        binding.words_of("klingon")
    with pytest.raises(BadInput):
        binding.bind("a b c d", IDENTITY, 1, bytes(16), "exercise")


@pytest.mark.parametrize("typed", ["Ábandon  ABILITY", " abandon\tability ", "abandon-ability.", "ABANDON,ability"])
def test_what_people_type_differently_is_folded(typed):
    assert binding.normalise(typed) == "abandon ability"


@pytest.mark.parametrize(
    ("said", "expect"),
    [
        ("0000 2047", "abandon zoo"),
        ("1 02 003", "ability able about"),
        ("۰۰۰۱ ٠٠٠٢", "ability able"),
        ("000100020003", "ability able about"),
        ("2048", "2048"),
        ("99990001", "9999 ability"),
        ("00001", "00001"),
        ("able 1x ²", "able 1x able"),
        ("", ""),
    ],
)
def test_numbers_stand_for_the_words_at_their_places(said, expect):
    assert binding.spell(said) == expect
    assert binding.secret_of(said) == expect


@given(st.lists(st.integers(0, 2_047), min_size=1, max_size=6))
def test_numbers_of_words_lead_back_to_them(places):
    words = [binding.words_of("bip39-en")[place] for place in places]
    numbers = binding.numbers_of(words)
    assert [int(number) for number in numbers] == places
    assert binding.spell(" ".join(numbers)) == binding.spell(" ".join(words)) == " ".join(words)


def test_a_word_of_no_list_has_no_number():
    with pytest.raises(BadInput, match="1 others"):
        binding.numbers_of(["able", "klingon"])


def test_a_documents_number_stays_a_number():
    assert binding.secret_of("0001", "0001") == "ability|0001"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    once = binding.normalise(text)
    assert binding.normalise(once) == once


@pytest.mark.seed("S-11")
def test_a_binding_holds_for_its_pass_only():
    secret = binding.secret_of("abandon ability able about")
    bound = binding.bind(secret, IDENTITY, 7, bytes(16), "std")
    assert len(bound) == 16
    assert bound == binding.bind(secret, IDENTITY, 7, bytes(16), "std")
    others = {
        binding.bind(secret, IDENTITY, 8, bytes(16), "std"),
        binding.bind(secret, bytes(32), 7, bytes(16), "std"),
        binding.bind(secret, IDENTITY, 7, b"pepper" + bytes(10), "std"),
        binding.bind(binding.secret_of("abandon ability able above"), IDENTITY, 7, bytes(16), "std"),
    }
    assert len(others) == 4
    assert bound not in others


def test_a_document_is_part_of_the_secret_and_no_word():
    assert binding.secret_of("able", "P 12-34x") == "able|p1234x"
    assert binding.secret_of("able p1234x") != binding.secret_of("able", "P1234X")


def test_a_phone_binding_depends_on_its_key():
    assert len(binding.bind_phone(bytes(32))) == 16
    assert binding.bind_phone(bytes(32)) != binding.bind_phone(b"\1" * 32)
