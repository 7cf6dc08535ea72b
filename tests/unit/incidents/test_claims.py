import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.incidents.checking import check_dossier
from safeconduct.incidents.claims import BASES, Claim, Dossier, Incident, Relation, Source
from safeconduct.incidents.reading import read_dossier

CLAIM = {
    "id": "c1",
    "incident": "i1",
    "attribute": "casualties",
    "population": "civilians",
    "outcome": "killed",
    "said": "2021-08-26",
    "claimant": "press secretary",
    "source": "s1",
    "line": 4,
    "text": "A figure.",
    "seen": "60",
    "basis": "at-least",
    "min": 60,
}
DOCUMENT = {
    "incidents": [{"id": "i1", "title": "An attack", "kind": "attack", "date": "2021-08-26", "place": "a gate"}],
    "sources": [
        {
            "id": "s1",
            "kind": "press-report",
            "publisher": "a paper",
            "published": "2021-08-26/2021-08-27",
            "file": "seeds/x.txt",
            "origin": "s1",
        },
        {
            "id": "s2",
            "kind": "elsewhere",
            "publisher": "a record",
            "published": "2021-08-26",
            "file": "",
            "origin": "s2",
        },
    ],
    "claims": [CLAIM],
    "relations": [],
    "cases": [],
}


def read(**changes):
    return read_dossier(json.dumps({**DOCUMENT, **changes}).encode())


def refused(code: str, **changes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(**changes)
    assert caught.value.code == code, str(caught.value)
    return caught.value


def with_claim(**changes):
    return {"claims": [{**CLAIM, **changes}]}


def test_claim_is_read_with_its_usual_values():
    dossier, cases = read()
    (claim,) = dossier.claims
    assert (claim.min, claim.max, claim.unit, claim.claimant_kind, claim.relay) == (
        60,
        None,
        "people",
        "named-office",
        (),
    )
    assert claim.recorded == "2021-08-27T21:00:00Z" and cases == ()
    assert str(claim.key) == "casualties/civilians/killed"


@pytest.mark.seed("S-46")
def test_figure_without_source_or_claimant_or_line_is_refused():
    refused("no-source", **with_claim(source=""))
    refused("no-source", **with_claim(source="s9"))
    refused("no-source", **with_claim(line=0))
    refused("no-claimant", **with_claim(claimant=""))
    refused("missing-field", claims=[{key: value for key, value in CLAIM.items() if key != "claimant"}])


@pytest.mark.seed("S-50")
@pytest.mark.parametrize("basis", ["dozens", "many", "some", "numerous"])
def test_vague_quantity_with_an_invented_number_is_refused(basis):
    refused("bad-basis", **with_claim(basis=basis, min=24))
    assert read(**with_claim(basis=basis, min=None))[0].claims[0].min is None


@pytest.mark.parametrize(
    ("basis", "low", "high"),
    [
        ("exact", 12, 13),
        ("exact", None, None),
        ("at-least", 12, 12),
        ("up-to", 1, 100),
        ("about", 1, None),
        ("statement", 1, None),
    ],
)
def test_bounds_that_do_not_fit_the_basis_are_refused(basis, low, high):
    refused("bad-basis", **with_claim(basis=basis, min=low, max=high))


@pytest.mark.seed("S-84")
def test_unknown_grade_of_attribution_is_refused():
    usual = {"attribute": "attribution", "basis": "statement", "min": None}
    refused("bad-grade", **with_claim(**usual, outcome="proven"))
    assert read(**with_claim(**usual, outcome="suspected"))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("bad-date", with_claim(said="2021-02-30")),
        ("bad-date", with_claim(said="2021-08-26/..")),
        ("bad-date", with_claim(said="2021-08-27/2021-08-26")),
        ("bad-date", with_claim(meant="Wednesday")),
        ("bad-choice", with_claim(speech="rumour")),
        ("bad-choice", with_claim(basis="roughly")),
        ("bad-choice", with_claim(claimant_kind="friend")),
        ("bad-reference", with_claim(incident="i9")),
        ("bad-reference", {"claims": [CLAIM, CLAIM]}),
        ("bad-reference", {"relations": [{"from": "c1", "to": "c9", "kind": "updates", "said": "2021-08-26"}]}),
        ("bad-reference", {"relations": [{"from": "c1", "to": "c1", "kind": "updates"}]}),
        ("bad-choice", {"relations": [{"from": "c1", "to": "c1", "kind": "loves"}]}),
        ("unknown-field", with_claim(name="somebody")),
        ("bad-field", {"claims": ["x"]}),
        ("bad-field", {"relations": ["x"]}),
        ("bad-field", with_claim(min=-1)),
        ("bad-reference", {"sources": [{**DOCUMENT["sources"][1], "file": "x"}]}),
    ],
)
def test_broken_dossier_is_refused(code, changes):
    refused(code, **changes)


@given(
    st.dictionaries(
        st.sampled_from([*CLAIM, "max", "recorded"]), st.none() | st.integers(-5, 10**12) | st.text() | st.just([])
    )
)
def test_any_claim_is_read_or_refused(changes):
    try:
        (claim,) = read(**with_claim(**changes))[0].claims
    except BadInput:
        return
    assert (
        claim.claimant.strip() and claim.line > 0 and (claim.min is None or claim.max is None or claim.min <= claim.max)
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_no_dossier(data):
    with pytest.raises(BadInput):
        read_dossier(data)


def test_dossier_made_in_memory_is_checked_alike():
    (claim,) = read()[0].claims
    source = Source("s1", "press-report", "a paper", "2021-08-26", "x", "s1")
    incident = Incident("i1", "t", "attack", "2021-08-26", "p")
    whole = Dossier(
        (incident,), (source,), (claim, replace(claim, id="c2")), (Relation("c2", "c1", "repeats", "", "2021-08-26"),)
    )
    assert check_dossier(whole) is whole
    with pytest.raises(BadInput):
        check_dossier(replace(whole, claims=(replace(claim, claimant=" "),), relations=()))
    assert isinstance(claim, Claim) and claim.basis in BASES
