"""The words by which figures are read, from `lexicon.toml`, in the forms in which the readers look them up."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _lexicon() -> Mapping[str, Mapping[str, Any]]:
    text = files("safeconduct.incidents.reader").joinpath("lexicon.toml").read_text("utf-8")
    return tomllib.loads(text)


def by_word(part: str) -> dict[str, str]:
    """Each word of a part, with the entry under which it stands."""
    return {word: name for name, words in _lexicon()[part].items() for word in words.split()}


def as_is(part: str) -> dict[str, str]:
    """The entries of a part whose values are single words."""
    return dict(_lexicon()[part])


def word_set(name: str) -> frozenset[str]:
    """One of the sets."""
    return frozenset(_lexicon()["sets"][name].split())


def phrases(part: str) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Phrases of a part by their first word, longest first, each with the entry under which it stands."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, many in _lexicon()[part].items():
        for text in many:
            words = tuple(text.split())
            found.setdefault(words[0], []).append((words, name))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}
