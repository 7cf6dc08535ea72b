"""Every case of `spec/vectors/guard-lines.json` reads as it says, and the file is what its maker writes."""

import json
from pathlib import Path

import pytest

from safeconduct.alerts.guard_lines import standing_at
from vectors.generators import load

maker = load("make_vectors_guard_lines")
CASES = json.loads(maker.FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_point_shows_the_lines_that_hold_for_it(case):
    shown = [line.text for line in standing_at(case["advice"], case["point"], case["now"])]
    assert shown == case["shown"]


def test_the_file_is_what_its_maker_writes(tmp_path, monkeypatch):
    kept = maker.FILE.read_bytes()
    monkeypatch.setattr(maker, "FILE", Path(tmp_path) / "made.json")
    maker.main()
    assert maker.FILE.read_bytes() == kept
