"""From a report entered in one room to the warning on the partner's screen: two node processes, joined over loopback.

Each round enters a fresh report over HTTP, releases it by policy, and asks for the partner's `/inbox` until the page
names the release. The clock runs from the first byte of the report to the last byte of that page, so that derivation,
signatures, both ledgers, the courier and the page itself are all in it. Figures are of waiting, so wall time.
"""

import json
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

from bench.harness import figure
from safeconduct.replay.client import Operator
from safeconduct.replay.processes import prepare
from safeconduct.replay.scenario import agreement_document, load

NAMES = ("report_to_screen_ms", "report_to_screen_p95_ms")
SCENARIO = Path(__file__).parents[1] / "scenarios" / "kabul-2021"
PARTIES = (("evac", "Evacuating party"), ("cordon", "Cordon party"))
PURPOSE = "protect-people"
ROUNDS, WARM_UP = 30, 3
GOAL_MS = 1_000
LOOK = 0.02  # seconds between two looks at the page
PATIENCE = 30.0


def run() -> list[dict[str, Any]]:
    """Median and 95th percentile, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        nodes = prepare(Path(folder), PARTIES)
        try:
            for node in nodes:
                node.start()
            for node in nodes:
                node.wait_until_up()
            rooms = {node.config.party: Operator(node) for node in nodes}
            scenario = load(SCENARIO)
            _agree(rooms, scenario)
            with httpx.Client(base_url=nodes[1].url, timeout=PATIENCE) as screen:
                taken = [_round(number, rooms["evac"], screen, scenario) for number in range(WARM_UP + ROUNDS)]
        finally:
            for node in nodes:
                node.stop()
    measured = [1_000 * seconds for seconds in taken[WARM_UP:]]
    return [
        figure("report_to_screen_ms", median(measured), "ms", limit=GOAL_MS),
        figure("report_to_screen_p95_ms", quantiles(measured, n=20)[-1], "ms", limit=GOAL_MS),
    ]


def _agree(rooms: dict[str, Operator], scenario: Any) -> None:
    evac, cordon = rooms["evac"], rooms["cordon"]
    for room in rooms.values():
        room.post("/api/exercise/clock", {"now": json.loads(scenario.report)["entered_at"] + 600})
    cards = {party: room.get("/api/card") for party, room in rooms.items()}
    evac.post("/api/parties", cards["cordon"])
    cordon.post("/api/parties", cards["evac"])
    roots = {party: card["root_public"] for party, card in cards.items()}
    evac.post("/api/agreement/propose", raw=agreement_document(scenario, roots))
    evac.post("/api/exchange")
    cordon.post("/api/agreement/accept/1")
    cordon.post("/api/exchange")


def _round(number: int, evac: Operator, screen: httpx.Client, scenario: Any) -> float:
    """Seconds from a report to the page that shows its release."""
    report = {**json.loads(scenario.report), "id": f"bench-{number}"}
    begun = time.perf_counter()
    evac.post("/api/reports", report)
    given = {"report": report["id"], "policy": json.loads(scenario.policy), "purpose": PURPOSE}
    release = evac.post("/api/releases", given)["release"]
    until = begun + PATIENCE
    while time.perf_counter() < until:
        page = screen.get("/inbox").text
        if f"/inbox/{release}" in page:
            return time.perf_counter() - begun
        time.sleep(LOOK)
    raise SystemExit(f"release {release} was not on the partner's screen within {PATIENCE} s")
