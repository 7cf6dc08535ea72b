"""Write spec/vectors/hand-over.json: signed hand-overs, and files that are refused or differ."""

import json
from pathlib import Path

from safeconduct.register.hand_over import HandOver, count_cases, plain, sign_hand_over
from safeconduct.seal.keys import SigningKey

OUT = Path(__file__).resolve().parents[1] / "spec/vectors/hand-over.json"
SEED = bytes([7]) * 32
ROLL = [("P-1", "citizen"), ("P-2", "at-risk"), ("P-10", "citizen")]
OTHERS = {
    "one-dropped": ROLL[:2],
    "one-in-the-place-of-another": [("P-3", "citizen"), *ROLL[1:]],
    "another-class": [("P-1", "resident"), *ROLL[1:]],
}


def main() -> None:
    """Write the file."""
    root = SigningKey.from_seed(SEED)
    statement = HandOver("evac", "Office of the successor", "2021-09-01T00:00:00Z", count_cases(ROLL))
    good = {**plain(statement), "signature": sign_hand_over(statement, root).hex()}
    forged = good["signature"][:-2] + "00"
    changes: dict[str, tuple[dict[str, object], list[str] | str]] = {
        "complete": ({}, []),
        "another-office": ({"to": "Another office"}, ["signature"]),
        "another-time": ({"at": "2021-09-02T00:00:00Z"}, ["signature"]),
        "signature-damaged": ({"signature": forged}, ["signature"]),
        "party-unknown": ({"by": "north"}, ["signature"]),
        "sum-wrong": ({"cases": 4}, "bad-field"),
        "class-unknown": ({"classes": {"citizen": 2, "soldier": 1}}, "unknown-field"),
        "count-zero": ({"classes": {"citizen": 3, "resident": 0}}, "bad-field"),
        "digest-short": ({"digest": "00"}, "bad-field"),
        "version-2": ({"v": 2}, "bad-field"),
        "field-left-over": ({"names": "none"}, "unknown-field"),
    }
    cases = [
        {"name": name, "file": {**good, **change}, "roll": ROLL, "expect": expect}
        for name, (change, expect) in changes.items()
    ]
    cases.append(
        {"name": "field-missing", "file": dict(list(good.items())[1:]), "roll": ROLL, "expect": "missing-field"}
    )
    expected = {"one-dropped": ["citizen", "digest"], "one-in-the-place-of-another": ["digest"],
                "another-class": ["citizen", "resident"]}  # fmt: skip
    cases += [{"name": name, "file": good, "roll": roll, "expect": expected[name]} for name, roll in OTHERS.items()]
    made = {"party": "evac", "root_public": root.public.hex(), "cases": cases}
    OUT.write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
