"""One fictional report and one policy to test with, in the style of an exercise."""

import copy
import hashlib
import json

import pytest

from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.alerts.derive import SALT_NAMES, derive
from safeconduct.alerts.earlier import earlier_of, question, trace_of

NOW = 1629878400  # 2021-08-25T08:00:00Z

REPORT = {
    "id": "rep-0017",
    "what": "A bomb attack on a waiting crowd is being prepared. It is for tomorrow.",
    "threatened_class": "people-waiting",
    "site": "Canal path by the south wall",
    "lat": 34258012,
    "lon": 69210455,
    "precision_m": 300,
    "window_from": 1629985020,
    "window_to": 1630000860,
    "actor": "cell-9",
    "sources": [
        {"name": "Source Heron", "reliability": "B", "credibility": 2},
        {"name": "Listening post Käfer", "reliability": "A", "credibility": 3},
    ],
    "likelihood": 6,
    "advised_action": "spread-out",
    "handling": "TLP:AMBER",
    "entered_by": "Duty officer north",
    "entered_at": 1629877777,
    "harm_answer": "People near the canal could be searched roughly. We asked for respect.",
    "details": "Two visits to the canal path were seen. The second was at dusk.",
}

POLICY = {
    "version": 1,
    "agreement_id": "corridor-a",
    "partner": "cordon",
    "purpose": "no-attacks",
    "fields": ["threatened_class", "area", "window", "advised_action", "likelihood", "actor"],
    "min_cell_level": 12,
    "max_cell_level": 15,
    "slot_seconds": 3600,
    "actors": {"armed-group": "", "wing-one": "armed-group", "wing-two": "armed-group", "cell-9": "wing-one", "cell-7": "wing-one", "cell-5": "wing-one"},
    "actor_level": 2,
    "candidates": [
        {"id": "cand-1", "cells": ["3"]},
        {"id": "cand-2", "cells": ["3"]},
        {"id": "cand-3", "cells": ["3"]},
    ],
    "min_candidates": 3,
    "coalition": ["friend-of-cordon"],
    "min_lead_seconds": 7200,
    "expiry_seconds": 86400,
    "handling": "TLP:AMBER+STRICT",
}  # fmt: skip


@pytest.fixture
def plain_report():
    return copy.deepcopy(REPORT)


@pytest.fixture
def plain_policy():
    return copy.deepcopy(POLICY)


@pytest.fixture(scope="session")
def read_report():
    return lambda plain: reports.from_json(json.dumps(plain).encode())


@pytest.fixture(scope="session")
def read_policy():
    return lambda plain: policies.from_json(json.dumps(plain).encode())


@pytest.fixture(scope="session")
def report(read_report):
    return read_report(REPORT)


@pytest.fixture(scope="session")
def policy(read_policy):
    return read_policy(POLICY)


@pytest.fixture(scope="session")
def salts():
    return {name: hashlib.sha256(b"salt of " + name.encode()).digest() for name in SALT_NAMES}


@pytest.fixture(scope="session")
def make(report, policy, salts):
    """`derive` with everything filled in."""

    def build(report=report, policy=policy, **changes):
        given = {"now": NOW, "release_id": "w-5f3a", "salts": salts, "purpose": "no-attacks", **changes}
        continued = given.get("replaces")
        asked = question(report, policy, replaces=continued and continued.id)
        given["earlier"] = earlier_of(asked, [(trace_of(one), ()) for one in given.get("earlier", ())])
        return derive(report, policy, **given)

    return build


@pytest.fixture(scope="session")
def derivation(make):
    return make()


@pytest.fixture(scope="session")
def release(derivation):
    return derivation.release
