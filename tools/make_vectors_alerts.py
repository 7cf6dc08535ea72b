"""Writes spec/vectors/agreement.json and spec/vectors/releases.json; run it from the project's root.

Every expected code is written down here by hand; what the program computes (cells, digests, releases) is what other
readers must reproduce.
"""

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

from safeconduct.agreements import signing
from safeconduct.agreements.agreement import digest, to_json
from safeconduct.agreements.reading import from_json
from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.alerts.derive import SALT_NAMES, Derivation, derive
from safeconduct.alerts.earlier import Earlier
from safeconduct.alerts.override import Override
from safeconduct.alerts.quadtree import bounds, cell
from safeconduct.alerts.release import plain_fields
from safeconduct.alerts.stix import EXTENSION_ID, StixIds, encode_stix, to_stix
from safeconduct.errors import Refusal
from safeconduct.seal.keys import SigningKey

OUT = Path("spec/vectors")
SEEDS = {"evac": bytes([1]) * 32, "cordon": bytes([2]) * 32}
KEYS = {name: SigningKey.from_seed(seed) for name, seed in SEEDS.items()}

TERMS: dict[str, Any] = {
    "id": "corridor-a",
    "version": 1,
    "previous": None,
    "title": "Corridor A (exercise)",
    "parties": [
        {"id": "evac", "name": "Evacuating party", "root_public": KEYS["evac"].public.hex()},
        {"id": "cordon", "name": "Cordon party", "root_public": KEYS["cordon"].public.hex()},
    ],
    "founding": [{"date": "2021-08-14", "event": "opening meeting", "source": "minutes"}],
    "purposes": {"no-attacks": "nobody is attacked on the way"},
    "scope": ["threat-warning", "passage"],
    "legal_basis": "humanitarian necessity",
    "no_recognition": "No recognition is implied.",
    "control_points": [
        {
            "id": "gate-a",
            "name": "Gate A",
            "ring": "gate",
            "upstream": [],
            "holders": [{"party": "evac", "start": "2021-08-14T00:00:00Z", "until": None}],
        }
    ],
    "start": "2021-08-14T00:00:00Z",
    "deadline": "2021-08-31T19:29:00Z",
    "end": None,
    "stale_hours": 24,
    "stale_policy": "warn",
    "undertakings": [],
    "expectations": [],
    "conditions": [],
    "phases": [],
    "contacts": [],
    "earlier": [],
}

REPORT: dict[str, Any] = {
    "id": "rep-1",
    "what": "An attack on a waiting crowd is being prepared.",
    "threatened_class": "people-waiting",
    "site": "South path",
    "lat": 34258012,
    "lon": 69210455,
    "precision_m": 300,
    "window_from": 1629985020,
    "window_to": 1630000860,
    "actor": "cell-9",
    "sources": [{"name": "Source Heron", "reliability": "B", "credibility": 2}],
    "likelihood": 6,
    "advised_action": "spread-out",
    "handling": "TLP:AMBER",
    "entered_by": "Duty officer north",
    "entered_at": 1629877777,
    "harm_answer": "People on the path could be searched roughly.",
    "details": "Two visits were seen.",
}

POLICY: dict[str, Any] = {
    "version": 1,
    "agreement_id": "corridor-a",
    "partner": "cordon",
    "purpose": "no-attacks",
    "fields": ["threatened_class", "area", "window", "advised_action", "likelihood", "actor"],
    "min_cell_level": 12,
    "max_cell_level": 15,
    "slot_seconds": 3600,
    "actors": {"armed-group": "", "cell-9": "armed-group", "cell-7": "armed-group"},
    "actor_level": 1,
    "candidates": [{"id": "c1", "cells": ["3"]}, {"id": "c2", "cells": ["3"]}],
    "min_candidates": 2,
    "coalition": [],
    "min_lead_seconds": 7200,
    "expiry_seconds": 86400,
    "handling": "TLP:AMBER",
}

