"""Fields of an act, as a form or a JSON object of texts gives them; times as a browser sends them or as people type."""

from collections.abc import Mapping
from typing import Any

import msgspec

from safeconduct.agreements.fields import moment
from safeconduct.errors import BadInput

Given = Mapping[str, Any]


def texts_in(body: bytes) -> Given:
    """Read an act's fields from a JSON object of texts or lists of texts.

    Raises:
        BadInput: `bad-request`.
    """
    try:
        return msgspec.json.decode(body, type=dict[str, str | list[str]])
    except msgspec.DecodeError as error:
        raise BadInput("bad-request", where="request", expected="an object of texts", seen=str(error)) from None


def text_in(given: Given, name: str) -> str:
    """Return one text, without space at its ends; empty where the field is missing.

    Raises:
        BadInput: `bad-field`, for several values.
    """
    value = given.get(name, "")
    if isinstance(value, list):
        raise BadInput("bad-field", where=name, expected="one value", seen=value)
    return str(value).replace("\r\n", "\n").strip()


def lines_in(given: Given, name: str) -> str:
    """Return a text with several lines, or a list of texts, as lines."""
    value = given.get(name, "")
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def time_in(given: Given, name: str) -> int | None:
    """Return a time in unix seconds; None for an empty field.

    Raises:
        BadInput: `bad-field`.
    """
    text = text_in(given, name)
    return moment(iso_in(text, name), where=name) if text else None


def iso_in(text: str, where: str) -> str:
    """Return a time as a browser sends it (`2021-08-20T12:00`) or as people type it, in the one form that is read.

    Raises:
        BadInput: `bad-field`.
    """
    plain = f"{text}:00" if len(text) == len("2021-08-20T12:00") else text
    plain = plain if plain.endswith("Z") else f"{plain}Z"
    moment(plain, where=where)
    return plain
