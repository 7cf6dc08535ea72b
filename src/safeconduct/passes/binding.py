"""What ties a pass to its bearers: words that they remember, with a document number, or a phone's key.

The words never stand on the pass. A guard types what he is told; a wrong word costs an Argon2id to try.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from mnemonic import Mnemonic
from nacl.pwhash import argon2id

from safeconduct.errors import BadInput
from safeconduct.passes.pass_format import PHONE

BINDING_BYTES = 16
WORDS_DRAWN = 4  # 44 bits: three words fall to 100 graphics cards within hours
DRAW_BYTES = 6  # random bytes that `draw_words` takes; the last 4 bits are not used
_DOMAIN = b"safeconduct.bind.1"
# Digits that NFKD leaves alone and that people of the region type: Arabic (U+0660 …) and Persian, Pashto (U+06F0 …).
_DIGITS = {zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}


@dataclass(frozen=True, slots=True)
class Preset:
    """Cost of one try with Argon2id (RFC 9106)."""

    memory: int  # KiB
    passes: int  # t; one lane (p = 1) always, the only number that libsodium computes


PRESETS = {
    "std": Preset(memory=32_768, passes=3),  # 32 MiB: about 1 s on a cheap phone, in WebAssembly
}
WORD_LISTS = {"bip39-en": "english"}  # our name, and that of BIP 39's list of 2,048 words


@cache
def words_of(word_list: str) -> tuple[str, ...]:
    """All 2,048 words of a list.

    Raises:
        BadInput: `bad-words`, for a list that is not known.
    """
    if word_list not in WORD_LISTS:
        raise BadInput("bad-words", where="word list", expected=f"one of {sorted(WORD_LISTS)}", seen=word_list)
    return tuple(Mnemonic(WORD_LISTS[word_list]).wordlist)


def draw_words(random_bytes: bytes, word_list: str = "bip39-en") -> tuple[str, ...]:
    """Draw four words, eleven bits each, from six random bytes.

    Raises:
        BadInput: `bad-words`, unless six bytes are given.
    """
    if len(random_bytes) != DRAW_BYTES:
        raise BadInput("bad-words", where="draw", expected="6 random bytes", seen=f"{len(random_bytes)} bytes")
    bits = int.from_bytes(random_bytes, "big") >> 4
    words = words_of(word_list)
    return tuple(words[bits >> shift & 2_047] for shift in (33, 22, 11, 0))


def normalise(text: str) -> str:
    """Fold what people type differently: NFKD, case folded, marks dropped, then words with one space between them.

    A word is a run of letters and digits; whatever else is typed between them counts as a space.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = [char if char.isalnum() else " " for char in folded if not unicodedata.combining(char)]
    return " ".join("".join(kept).split())


def numbers_of(words: Iterable[str], word_list: str = "bip39-en") -> tuple[str, ...]:
    """Return the place of each word in its list, four digits from 0000 to 2047: for who does not read the words.

    Raises:
        BadInput: `bad-words`, for a word that is not in the list.
    """
    places = _places(word_list)
    strange = [word for word in words if word not in places]
    if strange:
        raise BadInput("bad-words", where="words", expected=f"words of {word_list}", seen=f"{len(strange)} others")
    return tuple(f"{places[word]:04}" for word in words)


def spell(text: str, word_list: str = "bip39-en") -> str:
    """Fold words as `normalise` does, and put a list's word in the place of each number from 0 to 2047.

    Digits may be European, Arabic or Persian. A longer number of 8, 12, 16 … digits is read four by four, as somebody
    types them in one go; any other stays as it is, and is no word.
    """
    words = words_of(word_list)
    spelt = []
    for token in normalise(text).translate(_DIGITS).split():
        if not (token.isascii() and token.isdigit()):
            spelt.append(token)
            continue
        fours = [token[at : at + 4] for at in range(0, len(token), 4)] if len(token) % 4 == 0 else [token]
        spelt += [words[int(four)] if len(four) <= 4 and int(four) < len(words) else four for four in fours]
    return " ".join(spelt)


@cache
def _places(word_list: str) -> dict[str, int]:
    return {word: place for place, word in enumerate(words_of(word_list))}


def secret_of(words: str, document: str | None = None) -> str:
    """Join the words (or their numbers) with the travel-document number, where the pass is bound to both.

    The number is folded like the words, and its spaces are dropped; a vertical bar stands between the two.
    """
    if document is None:
        return spell(words)
    return spell(words) + "|" + normalise(document).replace(" ", "")


def bind(secret_text: str, batch_identity: bytes, index: int, pepper: bytes, preset: str) -> bytes:
    """Compute the 16 binding bytes of one pass from its secret (`secret_of`), by Argon2id.

    The salt is the first 16 bytes of SHA-256 over domain, batch identity, index (three bytes) and the batch's pepper.

    Raises:
        BadInput: `bad-words`, for a preset that is not known.
    """
    if preset not in PRESETS:
        raise BadInput("bad-words", where="preset", expected=f"one of {sorted(PRESETS)}", seen=preset)
    cost = PRESETS[preset]
    salt = sha256(_DOMAIN + batch_identity + index.to_bytes(3, "big") + pepper).digest()[:16]
    return argon2id.kdf(BINDING_BYTES, secret_text.encode(), salt, cost.passes, cost.memory * 1_024)


def bind_phone(public_key: bytes) -> bytes:
    """Binding of kind 3: the first 16 bytes of SHA-256 over the phone's 32-byte Ed25519 key."""
    return sha256(_DOMAIN + bytes([PHONE]) + public_key).digest()[:BINDING_BYTES]
