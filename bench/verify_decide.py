"""Verify and decide: every step of a scan, beside bare Ed25519 and beside other token libraries.

Each contender has its own processor time taken in short rounds, in turns; the peers' libraries run in a process of
their own. A ratio is the median over rounds, so that a busy machine moves it little. PyNaCl's bare verify is the limit:
the fastest verify with the one rule of `spec/signatures.md`.

Two threads decide on a share each; what a thread waits for a processor that other programs hold does not count.
"""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time
from typing import Any

from nacl.signing import VerifyKey as BareVerifyKey

from bench import _pass_world as made
from bench._token_process import VERIFIERS, TokenPeers, token_peers
from bench._two_threads import speed_ups
from bench.harness import figure, ratio, turns
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes import issue
from safeconduct.passes.pass_format import to_text

NAMES = (
    "verify_decide",
    "verify_decide_text",
    "verify_decide_openssl",
    *(f"verify_decide_{name}" for name in VERIFIERS),
    *(f"verify_decide_text_{name}" for name in VERIFIERS),
    "verify_decide_two_threads",
)
ROUNDS, PASSES, CALLS = 60, 1_000, 200  # 200 verifications are 12 to 36 ms
GOAL_THREADS, SHARE = 1.8, 300  # scans that each thread decides on in a round: 17 to 40 ms
NOW = made.START + 60


def run() -> list[dict[str, Any]]:
    """One round-robin of all that one thread does, then the two threads."""
    with token_peers() as peers:
        return [*_one_thread(peers), _threads()]


class _Scans:
    """Passes in rounds of `CALLS`, ever the next; every second one of the batch was used by somebody else."""

    def __init__(self) -> None:
        self.bundle, identity = made.world()
        self.used = UsedHere({(identity, index) for index in issue.indexes(10_000, made.SECRET, 2_000, PASSES)})
        self.raws = issue.sign_many(made.fields_for(identity, 10_000, PASSES), identity, made.BATCH)
        self.texts = list(map(to_text, self.raws))
        self.bare = BareVerifyKey(made.BATCH.public)
        self.pairs = [(issue.signed_bytes(raw[:32], identity), raw[32:]) for raw in self.raws]

    def decide(self, passes: list[Any]) -> None:
        bundle, used = self.bundle, self.used
        for one in passes:
            if not decide(bundle, used, Scan(one, "gate-1", NOW)).admit:
                raise SystemExit("a good pass was refused")

    def verify(self, pairs: list[tuple[bytes, bytes]]) -> None:
        verify = self.bare.verify
        for message, signature in pairs:
            verify(message, signature)


def _one_thread(peers: TokenPeers) -> list[dict[str, Any]]:
    scans = _Scans()
    contenders: dict[str, Callable[[], float]] = {
        "raw": _rounds(scans.decide, scans.raws),
        "text": _rounds(scans.decide, scans.texts),
        "pynacl": _rounds(scans.verify, scans.pairs),
        **{name: partial(peers.seconds, name, CALLS) for name in ("openssl", *VERIFIERS)},
    }
    seconds = turns(contenders, ROUNDS)

    def beside(name: str, mine: str, theirs: str, shown: str, *, limit: bool = False) -> dict[str, Any]:
        times = ratio(seconds[mine], seconds[theirs])
        return figure(
            name,
            CALLS / median(seconds[mine]),
            "scans/s",
            peer=shown,
            peer_value=CALLS / median(seconds[theirs]),
            ratio_to_peer=times,
            limit=CALLS / median(seconds[theirs]) if limit else None,
            ratio_to_limit=times if limit else None,
        )

    return [
        beside("verify_decide", "raw", "pynacl", "PyNaCl, bare verify", limit=True),
        beside("verify_decide_text", "text", "pynacl", "PyNaCl, bare verify", limit=True),
        beside("verify_decide_openssl", "raw", "openssl", "OpenSSL, bare verify"),
        *(beside(f"verify_decide_{name}", "raw", name, shown) for name, shown in VERIFIERS.items()),
        *(beside(f"verify_decide_text_{name}", "text", name, shown) for name, shown in VERIFIERS.items()),
    ]


def _rounds(work: Callable[[list[Any]], None], items: list[Any]) -> Callable[[], float]:
    """A contender: each call works on the next `CALLS` items and gives its processor seconds."""
    at = 0

    def once() -> float:
        nonlocal at
        part = items[at : at + CALLS]
        at = (at + CALLS) % len(items)
        begun = process_time()
        work(part)
        return process_time() - begun

    return once


def _threads() -> dict[str, Any]:
    scans = _Scans()
    works = {"ours": partial(scans.decide, scans.raws[:SHARE]), "bare": partial(scans.verify, scans.pairs[:SHARE])}
    times = speed_ups(works, rounds=100)
    return figure(
        "verify_decide_two_threads",
        times["ours"],
        "times one",
        peer="PyNaCl, bare verify",
        peer_value=times["bare"],
        limit=GOAL_THREADS,
    )
