"""Spoken passes: found by their words in a table that tells nobody else anything."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from random import Random

import pytest

from safeconduct.errors import BadInput
from safeconduct.passes import fuse, spoken
from safeconduct.passes.binding import words_of
from safeconduct.seal.canonical import decode_cbor, encode_cbor

EMPTY = spoken.SpokenTable(
    agreement_id="exercise-1",
    salt=spoken.salt_of("exercise-1", bytes(16)),
    seed=b"",
    preset="std",
    word_list="bip39-en",
    keys=0,
    batches=(bytes([1]) * 32, bytes([2]) * 32),
    windows=((1_629_676_800, 14_400), (1_629_700_000, 3_600)),
    point_sets=(("cordon-1", "gate-north"), ("gate-east",)),
    slots=b"",
)


def some(count, seed=1):
    draw = Random(seed)
    return [
        (
            draw.randbytes(32),
            spoken.SpokenPass(
                draw.randrange(1 << 17), draw.randrange(2), draw.randint(1, 63), draw.randrange(2), draw.randrange(2)
            ),
        )
        for _ in range(count)
    ]


def entropy(seed=7):
    return sha256(bytes([seed])).digest()


def test_six_words_are_drawn_from_all_of_the_list():
    words = words_of("bip39-en")
    assert spoken.draw_words(bytes(9)) == (words[0],) * 6
    assert spoken.draw_words(b"\xff" * 9) == (words[-1],) * 6
    drawn = Counter(word for seed in range(2_000) for word in spoken.draw_words(Random(seed).randbytes(9)))
    assert len(drawn) > 2_000
    with pytest.raises(BadInput, match="9 random bytes"):
        spoken.draw_words(bytes(8))


def test_words_are_found_however_they_are_typed_and_no_others():
    words = "abandon ability able about above absent"
    master = spoken.master_of(words, EMPTY.salt, "std")
    allowed = spoken.SpokenPass(100_000, 1, 5, 0, 1)
    table = spoken.build(EMPTY, [(master, allowed), *some(50)], entropy())
    assert (
        spoken.look_up(table, spoken.master_of("  Abandon, ABILITY able-about above absent", table.salt, "std"))
        == allowed
    )
    assert spoken.look_up(table, spoken.master_of("abandon ability able about above absorb", table.salt, "std")) is None
    with pytest.raises(BadInput, match="preset"):
        spoken.master_of(words, EMPTY.salt, "cheap")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zoo ZOO zoo, zoo zoo-zoo", "zoo zoo zoo zoo zoo zoo"),
        ("000000010002000300040005", "abandon ability able about above absent"),
        ("zoo zoo zoo zoo zoo", None),
        ("zoo zoo zoo zoo zoo klingon", None),
        ("SC1:ABC", None),
        ("", None),
    ],
)
def test_six_words_of_the_list_are_told_from_anything_else(text, words):
    assert spoken.as_words(text) == words


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001])
def test_every_pass_is_found_and_a_stranger_is_not(count):
    passes = some(count)
    table = spoken.build(EMPTY, passes, entropy())
    assert all(spoken.look_up(table, master) == one for master, one in passes)
    assert not any(spoken.look_up(table, master) for master, _ in some(3_000, seed=2))


def test_a_table_tells_its_size_class_and_no_more():
    tables = [spoken.build(EMPTY, some(count), entropy(count % 200)) for count in (3, 400, 1_000)]
    assert len({len(spoken.encode(table)) for table in tables}) == 1
    again = spoken.build(EMPTY, some(400), entropy(201))
    same = sum(tables[1].slots[at : at + 10] == again.slots[at : at + 10] for at in range(0, len(again.slots), 10))
    assert same == 0
    bits = Counter(bit for byte in tables[0].slots for bit in f"{byte:08b}")
    assert 0.49 < bits["1"] / sum(bits.values()) < 0.51


def test_a_hundred_thousand_fit_into_1200000_bytes():
    slots = fuse.layout_for(100_000).slots * fuse.RECORD_BYTES
    full = replace(EMPTY, seed=bytes(16), keys=100_000, slots=bytes(slots))
    assert len(spoken.encode(full)) <= 1_200_000


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("index", {"index": 1 << 17}),
        ("batch", {"batch": 2}),
        ("heads", {"heads": 0}),
        ("heads", {"heads": 64}),
        ("window", {"window": 2}),
        ("points", {"points": 2}),
    ],
)
def test_a_pass_names_only_what_its_table_lists(name, changes):
    with pytest.raises(BadInput, match=name) as refused:
        spoken.build(EMPTY, [(bytes(32), replace(spoken.SpokenPass(1, 1, 1, 1, 1), **changes))], entropy())
    assert refused.value.code == "bad-spoken"


def test_noise_that_names_nothing_listed_is_not_taken():
    narrow = replace(EMPTY, batches=EMPTY.batches[:1], windows=EMPTY.windows[:1], point_sets=EMPTY.point_sets[:1])
    passes = some(40)
    table = replace(spoken.build(EMPTY, passes, entropy()), batches=narrow.batches, windows=narrow.windows,
                    point_sets=narrow.point_sets)  # fmt: skip
    for master, one in passes:
        within = (one.batch, one.window, one.points) == (0, 0, 0)
        assert spoken.look_up(table, master) == (one if within else None)


def test_what_cannot_be_built_is_said():
    with pytest.raises(BadInput, match="32 random bytes"):
        spoken.build(EMPTY, [], bytes(31))
    with pytest.raises(BadInput, match="the same words twice"):
        spoken.build(EMPTY, some(1) * 2, entropy())
    too_many = [(index.to_bytes(32, "big"), spoken.SpokenPass(0, 0, 1, 0, 0)) for index in range(200_001)]
    with pytest.raises(BadInput, match="at most 200000"):
        spoken.build(EMPTY, too_many, entropy())


def test_seeds_with_a_knot_are_passed_over_and_at_last_given_up(monkeypatch):
    tried = []
    real = fuse.build

    def knotted(*given):
        tried.append(given)
        return real(*given) if len(tried) > 2 else None

    monkeypatch.setattr(fuse, "build", knotted)
    passes = some(5)
    table = spoken.build(EMPTY, passes, entropy())
    assert len(tried) >= 3
    assert spoken.look_up(table, passes[0][0]) == passes[0][1]
    monkeypatch.setattr(fuse, "build", lambda *_: None)
    with pytest.raises(BadInput, match="without a knot"):
        spoken.build(EMPTY, passes, entropy())


def test_a_table_reads_back_as_it_was_written():
    table = spoken.build(EMPTY, some(20), entropy())
    data = spoken.encode(table)
    assert spoken.decode(data) == table
    fields = decode_cbor(data, where="table")
    for name, value in [("keys", 1_001), ("slots", bytes(10)), ("batches", []), ("v", 2), ("salt", bytes(8))]:
        with pytest.raises(BadInput) as refused:
            spoken.decode(encode_cbor(fields | {name: value}))
        assert refused.value.code == "bad-spoken"
        assert name in str(refused.value)
