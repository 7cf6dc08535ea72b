"""Write `spec/vectors/guard-lines.json`: advice of bundles, what a point shows at a time, and what is no line.

The lines are written out by hand, not made by the code that reads them: `python tools/make_vectors_guard_lines.py`.
"""

import json
from pathlib import Path

FILE = Path(__file__).parent.parent / "spec" / "vectors" / "guard-lines.json"
TEN = 1629972000  # 2021-08-26T10:00:00Z
LEVEL = "[*] until 2021-08-26T10:00Z: threat level high: let people wait apart and call them forward in small groups"
HOLD = "[gate-a] until 2021-08-26T09:00Z: hold advised: let no more people come forward until word comes"
WARNING = "[outer-1] until 2021-08-26T16:00Z: warning: let people wait under cover"
TEXTS = {line: line.split("Z: ", 1)[1] for line in (LEVEL, HOLD, WARNING)}
ALL = f"{LEVEL}\n{HOLD}\n{WARNING}\nWater comes at noon."

CASES = [
    ("all lines of its own point and of all", ALL, "gate-a", TEN - 3_601, [LEVEL, HOLD]),
    ("a line is over at its minute", ALL, "gate-a", TEN - 3_600, [LEVEL]),
    ("another point sees no hold of this one", ALL, "outer-1", TEN - 3_601, [LEVEL, WARNING]),
    ("a point without lines of its own sees those for all", ALL, "gate-b", TEN - 1, [LEVEL]),
    ("everything is over", ALL, "outer-1", TEN + 6 * 3_600, []),
    ("no advice", "", "gate-a", TEN, []),
    ("own words only", "Water comes at noon.", "gate-a", TEN, []),
    ("a time without its Z is no line", "[gate-a] until 2021-08-26T09:00: x", "gate-a", 0, []),
    ("a time with seconds is no line", "[gate-a] until 2021-08-26T09:00:00Z: x", "gate-a", 0, []),
    ("words before the bracket are no line", "Note [gate-a] until 2021-08-26T09:00Z: x", "gate-a", 0, []),
    ("a bracket in the point is no line", "[gate]a] until 2021-08-26T09:00Z: x", "gate-a", 0, []),
    ("a day that there is not is no line", "[gate-a] until 2021-02-30T09:00Z: x", "gate-a", 0, []),
    ("no text is no line", "[gate-a] until 2021-08-26T09:00Z: ", "gate-a", 0, []),
]


def main() -> None:
    """Write the file."""
    cases = [
        {"name": name, "advice": advice, "point": point, "now": now, "shown": [TEXTS[line] for line in shown]}
        for name, advice, point, now, shown in CASES
    ]
    text = json.dumps({"spec": "guard-lines.md", "cases": cases}, indent=1, ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
