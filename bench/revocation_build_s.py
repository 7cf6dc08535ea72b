"""Processor seconds to build and sign the lists of 1,000 batches of 10,000, 1,000,000 revoked in all, and to read them.

From unordered indexes to signed bytes, on one thread; reading is checking the signature, then the set that a scan asks.
The peers start from the same indexes: packed bitmaps, and a Bloom cascade over all at a tenth of the size, ten times
its time (in the cascade's own process, so not in turns).
"""

from random import Random
from statistics import median
from typing import Any

from bench._pass_world import DAY, START, STATUS
from bench._revocation_peers import PACKERS, bitmap, cascades
from bench.harness import figure, in_turns, ratio
from safeconduct.errors import Refusal
from safeconduct.passes import revocation

NAMES = ("revocation_build_s", "revocation_build_s_lzma", "revocation_build_s_cascade", "revocation_read_s")
SIZE, COUNT, BATCHES, ROUNDS = 10_000, 1_000, 1_000, 5
GOAL = 1.0  # second
CASCADE_SIZE = SIZE * BATCHES // 10


def run() -> list[dict[str, Any]]:
    """Ours and the peers' packed bitmaps in turns."""
    random = Random(7)
    sets = [random.sample(range(SIZE), COUNT) for _ in range(BATCHES)]
    lists: list[revocation.SignedRevocation] = []

    def build() -> None:
        lists[:] = [
            revocation.sign(revocation.build(bytes(32), SIZE, revoked, 1, START, START + DAY), STATUS)
            for revoked in sets
        ]

    def read() -> None:
        for data in lists:
            opened = revocation.open_signed(data, STATUS.verify_key)
            if isinstance(opened, Refusal) or len(revocation.revoked_indexes(opened)) != COUNT:
                raise SystemExit("a list was not read")

    contenders: dict[str, Any] = {"ours": build, "read": read}
    for name, pack in PACKERS.items():
        contenders[name] = lambda pack=pack: [pack(bitmap(SIZE, revoked)) for revoked in sets]
    seconds = in_turns(contenders, ROUNDS)
    [(_, tower)] = cascades(CASCADE_SIZE, [CASCADE_SIZE // 10])

    def beside(name: str, peer: str) -> dict[str, Any]:
        return figure(name, median(seconds["ours"]), "s", peer=peer, peer_value=median(seconds[peer]),
                      ratio_to_peer=1 / ratio(seconds["ours"], seconds[peer]), limit=GOAL)  # fmt: skip

    return [
        beside("revocation_build_s", "bitmap, zlib"),
        beside("revocation_build_s_lzma", "bitmap, lzma"),
        figure("revocation_build_s_cascade", median(seconds["ours"]), "s", peer="Bloom cascade", peer_value=10 * tower),
        figure("revocation_read_s", median(seconds["read"]), "s"),
    ]
