"""One online check over HTTP: a served node, its database on disk, a pass each.

Closed loop: 64 connections, each asks again as soon as it is answered. Open loop: 1,500 questions a second are
offered at fixed times over 64 connections, and an answer's delay counts from the time at which its question was due.
Every question is signed by an enrolled device and about a pass that nobody has used; every answer is on disk
(`synchronous=FULL`) when it is given. The client runs on the same two cores, in raw asyncio; its signatures are made
before.
"""

import asyncio
import json
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from bench.harness import figure
from safeconduct.errors import Refusal
from safeconduct.passes.pass_format import to_text
from safeconduct.replay.processes import NodeProcess, free_port
from safeconduct.seal.signed import sign
from safeconduct.workflows.check_online import DOMAIN, check_payload
from safeconduct.workflows.publish_bundle import publish_bundle
from workflows.two_nodes import HOUR, START, Phone, World

NAMES = ("online_check", "online_check_p99_ms", "online_check_errors")
CLIENTS, OFFERED, SECONDS = 64, 1_500, 10
GOAL, GOAL_P99_MS = 4_000, 20
PEOPLE = 250_000
AT = START + 3 * HOUR


def run() -> list[dict[str, Any]]:
    """Both loops against one node."""
    with tempfile.TemporaryDirectory() as folder:
        process, requests = _served(Path(folder))
        try:
            warm, closed, offered = (
                requests[:2_000],
                requests[2_000 : -OFFERED * SECONDS],
                requests[-OFFERED * SECONDS :],
            )
            asyncio.run(_closed(process.config.port, warm))
            begun = perf_counter()
            wrong = asyncio.run(_closed(process.config.port, closed))
            rate = len(closed) / (perf_counter() - begun)
            delays, late_wrong = asyncio.run(_open(process.config.port, offered))
        finally:
            process.stop()
    p50, p99 = quantiles(delays, n=100)[49], quantiles(delays, n=100)[98]
    print(f"{len(closed):,} in a closed loop: {rate:,.0f}/s, {wrong} not admitted; "
          f"{OFFERED}/s offered: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, {late_wrong} not")  # fmt: skip
    return [
        figure("online_check", rate, "checks/s", limit=GOAL),
        figure("online_check_p99_ms", p99 * 1e3, "ms", limit=GOAL_P99_MS),
        figure("online_check_errors", wrong + late_wrong, "answers"),
    ]


def _served(folder: Path) -> tuple[NodeProcess, list[bytes]]:
    """A node with passes and devices, started in its own process; and a signed question for each pass."""
    world = World(folder)
    world.agree()
    issued = world.issue(world.enlist(people=PEOPLE))
    assert not isinstance(issued, Refusal)
    world.move(AT)
    publish_bundle(world.evac)
    gate = world.gates[0]
    phones = [Phone(world.evac, f"phone-{n}", gate) for n in range(8)]
    texts = [to_text(one.raw) for one in issued if one.point == gate]
    requests = [_question(phones[n % 8], n, text) for n, text in enumerate(texts)]
    world.close()
    home = folder / "evac"
    settings = (home / "node.toml").read_text()
    port = free_port()
    (home / "node.toml").write_text(settings.replace(f"port = {world.evac_config.port}", f"port = {port}"))
    process = NodeProcess(home, type(world.evac_config)(**{**_fields(world.evac_config), "port": port}))
    process.start()
    process.wait_until_up()
    return process, requests


def _fields(config: Any) -> dict[str, Any]:
    return {name: getattr(config, name) for name in config.__slots__}


def _question(phone: Phone, number: int, text: str) -> bytes:
    body = json.dumps({"id": str(number), "text": text}).encode()
    signature = sign(DOMAIN, check_payload(phone.name, AT, body), phone.key).hex()
    head = (
        f"POST /devices/check HTTP/1.1\r\nHost: node\r\nAuthorization: Check {phone.name} {AT} {signature}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bool:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    return head.startswith(b"HTTP/1.1 200") and b'"admit":true' in body


async def _closed(port: int, requests: list[bytes]) -> int:
    """How many were not admitted."""
    waiting = iter(requests)

    async def client() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        wrong = 0
        for request in waiting:
            wrong += not await _ask(reader, writer, request)
        writer.close()
        return wrong

    return sum(await asyncio.gather(*(client() for _ in range(CLIENTS))))


async def _open(port: int, requests: list[bytes]) -> tuple[list[float], int]:
    """Delays in seconds, and how many were not admitted."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CLIENTS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    delays, wrong, begun = [], [0], perf_counter()

    async def one(number: int, request: bytes) -> None:
        pair = await free.get()
        wrong[0] += not await _ask(*pair, request)
        delays.append(perf_counter() - (begun + number / OFFERED))
        free.put_nowait(pair)

    tasks = []
    for number, request in enumerate(requests):
        ahead = begun + number / OFFERED - perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        tasks.append(asyncio.create_task(one(number, request)))
    await asyncio.gather(*tasks)
    return delays, wrong[0]
