"""What was released before, as far as the next release must know of it; releases themselves are not read again.

Which earlier releases count for one more (spec/releases.md, "Earlier releases"):

1. those whose area has a position in common with the new one: the partner may hold them for one matter;
2. those that the partner can take for the same threat although they name another cell: the same class of people, an
   overlapping window, and no further apart than neighbouring cells of the coarsest level that the policy releases;
3. earlier versions of the release that is corrected, wherever they put the warning;
4. those that rest on a source that the new report rests on too, wherever and whenever.

1 to 3 can be seen by the partner, and so they may shape the area. 4 is known here only: it may stop a release, but
never shape one, or the shape would tell that there is a common source.
"""

import hmac
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.alerts.policy import Policy
from safeconduct.alerts.quadtree import around, cell, touches
from safeconduct.alerts.release import Release
from safeconduct.alerts.report import ThreatReport

TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Trace:
    """What one version of a release told the partner, as far as later releases must reckon with it.

    `report` is the id of the report that it was made from, None where that is not known.
    """

    release_id: str
    version: int
    report: str | None
    partner: str
    area: str
    threatened_class: str
    window_from: int
    window_to: int
    actor: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What must be known of earlier releases before one more is made.

    `readers`: the partner and all who are declared to compare with it; `widest`: the coarsest cell that the release
    may name; `near`: that cell and those around it; `window_from`, `window_to`: the window in the policy's slots;
    `release_id`: the release that is corrected; `tags` and `reports`: marks of the report's sources, and reports known
    to share one of them.
    """

    readers: tuple[str, ...]
    widest: str
    near: tuple[str, ...]
    threatened_class: str
    window_from: int
    window_to: int
    release_id: str | None
    tags: tuple[bytes, ...]
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Cells named before, by the reason for which they count; each cell once, however often it was named."""

    touching: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()
    continued: frozenset[str] = frozenset()
    sourced: frozenset[str] = frozenset()


def trace_of(release: Release, report: str | None = None) -> Trace:
    """What a release tells; `report` is the id of the report behind it."""
    return Trace(
        release.id, release.version, report, release.partner, release.area, release.threatened_class,
        release.window_from, release.window_to, release.actor,
    )  # fmt: skip


def question(
    report: ThreatReport,
    policy: Policy,
    *,
    pools: Iterable[tuple[str, str]] = (),
    tags: Sequence[bytes] = (),
    reports: Sequence[str] = (),
    replaces: str | None = None,
) -> Question:
    """What to ask about earlier releases before `report` is released under `policy`.

    Args:
        report: the full report.
        policy: what its partner may get.
        pools: pairs of parties that any policy in use so far declared to compare what they get.
        tags: `source_tags` of the report.
        reports: other reports that are known to share a source with it.
        replaces: id of the release that is corrected.
    """
    slot = policy.slot_seconds
    widest = cell(report.lat, report.lon, policy.min_cell_level)
    return Question(
        readers=readers(policy, pools),
        widest=widest,
        near=around(widest),
        threatened_class=report.threatened_class,
        window_from=report.window_from // slot * slot,
        window_to=-(-report.window_to // slot) * slot,
        release_id=replaces,
        tags=tuple(tags),
        reports=tuple(sorted({report.id, *reports})),
    )


def readers(policy: Policy, pools: Iterable[tuple[str, str]] = ()) -> tuple[str, ...]:
    """The partner, its declared coalition, and whoever is declared to compare with one of these; sorted.

    Comparing goes both ways and further on: what A tells B, and B tells C, reaches C, whichever policy declared it.
    """
    pairs = list(pools)
    found = {policy.partner, *policy.coalition}
    while True:
        more = {other for pair in pairs if found & set(pair) for other in pair} - found
        if not more:
            return tuple(sorted(found))
        found |= more


def source_tags(report: ThreatReport, key: bytes) -> tuple[bytes, ...]:
    """Marks by which reports of one source are found without opening them: 16 bytes of HMAC-SHA256, sorted.

    The key stays with the node, so that whoever holds the marks alone cannot try names.
    """
    return tuple(sorted({hmac.digest(key, name.encode(), sha256)[:TAG_BYTES] for name in source_names(report)}))


def source_names(report: ThreatReport) -> frozenset[str]:
    """Names of a report's sources as they are compared: writing, case and spacing make no second source."""
    return frozenset(" ".join(unicodedata.normalize("NFKC", one.name).split()).casefold() for one in report.sources)


def counted(asked: Question, trace: Trace, tags: Iterable[bytes] = ()) -> tuple[str, ...]:
    """The reasons for which an earlier release counts, of `touching`, `alike`, `continued` and `sourced`."""
    if trace.partner not in asked.readers:
        return ()
    overlaps = trace.window_from < asked.window_to and asked.window_from < trace.window_to
    same = trace.threatened_class == asked.threatened_class and overlaps
    reasons = {
        "touching": touches(trace.area, asked.widest),
        "alike": same and any(touches(trace.area, one) for one in asked.near),
        "continued": trace.release_id == asked.release_id,
        "sourced": trace.report in asked.reports or bool(set(tags) & set(asked.tags)),
    }
    return tuple(name for name, holds in reasons.items() if holds)


def earlier_of(asked: Question, traces: Iterable[tuple[Trace, Sequence[bytes]]]) -> Earlier:
    """The answer to a question, from traces with the tags of their sources: what storage does with an index."""
    cells: dict[str, set[str]] = {name: set() for name in ("touching", "alike", "continued", "sourced")}
    for trace, tags in traces:
        for reason in counted(asked, trace, tags):
            cells[reason].add(trace.area)
    return Earlier(**{name: frozenset(found) for name, found in cells.items()})
