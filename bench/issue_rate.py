"""Issuing passes without binding, on both cores: from a position in a batch to the 96 signed bytes, beside bare signs.

Measured is what an issuer does for each pass before it is stored: the secret permutation that gives its index, its
fields, their 32 bytes and the signature, in batches of 4,000 as a node cuts them. Two threads issue a batch each; bare
signs, of the same 128 bytes by PyNaCl, run in two threads and in two processes, and the faster is the limit. Each
round's time is that of the slower one, without what it waited for a processor that other programs held.

`issue_stored` is the whole action on one node: the roll asked, the agreement checked, passes signed, rows and ledger
entry committed; by processor time, beside one thread's bare signs in the same run.
"""

import multiprocessing
import tempfile
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from nacl.signing import SigningKey as BareSigningKey

from bench._pass_world import BATCH, SECRET, START
from bench._two_threads import longest, undelayed
from bench.harness import figure, ratio, turns
from safeconduct.errors import Refusal
from safeconduct.passes import issue
from safeconduct.passes.pass_format import PassFields
from workflows.two_nodes import World

NAMES = ("issue_rate", "issue_rate_processes", "issue_stored")
CAPACITY, ISSUED, ROUNDS = 4_096, 4_000, 40
PEOPLE = 12_000
IDENTITY = bytes(range(32))
MESSAGES = [issue.signed_bytes(index.to_bytes(32, "big"), IDENTITY) for index in range(ISSUED)]
BARE = BareSigningKey(bytes([3]) * 32)


def run() -> list[dict[str, Any]]:
    """Both cores first, then the whole action."""
    return [*_both_cores(), _stored()]


def _issue() -> None:
    key_id = IDENTITY[:4]
    fields = (  # one at a time, so that the lock is let go between any two
        PassFields(0, key_id, index, START, 16, 1, 5, 0, bytes(16)) for index in issue.indexes(CAPACITY, SECRET, ISSUED)
    )
    if len(issue.sign_many(fields, IDENTITY, BATCH)) != ISSUED:
        raise SystemExit("passes are missing")


def _sign() -> None:
    for message in MESSAGES:
        BARE.sign(message)


WORK = {"issue": _issue, "sign": _sign}


class _Twins:
    """Two processes that do one kind of work at once."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        together = context.Barrier(2)
        self._pipes = []
        for _ in range(2):
            here, there = context.Pipe()
            context.Process(target=_serve, args=(there, together), daemon=True).start()
            self._pipes.append(here)

    def seconds(self, name: str) -> float:
        """Seconds of the slower one."""
        for pipe in self._pipes:
            pipe.send(name)
        return max(pipe.recv() for pipe in self._pipes)

    def close(self) -> None:
        """End them."""
        for pipe in self._pipes:
            pipe.send(None)


def _serve(pipe: Any, together: Barrier) -> None:
    while name := pipe.recv():
        together.wait()
        pipe.send(undelayed(WORK[name]))


def _both_cores() -> list[dict[str, Any]]:
    twins = _Twins()
    contenders = {
        "issue_threads": partial(longest, _issue, 2),
        "sign_threads": partial(longest, _sign, 2),
        "issue_processes": partial(twins.seconds, "issue"),
        "sign_processes": partial(twins.seconds, "sign"),
    }
    seconds = turns(contenders, ROUNDS)
    twins.close()
    rates = {name: 2 * ISSUED / median(each) for name, each in seconds.items()}
    print(", ".join(f"{name.replace('_', ' in ')} {one:,.0f}/s" for name, one in rates.items()))
    limit = max(("sign_threads", "sign_processes"), key=rates.__getitem__)

    def beside(name: str, ours: str) -> dict[str, Any]:
        share = ratio(seconds[ours], seconds[limit])
        peer = f"PyNaCl, bare sign, two {limit.removeprefix('sign_')}"
        return figure(
            name,
            rates[ours],
            "passes/s, two cores",
            peer=peer,
            peer_value=rates[limit],
            ratio_to_peer=share,
            limit=rates[limit],
            ratio_to_limit=share,
        )

    return [beside("issue_rate", "issue_threads"), beside("issue_rate_processes", "issue_processes")]


def _stored() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            world.agree()
            groups = world.enlist(people=PEOPLE)
            before = _spent(_sign)
            issued: list[Any] = []
            whole = _spent(lambda: issued.append(world.issue(groups)))
            signing = (before + _spent(_sign)) / 2 / ISSUED
        finally:
            world.close()
    if isinstance(issued[0], Refusal):
        raise SystemExit(str(issued[0]))
    rate = len(issued[0]) / whole
    return figure("issue_stored", rate, "passes/s, one thread", peer="PyNaCl, bare sign", peer_value=1 / signing)


def _spent(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun
