"""An account as linked data in the vocabulary of schema.org: Claim, and ClaimReview where somebody reviewed a claim.

The vocabulary knows no relation between claims and no bounds of a figure. So a figure stands as a `QuantitativeValue`
that the claim is about, a correction as the `correction` of the claim that it corrects, and what a claim repeats or
rests on as `isBasedOn`; what is left stands as `additionalProperty` of that value. A `ClaimReview` is made only where
a named office or body corrected, retracted, or by a stated method challenged a claim, or judged it: this project
reviews nothing itself. Its rating is a word and never a number. Consumers that ask for the web address of a review
will miss it: there is none.
"""

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from safeconduct.incidents.account import Account, Line
from safeconduct.incidents.claims import Assessment, Claim, Relation, Source, audience_of, voice
from safeconduct.incidents.dates import first_day, last_day
from safeconduct.incidents.figures import hedge, name

CONTEXT = "https://schema.org"
Node = dict[str, object]
# relation -> how the claim that it bears on fared, in the words of the one who reviewed it
RATINGS: Mapping[str, str] = {"corrects": "corrected", "retracts": "retracted"}
CHALLENGES: Mapping[str, str] = {"disputes": "challenged", "denies": "denied", "contradicts": "contradicted"}
BASED_ON = ("rests-on", "repeats", "variant")
SOURCE_TYPES: Mapping[str, str] = {"press-report": "NewsArticle", "press-briefing": "Report", "statement": "Report"}


def linked_data(given: Account, sources: Mapping[str, Source], relations: Iterable[Relation]) -> bytes:
    """The account as one JSON-LD document in UTF-8: the incident, its sources, its claims, and reviews of them.

    Args:
        given: the account.
        sources: by id.
        relations: between claims of the account.
    """
    ties = tuple(relations)
    incident = given.incident
    lines = {line.claim: line for line in given.timeline}
    claims = {claim.id: claim for claim in given.claims}
    event = _event(given)
    nodes = [event, *(_source(sources[one], incident.id) for one in sorted({c.source for c in given.claims}))]
    bearing: dict[str, list[Relation]] = {}
    for tie in ties:
        bearing.setdefault(tie.source, []).append(tie)
        bearing.setdefault(tie.target, []).append(tie)
    nodes += [
        _claim(claim, sources[claim.source], lines[claim.id], bearing.get(claim.id, []), event["@id"])
        for claim in given.claims
    ]
    nodes += [
        _review(tie, claims, sources, incident.id)
        for tie in ties
        if _reviews(tie) and claims[tie.source].claimant_kind != "unnamed"
    ]
    for one in given.assessments:
        nodes.append(_judgement(one, claims.get(one.about), sources, event))
    lines_ = ",\n".join(
        json.dumps(node, ensure_ascii=False) for node in nodes
    )  # one line each: long ones stay readable
    return f'{{"@context": "{CONTEXT}", "@graph": [\n{lines_}\n]}}\n'.encode()


def identifier(incident: str, kind: str, name: str) -> str:
    """The identifier of a node of the document: unique in the record, and no web address, for there is none."""
    return f"urn:x-safeconduct:{quote(incident, safe='')}:{kind}:{quote(name, safe='')}"


def _event(given: Account) -> Node:
    incident = given.incident
    times = [given.known_at, *([given.recorded_at] if given.recorded_at else [])]
    names = ("account as known at", "account as recorded at")
    return {
        "@type": "Event",
        "@id": identifier(incident.id, "incident", incident.id),
        "identifier": incident.id,
        "name": incident.title,
        "startDate": first_day(incident.date),
        "endDate": last_day(incident.date),
        "location": {"@type": "Place", "name": incident.place},
        "description": "; ".join(f"{name} {at}" for name, at in zip(names, times, strict=False)),
        **(
            {"superEvent": {"@id": identifier(incident.part_of, "incident", incident.part_of)}}
            if incident.part_of
            else {}
        ),
    }


def _source(source: Source, incident: str) -> Node:
    return {
        "@type": SOURCE_TYPES.get(source.kind, "CreativeWork"),
        "@id": identifier(incident, "source", source.id),
        "identifier": source.file or source.id,
        "name": source.publisher,
        "datePublished": last_day(source.published),
        "genre": source.kind,
        **({"temporal": source.published} if "/" in source.published else {}),
        **({"isBasedOn": identifier(incident, "source", source.origin)} if source.origin != source.id else {}),
    }


def _author(claim: Claim) -> Node:
    """Who said it: a body or office as an organisation; unnamed ones with no name at all."""
    if claim.claimant_kind != "unnamed":
        return {"@type": "Organization", "name": claim.claimant}
    return {"@type": "Person", "description": voice(claim)}


