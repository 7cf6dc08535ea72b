"""Precision and recall of suggestions against labels made by hand; see tests/incidents/labels/README.md."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

LABELS = Path(__file__).parent.parent / "tests" / "incidents" / "labels"
ARTICLES = Path(__file__).parent.parent / "tests" / "incidents"
MINE, BOTH = 0.5, 0.5  # of the shorter of two spans that must overlap


@dataclass
class Score:
    """Counts of one measure; `wrong` and `missed` say where, for whoever mends the rules."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was suggested that is right."""
        given = self.right + len(self.wrong)
        return self.right / given if given else 1.0

    @property
    def recall(self) -> float:
        """Share of what was labelled that was suggested."""
        there = self.right + len(self.missed)
        return self.right / there if there else 1.0


def labels(pattern: str) -> dict[str, dict[str, Any]]:
    """Label files by the document that they are about."""
    found = {}
    for path in sorted(LABELS.glob(pattern)):
        label = json.loads(path.read_text("utf-8"))
        if "file" in label:
            found[label["file"]] = label
    return found


def links() -> dict[str, list[list[dict[str, Any]]]]:
    """Labelled groups of wordings and copies, of all link files."""
    kinds = ("variants", "copies", "optional_variants", "optional_copies")
    found: dict[str, list[list[dict[str, Any]]]] = {kind: [] for kind in kinds}
    for path in sorted(LABELS.glob("links*.json")):
        given = json.loads(path.read_text("utf-8"))
        for kind, groups in found.items():
            groups.extend(given.get(kind, []))
    return found


def document(file: str, shared: Path | None) -> Path | None:
    """Where a labelled document is; None when it is not on this machine."""
    path = ARTICLES / file if file.startswith("articles/") else shared / file if shared else None
    return path if path is not None and path.is_file() else None


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Share of the shorter of two spans that lies in the other."""
    if one.get("file", "") != other.get("file", ""):
        return 0.0
    shared = min(one["end"], other["end"]) - max(one["start"], other["start"])
    return max(0, shared) / max(1, min(one["end"] - one["start"], other["end"] - other["start"]))


def score_figures(
    given: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], *, whole: bool = False
) -> Score:
    """Figures: the spans meet and the bounds agree; `whole`: basis, population and outcome agree too."""

    def fits(claim: Mapping[str, Any], label: Mapping[str, Any]) -> bool:
        if overlap(claim, label) <= 0 or (claim["min"], claim["max"]) != (label["min"], label["max"]):
            return False
        names = ("basis", "population", "outcome") if whole else ()
        return all((claim[name] or "") == label[name] for name in names)

    return _matched([claim for claim in given if claim["kind"] == "figure"], wanted, fits, _figure_words)


def score_speakers(given: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> Score:
    """Quotations: found, and by the speaker that the label names."""

    def fits(claim: Mapping[str, Any], label: Mapping[str, Any]) -> bool:
        return overlap(claim, label) >= MINE and speaker_fits(claim, label["speaker"])

    return _matched([claim for claim in given if claim["kind"] == "quotation"], wanted, fits, _quotation_words)


def score_found(given: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> Score:
    """Quotations: found, whoever is named."""
    return _matched(
        [claim for claim in given if claim["kind"] == "quotation"],
        wanted,
        lambda a, b: overlap(a, b) >= MINE,
        _quotation_words,
    )


def score_dates(given: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> Score:
    """Dates: the spans meet and the day or interval agrees."""
    return _matched(
        given, wanted, lambda a, b: overlap(a, b) > 0 and (a["date"] or "") == b["iso"],
        lambda one: f"{one['start']} {one.get('wording', '')} {one.get('date', one.get('iso'))}",
    )  # fmt: skip


def score_remarks(
    given: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], *, kinds: bool = True
) -> Score:
    """Statements: the spans meet and the kind agrees (or, without `kinds`, they meet)."""
    other = [claim for claim in given if claim["kind"] not in ("figure", "duration", "quotation")]
    return _matched(
        other, wanted, lambda a, b: overlap(a, b) > 0 and (not kinds or a["kind"] == b["kind"]),
        lambda one: f"{one['start']}-{one['end']} {one['kind']}",
    )  # fmt: skip


def speaker_fits(claim: Mapping[str, Any], speaker: str) -> bool:
    """Whether the claimant is the labelled speaker: a surname, a body, or nobody named."""
    claimant = (claim["claimant"] or "").lower()
    if speaker.lower() in ("unnamed", ""):
        return claim["claimant_kind"] in ("unnamed", None) or not claimant
    return speaker.lower().removeprefix("the ") in claimant or (len(claimant) > 3 and claimant in speaker.lower())


def score_groups(
    given: Iterable[Sequence[Mapping[str, Any]]],
    wanted: Iterable[Sequence[Mapping[str, Any]]],
    optional: Iterable[Sequence[Mapping[str, Any]]] = (),
) -> Score:
    """Groups of spans, compared pair by pair."""
    either = [pair for group in optional for pair in combinations(group, 2)]
    score = Score()
    labelled = [pair for group in wanted for pair in combinations(group, 2)]
    suggested = [
        (one, two)
        for group in given
        for one, two in combinations(group, 2)
        if not any(_same(one, two, a, b) for a, b in either)
    ]
    hit: set[int] = set()
    for one, two in suggested:
        found = [k for k, (a, b) in enumerate(labelled) if _same(one, two, a, b)]
        if found:
            hit.update(found)
        else:
            score.wrong.append(f"{_place(one)} = {_place(two)}")
    score.right = len(suggested) - len(score.wrong)
    score.missed = [f"{_place(a)} = {_place(b)}" for k, (a, b) in enumerate(labelled) if k not in hit]
    return score


def _same(one: Mapping[str, Any], two: Mapping[str, Any], a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    straight = overlap(one, a) >= BOTH and overlap(two, b) >= BOTH
    return straight or (overlap(one, b) >= BOTH and overlap(two, a) >= BOTH)


def _place(span: Mapping[str, Any]) -> str:
    return f"{span['file']}:{span['start']}-{span['end']}"


def _matched(given: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], fits: Any, words: Any) -> Score:
    """Each label is met once; an optional one counts neither for nor against."""
    score = Score()
    used: set[int] = set()
    for claim in given:
        places = [k for k, label in enumerate(wanted) if k not in used and fits(claim, label)]
        place = min(places, key=lambda k: bool(wanted[k].get("optional")), default=None)
        if place is not None:
            used.add(place)
            score.right += not wanted[place].get("optional")
        elif not any(label.get("optional") and overlap(claim, label) > 0 for label in wanted):
            score.wrong.append(words(claim))
    score.missed = [words(label) for k, label in enumerate(wanted) if k not in used and not label.get("optional")]
    return score


def _figure_words(one: Mapping[str, Any]) -> str:
    return f"{one['start']}-{one['end']} {one['min']}…{one['max']} {one['basis']} {one['population']} {one['outcome']}"


def _quotation_words(one: Mapping[str, Any]) -> str:
    return f"{one['start']}-{one['end']} {one.get('claimant', one.get('speaker'))}"
