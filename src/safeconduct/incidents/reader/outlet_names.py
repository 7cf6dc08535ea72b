"""Which names are those of news outlets and agencies."""

import re
from functools import lru_cache

from safeconduct.incidents.reader.people_words import OUTLET_HEADS, OUTLETS

OUTLET_SET = frozenset(OUTLETS)
POSSESSIVES = ("'s", "’s")
ARTICLED = re.compile(r"(?:al|el|ul|as|ar|an|ad|at|d|l|o)[-’'][A-Z]")


def is_capital(word: str) -> bool:
    """Whether a word is written as a name is: with a capital, or with a small article before it (al-…)."""
    return word[:1].isupper() or (("-" in word or "’" in word or "'" in word) and ARTICLED.match(word) is not None)


@lru_cache(maxsize=4_096)
def is_outlet(name: str) -> bool:
    """Whether a name is that of a news outlet or agency."""
    parts = name.split()
    if parts and parts[0].lower() in {"the", "a", "an"}:
        parts = parts[1:]
    keys = [part.lower().rstrip(".") for part in parts]
    owner = next((n for n, key in enumerate(keys) if key.endswith(POSSESSIVES)), None)
    if owner is not None:
        keys = [*keys[:owner], keys[owner][:-2]]
        parts = parts[: owner + 1]
    if not keys:
        return False
    if "news agency" in " ".join(keys) or (len(keys) > 1 and keys[0] in {"daily", "radio"} and is_capital(parts[-1])):
        return True
    if (
        " ".join(keys) in OUTLET_SET
        or name.lower() in OUTLET_SET
        or (keys[0] in OUTLET_SET and parts[0].isupper() and len(keys[0]) > 2)
    ):
        return True
    return len(keys) > 1 and keys[-1] in OUTLET_HEADS and is_capital(parts[-1])
