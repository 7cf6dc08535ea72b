"""Write spec/vectors/matters.json: notices, site events and recalls, read and refused, alone and one after another.

The canonical texts are made with Python's `json` and the ids with SHA-256, with nothing of what they test.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "spec/vectors/matters.json"
AT = 1629460800  # 2021-08-20T12:00:00Z
Json = dict[str, Any]

NOTICE: Json = {
    "at": AT, "by": "evac", "cites": [], "condition": "if they are attacked", "stage": "served", "text": "They pass.",
}  # fmt: skip
PLAN: Json = {
    "as_stated": None, "at": AT, "by": "evac", "due": AT + 600, "purpose": "complete-evacuation", "site": "airfield",
    "stage": "planned", "text": "", "zone": "tower",
}  # fmt: skip
GIVEN: Json = {**PLAN, "stage": "handed-over", "due": None, "text": "locked"}
RECEIPT: Json = {**GIVEN, "stage": "received", "by": "cordon", "purpose": None, "as_stated": False, "text": "no key"}
ITEM: Json = {"at": AT, "id": "release-1", "kind": "release", "what": "warning released on 2021-08-20"}
REQUEST: Json = {"at": AT, "by": "evac", "items": [ITEM], "stage": "request", "why": "the cooperation is closed"}
ANSWER: Json = {
    "answer": "kept", "at": AT + 60, "by": "cordon", "item": "release-1", "reason": "an inquiry", "stage": "answer",
}  # fmt: skip


def canonical(value: Json) -> str:
    """Return the canonical text of an object without anything of the package."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def notice_id(value: Json) -> str:
    """Return the id of a notice."""
    return sha256(canonical(value).encode()).hexdigest()[:32]


def acknowledged(by: str, notice: str) -> Json:
    """Return an acknowledgement."""
    return {"at": AT + 60, "by": by, "notice": notice, "stage": "acknowledged", "text": ""}


def _without(value: Json, name: str) -> Json:
    return {key: one for key, one in value.items() if key != name}


READ: list[tuple[str, str, Json]] = [
    ("notice", "notice with its condition", NOTICE),
    ("notice", "notice without a condition, in another script", {**NOTICE, "condition": None, "text": "راه باز است"}),
    ("notice", "acknowledgement without a remark", acknowledged("cordon", notice_id(NOTICE))),
    ("site", "plan of a zone", PLAN),
    ("site", "zone handed over", GIVEN),
    ("site", "receipt with a remark", RECEIPT),
    ("recall", "request", REQUEST),
    ("recall", "kept with its reason", ANSWER),
    ("recall", "deleted without a word", {**ANSWER, "answer": "deleted", "reason": ""}),
]
REFUSED: list[tuple[str, str, Json, str]] = [
    ("notice", "no such stage", {**NOTICE, "stage": "sent"}, "bad-field"),
    ("notice", "no text", {**NOTICE, "text": ""}, "bad-field"),
    ("notice", "a field is missing", _without(NOTICE, "condition"), "missing-field"),
    ("notice", "a field too many", {**NOTICE, "to": "cordon"}, "unknown-field"),
    ("notice", "acknowledges no id", acknowledged("cordon", "the first one"), "bad-field"),
    ("site", "plan without its time", {**PLAN, "due": None}, "bad-field"),
    ("site", "time in what is no plan", {**GIVEN, "due": AT}, "bad-field"),
    ("site", "handed over in no state", {**GIVEN, "text": ""}, "bad-field"),
    ("site", "receipt that says neither", {**RECEIPT, "as_stated": None}, "bad-field"),
    ("site", "hand-over that receives itself", {**GIVEN, "as_stated": True}, "bad-field"),
    ("recall", "request for nothing", {**REQUEST, "items": []}, "bad-field"),
    ("recall", "one id twice", {**REQUEST, "items": [ITEM, ITEM]}, "bad-field"),
    ("recall", "kind that is none", {**REQUEST, "items": [{**ITEM, "kind": "person"}]}, "bad-field"),
    ("recall", "kept without a reason", {**ANSWER, "reason": ""}, "bad-field"),
    ("recall", "neither deleted nor kept", {**ANSWER, "answer": "lost"}, "bad-field"),
]
# Events one after another, and what becomes of the last one.
COURSES: list[tuple[str, str, list[Json], str]] = [
    ("notice", "acknowledged by the other party", [NOTICE, acknowledged("cordon", notice_id(NOTICE))], "ok"),
    ("notice", "acknowledged by its own party", [NOTICE, acknowledged("evac", notice_id(NOTICE))], "unknown-sender"),
    ("notice", "acknowledged before it was served", [acknowledged("cordon", notice_id(NOTICE))], "unknown-notice"),
    ("notice", "cites an earlier notice",
     [NOTICE, {**NOTICE, "at": AT + 9, "cites": [notice_id(NOTICE)], "text": "It has stopped."}], "ok"),
    ("notice", "cites what was never served", [{**NOTICE, "cites": ["00" * 16]}], "unknown-notice"),
    ("site", "planned, handed over, received", [PLAN, GIVEN, RECEIPT], "ok"),
    ("site", "handed over without a plan", [GIVEN], "ok"),
    ("site", "handed over twice", [GIVEN, {**GIVEN, "at": AT + 9}], "already-handed-over"),
    ("site", "planned after it was handed over", [GIVEN, {**PLAN, "at": AT + 9}], "already-handed-over"),
    ("site", "received before it was handed over", [PLAN, RECEIPT], "unknown-zone"),
    ("site", "received by whoever handed it over", [GIVEN, {**RECEIPT, "by": "evac"}], "unknown-sender"),
    ("site", "received twice", [GIVEN, RECEIPT, {**RECEIPT, "at": AT + 9, "as_stated": True}], "already-handed-over"),
    ("site", "handed over by a stranger", [{**GIVEN, "by": "third"}], "unknown-sender"),
    ("recall", "answered by the party that was asked", [REQUEST, ANSWER], "ok"),
    ("recall", "answered twice", [REQUEST, ANSWER, {**ANSWER, "answer": "deleted", "reason": ""}], "ok"),
    ("recall", "answered by the party that asked", [REQUEST, {**ANSWER, "by": "evac"}], "unknown-sender"),
    ("recall", "answer to what nobody recalled", [REQUEST, {**ANSWER, "item": "release-2"}], "not-recalled"),
]  # fmt: skip


def matters_vectors() -> Json:
    """Return what spec/vectors/matters.json holds."""
    return {
        "read": [
            {"kind": kind, "name": name, "document": value, "canonical": canonical(value)}
            | ({"id": notice_id(value)} if value["stage"] == "served" else {})
            for kind, name, value in READ
        ],
        "refused": [
            {"kind": kind, "name": name, "document": value, "expect": code} for kind, name, value, code in REFUSED
        ],
        "courses": [
            {"kind": kind, "name": name, "events": events, "expect": code} for kind, name, events, code in COURSES
        ],
    }


if __name__ == "__main__":
    OUT.write_text(json.dumps(matters_vectors(), indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
