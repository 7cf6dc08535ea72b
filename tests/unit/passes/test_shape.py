"""Shapes of decoded CBOR."""

import pytest

from safeconduct.errors import BadInput
from safeconduct.passes import shape

FITS = [
    (shape.integer(0, 5), [0, 5], [-1, 6, True, "1", None]),
    (shape.raw(2), [b"ab"], [b"a", "ab", b"abc"]),
    (shape.blob(2), [b"a", b"ab"], [b"", b"abc", "a"]),
    (shape.text(2), ["a", "آ\u200c"], ["", "abc", "\n", "\u202e", b"a"]),
    (shape.prose(3), ["", "a\nb"], ["abcd", 1]),
    (shape.one_of("a", "b"), ["a"], ["c", "", 0, []]),
    (shape.optional(shape.raw(1)), [None, b"a"], [b"", 0]),
    (shape.many(shape.raw(1), 2, 1), [[b"a"], [b"a", b"b"]], [[], [b"a"] * 3, [1], b"a"]),
    (shape.row(shape.raw(1), shape.TIME), [[b"a", 0]], [[b"a"], [0, b"a"], [b"a", 0, 0], {}]),
    (shape.table(shape.text(1), shape.TIME, 1), [{}, {"a": 1}], [{"a": b""}, {1: 1}, {"a": 1, "b": 1}, []]),
]


@pytest.mark.parametrize(("kind", "good", "bad"), FITS, ids=lambda item: getattr(item, "expected", ""))
def test_a_kind_takes_what_it_says_and_nothing_else(kind, good, bad):
    for value in good:
        assert shape.check("bad-x", "here", kind, value) is value
    for value in bad:
        with pytest.raises(BadInput) as refused:
            shape.check("bad-x", "here", kind, value)
        assert (refused.value.code, refused.value.where, refused.value.expected) == ("bad-x", "here", kind.expected)


def test_a_map_has_exactly_its_fields():
    kinds = {"a": shape.TIME, "b": shape.TIME}
    assert shape.check_map("bad-x", "map", kinds, {"b": 1, "a": 2}) == {"a": 2, "b": 1}
    for spoilt in ({"a": 1}, {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": -1}, [], {"a": 1, 5: 1}):
        with pytest.raises(BadInput):
            shape.check_map("bad-x", "map", kinds, spoilt)
