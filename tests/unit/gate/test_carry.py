"""Frames of a file, lists of uses elsewhere, and the rest of a group."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.decide import Scan, UsedHere
from safeconduct.gate.frames import CHUNK, MOST_FRAMES, join_frames, to_frames
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.rest import decide_rest
from safeconduct.gate.used_list import UsedList, open_used, sign_used
from safeconduct.passes import binding
from unit.gate.test_decide import BUNDLE, GATE, WORDS, bound
from unit.passes.passes_world import DEVICE, IDENTITY, NOON, OTHER, a_pass


@given(st.binary(min_size=1, max_size=4 * CHUNK), st.randoms(use_true_random=False))
def test_a_file_comes_out_of_its_frames_in_whatever_order_they_are_read(data, rng):
    frames = to_frames(data)
    assert all(len(text) <= 395 for text in frames), "QR 10-L holds 395 characters"
    read = frames + frames[:1]
    rng.shuffle(read)
    assert join_frames(read) == data


@pytest.mark.parametrize("length", [0, CHUNK * MOST_FRAMES + 1])
def test_what_has_no_frames_is_refused(length):
    with pytest.raises(BadInput) as refused:
        to_frames(bytes(length))
    assert refused.value.code == "bad-frames"


def test_no_frame_is_no_file():
    with pytest.raises(BadInput, match="0 of 0"):
        join_frames([])


def test_a_list_of_uses_opens_under_its_nodes_key_only():
    made = UsedList("corridor-a", "phone-1", 3, 9, NOON, NOON + 60, {bytes(32): (1, 5)})
    data = sign_used(made, DEVICE)
    assert open_used(data, NodeKeys.enrolled(DEVICE.public), NOON) == made
    assert open_used(data, NodeKeys.enrolled(OTHER.public), NOON) == Refusal("bad-signature", "list of uses")
    with pytest.raises(BadInput) as refused:
        sign_used(replace(made, expires=NOON), DEVICE)
    assert refused.value.code == "bad-used"


@pytest.mark.parametrize(
    ("came", "now", "reason", "heads"),
    [
        (2, None, "ok", 3),
        (2, 1, "ok", 1),
        (2, 3, "ok", 3),
        (2, 4, "heads-differ", 5),
        (5, None, "used-here", 5),
        (9, 1, "used-here", 5),
    ],
)
def test_the_rest_is_no_more_than_is_left(came, now, reason, heads):
    used = UsedHere({(IDENTITY, 7)})
    made = decide_rest(BUNDLE, used, Scan(a_pass(), GATE, NOON, heads=now), came)
    assert (made.reason, made.admit, made.heads) == (reason, reason == "ok", heads)
    assert used.here == {(IDENTITY, 7)}, "nothing is changed"


def test_a_copy_brings_nobody_in_as_the_rest_without_the_words_or_after_another_use():
    raw = bound(1, binding.secret_of(WORDS))
    assert decide_rest(BUNDLE, UsedHere(), Scan(raw, GATE, NOON), 1).reason == "binding-needed"
    assert decide_rest(BUNDLE, UsedHere(), Scan(raw, GATE, NOON, words=WORDS), 1).heads == 4
    used = UsedHere(set(), {(IDENTITY, 7)})
    assert decide_rest(BUNDLE, used, Scan(a_pass(), GATE, NOON), 1).reason == "used-elsewhere"
