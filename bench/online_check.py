"""One online check over HTTP: a served node, its database on disk, a pass each.

Devices open a session each, and their questions bear its MAC; a third of the closed loop is asked again with a
signature for each question, for comparison.

Closed loop: 64 connections, each asks again as soon as it is answered. Open loop: 1,500 questions a second are
offered at fixed times over 64 connections, and an answer's delay counts from the time at which its question was due.
Every question is an enrolled device's and about a pass that nobody has used; every answer is on disk
(`synchronous=FULL`) when it is given. The client runs on the same two cores (`bench/_http_load.py`); its questions
are made before.
"""

import gc
import json
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import httpx

from bench._http_load import Connections
from bench.harness import figure
from safeconduct.errors import Refusal
from safeconduct.passes.pass_format import to_text
from safeconduct.replay.processes import NodeProcess, free_port
from safeconduct.seal.session import Mac, public_of, shared_key
from safeconduct.seal.signed import sign
from safeconduct.storage.vault import OsRandom
from safeconduct.workflows.check_online import DOMAIN, check_payload
from safeconduct.workflows.check_sessions import DOMAIN as SESSION
from safeconduct.workflows.check_sessions import INFO, opening_payload
from safeconduct.workflows.publish_bundle import publish_bundle
from workflows.two_nodes import HOUR, START, Phone, World

NAMES = ("online_check", "online_check_signed", "online_check_p99_ms", "online_check_errors")
CLIENTS, PHONES, OFFERED, SECONDS = 64, 8, 1_500, 10
GOAL, GOAL_P99_MS = 4_000, 20
PEOPLE = 250_000
AT = START + 3 * HOUR


def run() -> list[dict[str, Any]]:
    """Both loops against one node."""
    with tempfile.TemporaryDirectory() as folder:
        process, phones, texts = _served(Path(folder))
        try:
            port = process.config.port
            made = _questions(port, phones, texts)
            warm, offered, closed = (
                made[:2_000],
                made[2_000 : 2_000 + OFFERED * SECONDS],
                made[2_000 + OFFERED * SECONDS :],
            )
            signed = [_signed(phones[n % PHONES], n, texts[n]) for n in range(len(made) - len(closed) // 3, len(made))]
            closed = closed[: -len(signed)]
            gc.freeze()  # looking through what made 250,000 people takes this client 64 ms: no delay of the node's
            with closing(Connections(port, CLIENTS, _admitted)) as clients:
                clients.closed_loop(warm)
                rate, wrong = _rate(clients, closed)
                rate_signed, wrong_signed = _rate(clients, signed)
                delays, late_wrong = clients.open_loop(offered, OFFERED)
        finally:
            process.stop()
    p50, p99 = quantiles(delays, n=100)[49], quantiles(delays, n=100)[98]
    wrong += wrong_signed + late_wrong
    print(f"{len(closed):,} in a closed loop: {rate:,.0f}/s, {len(signed):,} signed each: {rate_signed:,.0f}/s; "
          f"{OFFERED}/s offered: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms; {wrong} not admitted")  # fmt: skip
    return [
        figure("online_check", rate, "checks/s", limit=GOAL),
        figure("online_check_signed", rate_signed, "checks/s"),
        figure("online_check_p99_ms", p99 * 1e3, "ms", limit=GOAL_P99_MS),
        figure("online_check_errors", wrong, "answers"),
    ]


def _rate(clients: Connections, requests: list[bytes]) -> tuple[float, int]:
    begun = perf_counter()
    wrong = clients.closed_loop(requests)
    return len(requests) / (perf_counter() - begun), wrong


def _served(folder: Path) -> tuple[NodeProcess, list[Phone], list[str]]:
    """A node with passes and devices, started in its own process; its devices, and the passes' texts."""
    world = World(folder)
    world.agree()
    issued = world.issue(world.enlist(people=PEOPLE))
    assert not isinstance(issued, Refusal)
    world.move(AT)
    publish_bundle(world.evac)
    gate = world.gates[0]
    phones = [Phone(world.evac, f"phone-{n}", gate) for n in range(PHONES)]
    texts = [to_text(one.raw) for one in issued if one.point == gate]
    world.close()
    home = folder / "evac"
    settings = (home / "node.toml").read_text()
    port = free_port()
    (home / "node.toml").write_text(settings.replace(f"port = {world.evac_config.port}", f"port = {port}"))
    process = NodeProcess(home, type(world.evac_config)(**{**_fields(world.evac_config), "port": port}))
    process.start()
    process.wait_until_up()
    return process, phones, texts


def _fields(config: Any) -> dict[str, Any]:
    return {name: getattr(config, name) for name in config.__slots__}


def _questions(port: int, phones: list[Phone], texts: list[str]) -> list[bytes]:
    """A question for each pass, in the session of one of the devices."""
    keys = [_session(port, phone) for phone in phones]
    return [_in_session(phones[n % PHONES], keys[n % PHONES], n, text) for n, text in enumerate(texts)]


def _session(port: int, phone: Phone) -> Mac:
    private = OsRandom().bytes(32)
    public = public_of(private)
    signature = sign(SESSION, opening_payload(phone.name, AT, public), phone.key).hex()
    headers = {"Authorization": f"Check {phone.name} {AT} {signature}"}
    url = f"http://127.0.0.1:{port}/devices/check/session"
    answer = httpx.post(url, json={"public": public.hex()}, headers=headers).raise_for_status().json()
    theirs = bytes.fromhex(answer["public"])
    return Mac(shared_key(private, theirs, public, theirs, INFO.format(party="evac", device=phone.name)))


def _in_session(phone: Phone, key: Mac, number: int, text: str) -> bytes:
    body = json.dumps({"id": str(number), "text": text}).encode()
    return _request(f"Session {phone.name} {AT} {key.of(check_payload(phone.name, AT, body)).hex()}", body)


def _signed(phone: Phone, number: int, text: str) -> bytes:
    body = json.dumps({"id": str(number), "text": text}).encode()
    return _request(
        f"Check {phone.name} {AT} {sign(DOMAIN, check_payload(phone.name, AT, body), phone.key).hex()}", body
    )


def _request(authorization: str, body: bytes) -> bytes:
    head = (
        f"POST /devices/check HTTP/1.1\r\nHost: node\r\nAuthorization: {authorization}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _admitted(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200") and b'"admit":true' in answer
