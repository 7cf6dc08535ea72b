"""Other exact ways to publish who is revoked: a compressed bitmap, and a Bloom cascade in a process of its own."""

import json
import lzma
import subprocess
import zlib
from collections.abc import Callable, Iterable
from math import lgamma, log

from bench._token_process import PYTHON, ROOT


def bound(size: int, count: int) -> float:
    """log2 C(N, R) / R: bits for each revoked index, fewer than which no exact list of all sets can have."""
    return (lgamma(size + 1) - lgamma(count + 1) - lgamma(size - count + 1)) / log(2) / count


def bitmap(size: int, revoked: Iterable[int]) -> bytes:
    """One bit for each index."""
    bits = bytearray(-(-size // 8))
    for index in revoked:
        bits[index >> 3] |= 128 >> (index & 7)
    return bytes(bits)


def _lzma(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "preset": 6}])  # without a container


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "bitmap, zlib": lambda data: zlib.compress(data, 9),
    "bitmap, lzma": _lzma,
}


def cascades(size: int, counts: list[int]) -> list[tuple[float, float]]:
    """Bits for each revoked of `size`, and processor seconds to build, for each count.

    Raises:
        SystemExit: the peer is not installed, or failed; there is no figure without it.
    """
    if not PYTHON.exists():
        raise SystemExit("filtercascade is missing: tools/setup.sh bench")
    command = [str(PYTHON), "-m", "bench._cascade_peer", str(size), *map(str, counts)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        raise SystemExit(f"filtercascade failed: {done.stderr[-500:]}")
    return [(bits, seconds) for bits, seconds in json.loads(done.stdout)]
