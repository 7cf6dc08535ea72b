"""Posts of 100 objects each, durable before they are answered, into collections of growing size, beside medallion.

Each post is one transaction with its ledger entry and its status, written with synchronous=FULL.
"""

import os
import time
from typing import Any

from bench._taxii_load import ask_once, drive
from bench._taxii_node import Served, depot, envelope, exponent
from bench._taxii_peer import medallion
from bench.harness import figure

NAMES = ("taxii_post", "taxii_post_empty", "taxii_post_full_to_empty", "taxii_post_cpu_us", "taxii_post_exponent")
STORED = int(os.environ.get("STORED", "1000000"))
SIZES = (0, STORED // 16, STORED // 4, STORED)
POSTS, EACH = int(os.environ.get("POSTS", "300")), 100
PEER_STORED = int(os.environ.get("PEER_STORED", "10000"))
GOAL, SHARE = 10_000, 0.4  # objects a second at the full collection; of the empty one's rate
LINES = 16  # connections


def run() -> list[dict[str, Any]]:
    """Objects a second at each size, and at the peer when empty and when it holds 10,000."""
    rates, spent = [], []
    with depot() as filled:
        for size in SIZES:
            filled.fill(size)
            with filled.served() as one:
                rate, cpu = _posts(one)
            print(f"{size:>10,} stored: {rate:,.0f} objects/s, {cpu * 1e6:.0f} µs of processor time each", flush=True)
            rates.append(rate)
            spent.append(cpu)
    empty, full = _peer()
    return [
        figure("taxii_post", rates[-1], f"objects/s, {STORED:,}", peer=f"medallion, {PEER_STORED:,} stored",
               peer_value=full, limit=GOAL),
        figure("taxii_post_empty", rates[0], "objects/s, empty", peer="medallion, empty", peer_value=empty),
        figure("taxii_post_full_to_empty", rates[-1] / rates[0], "full to empty", peer="medallion",
               peer_value=full / empty, limit=SHARE),
        figure("taxii_post_cpu_us", spent[-1] * 1e6, f"µs an object, {STORED:,}"),
        figure("taxii_post_exponent", exponent(list(SIZES[1:]), [1 / one for one in rates[1:]]), "growth, n 4n 16n"),
    ]  # fmt: skip


def _posts(one: Served) -> tuple[float, float]:
    drive(one.port, [one.request("POST", body=envelope(EACH)) for _ in range(10)], lines=LINES, check=_taken)
    requests = [one.request("POST", body=envelope(EACH)) for _ in range(POSTS)]
    before = one.cpu()
    seconds = drive(one.port, requests, lines=LINES, check=_taken)
    return POSTS * EACH / seconds, (one.cpu() - before) / (POSTS * EACH)


def _taken(status: int, body: bytes) -> None:
    if status != 202 or b'"failure_count":0' not in body.replace(b" ", b""):
        raise SystemExit(f"not taken: {status} {body[:300]!r}")


def _peer() -> tuple[float, float]:
    """Objects a second of the peer, empty and with so many stored."""
    with medallion() as one:
        rates = []
        for stored in (0, PEER_STORED):
            if stored:
                _taken(*ask_once(one.port, one.request("POST", body=envelope(stored)), timeout=900))
            posts = [one.request("POST", body=envelope(EACH)) for _ in range(3)]
            begun = time.perf_counter()
            for post in posts:
                _taken(*ask_once(one.port, post, timeout=900))
            rates.append(3 * EACH / (time.perf_counter() - begun))
    return rates[0], rates[1]
