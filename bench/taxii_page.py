"""Pages of 100 objects over HTTP, from anywhere in a collection of growing size, beside medallion.

A light client keeps six connections busy; server and client share the machine's cores. The server's own processor
time a page says what it could do where nothing else runs.
"""

import os
import random
import time
from typing import Any

from bench._taxii_load import ask_once, drive
from bench._taxii_node import Served, depot, envelope, exponent
from bench._taxii_peer import medallion
from bench.harness import figure
from safeconduct.workflows.taxii_read import stamp

NAMES = ("taxii_page", "taxii_page_1000", "taxii_page_cpu_us", "taxii_page_exponent")
STORED = int(os.environ.get("STORED", "1000000"))
SIZES = (1_000, STORED // 16, STORED // 4, STORED)
PAGES = int(os.environ.get("PAGES", "6000"))
PEER_STORED = 1_000
GOAL = 2_000  # pages a second
LINES, LENGTH = 6, 40_000  # connections; bytes that a page of 100 objects has at least


def run() -> list[dict[str, Any]]:
    """Pages a second at each size, and at the peer with 1,000 objects stored."""
    rates, spent = [], []
    with depot() as filled:
        for size in SIZES:
            filled.fill(size)
            with filled.served() as one:
                rate, cpu = _pages(one, size)
            print(f"{size:>10,} stored: {rate:,.0f} pages/s, {cpu * 1e6:.0f} µs of processor time a page", flush=True)
            rates.append(rate)
            spent.append(cpu)
    peer = _peer()
    return [
        figure("taxii_page", rates[-1], f"pages/s, {STORED:,}", peer=f"medallion, {PEER_STORED:,} stored",
               peer_value=peer, limit=GOAL),
        figure("taxii_page_1000", rates[0], "pages/s, 1,000", limit=GOAL),
        figure("taxii_page_cpu_us", spent[-1] * 1e6, f"µs, {STORED:,}"),
        figure("taxii_page_exponent", exponent(list(SIZES[1:]), [1 / one for one in rates[1:]]), "growth, n 4n 16n"),
    ]  # fmt: skip


def _pages(one: Served, size: int) -> tuple[float, float]:
    draw = random.Random(size)
    requests = [
        one.request("GET", f"?limit=100&added_after={stamp(draw.randrange(max(1, size - 200)))}") for _ in range(PAGES)
    ]
    drive(one.port, requests[:200], lines=LINES, check=_whole)  # fills caches, as a server that runs has them
    before = one.cpu()
    seconds = drive(one.port, requests, lines=LINES, check=_whole)
    return PAGES / seconds, (one.cpu() - before) / PAGES


def _whole(status: int, body: bytes) -> None:
    if status != 200 or len(body) < LENGTH:
        raise SystemExit(f"no page: {status} {body[:200]!r}")


def _peer() -> float:
    """Pages a second of the peer, from three pages one after the other."""
    with medallion() as one:
        status, said = ask_once(one.port, one.request("POST", body=envelope(PEER_STORED)), timeout=300)
        if status != 202:
            raise SystemExit(f"medallion: {status} {said[:200]!r}")
        begun = time.perf_counter()
        for _ in range(3):
            _whole(*ask_once(one.port, one.request("GET", "?limit=100"), timeout=300))
        return 3 / (time.perf_counter() - begun)
