"""Bits for each revoked index over several densities, beside the entropy bound and other exact codings.

A list of 1,000,000 at each density, drawn until enough indexes are coded that chance hardly shows; and 1,000 batches of
10,000, where the last byte of each list counts. The peer is the smallest of the others in the same run: a bitmap under
zlib or LZMA, of the same indexes, and a Bloom cascade over 200,000. At 21 in 100 Rice's powers of two lie worst.
"""

from random import Random
from typing import Any

from bench._pass_world import DAY, START
from bench._revocation_peers import PACKERS, bitmap, bound, cascades
from bench.harness import figure
from safeconduct.passes import revocation

DENSITIES = {"0.01": 1e-4, "0.1": 1e-3, "1": 0.01, "3": 0.03, "10": 0.1, "21": 0.21, "30": 0.3}
BATCHES = {"1": 0.01, "10": 0.1}
NAMES = (*(f"revocation_bits_{name}" for name in DENSITIES), *(f"revocation_bits_batches_{name}" for name in BATCHES))
SIZE, CASCADE_SIZE, BATCH_SIZE, BATCH_COUNT = 1_000_000, 200_000, 10_000, 1_000
CODED = 20_000  # indexes at least, over as many lists as it takes


def run() -> list[dict[str, Any]]:
    """One list of each density, then many small ones."""
    towers = cascades(CASCADE_SIZE, [round(CASCADE_SIZE * share) for share in DENSITIES.values()])
    results = []
    for (name, share), (tower, _) in zip(DENSITIES.items(), towers, strict=True):
        count = round(SIZE * share)
        ours, others = _bits(SIZE, count, max(1, CODED // count))
        results.append(_beside(f"revocation_bits_{name}", ours, others | {"Bloom cascade": tower}, bound(SIZE, count)))
    for name, share in BATCHES.items():
        count = round(BATCH_SIZE * share)
        ours, others = _bits(BATCH_SIZE, count, BATCH_COUNT)
        results.append(_beside(f"revocation_bits_batches_{name}", ours, others, bound(BATCH_SIZE, count)))
    return results


def _bits(size: int, count: int, lists: int) -> tuple[float, dict[str, float]]:
    """Bits for each revoked index: ours, and those of packed bitmaps."""
    random = Random(7)
    ours, others = 0, dict.fromkeys(PACKERS, 0)
    for _ in range(lists):
        revoked = random.sample(range(size), count)
        ours += len(revocation.build(bytes(32), size, revoked, 1, START, START + DAY).gaps)
        bits = bitmap(size, revoked)
        for name, pack in PACKERS.items():
            others[name] += len(pack(bits))
    return 8 * ours / (lists * count), {name: 8 * total / (lists * count) for name, total in others.items()}


def _beside(name: str, ours: float, others: dict[str, float], least: float) -> dict[str, Any]:
    print(f"{name}: {ours:.3f}, bound {least:.3f}; " + "; ".join(f"{one} {bits:.3f}" for one, bits in others.items()))
    best = min(others, key=others.__getitem__)
    return figure(name, ours, "bits/index", peer=best, peer_value=others[best], limit=least)
