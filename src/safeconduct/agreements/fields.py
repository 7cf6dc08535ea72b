"""Reading a record out of decoded JSON: each field by name and type, nothing missing and nothing left over.

Codes of `BadInput`: `missing-field`, `unknown-field`, `bad-field`. `where` names the field with its path, so that
the one message leads to the one place.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from safeconduct.errors import BadInput

T = TypeVar("T")

ID_TEXT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,62}[A-Za-z0-9])?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\dZ", re.ASCII)
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
TEXT_LIMIT = 4_000  # characters of one text, enough for a page
TIME_LIMIT = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second that ISO 8601 writes with four digits


def moment(text: str, *, where: str = "time") -> int:
    """Unix seconds of `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339 in UTC, to the second, no other form).

    Raises:
        BadInput: `bad-field`, for any other form or a day that does not exist.
    """
    expected = "a time as 2021-08-31T19:29:00Z"
    if not _MOMENT.fullmatch(text):
        raise BadInput("bad-field", where=where, expected=expected, seen=text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("bad-field", where=where, expected=expected, seen=text) from None
    return int(at.timestamp())


def iso(at: int) -> str:
    """`YYYY-MM-DDTHH:MM:SSZ` of unix seconds; the inverse of `moment`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Fields:
    """One JSON object being read; `done()` refuses what was not asked for."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise BadInput("bad-field", where=where, expected="an object", seen=value)
        self._value: dict[str, Any] = value
        self._where = where
        self._read: set[str] = set()

    def path(self, name: str) -> str:
        """Path of the field `name` for messages."""
        return f"{self._where}.{name}"

    def given(self, name: str) -> bool:
        """Whether a field that may be left out is there."""
        return name in self._value

    def take(self, name: str) -> Any:
        """Raw value of a field that must be there (it may be null)."""
        if name not in self._value:
            raise BadInput("missing-field", where=self.path(name), expected="a value", seen=None)
        self._read.add(name)
        return self._value[name]

    def bad(self, name: str, expected: str) -> BadInput:
        """Error for the field `name`, with what was seen."""
        return BadInput("bad-field", where=self.path(name), expected=expected, seen=self._value.get(name))

    def text(self, name: str, *, limit: int = TEXT_LIMIT, empty: bool = False) -> str:
        """Text without control characters (line breaks are allowed) and without space at either end."""
        value = self.take(name)
        if not isinstance(value, str) or not _is_plain(value, limit) or not (value or empty):
            raise self.bad(name, f"text of {0 if empty else 1} to {limit} characters")
        return value

    def ident(self, name: str) -> str:
        """Identifier: 1 to 64 of letters, digits and `. _ : -`, beginning and ending with a letter or digit."""
        value = self.take(name)
        if not isinstance(value, str) or not ID_TEXT.fullmatch(value):
            raise self.bad(name, "an identifier of 1 to 64 letters, digits, '.', '_', ':' or '-'")
        return value

    def integer(self, name: str, low: int, high: int) -> int:
        """Integer from `low` to `high`, both included."""
        value = self.take(name)
        if type(value) is not int or not low <= value <= high:
            raise self.bad(name, f"an integer from {low} to {high}")
        return value

    def seconds(self, name: str) -> int:
        """Time in unix seconds."""
        return self.integer(name, 0, TIME_LIMIT)

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.take(name)
        if type(value) is not bool:
            raise self.bad(name, "true or false")
        return value

    def choice(self, name: str, options: Collection[str]) -> str:
        """One of a fixed list of texts."""
        value = self.take(name)
        if not isinstance(value, str) or value not in options:
            raise self.bad(name, "one of " + ", ".join(sorted(options)))
        return value

    def moment_text(self, name: str) -> str:
        """Time as ISO text, checked and kept as it is (it has one form only)."""
        value = self.take(name)
        if not isinstance(value, str):
            raise self.bad(name, "a time as 2021-08-31T19:29:00Z")
        moment(value, where=self.path(name))
        return value

    def hex_text(self, name: str, octets: int) -> str:
        """Lower-case hexadecimal of exactly so many bytes."""
        value = self.take(name)
        if not isinstance(value, str) or not re.fullmatch(rf"[0-9a-f]{{{2 * octets}}}", value):
            raise self.bad(name, f"{2 * octets} lower-case hexadecimal digits")
        return value

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """None if the field is null, else what `read` makes of it."""
        return None if self.take(name) is None else read(name)

    def items(self, name: str, *, most: int) -> list[Any]:
        """List of at most `most` raw values."""
        value = self.take(name)
        if not isinstance(value, list) or len(value) > most:
            raise self.bad(name, f"a list of at most {most}")
        return value

    def texts(self, name: str, *, most: int, limit: int = 400) -> tuple[str, ...]:
        """Several different texts."""
        value = self.items(name, most=most)
        good = all(isinstance(item, str) and item and _is_plain(item, limit) for item in value)
        if not good or len(set(value)) != len(value):
            raise self.bad(name, f"different texts of 1 to {limit} characters")
        return tuple(value)

    def records(self, name: str, read: Callable[["Fields"], T], *, most: int) -> tuple[T, ...]:
        """Several objects, each read to its end by `read`."""
        found = []
        for place, item in enumerate(self.items(name, most=most)):
            fields = Fields(item, f"{self.path(name)}[{place}]")
            found.append(read(fields))
            fields.done()
        return tuple(found)

    def done(self) -> None:
        """Refuse fields that nobody asked for: they would be signed or sent without having been understood."""
        left = sorted(set(self._value) - self._read)
        if left:
            expected = "only " + ", ".join(sorted(self._read))
            raise BadInput("unknown-field", where=self._where, expected=expected, seen=left[0])


def unique(names: Iterable[str], *, where: str) -> None:
    """Refuse a repeated identifier.

    Raises:
        BadInput: `bad-field`, with the first repeated one.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadInput("bad-field", where=where, expected="each identifier once", seen=name)
        seen.add(name)


def known(name: str, names: Collection[str], *, where: str) -> None:
    """Refuse a reference to something that does not exist.

    Raises:
        BadInput: `bad-field`.
    """
    if name not in names:
        raise BadInput("bad-field", where=where, expected="one of " + ", ".join(sorted(names)), seen=name)


def text_map(fields: Fields, name: str, *, most: int, limit: int = 400, empty: bool = False) -> Mapping[str, str]:
    """Object of identifiers and texts."""
    value = fields.take(name)
    if not isinstance(value, dict) or len(value) > most:
        raise fields.bad(name, f"an object of at most {most} texts")
    inner = Fields(value, fields.path(name))
    for key in value:
        if not ID_TEXT.fullmatch(key):
            raise BadInput("bad-field", where=fields.path(name), expected="identifiers as names", seen=key)
    return {key: inner.text(key, limit=limit, empty=empty) for key in sorted(value)}


def _is_plain(text: str, limit: int) -> bool:
    """No control character (they hide text on a screen and in a print-out), no bidirectional override."""
    return len(text) <= limit and text == text.strip() and not _HIDDEN.search(text)
