"""One value, one encoding: deterministic CBOR (RFC 8949, section 4.2.1) and a subset of canonical JSON (RFC 8785).

What is signed or hashed must have exactly one byte form, or two honest readers disagree. So both encoders know only
None, bool, int, str, list (or tuple) and dict, CBOR bytes besides; there are no floats, tags or indefinite lengths.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import cbor2

from safeconduct.errors import BadInput

MAX_DEPTH = 32  # containers within containers; the deepest record of this package has 7
MAX_BYTES = 1 << 20  # 1 MiB, unless a caller knows better
_INT_MAX, _INT_MIN = (1 << 64) - 1, -(1 << 64)  # major types 0 and 1; beyond it CBOR would need a tag
_AS_IT_IS = {str, bytes, bool, type(None)}
_LIST, _MAP = 4 << 5, 5 << 5  # major types
_KEY_TYPES = {str, bytes, int}
_JSON_MAX = (1 << 53) - 1  # I-JSON, RFC 7493 section 2.2: what every reader holds exactly

# Every tag that cbor2 would act on by itself. Some of them compute (4, 5, 30), compile (35) or parse (36) what a
# stranger wrote, so they are refused before their handler runs; any other tag fails at the re-encoding.
_ACTIVE_TAGS = (*range(6), 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)


def encode_cbor(value: Any) -> bytes:
    """Deterministic CBOR of a plain value.

    Map keys (str, bytes or int) are sorted by the bytes of their encoding, which is RFC 8949's order; cbor2's own
    "canonical" mode sorts shorter keys first, which is RFC 7049's.

    Raises:
        BadInput: `bad-cbor`, for a value of any other type, an integer beyond 64 bits, or more than 32 levels.
    """
    plain = _plain_cbor(value, 0, "value to encode")
    try:
        encoded: bytes = cbor2.dumps(plain)
    except UnicodeEncodeError:
        raise BadInput("bad-cbor", where="value to encode", expected="text without lone surrogates", seen="") from None
    return encoded


def join_cbor(parts: Mapping[Any, bytes | Sequence[bytes]]) -> bytes:
    """Deterministic CBOR of a map from its values' own encodings; a list of encodings stands for a list.

    What was encoded before, to be hashed, is not encoded again.
    """
    made = [_head(_MAP, len(parts))]
    for key in _cbor_order(dict(parts), "value to encode"):
        value = parts[key]
        whole = value if isinstance(value, bytes) else _head(_LIST, len(value)) + b"".join(value)
        made += [cbor2.dumps(key), whole]
    return b"".join(made)


def decode_cbor(data: bytes, *, where: str, limit: int = MAX_BYTES) -> Any:
    """Value of deterministic CBOR; lists come back as list, maps as dict.

    Steps: 1. size; 2. well-formed, no tag, no indefinite length, at most 32 levels; 3. only plain types; 4. the value
    encodes to these very bytes (refuses trailing bytes, long forms, unsorted and duplicate keys).

    Raises:
        BadInput: `bad-cbor`, with `where` and what was seen.
    """
    if len(data) > limit:  # 1
        raise BadInput("bad-cbor", where=where, expected=f"at most {limit} bytes", seen=len(data))
    try:  # 2
        value = cbor2.loads(
            data,
            tag_hook=_refuse_tag,
            semantic_decoders=_TAG_DECODERS,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except (cbor2.CBORError, ValueError, OverflowError, TypeError, RecursionError, MemoryError) as error:
        raise BadInput("bad-cbor", where=where, expected="well-formed CBOR", seen=str(error)) from None
    plain = _plain_cbor(value, 0, where)  # 3
    if cbor2.dumps(plain) != data:  # 4
        raise BadInput("bad-cbor", where=where, expected="the deterministic encoding, and no more", seen=bytes(data))
    return value


def encode_json(value: Any) -> bytes:
    """Canonical JSON in UTF-8: keys sorted by UTF-16 code units, no spaces, no floats (RFC 8785 without numbers).

    Raises:
        BadInput: `bad-json`, for another type, an integer beyond ±(2^53 − 1), a key that is no text, a lone
            surrogate, or more than 32 levels.
    """
    plain = _plain_json(value, 0, "value to encode")
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def decode_json(data: bytes, *, where: str, limit: int = MAX_BYTES) -> Any:
    """Value of a JSON document in strict UTF-8; spaces and key order are free.

    Raises:
        BadInput: `bad-json`, for duplicate keys, floats, NaN, a byte-order mark, lone surrogates, too much or too deep.
    """
    if len(data) > limit:
        raise BadInput("bad-json", where=where, expected=f"at most {limit} bytes", seen=len(data))
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_pairs,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError as error:
        raise BadInput("bad-json", where=where, expected="UTF-8", seen=f"byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise BadInput("bad-json", where=where, expected="strict JSON", seen=str(error)) from None
    _plain_json(value, 0, where)
    return value


def _head(kind: int, count: int) -> bytes:
    """Return the head of a list or a map (RFC 8949, section 3), as short as it can be."""
    short: bytes = cbor2.dumps(count)
    return bytes([short[0] | kind]) + short[1:]


def _plain_cbor(value: Any, depth: int, where: str) -> Any:
    """Value with its maps in order; refuses what has no deterministic form here."""
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is int:
        if _INT_MIN <= value <= _INT_MAX:
            return value
        raise BadInput("bad-cbor", where=where, expected="an integer of 64 bits", seen=value.bit_length())
    if depth == MAX_DEPTH:
        raise BadInput("bad-cbor", where=where, expected=f"at most {MAX_DEPTH} levels", seen="more")
    if kind is list or kind is tuple:
        return [
            item
            if type(item) in _AS_IT_IS or (type(item) is int and _INT_MIN <= item <= _INT_MAX)
            else _plain_cbor(item, depth + 1, where)
            for item in value
        ]
    if kind is dict:
        return {key: _plain_cbor(value[key], depth + 1, where) for key in _cbor_order(value, where)}
    expected = "None, bool, int, bytes, str, list or dict"
    raise BadInput("bad-cbor", where=where, expected=expected, seen=kind.__name__)


def _cbor_order(mapping: dict[Any, Any], where: str) -> list[Any]:
    """Keys in bytewise order of their encoding (RFC 8949, section 4.2.1)."""
    kinds = set(map(type, mapping))
    if not kinds <= _KEY_TYPES:
        seen = sorted(kind.__name__ for kind in kinds)
        raise BadInput("bad-cbor", where=where, expected="keys of str, bytes or int", seen=seen)
    if int in kinds:
        for key in mapping:
            _plain_cbor(key, 0, where)
    try:
        # Among texts the head grows with the length, so length and bytes give the same order without encoding.
        return sorted(mapping, key=_text_rank if kinds == {str} else cbor2.dumps)
    except UnicodeEncodeError:
        raise BadInput("bad-cbor", where=where, expected="text without lone surrogates", seen="") from None


def _text_rank(text: str) -> tuple[int, bytes]:
    data = text.encode()
    return len(data), data


def _plain_json(value: Any, depth: int, where: str) -> Any:
    """Value with its maps in order; refuses what has no canonical form here."""
    kind = type(value)
    if kind is str:
        _utf16(value, where)
        return value
    if kind is bool or value is None:
        return value
    if kind is int:
        if -_JSON_MAX <= value <= _JSON_MAX:
            return value
        raise BadInput("bad-json", where=where, expected="an integer within 2^53", seen=f"{value.bit_length()} bits")
    if depth == MAX_DEPTH:
        raise BadInput("bad-json", where=where, expected=f"at most {MAX_DEPTH} levels", seen="more")
    if kind is list or kind is tuple:
        return [_plain_json(item, depth + 1, where) for item in value]
    if kind is not dict:
        raise BadInput("bad-json", where=where, expected="None, bool, int, str, list or dict", seen=kind.__name__)
    for key in value:
        if type(key) is not str:
            raise BadInput("bad-json", where=where, expected="keys of text", seen=type(key).__name__)
    keys = sorted(value, key=lambda key: _utf16(key, where))
    return {key: _plain_json(value[key], depth + 1, where) for key in keys}


def _utf16(text: str, where: str) -> bytes:
    """UTF-16 code units, the sort key of RFC 8785 section 3.2.3; a lone surrogate has no UTF-8 form."""
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        raise BadInput("bad-json", where=where, expected="text without lone surrogates", seen=ascii(text)) from None


def _refuse_tag(*_: Any) -> NoReturn:
    raise ValueError("a tag")


_TAG_DECODERS = dict.fromkeys(_ACTIVE_TAGS, _refuse_tag)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:20]}")


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a duplicate key")
    return mapping
