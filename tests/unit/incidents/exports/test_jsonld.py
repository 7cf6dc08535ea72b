"""The linked data is read back as plain JSON and checked against what the vocabulary asks for."""

import json
import re

import pytest

from safeconduct.incidents.exports.jsonld import linked_data
from unit.incidents.exports.harbour import ASSESSMENTS, CLAIMS, SOURCES, TIES, claim, told

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def graph(**parts):
    document = json.loads(linked_data(*told(**parts)))
    assert document.keys() == {"@context", "@graph"} and document["@context"] == "https://schema.org"
    return document["@graph"]


def of_type(nodes, kind):
    return [node for node in nodes if node["@type"] == kind]


def by_id(nodes):
    found = {node["@id"]: node for node in nodes}
    assert len(found) == len(nodes)
    return found


@pytest.mark.seed("S-46", "S-106")
def test_every_claim_has_its_author_day_and_appearance_in_a_source():
    nodes = graph()
    ids = by_id(nodes)
    claims = of_type(nodes, "Claim")
    assert {one["identifier"] for one in claims} == {one["id"] for one in CLAIMS}
    for one in claims:
        assert one["text"] and one["author"]["@type"] in ("Organization", "Person")
        assert DAY.fullmatch(one["datePublished"])
        assert ids[one["appearance"]["isPartOf"]["@id"]]["@type"] in ("NewsArticle", "Report")
        assert ids[one["about"][0]["@id"]]["@type"] == "Event"
    relayed = next(one for one in claims if one["identifier"] == "q2")
    assert relayed["provider"] == [{"@type": "Organization", "name": "harbour radio"}]


@pytest.mark.seed("S-105")
def test_an_unnamed_voice_gets_no_name():
    authors = {one["identifier"]: one["author"] for one in of_type(graph(), "Claim")}
    assert authors["cmany"] == {"@type": "Person", "description": "two nurses (unnamed, 2), through south wire"}
    assert authors["c40"] == {"@type": "Organization", "name": "harbour master"}


@pytest.mark.seed("S-95", "S-96")
def test_only_a_correction_or_a_challenge_with_a_method_is_a_review():
    reviews = of_type(graph(assessments=[]), "ClaimReview")
    told_ = {(one["itemReviewed"]["@id"].rsplit(":", 1)[1], one["reviewRating"]["alternateName"]) for one in reviews}
    assert told_ == {("guards9", "corrected"), ("gas", "retracted"), ("gas", "challenged")}
    for one in reviews:
        assert one["claimReviewed"] and one["author"]["name"] and DAY.fullmatch(one["datePublished"])
        assert one["itemReviewed"]["author"] and DAY.fullmatch(one["itemReviewed"]["datePublished"])
        assert one["itemReviewed"]["appearance"]["name"]
        assert "ratingValue" not in one["reviewRating"]
    assert {one["reviewRating"].get("ratingExplanation") for one in reviews} == {
        "a second count at the hospital", "own inquiry", "splinters and interviews",
    }  # fmt: skip


def test_an_unnamed_voice_is_no_reviewer_and_a_challenge_without_method_no_review():
    voice = claim("x", "2031-03-10", "a docker", "It was no tank.", claimant_kind="unnamed")
    ties = [{"from": "x", "to": "gas", "kind": "retracts"}, {"from": "mine", "to": "gas", "kind": "disputes"}]
    assert of_type(graph(claims=[*CLAIMS, voice], relations=ties, assessments=[]), "ClaimReview") == []


def test_a_judgement_of_an_office_is_a_review_with_a_word_for_a_rating():
    whole = {
        "id": "a3",
        "about": "harbour",
        "grade": "contested",
        "by": "own analyst",
        "said": "2031-03-08",
        "why": "two causes",
    }
    nodes = graph(relations=[], assessments=[*ASSESSMENTS, whole])
    told_ = [
        (one["author"]["name"], one["reviewRating"]["alternateName"], one["claimReviewed"])
        for one in of_type(nodes, "ClaimReview")
    ]
    forty = "At least forty are dead at the gate."
    assert told_ == [("own analyst", "fair", forty), ("second desk", "weak", forty)]
    (only,) = of_type(nodes, "Review")
    assert only["itemReviewed"] == {"@id": of_type(nodes, "Event")[0]["@id"]} and only["reviewBody"] == "two causes"


def test_who_may_see_a_record_stands_with_it():
    inner = claim("x", "2031-03-10", "own log", "Seen from the tower.", audience="internal")
    found = {one["identifier"]: one["audience"] for one in of_type(graph(claims=[*CLAIMS, inner]), "Claim")}
    assert found["x"] == {"@type": "Audience", "audienceType": "internal"}
    assert found["c40"]["audienceType"] == "public"


@pytest.mark.seed("S-88")
def test_no_evidence_is_neither_a_review_nor_a_denial():
    nodes = graph()
    one = next(node for node in of_type(nodes, "Claim") if node["identifier"] == "nothing")
    assert one["genre"] == "no-evidence"
    assert not [node for node in of_type(nodes, "ClaimReview") if node.get("isBasedOn") == {"@id": one["@id"]}]


@pytest.mark.seed("S-49", "S-50")
def test_bounds_stand_as_they_were_given_and_a_vague_word_has_none():
    amounts = {one["identifier"]: one["about"][1] for one in of_type(graph(), "Claim") if len(one["about"]) > 1}
    assert (amounts["c40"].get("minValue"), amounts["c40"].get("maxValue")) == (40, None)
    assert (amounts["c25"].get("minValue"), amounts["c25"].get("maxValue")) == (None, 25)
    assert amounts["cmany"]["description"] == "many" and not {"minValue", "maxValue"} & amounts["cmany"].keys()


@pytest.mark.seed("S-109")
def test_a_copy_says_what_it_is_based_on():
    nodes = graph()
    copies = {node["identifier"]: node for node in nodes if "identifier" in node}
    assert copies["c40copy"]["isBasedOn"] == [{"@id": "urn:x-safeconduct:harbour:claim:c40"}]
    assert copies["reports/copy.txt"]["isBasedOn"] == "urn:x-safeconduct:harbour:source:north"


def test_what_is_corrected_points_to_its_correction():
    found = {one["identifier"]: one for one in of_type(graph(), "Claim")}
    assert found["guards9"]["correction"] == ["urn:x-safeconduct:harbour:claim:guards4"]
    assert "correction" not in found["guards4"]


def test_an_earlier_day_knows_no_later_review():
    early, sources, ties = told("2031-03-05")
    nodes = json.loads(linked_data(early, sources, ties))["@graph"]
    assert [one for one in of_type(nodes, "ClaimReview") if "assessment" not in one["@id"]] == []
    assert "urn:x-safeconduct:harbour:source:late" not in str(nodes)
    assert len(SOURCES) > len([one for one in nodes if "genre" in one and one["@type"] != "Claim"])
    assert len(TIES) > len(ties)
