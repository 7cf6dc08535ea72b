"""The labels made by hand: they fit their documents, keep to the rule beside them, and hold no text of a document."""

import hashlib
import json
import re
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from safeconduct.incidents.claims import GRADES
from safeconduct.incidents.dates import check_days

HERE = Path(__file__).parent
LABELS = HERE / "labels"
ARTICLES = HERE / "articles"  # written for these tests, so they need no folder beside the repository
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
LINKS = sorted(LABELS.glob("links*.json"))
FILES = sorted(set(LABELS.glob("*.json")) - set(LINKS))
OWN = sorted(path for path in FILES if path.stem.startswith("article-"))
SEEDS = [LABELS / f"seeds-00{number}.json" for number in range(5)]

RUN = 5  # words that may not stand in the same order as in a document
COPY = 0.6  # share of words that two copies of one text have in common at least
MARKS = (*"\"'“”‘’«»", "&ldquo;", "&lsquo;", "&quot;")
GROUPED = r"\d+(?:,\d{2,3})*"  # 95,700 as well as 1,20,000
SPOKEN = "million|thousand|hundred|dozen|lakh|crore"
NO_NUMBER = {"dozens", "hundreds", "thousands", "many", "some", "several", "numerous", "a-few"}
WITH_MIN = {"exact", "about", "between", "at-least", "more-than"}
WITH_MAX = {"exact", "about", "between", "up-to", "fewer-than"}
UNITS = {"people", "attacks", "strikes", "rockets", "flights", "aircraft", "vehicles", "other"}
OUTCOMES = {
    *("", "killed", "injured", "evacuated", "remaining", "at-risk", "arrived", "admitted", "turned-away", "beaten"),
    *("detained", "released", "missing", "displaced", "happened"),
}
REMARKS = {
    *("attribution", "claim-of-responsibility", "denial", "no-evidence", "condemnation", "allegation", "assessment"),
    *("justification", "admission", "challenge", "restriction", "withheld"),
}
FIELDS = {
    "figures": {"start", "end", "min", "max", "basis", "unit", "population", "outcome", "claimant", "meant"},
    "quotations": {"id", "start", "end", "speaker", "relay", "pieces"},
    "dates": {"start", "end", "iso"},
    "remarks": {"start", "end", "kind", "claimant", "actor", "grade"},
}
EXTRA = {"figures": {"ambiguous", "part_of", "optional"}}
COMMENTED = {"note"}


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def document(file):
    """Bytes of a labelled document, or a visible skip."""
    own = file.startswith("articles/")
    path = (HERE if own else SHARED) / file
    if not (own or SHARED.is_dir()):
        pytest.skip("the folder of documents is not here")
    assert path.is_file(), f"no such document: {file}"
    return path.read_bytes()


def words(text):
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.casefold().replace("’", "'"))


def runs(text):
    found = words(text)
    return {tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1)}


def each(labels):
    for name in FIELDS:
        for at, label in enumerate(labels[name]):
            yield f"{name}[{at}]", name, label


def name(path):
    return path.stem


def test_all_five_seeds_are_labelled_and_linked():
    assert [path for path in SEEDS if not path.is_file()] == []
    assert all(len(load(path)[kind]) >= 4 for path in SEEDS for kind in FIELDS)
    assert LABELS / "links.json" in LINKS


def test_every_article_is_labelled_and_has_the_length_of_a_report():
    assert {load(path)["file"] for path in OWN} == {f"articles/{path.name}" for path in ARTICLES.iterdir()}
    assert len(OWN) >= 16
    for path in ARTICLES.iterdir():
        assert 250 <= len(words(path.read_text(encoding="utf-8"))) <= 700, path.name
    assert LABELS / "links-articles.json" in LINKS


