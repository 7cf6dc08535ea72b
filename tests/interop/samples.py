"""One of each kind of STIX bundle that a node emits, from a report of an exercise."""

import hashlib
import json
from dataclasses import replace

from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.alerts.answer import Acknowledgement, Action, from_json
from safeconduct.alerts.derive import SALT_NAMES, derive
from safeconduct.alerts.release import withdraw
from safeconduct.alerts.stix import StixIds, author, to_stix
from safeconduct.alerts.stix_answers import About, answer_to_stix
from safeconduct.workflows.stix_envelope import carrier, extension
from unit.alerts.conftest import NOW, POLICY, REPORT

IDS = StixIds(
    "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
    "6fa459ea-ee8a-4ca4-894e-db77e160355e",
    "16fd2706-8baf-433b-82eb-8c7fada847da",
)
UUID = "7d444840-9dc0-41d1-b245-5ffdce74fad2"
AT = NOW + 700


def release(**changes):
    salts = {name: hashlib.sha256(name.encode()).digest() for name in SALT_NAMES}
    report = reports.from_json(json.dumps(REPORT).encode())
    policy = policies.from_json(json.dumps(POLICY).encode())
    made = derive(report, policy, now=NOW, release_id="w-5f3a", salts=salts, purpose="no-attacks")
    return replace(made.release, **changes)


def releases():
    """First version, one in each marking, correction, withdrawal."""
    first = release()
    made = {f"release {name}": release(handling=name) for name in ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:RED")}
    made |= {"release": first, "without likelihood": release(likelihood=None, actor=None)}
    corrected = replace(first, version=2, advised_action="hold-back", commitment=b"\7" * 32)
    made |= {"correction": corrected, "withdrawal": withdraw(corrected, now=NOW + 4000, slot_seconds=3600)}
    return made


def outcome(**changes):
    given = {
        "type": "outcome", "release_id": "w-5f3a", "result": "found", "assessor": "cordon", "assessor_kind": "partner",
        "confidence": "confirmed", "number": None, "hedge": None, "text": "In a drain.", "at": AT, "evidence": "Seen.",
    }  # fmt: skip
    return from_json(json.dumps({**given, **changes}).encode())


def answers():
    """One of each kind of answer that crosses."""
    acknowledged = Acknowledgement("w-5f3a", "received", None, "cordon", AT, signed=True, corrects=False)
    return {
        "received": acknowledged,
        "declined": replace(acknowledged, stage="declined", reason="not our road"),
        "action": Action("w-5f3a", "search", "cordon", AT, "outer-1", "By the canal."),
        "confirmed find": outcome(),
        "confirmed thwarting": outcome(result="thwarted"),
        "believed find": outcome(confidence="believed", number=2, hedge="at least"),
        "nothing": outcome(result="nothing", confidence="thought"),
        "not acted": outcome(result="not-acted", harm="A shop was shut.", harm_number=1),
    }


def bundles():
    """Every kind by name: releases as they are, answers beside the release that they are about."""
    made = {name: to_stix(one, IDS) for name, one in releases().items()}
    base = made["release"]
    about = About(IDS.report, release().handling)
    for name, one in answers().items():
        objects = answer_to_stix(one, about=about, uuid=UUID)
        known = {other["id"] for other in base["objects"]}
        made[f"answer: {name}"] = {
            **base, "objects": [*base["objects"], *(o for o in objects if o["id"] not in known)]
        }  # fmt: skip
        made[f"answer alone: {name}"] = {**base, "objects": objects}
    made["envelope"] = {**base, "objects": [author(), extension(), carrier(b"wire form", uuid=UUID, now=AT)]}
    return json.loads(json.dumps(made))
