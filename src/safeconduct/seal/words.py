"""A digest as words, which two people can read to each other over a bad line."""

from functools import cache
from hashlib import sha256

from mnemonic import Mnemonic

COUNT = 8  # words of eleven bits: 88 bits, so that nobody makes another key with the same words


@cache
def _list() -> tuple[str, ...]:
    return tuple(Mnemonic("english").wordlist)


def fingerprint_words(data: bytes) -> str:
    """Eight words of BIP 39's English list: the first 88 bits of the SHA-256 of `data`, eleven bits a word."""
    bits = int.from_bytes(sha256(data).digest()[: COUNT * 11 // 8], "big")
    words = _list()
    return " ".join(words[bits >> 11 * place & 2_047] for place in reversed(range(COUNT)))
