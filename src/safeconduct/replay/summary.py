"""The summary of a replay: asked of the nodes, counted by the devices, and looked for in the partner's files."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from safeconduct.replay.operation import Operation
from safeconduct.replay.processes import tree_peak_kib
from safeconduct.replay.tally import total
from safeconduct.storage.database import search_everywhere
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import withheld_texts
from safeconduct.workflows.source_rows import OPEN


def summarise(operation: Operation, *, seconds: float, own_pid: int) -> dict[str, Any]:
    """Return the summary; every figure is measured here and now."""
    room, theirs = operation.evac.get("/api/room"), operation.cordon.get("/api/room")
    days = [operation.store.fact(f"scanned/{plan.date}") or "{}" for plan in operation.plans]
    counted = total(days)
    node = open_node(operation.evac.node.config)
    try:
        conflicts, claims, read = _conflicts(node), _claims(node), _read(node)
        leaks = _leaks(operation, node)
        balances = _balances(node, counted.scans, counted.admitted)
    finally:
        close_node(node)
    released = [w for w in room["warnings"] if w["direction"] == "sent"]
    ledgers = [room["ledger"], theirs["ledger"]]
    nodes = (operation.evac.node, operation.cordon.node)
    return {
        "people": room["roll"],
        "groups": room["groups"],
        "passes": room["passes"],
        "revoked": room["revoked"],
        "scans": counted.scans,
        "admitted": counted.admitted,
        "refused": dict(sorted(counted.refused.items())),
        "departed": room["departed"],
        "still_waiting": room["roll"] - room["departed"],
        "cleared_people_refused": sum(counted.good_refused.values()),
        "duplicates_planted": counted.duplicates,
        "duplicates_found": len(conflicts),
        "copies_admitted_before_merge": counted.duplicates,
        "copies_admitted_before_their_holder": counted.copies_first,
        "median_hours_to_detect": round(statistics.median(conflicts), 2) if conflicts else 0.0,
        "bad_passes_admitted": sum(counted.bad_admitted.values()),
        "acts_refused": room["refused_acts"],
        "releases": len(released),
        "acknowledged": sum(1 for w in released if w["acknowledged_at"]),
        "outcomes": sum(1 for w in released if w["outcome"]),
        "withheld_values_found_at_partner": leaks,
        **read,
        "claims": claims,
        "ledger_entries": sum(ledger["size"] for ledger in ledgers),
        "heads_cosigned": sum(1 for ledger in ledgers if ledger["cosigned_size"] == ledger["size"]),
        "evidence_verified": _evidence(operation, released),
        "balances": balances,
        "seconds": round(seconds, 1),
        "peak_rss_mb": round((sum(node.note_memory() for node in nodes) + tree_own(own_pid)) / 1024),
    }


def tree_own(pid: int) -> int:
    """Return the peak memory of this process alone, in KiB: its children are the nodes, counted on their own."""
    children = sum(tree_peak_kib(int(c)) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return max(0, tree_peak_kib(pid) - children)


def _conflicts(node: Node) -> list[float]:
    """Return hours from second use to finding, one for each conflict that the issuer's node found at merge."""
    with node.store.reading() as tx:
        return [(found - second) / 3_600 for _, _, _, found, second in tx.devices.conflicts()]


def _leaks(operation: Operation, node: Node) -> int:
    """Count withheld values of all reports that occur anywhere in the partner's database."""
    release = operation.store.fact("release")
    if release is None:
        return 0
    found = search_everywhere(operation.cordon.node.config.data_dir / "node.db", withheld_texts(node, release))
    return sum(1 for count in found.values() if count)


def _claims(node: Node) -> int:
    with node.store.reading() as tx:
        return len(tx.records.all("claims"))


def _read(node: Node) -> dict[str, int]:
    """Count the sources that were read, what was suggested from them, and what of it waits for a decision."""
    with node.store.reading() as tx:
        counts = tx.sources.counts()
        return {
            "sources_read": len(tx.sources.rows()),
            "suggestions": sum(one.number for one in counts),
            "suggestions_open": sum(one.number for one in counts if one.state == OPEN),
        }


def _evidence(operation: Operation, released: list[dict[str, Any]]) -> int:
    """Fetch the evidence file of each release and verify it by the command, with nothing but two public keys."""
    keys = operation.evac.get("/api/card")["log_vkey"], operation.cordon.get("/api/card")["witness_vkey"]
    verified = 0
    for warning in released:
        answer = operation.evac.call("GET", f"/api/evidence/{warning['ledger_index']}")
        file = operation.base / f"evidence-{warning['id']}.txt"
        file.write_bytes(answer.content)
        done = subprocess.run(  # noqa: S603  (our own command)
            [sys.executable, "-m", "safeconduct.cli", "verify", str(file), "--log-key", keys[0],
             "--witness-key", keys[1], "--json"],
            capture_output=True, check=False, text=True,
        )  # fmt: skip
        verified += done.returncode == 0 and json.loads(done.stdout)["verified"] is True
    return verified


def _balances(node: Node, scans: int, admitted: int) -> bool:
    """Whether the issuer's node holds exactly what the devices recorded, and the roll adds up."""
    with node.store.reading() as tx:
        rows = tx.devices.tallies()
        counts = tx.roll.counts()
    held = sum(count for _, _, _, count, _, _ in rows)
    let_in = sum(count for _, kind, _, count, _, _ in rows if kind == "admit")
    roll = counts["people"] == counts["waiting"] + counts["passed"] + counts["departed"]
    return held == scans and let_in == admitted and roll
