"""How a request's body is read."""

from typing import Any

import msgspec

from safeconduct.errors import BadInput


def read_body(kind: type[Any], body: bytes) -> Any:
    """Read a request's JSON as one of the small inputs.

    Raises:
        BadInput: `bad-request`.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise BadInput("bad-request", where="request", expected=kind.__name__, seen=str(error)) from None
