"""Parts of an incident that were reported and never confirmed; what an audience is not told."""

import pytest

from safeconduct.incidents.audiences import claims_for, difference
from safeconduct.incidents.claims import origins_of
from safeconduct.incidents.parts import part_words, silence
from unit.incidents.dossiers import DAY, LATER, NEXT, claim, dead, dossier, incident, source

PAPERS = [source("a"), source("b", published=NEXT), source("c", published=LATER, origin="b", derived_from="b"),
          source("d", published=LATER)]  # fmt: skip


@pytest.mark.seed("S-83")
def test_reported_part_is_shown_as_not_mentioned_by_later_sources_counted_once():
    whole = dossier(sources=PAPERS, incidents=[incident(), incident("i2", part_of="i1", status="reported")])
    sources = {one.id: one for one in whole.sources}
    found = silence(["a"], "abcd", DAY, sources, LATER)
    assert (found.last_mention, found.later_sources) == (DAY, 2)
    part = whole.incidents[1]
    assert part_words(part, found) == f"reported; not mentioned since {DAY} in 2 later sources"
    assert part_words(part, silence(["a"], "abcd", DAY, sources, NEXT)).endswith("in 1 later source")
    assert part_words(part, silence(["a"], "abcd", DAY, sources, DAY)) == f"reported; last mentioned {DAY}"
    assert part_words(part, silence([], "abcd", "", sources, LATER)) == "reported; no claim is recorded about it"


@pytest.mark.seed("S-109")
def test_source_that_was_derived_from_another_has_its_origin():
    whole = dossier(sources=PAPERS)
    assert origins_of(whole.sources) == {"a": "a", "b": "b", "c": "b", "d": "d"}


LOG = source("log", kind="log")


@pytest.mark.seed("S-13")
def test_public_account_is_set_beside_what_the_log_holds():
    claims = [dead("said", 12), dead("logged", 13, source="log", said=NEXT), dead("hidden", 5, audience="partner")]
    ties = [{"from": "logged", "to": "said", "kind": "corrects"}]
    whole = dossier(sources=[source("a"), LOG], claims=claims, relations=ties)
    found = difference(whole.incidents[0], whole, "public", known_at=LATER)
    assert found.claims == ("hidden", "logged")
    (figure,) = found.figures
    assert (figure.theirs, figure.ours, figure.differs) == ("12, 1 origin", "5 … 13, 2 origins", True)
    assert [(one.claim, one.kind, one.by, one.by_audience) for one in found.undercut] == [
        ("said", "corrects", "logged", "internal")
    ]
    assert difference(whole.incidents[0], whole, "partner", known_at=LATER).claims == ("logged",)
    inside = difference(whole.incidents[0], whole, "internal", known_at=LATER)
    assert (inside.claims, inside.undercut, inside.figures[0].differs) == ((), (), False)


@pytest.mark.seed("S-13")
def test_incident_that_is_not_for_an_audience_shows_it_nothing():
    whole = dossier(incidents=[incident(audience="internal")], claims=[dead("said", 12)])
    found = difference(whole.incidents[0], whole, "public", known_at=LATER)
    assert found.claims == ("said",) and found.figures[0].theirs == "nothing"


def test_audience_is_by_the_source_unless_the_claim_says_it():
    whole = dossier(sources=[source("a"), LOG], claims=[
        claim("open"), claim("kept", audience="internal"), claim("own", source="log"),
        claim("told", source="log", audience="public"),
    ])  # fmt: skip
    assert [one.id for one in claims_for("public", whole.claims, whole.sources)] == ["open", "told"]
