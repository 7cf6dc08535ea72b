"""The cases of spec/vectors/claims.json."""

import json
import re

import pytest

from safeconduct.errors import BadInput
from safeconduct.incidents import claims as words_of
from safeconduct.incidents import reading
from safeconduct.incidents.account import account
from safeconduct.incidents.cases import state_at
from safeconduct.incidents.figures import LEAST, words
from safeconduct.incidents.order import orders
from safeconduct.incidents.reading import read_dossier
from vectors.generators import ROOT, load

VECTORS = json.loads((ROOT / "spec/vectors/claims.json").read_text(encoding="utf-8"))
SPEC = (ROOT / "spec/claims.md").read_text(encoding="utf-8")


EMPTY = {"shaken": {}, "attribution": [], "cases": {}, "assessments": [], "tension": {}}


def _range(found):
    return [found.low, found.high, found.open_above]


def _figure(figure):
    low, high, is_open = _range(figure.conservative)
    return {
        "low": low,
        "high": high,
        "open": is_open,
        "words": words(figure),
        "all": _range(figure.full),
        "conflicts": [[found.first, found.second] for found in figure.conflicts],
        "disputed": figure.disputed,
    }


def _state(case, given):
    state = state_at(case, given.known_at, {line.claim: line.status for line in given.timeline})
    amends = {one.to: one.words for one in state.amends}
    return {"harm": state.harm and state.harm.status, "amends": amends, "open": state.closed is None}


def _answer(case):
    dossier, cases = read_dossier(json.dumps(case["document"]).encode())
    incident = next(incident for incident in dossier.incidents if incident.id == case["incident"])
    parts = (dossier.sources, dossier.claims, dossier.relations)
    given = account(
        incident,
        *parts,
        known_at=case["known_at"],
        recorded_at=case.get("recorded_at"),
        assessments=dossier.assessments,
    )
    return {
        "assessments": [[one.id, one.grade] for one in given.assessments],
        "tension": {one.claim: len(one.tension) for one in orders(given.claims, dossier.incidents)},
        "figures": {str(figure.key): _figure(figure) for figure in given.figures},
        "claims": [[line.claim, line.status] for line in given.timeline],
        "shaken": {line.claim: list(line.shaken_by) for line in given.timeline if line.shaken_by},
        "attribution": [[grade.grade, grade.claim] for grade in given.attribution],
        "cases": {one.id: _state(one, given) for one in cases},
    }


@pytest.mark.seed("S-48", "S-49", "S-50", "S-51", "S-52", "S-84", "S-94", "S-95", "S-96", "S-97", "S-98", "S-109")
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_account_is_the_one_of_the_vector(case):
    assert _answer(case) == EMPTY | case["expect"]


@pytest.mark.seed("S-46", "S-50", "S-84")
@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["name"])
def test_dossier_is_refused_with_the_code_of_the_vector(case):
    data = case["text"] if "text" in case else json.dumps(case["document"])
    with pytest.raises(BadInput) as caught:
        read_dossier(data.encode())
    assert caught.value.code == case["expect"], str(caught.value)


def test_every_code_of_the_page_has_a_case_and_every_case_a_code_of_the_page():
    table = SPEC.split("## Refused")[1].split("\n## ")[0]
    codes = set(re.findall(r"\| `([a-z-]+)` \|$", table, re.MULTILINE))
    assert codes == {case["expect"] for case in VECTORS["refused"]}


def test_the_page_names_every_value_and_every_default():
    choices = (
        "SOURCE_KINDS",
        "CLAIMANT_KINDS",
        "SAID_BASES",
        "BASES",
        "SPEECHES",
        "GRADES",
        "RELATIONS",
        "AUDIENCES",
        "INCIDENT_STATUSES",
        "ASSESSMENT_GRADES",
        "MEANS",
    )
    missing = [value for name in choices for value in getattr(words_of, name) if f"`{value}`" not in SPEC]
    assert missing == []
    assert [word for word, least in LEAST.items() if f"`{word}` {least}" not in SPEC] == []
    defaults = [getattr(reading, name) for name in dir(reading) if name.endswith("DEFAULTS")]
    assert [name for fields in defaults for name in fields if f"`{name}`" not in SPEC] == []


def test_vector_file_is_what_the_generator_writes():
    assert json.loads(json.dumps(load("make_vectors_incidents").claims_vectors())) == VECTORS
