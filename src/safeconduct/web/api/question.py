"""One question of the online check, as it comes over HTTP."""

import msgspec

from safeconduct.errors import BadInput
from safeconduct.web.api.bodies import read_body
from safeconduct.web.api.device_proof import device_proof
from safeconduct.workflows.check_online import Ask

LIMIT = 4_096  # bytes of one question
LONGEST_ID = 64


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned: the pass's text, the people counted, what was said, the second code of a phone."""

    id: str
    text: str
    heads: int | None = None
    words: str | None = None
    document: str | None = None
    proof: str | None = None


def asked_of(header: str, body: bytes) -> Ask:
    """Read a question.

    Raises:
        BadInput: `bad-request`.
    """
    device, at, proof = device_proof(header, "Check", "Session")
    given: CheckIn = read_body(CheckIn, body)
    if not 0 < len(given.id) <= LONGEST_ID:
        raise BadInput("bad-request", where="id", expected=f"1 to {LONGEST_ID} characters", seen=len(given.id))
    seen = given.heads, given.words, given.document, given.proof
    return Ask(given.id, device, at, body, proof, given.text, *seen)
