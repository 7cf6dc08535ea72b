"""One fictional report and policy, and what the program makes of them: the system under attack."""

import copy
import hashlib
import json
import random
import uuid

from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.alerts.derive import SALT_NAMES, Derivation, derive
from safeconduct.alerts.earlier import earlier_of, question, trace_of
from safeconduct.alerts.stix import StixIds, encode_stix, to_stix

NOW = 1_629_878_400  # 2021-08-25T08:00:00Z
PLACE = (34_258_012, 69_210_455)

REPORT = {
    "id": "rep-0017", "what": "A bomb attack on a waiting crowd is being prepared.", "threatened_class": "people-waiting",
    "site": "Canal path by the south wall", "lat": PLACE[0], "lon": PLACE[1], "precision_m": 300,
    "window_from": NOW + 106_620, "window_to": NOW + 122_460, "actor": "cell-9",
    "sources": [{"name": "Source Heron", "reliability": "B", "credibility": 2}], "likelihood": 6,
    "advised_action": "spread-out", "handling": "TLP:AMBER", "entered_by": "Duty officer north", "entered_at": NOW - 623,
    "harm_answer": "People near the canal could be searched roughly.", "details": "Two visits were seen.",
    "confidence": "moderate", "embargo_until": None,
}  # fmt: skip
POLICY = {
    "version": 1, "agreement_id": "corridor-a", "partner": "cordon", "purpose": "no-attacks",
    "fields": ["threatened_class", "area", "window", "advised_action", "likelihood", "actor"], "min_cell_level": 12,
    "max_cell_level": 15, "slot_seconds": 3600,
    "actors": {"armed-group": "", "cell-9": "armed-group", "cell-7": "armed-group", "cell-5": "armed-group"},
    "actor_level": 1, "candidates": [{"id": f"c{n}", "cells": ["3"]} for n in range(4)], "min_candidates": 3,
    "coalition": [], "min_lead_seconds": 7200, "expiry_seconds": 86_400, "handling": "TLP:AMBER", "targets": [],
    "min_targets": 0,
}  # fmt: skip


def report(**changes):
    return reports.from_json(json.dumps({**copy.deepcopy(REPORT), **changes}).encode())


def policy(**changes):
    return policies.from_json(json.dumps({**copy.deepcopy(POLICY), **changes}).encode())


def fresh(seed):
    draw = random.Random(seed)
    salts = {name: hashlib.sha256(f"{seed}{name}".encode()).digest() for name in SALT_NAMES}
    return str(uuid.UUID(int=draw.getrandbits(128), version=4)), salts


def weigh(one, under, *, seed=0, now=NOW, before=(), replaces=None, pools=()):
    """What `derive` answers; `before`: (release, report) of all that was released earlier."""
    release_id, salts = fresh(seed)
    asked = question(
        one, under, pools=pools, replaces=replaces and replaces.id, reports=[r.id for _, r in before if shares(r, one)]
    )
    return derive(
        one, under, now=now, release_id=replaces.id if replaces else release_id, salts=salts, purpose="no-attacks",
        earlier=earlier_of(asked, [(trace_of(release, r.id), ()) for release, r in before]), replaces=replaces,
    )  # fmt: skip


def shares(one, other):
    return bool({s.name for s in one.sources} & {s.name for s in other.sources})


def released(one, under, **given):
    made = weigh(one, under, **given)
    assert isinstance(made, Derivation), made
    return made.release


def crossing(release, seed=0):
    """The bytes that cross for a release."""
    draw = random.Random(seed)
    ids = StixIds(*(str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _ in range(3)))
    return encode_stix(to_stix(release, ids))
