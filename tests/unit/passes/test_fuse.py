"""The 4-wise fuse table: every key its record, at the promised size, and nothing told of what is free."""

from random import Random

import pytest

from safeconduct.passes import fuse


def keys(count, seed=1):
    draw = Random(seed)
    return [draw.randbytes(fuse.SPOT_BYTES) for _ in range(count)], [draw.randbytes(10) for _ in range(count)]


@pytest.mark.parametrize("count", [2, 10, 1_000, 20_000])
def test_every_key_finds_its_record(count):
    layout = fuse.layout_for(count)
    for seed in range(20):
        hashes, records = keys(count, seed)
        slots = fuse.build(hashes, records, layout, b"fill")
        if slots is not None:
            break
    assert len(slots) == layout.slots * fuse.RECORD_BYTES
    assert [fuse.read(slots, fuse.spots(hashed, layout)) for hashed in hashes] == records


@pytest.mark.parametrize(("count", "most"), [(1_000, 1.42), (10_000, 1.25), (100_000, 1.13)])
def test_slots_for_each_key_stay_few(count, most):
    assert count <= fuse.layout_for(count).slots <= most * count


def test_four_slots_lie_in_four_neighbouring_segments():
    layout = fuse.layout_for(5_000)
    for hashed in keys(500)[0]:
        segments = [spot // layout.segment for spot in fuse.spots(hashed, layout)]
        assert segments == list(range(segments[0], segments[0] + 4))
        assert segments[-1] < layout.slots // layout.segment


def test_a_knot_is_told_and_not_built():
    hashes, records = keys(2)
    assert fuse.build([hashes[0], hashes[0]], records, fuse.layout_for(2), b"fill") is None


def test_free_slots_are_drawn_from_the_secret_alone():
    layout = fuse.layout_for(1_000)
    hashes, records = keys(10)
    one, same, other = (fuse.build(hashes, records, layout, fill) for fill in (b"a", b"a", b"b"))
    assert one == same
    differing = sum(one[at : at + 10] != other[at : at + 10] for at in range(0, len(one), 10))
    assert differing == layout.slots  # also the slots in use: each is the record against three that differ
