"""How long it takes to weigh one more release against all earlier ones, read from the database: it must not grow.

The worst case: every earlier release went to the same partner, for the same class of people, in overlapping windows,
into the same neighbourhood, and rests on the same sources. Each round opens a transaction, asks what counts and
derives a release; a release made that way names a candidate less than the policy has, so that the answer is checked.
"""

import json
import os
import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from sqlalchemy import insert

from bench.harness import figure
from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.alerts.derive import SALT_NAMES, Derivation, derive
from safeconduct.alerts.earlier import Earlier
from safeconduct.alerts.quadtree import around, cell
from safeconduct.config import NodeConfig
from safeconduct.storage import schema
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.earlier_releases import earlier_to, note_sent
from safeconduct.workflows.ports import Node

NAMES = ("policy_100_ms", "policy_1k_ms", "policy_ms")
SIZES = {"policy_100_ms": 100, "policy_1k_ms": 1_000, "policy_ms": int(os.environ.get("RELEASES", "10000"))}
LIMIT_MS = 50  # the goal with 10,000 earlier releases
ROUNDS, WARM = 21, 3
PLACE = (34_258_012, 69_210_455)
NOW = 1_629_878_400
CANDIDATES, REACH = 200, 20  # declared candidates, and cells that each reaches

REPORT: dict[str, Any] = {
    "id": "new", "what": "An attack on a waiting crowd is being prepared.", "threatened_class": "people-waiting",
    "site": "South path", "lat": PLACE[0], "lon": PLACE[1], "precision_m": 300, "window_from": NOW + 90_000,
    "window_to": NOW + 120_000, "actor": "cell-9", "likelihood": 6, "advised_action": "spread-out",
    "sources": [{"name": f"source {n}", "reliability": "B", "credibility": 2} for n in range(3)],
    "handling": "TLP:AMBER", "entered_by": "duty officer", "entered_at": NOW, "harm_answer": "People could be pushed.",
    "details": "",
}  # fmt: skip


def policy() -> policies.Policy:
    """200 candidates of which one cannot know of the neighbourhood's northernmost cell."""
    wide = cell(*PLACE, 12)
    near = around(wide)
    reach = [wide, *near, *(one + digit for one in near for digit in "0123")][:REACH]
    candidates = [{"id": f"c{n}", "cells": list(dict.fromkeys(reach))} for n in range(CANDIDATES - 1)]
    candidates.append({"id": "stranger", "cells": [cell(*PLACE, 15)]})
    plain = {
        "version": 1, "agreement_id": "corridor-a", "partner": "cordon", "purpose": "no-attacks",
        "fields": ["threatened_class", "area", "window", "advised_action", "likelihood"], "min_cell_level": 12,
        "max_cell_level": 15, "slot_seconds": 3600, "actors": {}, "actor_level": 1, "candidates": candidates,
        "min_candidates": 5, "coalition": ["friend"], "min_lead_seconds": 3600, "expiry_seconds": 86_400,
        "handling": "TLP:AMBER",
    }  # fmt: skip
    return policies.from_json(json.dumps(plain).encode())


def run() -> list[dict[str, Any]]:
    """Measure at each size in a node of its own."""
    found = {name: _measure(count) for name, count in SIZES.items()}
    first = next(iter(found.values()))
    for name, spent in found.items():
        print(f"{SIZES[name]:>8,} earlier releases: {spent:6.2f} ms, {spent / first:.2f} times that with the fewest")
    return [
        figure(name, spent, f"ms, {SIZES[name]:,} earlier", limit=LIMIT_MS if name == "policy_ms" else None)
        for name, spent in found.items()
    ]


def _measure(count: int) -> float:
    """Median milliseconds of CPU time of one weighing."""
    with tempfile.TemporaryDirectory() as folder:
        config = NodeConfig("evac", "Evacuating party", Path(folder) / "data", exercise=True, sign_in=False)
        init_node(Path(folder), config, passphrase=None)
        node = open_node(config)
        try:
            _fill(node, count)
            spent = [_weigh(node, count) for _ in range(WARM + ROUNDS)]
        finally:
            close_node(node)
    return median(spent[WARM:])


def _fill(node: Node, count: int) -> None:
    """Earlier releases in every cell of the neighbourhood, each with a report of its own."""
    near = around(cell(*PLACE, 12))
    places = [one + tail for one in near for tail in ("000", "13", "2", "332", "")]
    with node.store.transaction() as tx:
        rows = []
        for n in range(count):
            other = reports.from_json(json.dumps({**REPORT, "id": f"old-{n}"}).encode())
            tx.alerts.add_report(other.id, node.vault.seal(reports.to_json(other)), NOW)
            rows.append(
                {"release": f"w-{n}", "version": 1, "report": other.id, "partner": ("cordon", "friend")[n % 2],
                 "cell": places[n % len(places)], "class": "people-waiting", "actor": None, "ledger_index": n,
                 "window_from": NOW + 86_400 + n // 900 * 900, "window_to": NOW + 126_000}
            )  # fmt: skip
        tx.alerts._c.execute(insert(schema.release_cells), rows)  # noqa: SLF001  (releases without their envelopes)
        note_sent(node, tx, policy())


def _weigh(node: Node, count: int) -> float:
    report, given = reports.from_json(json.dumps(REPORT).encode()), policy()
    salts = {name: name.encode().ljust(32, b".") for name in SALT_NAMES}
    begun = process_time()
    with node.store.reading() as tx:
        earlier = earlier_to(node, tx, report, given)
    made = derive(report, given, now=NOW, release_id="w", salts=salts, purpose="no-attacks", earlier=earlier)
    spent = (process_time() - begun) * 1_000
    if not isinstance(made, Derivation) or made.candidates != CANDIDATES - 1 or earlier == Earlier():
        raise SystemExit(f"with {count:,} earlier releases the answer is wrong: {made}")
    return spent
