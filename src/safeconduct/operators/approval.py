"""Approval by two: one office asks with its reason, another one confirms or declines before the time is over.

Pure: who asks and who confirms come in as operators that a workflow has read.
"""

from dataclasses import dataclass, replace
from typing import Literal

from safeconduct.errors import Refusal
from safeconduct.operators.people import Operator, may
from safeconduct.operators.stored import read_stored
from safeconduct.seal.canonical import encode_json

Verdict = Literal["open", "confirmed", "declined"]
LIFETIME = 2 * 3_600  # seconds that a request waits; after that the ground has changed, and it is asked anew


@dataclass(frozen=True, slots=True)
class Request:
    """Something that needs a second person.

    `act`: what is to be done; `about`: the id of what it is about; `rules`: what it overrides; `details`: what else the
    act needs to know, as JSON text; times in unix seconds. `verdict` with `second`, `why` and `decided_at` follow.
    """

    id: str
    act: str
    about: str
    rules: tuple[str, ...]
    reason: str
    by: str
    at: int
    expires: int
    details: str
    verdict: Verdict = "open"
    second: str = ""
    why: str = ""
    decided_at: int = 0


def state_of(request: Request, now: int) -> str:
    """`open`, `expired`, or the verdict."""
    return "expired" if request.verdict == "open" and request.expires <= now else request.verdict


def decide(request: Request, second: Operator | None, *, confirmed: bool, why: str, now: int) -> Request | Refusal:
    """The request with the second person's verdict, or the first reason why it may not stand.

    Steps: 1. still open; 2. not too late; 3. another person than the one who asked; 4. with the role.
    """
    if request.verdict != "open":  # 1
        return Refusal("approval-over", f"{request.verdict} by {request.second}")
    if request.expires <= now:  # 2
        return Refusal("approval-over", "nobody confirmed it in time; ask again")
    if second is not None and second.id == request.by:  # 3
        return Refusal("second-person-needed", f"{second.id} asked for it")
    refusal = may(second, "confirm")
    if refusal is not None or second is None:  # 4
        return refusal or Refusal("role-needed", "no such office")
    verdict: Verdict = "confirmed" if confirmed else "declined"
    return replace(request, verdict=verdict, second=second.id, why=why, decided_at=now)


def to_json(request: Request) -> bytes:
    """Canonical JSON of a request."""
    plain = {name: getattr(request, name) for name in Request.__slots__}
    return encode_json({**plain, "rules": list(request.rules)})


def from_json(data: bytes) -> Request:
    """Request of a stored record.

    Raises:
        BadInput: `bad-json` or `bad-record`.
    """
    shape = dict.fromkeys(Request.__slots__, str) | {"rules": list, "at": int, "expires": int, "decided_at": int}
    found = read_stored(data, shape, where="approval")
    return Request(**{**found, "rules": tuple(found["rules"])})
