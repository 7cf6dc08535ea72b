"""One agreement to test with: times of August 2021, roots from fixed seeds, what the record lacks made up."""

import copy
import json

import pytest

from safeconduct.agreements.reading import from_json
from safeconduct.agreements.signing import Signed, sign
from safeconduct.seal.keys import SigningKey

EVAC, CORDON = SigningKey.from_seed(bytes([1]) * 32), SigningKey.from_seed(bytes([2]) * 32)

TERMS = {
    "id": "corridor-a",
    "version": 1,
    "previous": None,
    "title": "Corridor A",
    "parties": [
        {"id": "evac", "name": "Evacuating party", "root_public": EVAC.public.hex()},
        {"id": "cordon", "name": "Cordon party", "root_public": CORDON.public.hex()},
    ],
    "founding": [
        {"date": "2021-08-14", "event": "sharing is under way", "source": "first report"},
        {"date": "2021-08-15", "event": "opening meeting abroad", "source": "second report"},
    ],
    "purposes": {"departure": "people leave safely by the deadline", "no-attacks": "nobody is attacked on the way"},
    "scope": ["threat-warning", "passage", "route-clearance"],
    "legal_basis": "humanitarian necessity",
    "no_recognition": "Nothing in this agreement recognises either party as a government.",
    "control_points": [
        {
            "id": "outer-1",
            "name": "Outer point 1",
            "ring": "outer",
            "upstream": [],
            "holders": [{"party": "cordon", "start": "2021-08-16T00:00:00Z", "until": None}],
        },
        {
            "id": "gate-a",
            "name": "Gate A",
            "ring": "gate",
            "upstream": ["outer-1"],
            "holders": [
                {"party": "evac", "start": "2021-08-14T00:00:00Z", "until": "2021-08-30T19:29:00Z"},
                {"party": "cordon", "start": "2021-08-30T19:29:00Z", "until": None},
            ],
        },
    ],
    "start": "2021-08-14T00:00:00Z",
    "deadline": "2021-08-31T19:29:00Z",
    "end": None,
    "stale_hours": 24,
    "stale_policy": "warn",
    "undertakings": [
        {"id": "u-guard", "by": "cordon", "text": "guards the outer cordon", "condition": None},
        {"id": "u-leave", "by": "evac", "text": "is gone by the deadline", "condition": "if it is possible"},
    ],
    "expectations": [{"id": "x-search", "of": "cordon", "text": "arrivals are screened with respect"}],
    "conditions": [{"id": "c-purpose", "text": "the common purposes stay common"}],
    "phases": [],
    "contacts": [
        {"id": "hotline", "party": "cordon", "kind": "military", "text": "liaison telephone", "check_hours": 24}
    ],
    "earlier": ["talks abroad, 2018 to 2020"],
}


@pytest.fixture
def terms():
    return copy.deepcopy(TERMS)


@pytest.fixture(scope="session")
def read():
    return lambda terms: from_json(json.dumps(terms).encode())


@pytest.fixture(scope="session")
def agreement(read):
    return read(TERMS)


@pytest.fixture(scope="session")
def original():
    return TERMS


@pytest.fixture
def keys():
    return {"evac": EVAC, "cordon": CORDON, "stranger": SigningKey.from_seed(bytes([3]) * 32)}


@pytest.fixture
def sign_both():
    def both(agreement, data):
        return Signed(
            data, {name: sign(agreement, key).signature for name, key in (("evac", EVAC), ("cordon", CORDON))}
        )

    return both
