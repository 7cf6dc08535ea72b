"""Sign-in tokens: 24 random bytes, shown once, stored as their SHA-256.

A token of 192 random bits cannot be guessed, so a slow hash would add nothing; a stolen database gives no token away.
"""

from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest


def token_digest(token: str) -> str:
    """SHA-256 of a token, in hexadecimal."""
    return sha256(token.strip().encode()).hexdigest()


def token_known(token: str, digests: Iterable[str]) -> bool:
    """Whether a token is one of those stored; every digest is compared in constant time."""
    given = token_digest(token)
    found = False
    for digest in digests:
        found |= compare_digest(given, digest)
    return found