NOW = 1629878400
DUTY = {"rule": "too-late-to-help", "reason": "lives", "by": "Duty officer", "second": "Legal adviser", "at": NOW}
LATE = {"now": 1629985020 - 60}
ALONE = {**DUTY, "second": "duty  OFFICER"}
FEW = {**DUTY, "rule": "too-few-candidates"}
HERE = "301320010213231"  # the cell of level 15 of the report's place
BESIDE = [{"id": "c1", "cells": [HERE]}, {"id": "c2", "cells": ["301320010213230"]}]
SITES = [
    {"id": "gate", "classes": ["people-waiting"], "cell": HERE + "00"},
    {"id": "queue", "classes": ["people-waiting", "travellers"], "cell": "30132001021320"},
]
IDS = StixIds(*(f"0000000{n}-0000-4000-8000-000000000000" for n in "123"))
SALTS = {name: hashlib.sha256(name.encode()).digest() for name in SALT_NAMES}


def _changed(base: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {**copy.deepcopy(base), **changes}


def _signed(terms: dict[str, Any], *, by: tuple[str, ...] = ("evac", "cordon")) -> dict[str, Any]:
    agreement = from_json(json.dumps(terms).encode())
    signatures = {}
    for name in by:
        signature = signing.sign(agreement, KEYS[name])
        if isinstance(signature, signing.Signature):
            signatures[name] = signature.signature.hex()
    return {"agreement": to_json(agreement).decode(), "signatures": signatures}


def agreement_vectors() -> dict[str, Any]:
    """Signed files with what a reader must say, and acts with what the agreement says."""
    good = _signed(TERMS)
    swapped = {**good, "signatures": {"evac": good["signatures"]["cordon"], "cordon": good["signatures"]["evac"]}}
    overlap = [{"party": "evac", "start": "2021-08-14T00:00:00Z", "until": None}] * 2
    point = {**TERMS["control_points"][0], "holders": overlap}
    unsigned = {"evac": "00" * 64, "cordon": "00" * 64}
    stranger = {**good["signatures"], "third": "00" * 64}
    later = good["agreement"].replace("08-31", "09-11")
    off_curve = [{**TERMS["parties"][0], "root_public": "ff" * 32}, TERMS["parties"][1]]
    files = [
        ("both signed", good, "ok"),
        ("one signed", _signed(TERMS, by=("evac",)), "not-both-signed"),
        ("signatures swapped", swapped, "not-both-signed"),
        ("signed by a third besides", {**good, "signatures": stranger}, "not-both-signed"),
        ("deadline changed after signing", {**good, "agreement": later}, "not-both-signed"),
        ("a space in it", {**good, "agreement": good["agreement"].replace(":", ": ", 1)}, "not-canonical"),
        ("not JSON", {**good, "agreement": "{"}, "bad-json"),
        ("a key twice", {**good, "agreement": '{"id":"a",' + good["agreement"][1:]}, "bad-json"),
    ]
    terms = [
        ("no scope", {name: value for name, value in TERMS.items() if name != "scope"}, "missing-field"),
        ("a field more", _changed(TERMS, favourite=1), "unknown-field"),
        ("two holders at once", _changed(TERMS, control_points=[point]), "bad-field"),
        ("a third party", _changed(TERMS, parties=[*TERMS["parties"], TERMS["parties"][0]]), "bad-field"),
        ("deadline before start", _changed(TERMS, deadline="2021-08-01T00:00:00Z"), "bad-field"),
        ("time with an offset", _changed(TERMS, start="2021-08-14T00:00:00+00:00"), "bad-field"),
        ("root off the curve", _changed(TERMS, parties=off_curve), "bad-key"),
    ]
    files += [(name, {"agreement": json.dumps(plain), "signatures": unsigned}, code) for name, plain, code in terms]
    act = {
        "act": "share",
        "subject": "threat-warning",
        "purpose": "no-attacks",
        "by": "evac",
        "now": NOW,
        "state": "open",
    }
    acts = [
        ({}, "ok"),
        ({"state": "closed"}, "agreement-closed"),
        ({"state": "suspended"}, "agreement-suspended"),
        ({"now": 1628899199}, "no-agreement"),
        ({"now": 1628899200}, "ok"),
        ({"now": 1630438139}, "ok"),
        ({"now": 1630438140}, "agreement-closed"),
        ({"by": "third"}, "unknown-sender"),
        ({"subject": "threat-warnings"}, "out-of-scope"),
        ({"subject": "threat"}, "out-of-scope"),
        ({"purpose": None}, "purpose-missing"),
        ({"purpose": "departure"}, "purpose-missing"),
        ({"subject": "trade", "purpose": None}, "out-of-scope"),
    ]
    return {
        "seeds": {name: seed.hex() for name, seed in SEEDS.items()},
        "digest": digest(from_json(json.dumps(TERMS).encode())).hex(),
        "files": [{"name": name, "file": file, "expect": code} for name, file, code in files],
        "acts": [{"act": {**act, **change}, "expect": code} for change, code in acts],
    }


def _derive(case: dict[str, Any]) -> Derivation | Refusal:
    report = reports.from_json(json.dumps(case["report"]).encode())
    policy = policies.from_json(json.dumps(case["policy"]).encode())
    given = {**case["given"]}
    given["overrides"] = [Override(**one) for one in given.get("overrides", ())]
    given["earlier"] = Earlier(**{reason: frozenset(cells) for reason, cells in given.get("earlier", {}).items()})
    return derive(report, policy, salts=SALTS, **given)


def release_vectors() -> dict[str, Any]:
    """Cells, derivations and STIX bundles."""
    places = [
        (34_258_012, 69_210_455, 15),
        (0, 0, 1),
        (-1, -1, 3),
        (90_000_000, 180_000_000, 24),
        (-90_000_000, -180_000_000, 24),
        (89_999_999, 179_999_999, 20),
    ]
    cells = [{"place": list(place), "cell": cell(*place), "bounds": list(bounds(cell(*place)))} for place in places]
    changes: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
        ("all listed", {}, {}, {}, "ok"),
        ("window on slot borders", {"window_from": 1629982800, "window_to": 1630000800}, {}, {}, "ok"),
        ("place known to 3 km", {"precision_m": 3000}, {}, {}, "ok"),
        ("place known to 30 km", {"precision_m": 30000}, {}, {}, "too-vague-to-help"),
        ("no actor listed", {}, {"fields": POLICY["fields"][:5]}, {}, "ok"),
        ("an unknown actor", {"actor": "cell-8"}, {}, {}, "ok"),
        ("empty policy", {}, {"fields": []}, {}, "field-not-allowed"),
        ("no purpose", {}, {}, {"purpose": None}, "purpose-missing"),
        ("nobody asked who is harmed", {"harm_answer": None}, {}, {}, "harm-not-considered"),
        ("class describes a person", {"threatened_class": "the man in the red coat"}, {}, {}, "names-a-person"),
        ("free advice", {"advised_action": "stop the red car"}, {}, {}, "field-not-allowed"),
        ("no advice", {"advised_action": ""}, {}, {}, "too-vague-to-help"),
        ("too late", {}, {}, {"now": 1629985020 - 7199}, "too-late-to-help"),
        ("just in time", {}, {}, {"now": 1629985020 - 7200}, "ok"),
        ("too late, duty to warn", {}, {}, {"now": 1629985020 - 60, "overrides": [DUTY]}, "ok"),
        (
            "too late, nobody confirmed",
            {},
            {},
            {**LATE, "overrides": [{**DUTY, "second": None}]},
            "second-person-needed",
        ),
        ("too late, confirmed by oneself", {}, {}, {**LATE, "overrides": [ALONE]}, "second-person-needed"),
        ("finer by decision", {}, {}, {"overrides": [{**DUTY, "rule": "too-precise"}]}, "rule-stands"),
        ("under embargo", {"embargo_until": NOW + 1}, {}, {}, "embargoed"),
        ("embargo over", {"embargo_until": NOW}, {}, {}, "ok"),
        (
            "under embargo, decided",
            {"embargo_until": NOW + 1},
            {},
            {"overrides": [{**DUTY, "rule": "embargoed"}]},
            "ok",
        ),
        ("window over", {}, {}, {"now": 1630000860}, "expired-release"),
        ("too few candidates", {}, {"min_candidates": 3}, {}, "too-few-candidates"),
        ("too few, decided", {}, {"min_candidates": 3}, {"overrides": [FEW]}, "ok"),
        ("widened for candidates", {}, {"candidates": BESIDE}, {}, "ok"),
        ("a finer area before", {}, {"candidates": BESIDE}, {"earlier": {"touching": [HERE]}}, "too-few-candidates"),
        ("elsewhere before", {}, {}, {"earlier": {"touching": ["1"]}}, "ok"),
        ("the same threat next door before", {}, {}, {"earlier": {"alike": ["1"]}}, "too-few-candidates"),
        ("another place in the version before", {}, {}, {"earlier": {"continued": ["1"]}}, "too-few-candidates"),
        ("the same source elsewhere before", {}, {}, {"earlier": {"sourced": ["1"]}}, "too-few-candidates"),
        ("two places could be meant", {}, {"targets": SITES, "min_targets": 2}, {}, "ok"),
        ("one place could be meant", {}, {"targets": SITES[:1], "min_targets": 2}, {}, "lone-target"),
        ("places of others", {"threatened_class": "guards"}, {"targets": SITES, "min_targets": 1}, {}, "lone-target"),
    ]
    derivations = []
    for name, report, policy, given, expect in changes:
        case = {
            "report": _changed(REPORT, **report),
            "policy": _changed(POLICY, **policy),
            "given": {"now": NOW, "release_id": "w-1", "purpose": "no-attacks", **given},
        }
        done = _derive(case)
        release = plain_fields(done.release) if isinstance(done, Derivation) else None
        derivations.append({"name": name, **case, "expect": expect, "release": release})
    first = _derive(derivations[0])
    bundle = encode_stix(to_stix(first.release, IDS)).decode() if isinstance(first, Derivation) else ""
    head = f'"{EXTENSION_ID}":{{'
    stix = [
        ("as made", bundle, "ok"),
        ("cut short", bundle[:-1], "bad-json"),
        ("advice replaced in the description", bundle.replace("Advice:", "Stop the red car:"), "bad-stix"),
        ("a field more in the extension", bundle.replace(head, head + '"plate":"1",'), "unknown-field"),
        ("another area in the extension", bundle.replace('"area":"3', '"area":"31'), "bad-stix"),
        ("an area beyond the pole", bundle.replace('"area":"3', '"area":"332'), "bad-cell"),
        ("a time off the slots", bundle.replace('"issued":1629878400', '"issued":1629878401'), "bad-field"),
        ("an object more", bundle.replace('"objects":[', '"objects":[{},'), "bad-field"),
    ]
    return {
        "salts": {name: salt.hex() for name, salt in SALTS.items()},
        "cells": cells,
        "no_cells": ["", "4", "00", "332", "3" * 25, " 30"],
        "derivations": derivations,
        "stix": [{"name": name, "bundle": text, "expect": code} for name, text, code in stix],
    }


def main() -> None:
    """Write both files."""
    for name, vectors in (("agreement", agreement_vectors()), ("releases", release_vectors())):
        path = OUT / f"{name}.json"
        path.write_text(json.dumps(vectors, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{path}: {len(vectors)} groups")


if __name__ == "__main__":
    main()