def test_the_articles_hold_every_kind_that_the_rule_names():
    labels = [load(path) for path in OWN]
    figures = [label for one in labels for label in one["figures"]]
    remarks = [label for one in labels for label in one["remarks"]]
    assert {label["kind"] for label in remarks} == REMARKS
    assert {label["grade"] for label in remarks} >= {"", *GRADES} - {"claimed-by-actor"}
    assert {label["basis"] for label in figures} >= WITH_MIN | WITH_MAX | NO_NUMBER
    assert {label["unit"] for label in figures} >= UNITS - {"aircraft"}
    assert {"killed", "injured", "missing", "evacuated", "remaining", "detained"} <= {one["outcome"] for one in figures}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_label_has_its_fields_and_no_others(path):
    labels = load(path)
    assert set(labels) - COMMENTED == {"file", "sha256", "published", "why_published", *FIELDS}
    assert labels["why_published"].strip()
    if labels["published"]:
        date.fromisoformat(labels["published"])
    for where, kind, label in each(labels):
        keys = set(label) - COMMENTED
        assert FIELDS[kind] <= keys <= FIELDS[kind] | EXTRA.get(kind, {"optional"}), where
        assert all(label[flag] is True for flag in ("optional", "ambiguous") if flag in label), where


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_value_is_one_that_the_rule_names(path):
    labels = load(path)
    for at, label in enumerate(labels["figures"]):
        where = f"figures[{at}]"
        assert label["unit"] in UNITS, where
        assert label["outcome"] in OUTCOMES, where
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*|", label["population"]), where
        if label["meant"]:
            check_days(label["meant"], where=where)
    for at, label in enumerate(labels["dates"]):
        if label["iso"]:
            check_days(label["iso"], where=f"dates[{at}]")
    for at, label in enumerate(labels["remarks"]):
        where = f"remarks[{at}]"
        assert label["kind"] in REMARKS, where
        assert label["grade"] in {*GRADES, ""}, where
        assert label["kind"] != "attribution" or (label["grade"] and label["actor"]), where
    ids = [label["id"] for label in labels["quotations"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_bounds_of_a_figure_agree_with_its_basis(path):
    for at, label in enumerate(load(path)["figures"]):
        low, high, basis = label["min"], label["max"], label["basis"]
        where = f"figures[{at}] {basis}"
        assert basis in NO_NUMBER | WITH_MIN | WITH_MAX, where
        assert (low is not None) == (basis in WITH_MIN), where
        assert (high is not None) == (basis in WITH_MAX), where
        assert low is None or high is None or (low < high if basis == "between" else low == high), where


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_part_never_exceeds_the_figure_it_belongs_to(path):
    figures = load(path)["figures"]
    for at, label in enumerate(figures):
        if "part_of" not in label:
            continue
        assert label["part_of"] in range(len(figures)), at
        assert label["part_of"] != at
        whole = figures[label["part_of"]]
        assert label["min"] is None or whole["max"] is None or label["min"] <= whole["max"], at


@pytest.mark.parametrize("path", FILES, ids=name)
def test_labels_fit_the_document(path):
    labels = load(path)
    data = document(labels["file"])
    assert hashlib.sha256(data).hexdigest() == labels["sha256"], labels["file"]
    text = data.decode("utf-8")
    for kind in FIELDS:
        spans = [(label["start"], label["end"]) for label in labels[kind]]
        assert spans == sorted(spans), kind
    for where, kind, label in each(labels):
        start, end = label["start"], label["end"]
        assert 0 <= start < end <= len(text), where
        seen = text[start:end]
        assert seen == seen.strip(), where
        cuts_word = [at for at in (start, end) if text[at - 1 : at + 1].isalnum() and 0 < at < len(text)]
        assert kind == "quotations" or not cuts_word, where
    for at, label in enumerate(labels["quotations"]):
        flat = [position for piece in label["pieces"] for position in piece]
        assert flat == sorted(set(flat)), at
        assert (flat[0], flat[-1]) == (label["start"], label["end"]), at
        assert text[: flat[0]].endswith(MARKS), at
    for at, label in enumerate(labels["figures"]):
        seen = text[label["start"] : label["end"]]
        digits = re.findall(rf"(?<!\w)(?<![A-Z]-){GROUPED}", seen)
        bounds = {label["min"], label["max"]} - {None}
        if digits and not re.search(SPOKEN, seen):
            assert bounds <= {int(digit.replace(",", "")) for digit in digits}, at


@pytest.mark.parametrize("path", LINKS, ids=name)
def test_links_join_spans_of_labelled_documents(path):
    links = load(path)
    assert set(links) - COMMENTED - {"optional_copies", "optional_variants"} == {"variants", "copies"}
    labelled = {load(file)["file"] for file in FILES}
    for group in (*links["variants"], *links["copies"]):
        assert len({(span["file"], span["start"], span["end"]) for span in group}) == len(group) >= 2
        for span in group:
            assert set(span) == {"file", "start", "end"}
            assert span["file"] in labelled
            text = document(span["file"]).decode("utf-8")
            assert 0 <= span["start"] < span["end"] <= len(text)


@pytest.mark.parametrize("path", LINKS, ids=name)
def test_copies_share_their_words(path):
    for at, group in enumerate(load(path)["copies"]):
        first, *others = (words(document(span["file"]).decode("utf-8")[span["start"] : span["end"]]) for span in group)
        for other in others:
            assert SequenceMatcher(None, first, other, autojunk=False).ratio() >= COPY, at


@pytest.mark.parametrize("path", [*FILES, *LINKS], ids=name)
def test_no_label_file_holds_five_words_in_the_order_of_a_document(path):
    # A path or an address repeats the title of its document.
    held = runs(re.sub(r'"(?:file|source_url)": "[^"]*"', "", path.read_text(encoding="utf-8")))
    for file in sorted({load(labels)["file"] for labels in FILES}):
        assert sorted(held & runs(document(file).decode("utf-8"))) == [], file


def test_no_article_holds_five_words_in_the_order_of_another_document():
    if not SHARED.is_dir():
        pytest.skip("the folder of documents is not here")
    documents = [*SHARED.glob("seeds/*.txt"), *SHARED.glob("briefings/*/*/*.md")]
    assert documents
    taken = set().union(*(runs(path.read_text(encoding="utf-8")) for path in documents))
    for path in ARTICLES.iterdir():
        assert sorted(runs(path.read_text(encoding="utf-8")) & taken) == [], path.name


def test_a_run_of_five_words_is_found_whatever_marks_and_case_it_has():
    held = runs('{"note": "the Bridge, it’s said -- “was closed”"}')
    assert held & runs("They say the bridge, it's\nsaid, was open.")
    assert not held & runs("They say the bridge was closed, it's said.")