def _appearance(claim: Claim, source: Source) -> Node:
    """Where a claim stands: its place in a source."""
    part: Node = {"@type": "CreativeWork", "isPartOf": {"@id": identifier(claim.incident, "source", source.id)}}
    part["name"] = source.publisher
    if claim.line:
        part["position"] = claim.line
        span = "" if claim.start is None or claim.end is None else f", characters {claim.start} to {claim.end}"
        part["description"] = f"line {claim.line} of {source.file}{span}"
    if words := claim.quote:
        part["text"] = words
    return part


def _claim(claim: Claim, source: Source, line: Line, bearing: list[Relation], event: object) -> Node:
    node: Node = {
        "@type": "Claim",
        "@id": identifier(claim.incident, "claim", claim.id),
        "identifier": claim.id,
        "name": claim.text,
        "text": claim.text,
        "author": _author(claim),
        "datePublished": claim.known_from,
        "dateCreated": claim.recorded,
        "appearance": _appearance(claim, source),
        "creativeWorkStatus": line.status,
        "genre": claim.speech,
        "about": [{"@id": event}, *([_amount(claim)] if claim.is_figure else [])],
        **_audience(audience_of(claim, source)),
    }
    if "/" in claim.said:
        node["temporal"] = claim.said
    if claim.meant:
        node["temporalCoverage"] = claim.meant
    if claim.relay:
        node["provider"] = [{"@type": "Organization", "name": one} for one in claim.relay]
    if claim.question:
        node["isPartOf"] = {"@type": "Question", "text": claim.question}
    based = [tie.target for tie in bearing if tie.source == claim.id and tie.kind in BASED_ON]
    if based:
        node["isBasedOn"] = [{"@id": identifier(claim.incident, "claim", one)} for one in based]
    fixed = [tie.source for tie in bearing if tie.target == claim.id and tie.kind in RATINGS]
    if fixed:
        node["correction"] = [identifier(claim.incident, "claim", one) for one in fixed]
    return node


def _audience(audience: str) -> Node:
    """Who may see it; a file that holds what is internal is not for passing on."""
    return {"audience": {"@type": "Audience", "audienceType": audience}}


def _amount(claim: Claim) -> Node:
    """The figure with its bounds as they were given; a vague word stays a word."""
    amount: Node = {"@type": "QuantitativeValue", "name": name(claim.key), "unitText": claim.unit}
    if claim.min is not None:
        amount["minValue"] = claim.min
    if claim.max is not None:
        amount["maxValue"] = claim.max
    amount["description"] = hedge(claim)
    extra = {"basis": claim.basis, "as written": claim.seen, "can be read otherwise": claim.ambiguous}
    amount["additionalProperty"] = [
        {"@type": "PropertyValue", "name": label, "value": value} for label, value in extra.items() if value
    ]
    return amount


def _reviews(tie: Relation) -> bool:
    return tie.kind in RATINGS or (tie.kind in CHALLENGES and bool(tie.method))


def _review(tie: Relation, claims: Mapping[str, Claim], sources: Mapping[str, Source], incident: str) -> Node:
    reviewer, reviewed = claims[tie.source], claims[tie.target]
    rating: Node = {"@type": "Rating", "alternateName": RATINGS.get(tie.kind) or CHALLENGES[tie.kind]}
    if tie.method:
        rating["ratingExplanation"] = tie.method
    return {
        "@type": "ClaimReview",
        "@id": identifier(incident, "review", f"{tie.source} {tie.kind} {tie.target}"),
        "claimReviewed": reviewed.text,
        "author": _author(reviewer),
        "datePublished": last_day(tie.said),
        "reviewBody": reviewer.text,
        "reviewRating": rating,
        "itemReviewed": _reviewed(reviewed, sources),
        "isBasedOn": {"@id": identifier(incident, "claim", reviewer.id)},
    }


def _reviewed(claim: Claim, sources: Mapping[str, Source]) -> Node:
    return {
        "@type": "Claim",
        "@id": identifier(claim.incident, "claim", claim.id),
        "author": _author(claim),
        "datePublished": claim.known_from,
        "appearance": _appearance(claim, sources[claim.source]),
    }


def _judgement(one: Assessment, claim: Claim | None, sources: Mapping[str, Source], event: Node) -> Node:
    """An office's judgement of a claim, or of the incident as a whole."""
    review: Node = {
        "@type": "ClaimReview" if claim else "Review",
        "@id": f"{event['@id']}:assessment:{quote(one.id, safe='')}",
        "author": {"@type": "Organization", "name": one.by},
        "datePublished": last_day(one.said),
        "reviewBody": one.why,
        "reviewRating": {"@type": "Rating", "alternateName": one.grade},
        "itemReviewed": _reviewed(claim, sources) if claim else {"@id": event["@id"]},
        **_audience(one.audience),
    }
    if claim:
        review["claimReviewed"] = claim.text
    return review
