"""Parts of an incident: reported ones stay reported, and later silence about them is shown (S-81, S-83)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.incidents.claims import Incident, Source
from safeconduct.incidents.dates import last_day


@dataclass(frozen=True, slots=True)
class Silence:
    """When a part was last spoken of, and how many later sources on the whole do not speak of it."""

    last_mention: str  # ISO day; empty: never
    later_sources: int


def silence(
    part: Iterable[str], whole: Iterable[str], last_mention: str, sources: Mapping[str, Source], known_at: str
) -> Silence:
    """How long a part has not been mentioned.

    Args:
        part: ids of the sources with claims about the part.
        whole: ids of the sources with claims about the incident or any part of it.
        last_mention: newest day from which a claim about the part is known; empty: none.
        sources: by id.
        known_at: ISO day; a source that was published after it is not counted.
    """
    of_part = set(part)
    newest = max([last_mention, *(last_day(sources[name].published) for name in of_part)], default="")
    roots = {_root(sources, name) for name in of_part}
    later = {
        _root(sources, name)
        for name in whole
        if name not in of_part and newest < last_day(sources[name].published) <= known_at
    }
    return Silence(newest, len(later - roots) if newest else 0)


def part_words(part: Incident, silent: Silence) -> str:
    """One line: "reported; not mentioned since 2021-08-27 in 4 later sources"."""
    if not silent.last_mention:
        return f"{part.status}; no claim is recorded about it"
    if not silent.later_sources:
        return f"{part.status}; last mentioned {silent.last_mention}"
    plural = "s" if silent.later_sources > 1 else ""
    return f"{part.status}; not mentioned since {silent.last_mention} in {silent.later_sources} later source{plural}"


def _root(sources: Mapping[str, Source], name: str) -> str:
    """What copies of one text share."""
    source = sources[name]
    while source.derived_from in sources:
        source = sources[source.derived_from]
    return source.origin
