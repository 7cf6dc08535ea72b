"""Shapes of decoded CBOR: a map has exactly the named fields, each of its kind, or the input is refused by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import call
from typing import Any

from safeconduct.errors import BadInput

_JOINERS = {0x200C: "", 0x200D: ""}  # zero-width (non-)joiner: spelling, not trickery; direction overrides are refused
LAST_SECOND = 1 << 40  # unix seconds; beyond any use, and within a double's whole numbers in the page's JavaScript


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field may be: words for the error, and the test."""

    expected: str
    fits: Callable[[Any], bool]


def integer(low: int, high: int) -> Kind:
    """A whole number from `low` to `high`, both included; `True` is none."""
    return Kind(f"a whole number from {low} to {high}", lambda seen: type(seen) is int and low <= seen <= high)


def raw(length: int) -> Kind:
    """A byte string of exactly `length` bytes."""
    return Kind(f"{length} bytes", lambda seen: type(seen) is bytes and len(seen) == length)


def blob(longest: int) -> Kind:
    """A byte string of 1 to `longest` bytes."""
    return Kind(f"1 to {longest} bytes", lambda seen: type(seen) is bytes and 0 < len(seen) <= longest)


def text(longest: int, shortest: int = 1) -> Kind:
    """Printable text of `shortest` to `longest` characters; of what is invisible, only the joiners of Arabic script."""
    return Kind(
        f"{shortest} to {longest} printable characters",
        lambda seen: (
            type(seen) is str
            and shortest <= len(seen) <= longest
            and (seen.isprintable() or seen.translate(_JOINERS).isprintable())
        ),
    )


def prose(longest: int) -> Kind:
    """Text of up to `longest` characters, line ends allowed."""
    return Kind(f"up to {longest} characters", lambda seen: type(seen) is str and len(seen) <= longest)


def one_of(*words: str) -> Kind:
    """One of the given words."""
    return Kind("one of " + ", ".join(words), lambda seen: type(seen) is str and seen in words)


def optional(kind: Kind) -> Kind:
    """The kind, or null."""
    return Kind(f"{kind.expected}, or null", lambda seen: seen is None or kind.fits(seen))


def many(kind: Kind, most: int, least: int = 0) -> Kind:
    """An array of `least` to `most` items of one kind."""
    return Kind(
        f"{least} to {most} items, each {kind.expected}",
        lambda seen: type(seen) is list and least <= len(seen) <= most and all(map(kind.fits, seen)),
    )


def row(*kinds: Kind) -> Kind:
    """An array of exactly these kinds, in this order."""
    tests = [kind.fits for kind in kinds]
    return Kind(
        "an array of: " + "; ".join(kind.expected for kind in kinds),
        lambda seen: type(seen) is list and len(seen) == len(tests) and all(map(call, tests, seen)),
    )


def table(key: Kind, value: Kind, most: int) -> Kind:
    """A map of up to `most` entries, every key and every value of its kind."""
    return Kind(
        f"up to {most} entries of {key.expected} to {value.expected}",
        lambda seen: (
            type(seen) is dict
            and len(seen) <= most
            and all(key.fits(name) and value.fits(item) for name, item in seen.items())
        ),
    )


TIME = integer(0, LAST_SECOND)
HASH = raw(32)
SIGNATURE = raw(64)
ID = text(80)


def check(code: str, where: str, kind: Kind, seen: Any) -> Any:
    """Return `seen` if it fits, else raise `BadInput(code)` that says what was expected."""
    if not kind.fits(seen):
        raise BadInput(code, where=where, expected=kind.expected, seen=seen)
    return seen


def check_map(code: str, where: str, kinds: Mapping[str, Kind], seen: Any) -> dict[str, Any]:
    """Return the map `seen` if it has exactly the fields of `kinds`, each fitting; else raise `BadInput(code)`."""
    if type(seen) is not dict:
        raise BadInput(code, where=where, expected="a map", seen=seen)
    if seen.keys() != kinds.keys():
        names = sorted(map(str, seen.keys() ^ kinds.keys()))
        raise BadInput(code, where=where, expected="exactly the fields of the format", seen=names)
    for name, kind in kinds.items():
        check(code, f"{where}: {name}", kind, seen[name])
    return seen
