"""Write spec/vectors/clearance.json: notices about the clearance of a route, and how a route stands after them.

The texts are written down here by hand; nothing of the package makes them.
"""

import json
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "spec/vectors/clearance.json"
AT = 1629460800  # 2021-08-20T12:00:00Z
HOUR = 3_600
Json = dict[str, Any]

# Name, text, step, route, until (unix seconds), words below the line.
READ: list[tuple[str, str, str, str, int | None, str]] = [
    ("asked", "clearance=asked route=north-road until=2021-08-20T12:00:00Z", "asked", "north-road", AT, ""),
    ("asked with words on two lines", "clearance=asked route=r1 until=2021-08-20T13:00:00Z\ntwo buses\nat noon",
     "asked", "r1", AT + HOUR, "two buses\nat noon"),
    ("confirmed", "clearance=confirmed route=r.1:a_b until=2021-08-20T12:00:00Z", "confirmed", "r.1:a_b", AT, ""),
    ("refused in another script", "clearance=refused route=r1\nراه بسته است", "refused", "r1", None, "راه بسته است"),
    ("closed", "clearance=closed route=r1", "closed", "r1", None, ""),
]  # fmt: skip
ORDINARY: list[tuple[str, str]] = [
    ("other words", "Passage goes on."),
    ("no such step", "clearance=opened route=r1"),
    ("asked without a time", "clearance=asked route=r1"),
    ("refused with a time", "clearance=refused route=r1 until=2021-08-20T12:00:00Z"),
    ("another order", "route=r1 clearance=closed"),
    ("two spaces", "clearance=closed  route=r1"),
    ("a space at the end", "clearance=closed route=r1 "),
    ("a word too many", "clearance=closed route=r1 now"),
    ("twice", "clearance=closed route=r1 route=r2"),
    ("a capital letter", "Clearance=closed route=r1"),
    ("no route", "clearance=closed route="),
    ("a route that is no id", "clearance=closed route=-r1"),
    ("a day that does not exist", "clearance=asked route=r1 until=2021-02-30T12:00:00Z"),
    ("a time without its second", "clearance=asked route=r1 until=2021-08-20T12:00Z"),
    ("on the second line", "\nclearance=closed route=r1"),
]
ASKED: Json = {"step": "asked", "by": "evac", "at": AT, "until": AT + HOUR}
CONFIRMED: Json = {"step": "confirmed", "by": "cordon", "at": AT + 60, "until": AT + 1800}
REFUSED: Json = {"step": "refused", "by": "cordon", "at": AT + 60, "until": None}
CLOSED: Json = {"step": "closed", "by": "evac", "at": AT + 7200, "until": None}
# Name, words in the order in which they came, the time, how the route stands.
STANDS: list[tuple[str, list[Json], int, str]] = [
    ("asked", [ASKED], AT + HOUR - 1, "asked"),
    ("never answered", [ASKED], AT + HOUR, "unanswered"),
    ("confirmed, for less than was asked", [ASKED, CONFIRMED], AT + 1799, "confirmed"),
    ("lapsed", [ASKED, CONFIRMED], AT + 1800, "lapsed"),
    ("words in another order", [CONFIRMED, ASKED], AT + 100, "confirmed"),
    ("refused", [ASKED, REFUSED], AT + 100, "refused"),
    ("confirmed by whoever asked", [ASKED, {**CONFIRMED, "by": "evac"}], AT + 100, "asked"),
    ("confirmed without a question", [CONFIRMED], AT + 100, "confirmed"),
    ("closed", [ASKED, CONFIRMED, CLOSED], AT + 9000, "closed"),
    ("asked again", [ASKED, CONFIRMED, {**ASKED, "at": AT + 1900, "until": AT + 9 * HOUR}], AT + 2000, "asked"),
]
# Name, words, who wants to say what at AT + 100, the code.
MAY: list[tuple[str, list[Json], Json, str]] = [
    ("ask", [], {"step": "asked", "by": "evac", "until": AT + HOUR}, "ok"),
    ("ask for a time that is over", [], {"step": "asked", "by": "evac", "until": AT + 100}, "clearance-over"),
    ("confirm", [ASKED], {"step": "confirmed", "by": "cordon", "until": AT + HOUR}, "ok"),
    ("confirm for longer than was asked", [ASKED], {"step": "confirmed", "by": "cordon", "until": AT + 9 * HOUR}, "ok"),
    ("refuse after all", [ASKED, CONFIRMED], {"step": "refused", "by": "cordon", "until": None}, "ok"),
    ("confirm what nobody asked", [], {"step": "confirmed", "by": "cordon", "until": AT + HOUR}, "clearance-not-asked"),
    ("confirm one's own question", [ASKED], {"step": "confirmed", "by": "evac", "until": AT + HOUR}, "unknown-sender"),
    ("answer after the time", [{**ASKED, "until": AT + 90}], {"step": "refused", "by": "cordon", "until": None},
     "clearance-not-asked"),
    ("close what is over", [{**ASKED, "until": AT + 90}], {"step": "closed", "by": "evac", "until": None}, "ok"),
    ("close what was refused", [ASKED, REFUSED], {"step": "closed", "by": "evac", "until": None},
     "clearance-not-asked"),
]  # fmt: skip


def clearance_vectors() -> Json:
    """Return what spec/vectors/clearance.json holds."""
    return {
        "read": [
            {"name": name, "text": text, "step": step, "route": route, "until": until, "words": words}
            for name, text, step, route, until, words in READ
        ],
        "ordinary": [{"name": name, "text": text} for name, text in ORDINARY],
        "stands": [{"name": name, "said": said, "now": now, "state": state} for name, said, now, state in STANDS],
        "may": [
            {"name": name, "said": said, "now": AT + 100, "next": step, "expect": code}
            for name, said, step, code in MAY
        ],
    }


if __name__ == "__main__":
    made = json.dumps(clearance_vectors(), indent=1, sort_keys=True, ensure_ascii=False)
    OUT.write_text(made + "\n", encoding="utf-8")
