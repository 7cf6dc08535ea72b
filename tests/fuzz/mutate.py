"""Bytes near those that are right: bits turned, parts cut, doubled and swapped, and single values of CBOR changed.

A mutation of the decoded value gets past the reader of CBOR, to the checks behind it.
"""

import cbor2

ODD = (
    b"", b"\x00", b"\xff", b"\x7f\xff\xff\xff\xff\xff\xff\xff", b"\x80" * 4, b"\x9f", b"\xbf", b"\xc2", b"\xf9\x7e\x00", b"\xfb" + b"\xff" * 8,
    b"SC1:", b"SCE1:", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xa0", b"\x80", b"\xf6", b"\x1b" + b"\xff" * 8,
)  # fmt: skip
VALUES = (
    None, True, False, 0, 1, -1, 255, 256, 1 << 24, 1 << 32, 1 << 53, (1 << 64) - 1, 1 << 64, -(1 << 64), 0.5, float("nan"), "", "x", "\u202e", "é" * 90,
    "a\nb", b"", b"\0", b"\xff" * 16, bytes(32), bytes(64), [], [[]], {}, {"v": 1}, {1: 2}, [None] * 3,
)  # fmt: skip
MOST = 1 << 16  # bytes: longer ones are slower and find nothing more


def mutated(rng, seed, other=b""):
    """One more case near a seed."""
    data = bytes(seed)
    if rng.random() < 0.5:
        data = _value(rng, data)
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        data = rng.choice((_flip, _cut, _double, _insert, _overwrite, _splice))(rng, data, other)
    return data[:MOST]


def _value(rng, data):
    try:
        value = cbor2.loads(data)
    except Exception:  # noqa: BLE001  (no CBOR: its bytes are changed below)
        return data
    try:
        return cbor2.dumps(_changed(rng, value), canonical=rng.random() < 0.9)
    except Exception:  # noqa: BLE001  (a key that cannot be one)
        return data


def _changed(rng, value):
    """A value with one part of it replaced, dropped or doubled; what holds CBOR of its own is opened too."""
    if isinstance(value, bytes) and len(value) > 8 and rng.random() < 0.5:
        return _value(rng, value) if rng.random() < 0.7 else _flip(rng, value, b"")
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        act = rng.random()
        if act < 0.1:
            return value[:place] + value[place + 1 :]
        if act < 0.2:
            return [*value, value[place]]
        return [*value[:place], _changed(rng, value[place]), *value[place + 1 :]]
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        act = rng.random()
        if act < 0.1:
            return {name: item for name, item in value.items() if name != key}
        if act < 0.2:
            return {**value, rng.choice(("w", "", 7, b"k")): 1}
        return {**value, key: _changed(rng, value[key])}
    if isinstance(value, int) and rng.random() < 0.3:
        return value + rng.choice((-1, 1))
    return rng.choice(VALUES)


def _flip(rng, data, _other):
    if not data:
        return data
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :]


def _cut(rng, data, _other):
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[rng.randrange(start, len(data) + 1) :]


def _double(rng, data, _other):
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((1, 2, 8, 64)))
    return data[:end] + data[start:]


def _insert(rng, data, _other):
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.choice(ODD) + data[place:]


def _overwrite(rng, data, _other):
    odd = rng.choice(ODD)
    place = rng.randrange(len(data) + 1)
    return data[:place] + odd + data[place + len(odd) :]


def _splice(rng, data, other):
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
