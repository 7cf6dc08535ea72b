"""The fixed words that a release may be made of; nothing written by hand ever reaches the other party.

A release that describes a person, a vehicle or a house would be a targeting packet. So what a release says comes
from these lists: there is no field that could carry such a description.
"""

ADVICE: dict[str, str] = {
    "hold-back": "hold people back from the area until the window is over",
    "spread-out": "let no crowd form in the area; let people wait apart and call them in small groups",
    "other-way": "send people by another way, around the area",
    "close-point": "close the control points of the area for the window",
    "screen-early": "screen arrivals before they reach the crowd, with respect and without force",
    "look-around": "look for unattended objects in the area and keep people away from them",
    "take-shelter": "let people wait under cover",
    "stay-away": "keep your own people and helpers out of the area for the window",
}

THREATENED: dict[str, str] = {
    "people-waiting": "people who wait at a control point",
    "people-on-the-way": "people on their way to a control point",
    "guards": "guards of a control point",
    "medical-staff": "medical staff and the people in their care",
    "aid-workers": "aid workers",
    "residents": "people who live in the area",
    "travellers": "people on board of vehicles, ships or aircraft",
    "everyone": "everyone in the area",
}

# What the owner of a release is told of it beside its fields (`derive.Derivation.flags`).
FLAGS: dict[str, str] = {
    "late": "it comes later than the policy holds useful",
    "override:too-late-to-help": "two people decided to warn although little time is left",
    "override:embargoed": "two people decided to warn before the embargo ends",
    "override:too-few-candidates": "two people decided to warn although too few plausible sources are left",
    "area-straddles": "the place lies near an edge: it may be in the next cell",
    "coarsened": "the area was widened to protect sources or places",
    "actor-withheld": "no name of the actor is common to enough actors: none is given",
    "targets-undeclared": "the policy names no places that could be meant, so that the area may hold one only",
}

# Traffic Light Protocol 2.0 (FIRST, August 2022), from the freest to the strictest.
TLP: tuple[str, ...] = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")

# Intelligence Community Directive 203 (2015), D.6.e.(2): words and their range in percent.
LIKELIHOOD: dict[int, tuple[str, int, int]] = {
    1: ("almost no chance", 1, 5),
    2: ("very unlikely", 5, 20),
    3: ("unlikely", 20, 45),
    4: ("roughly even chance", 45, 55),
    5: ("likely", 55, 80),
    6: ("very likely", 80, 95),
    7: ("almost certain", 95, 99),
}

# How far the analyst trusts the own judgement. ICD 203, D.6.e.(2)(b): never in one sentence with a likelihood.
CONFIDENCE: tuple[str, ...] = ("low", "moderate", "high")


def stricter(one: str, other: str) -> str:
    """The stricter of two TLP markings."""
    return max(one, other, key=TLP.index)
