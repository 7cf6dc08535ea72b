"""An account of 100,000 claims: how long it takes to record them and to open it, and how much memory that needs.

One incident has 60,000 claims, four others have 10,000 each; then one has all 100,000. Every tenth claim takes part
in a relation. Opening is from the database to the finished view, by CPU time, with nothing kept from the round before.
"""

import json
import os
import random
import resource
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bench.harness import figure
from safeconduct.config import NodeConfig
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_account import OPENED, read_account
from safeconduct.workflows.record_incident import record_incident

NAMES = (
    "account_100k_open_ms", "account_60k_open_ms", "account_60k_past_ms", "account_100k_record_s",
    "account_100k_add_ms", "account_100k_rss_mb",
)  # fmt: skip
CLAIMS = int(os.environ.get("CLAIMS", "100000"))
OPEN_MS, MEMORY_MB = 300, 1_500  # the goals
ROUNDS = 9
FIRST_DAY, DAYS = date(2021, 8, 26), 200
FIGURES = [(who, what) for who in ("people", "civilians", "children", "service-members") for what in
           ("killed", "injured", "missing")]  # fmt: skip
BASES = {"exact": ("min", "max"), "at-least": ("min",), "up-to": ("max",), "about": ("min", "max"), "dozens": ()}

Json = dict[str, Any]


def document(incident: str, count: int, seed: int = 1) -> Json:
    """A dossier of one incident with so many claims, a tenth of them in relations, and one case."""
    draw = random.Random(seed)
    sources = [
        {"id": f"{incident}-s{n}", "kind": "press-report", "publisher": f"paper {n}", "published": str(FIRST_DAY),
         "file": f"{n}.txt", "origin": f"{incident}-s{n // 2}"}
        for n in range(400)
    ]  # fmt: skip
    claims = [_claim(draw, incident, number) for number in range(count)]
    ties = [
        {
            "from": f"{incident}-{n + 1}",
            "to": f"{incident}-{n}",
            "kind": draw.choice(("updates", "corrects", "repeats")),
        }
        for n in range(0, count - 1, 20)
    ]
    step = {"track": "harm", "status": "reported", "by": "an office", "said": str(FIRST_DAY), "claim": claims[0]["id"]}
    return {
        "incidents": [
            {"id": incident, "title": "An attack", "kind": "attack", "date": str(FIRST_DAY), "place": "a gate"}
        ],
        "sources": sources,
        "claims": claims,
        "relations": ties,
        "cases": [{"id": f"case-{incident}", "incident": incident, "against": "third-party", "steps": [step]}],
    }


def _claim(draw: random.Random, incident: str, number: int) -> Json:
    said = str(FIRST_DAY + timedelta(days=int(DAYS * draw.random() ** 3)))  # most is said early
    base = {
        "id": f"{incident}-{number}", "incident": incident, "said": said,
        "source": f"{incident}-s{draw.randrange(400)}", "line": draw.randrange(1, 60),
        "text": "What was said, in our words, at the usual length of such a line.",
        "claimant": f"office {draw.randrange(500)}" if draw.random() < 0.7 else "witnesses",
    }  # fmt: skip
    if draw.random() < 0.3:
        return base | {"attribute": "course", "population": "people", "outcome": "told"}
    who, what = draw.choice(FIGURES)
    basis, value = draw.choice(list(BASES)), int(draw.gauss(150, 30))
    return base | {"attribute": "casualties", "population": who, "outcome": what, "basis": basis,
                   **dict.fromkeys(BASES[basis], max(1, value)),
                   "claimant_kind": "unnamed" if base["claimant"] == "witnesses" else "named-office"}  # fmt: skip


def run() -> list[dict[str, Any]]:
    """Record and open, in a node of its own."""
    sizes = {"many": CLAIMS * 6 // 10, **{f"few-{n}": CLAIMS // 10 for n in range(4)}}
    with tempfile.TemporaryDirectory() as folder:
        node = _node(Path(folder))
        begun = perf_counter()
        for seed, (incident, count) in enumerate(sizes.items()):
            record_incident(node, json.dumps(document(incident, count, seed)).encode())
        seconds = perf_counter() - begun
        more = document("many", CLAIMS * 6 // 10 + 100, 0)
        added = {"claims": more["claims"][-100:], "relations": more["relations"][-5:]}
        begun = perf_counter()
        record_incident(node, json.dumps(added).encode())
        adding = (perf_counter() - begun) * 1_000
        newest, past = _opened(node, "many", None), _opened(node, "many", str(FIRST_DAY + timedelta(days=40)))
        close_node(node)
    with tempfile.TemporaryDirectory() as folder:
        node = _node(Path(folder))
        record_incident(node, json.dumps(document("all", CLAIMS)).encode())
        whole = _opened(node, "all", None)
        close_node(node)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        figure("account_100k_open_ms", whole, f"ms, {CLAIMS:,} in one", limit=OPEN_MS),
        figure("account_60k_open_ms", newest, f"ms, {sizes['many']:,} of {CLAIMS:,}", limit=OPEN_MS),
        figure("account_60k_past_ms", past, "ms, day 40", limit=OPEN_MS),
        figure("account_100k_record_s", seconds, f"s, {CLAIMS:,}"),
        figure("account_100k_add_ms", adding, f"ms, 100 to {CLAIMS:,}"),
        figure("account_100k_rss_mb", memory, "MB, peak", limit=MEMORY_MB),
    ]


def _node(folder: Path) -> Node:
    config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False)
    init_node(folder, config, passphrase=None)
    return open_node(config)


def _opened(node: Node, incident: str, known_at: str | None) -> float:
    """Median milliseconds of CPU time to open an account, with a connection of its own."""
    spent = []
    for _ in range(ROUNDS):
        OPENED.clear()
        begun = process_time()
        with node.store.reading() as tx:
            view = read_account(tx, incident, known_at=known_at)
        spent.append((process_time() - begun) * 1_000)
        if not view.figures or not view.timeline_total:
            raise SystemExit(f"the account of {incident} is empty")
    return median(spent)
