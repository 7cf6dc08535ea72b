"""Reading aids: precision and recall against labels made by hand, and how many articles they read in a minute.

The labelled documents are the reports and briefings beside the project (where they are), and the articles in
tests/incidents. Labels: tests/incidents/labels/README.md. `python -m bench._reading_faults SET MEASURE` lists
every wrong and missed one.
"""

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from bench import _scoring as scoring
from bench.harness import figure
from safeconduct.incidents.reader.output import as_json
from safeconduct.incidents.reader.suggest import read

# Documents that are read together, by the patterns of their labels. Links between documents are scored where all the
# documents of a matter are read: reports and briefings are of one matter.
SETS = {
    "reports": ("seeds-*.json",),
    "briefings": ("briefing-*.json",),
    "record": ("seeds-*.json", "briefing-*.json"),
    "articles": ("article-*.json",),
}
BY_FILE, LINKED = ("reports", "briefings", "articles"), ("record", "articles")
GROUPS = ("variants", "copies")
MEASURES = ("figures", "whole_figures", "quotations", "speakers", "dates", "remarks")
NAMES = (
    "articles_per_minute",
    *(f"reading_{name}_{measure}" for name in BY_FILE for measure in MEASURES),
    *(f"reading_{name}_{measure}" for name in LINKED for measure in GROUPS),
)
_LONG = re.compile(r"\b[a-z]{7,}\b")
ROUNDS = 40  # times that each set of documents is read for the rate
SHARED = Path(os.environ.get("SAFECONDUCT_SHARED", Path(__file__).parent.parent.parent / "shared"))


def read_set(name: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]] | None:
    """The reading of one set of documents as JSON, and its labels; None when the documents are not here."""
    wanted = {file: label for pattern in SETS[name] for file, label in scoring.labels(pattern).items()}
    found = {file: scoring.document(file, SHARED if SHARED.is_dir() else None) for file in wanted}
    there = {file: path for file, path in found.items() if path is not None}
    if not there:
        return None
    reading = as_json(read([(file, path.read_bytes()) for file, path in there.items()]))
    return reading, {file: wanted[file] for file in there}


def scores(name: str) -> dict[str, scoring.Score]:
    """All measures of one set, empty when its documents are not here."""
    found = read_set(name)
    if found is None:
        return {}
    reading, wanted = found
    total = {measure: scoring.Score() for measure in MEASURES if name in BY_FILE}
    for file, label in wanted.items() if total else ():
        for measure, score in _of_file(reading, file, label).items():
            total[measure].right += score.right
            total[measure].wrong += [f"{file}: {text}" for text in score.wrong]
            total[measure].missed += [f"{file}: {text}" for text in score.missed]
    return total | (group_scores(reading, wanted) if name in LINKED else {})


def _of_file(reading: Mapping[str, Any], file: str, label: Mapping[str, Any]) -> dict[str, scoring.Score]:
    claims = [{**claim, "file": ""} for claim in reading["claims"] if claim["file"] == file]
    dates = [{**when, "file": ""} for when in reading["dates"] if when["file"] == file]
    return {
        "figures": scoring.score_figures(claims, label["figures"]),
        "whole_figures": scoring.score_figures(claims, label["figures"], whole=True),
        "quotations": scoring.score_found(claims, label["quotations"]),
        "speakers": scoring.score_speakers(claims, label["quotations"]),
        "dates": scoring.score_dates(dates, label["dates"]),
        "remarks": scoring.score_remarks(claims, label["remarks"]),
    }


def group_scores(reading: Mapping[str, Any], wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, scoring.Score]:
    """Wordings of one utterance and copies, among the documents that were read.

    Variants are those of quotations; a remark told in other words without marks is no quotation and is not asked for.
    """
    by_id = {claim["id"]: claim for claim in reading["claims"]}
    spans = [[one for one in group if isinstance(one, dict)] for group in reading["copies"]]
    quoted = [{**one, "file": file} for file, label in wanted.items() for one in label["quotations"]]
    links = {
        kind: [[span for span in group if span["file"] in wanted] for group in groups]
        for kind, groups in scoring.links().items()
    }
    links["variants"] = [
        [span for span in group if any(scoring.overlap(span, one) >= scoring.MINE for one in quoted)]
        for group in links["variants"]
    ]
    variants = [[by_id[one] for one in group] for group in reading["variants"]]
    return {
        "variants": scoring.score_groups(variants, links["variants"], links["optional_variants"]),
        "copies": scoring.score_groups(spans, links["copies"], links["optional_copies"]),
    }


def run() -> list[dict[str, Any]]:
    """Precision and recall of each measure and set, and the rate."""
    results = []
    for name in SETS:
        for measure, score in scores(name).items():
            for what, share in (("precision", score.precision), ("recall", score.recall)):
                results.append(figure(f"reading_{name}_{measure}_{what}", round(share, 3), "share"))
    return [*results, figure("articles_per_minute", round(rate()), "articles/min, one core", limit=1_000)]


def rate() -> float:
    """Articles of 5,000 characters read in a minute on one core, the comparison of all with each other included.

    Each edition of an article has other words in half of the places of its long words, so that editions are no copies;
    every tenth is a reprint.
    """
    texts = [path.read_text("utf-8") for path in sorted((scoring.ARTICLES / "articles").iterdir())]
    files = [
        (f"{turn}-{place}.txt", _edition(text, 0 if turn % 10 == 9 else turn).encode())
        for turn in range(ROUNDS)
        for place, text in enumerate(texts)
    ]
    begun = time.process_time()
    read(files)
    return 60 * sum(len(data) for _, data in files) / 5_000 / (time.process_time() - begun)


def _edition(text: str, number: int) -> str:
    """The text with every other word of seven letters and more lengthened by letters that stand for the edition."""
    letters = "".join("aeioulnrst"[int(digit)] for digit in str(number))
    places = count()
    return _LONG.sub(lambda found: found[0] + letters if number and next(places) % 2 else found[0], text)


__all__: Sequence[str] = ("NAMES", "run")
Runner = Callable[[], list[dict[str, Any]]]
