"""How large a pass is, and its QR code at level M, beside the tokens of others that carry the same.

The same: an id of 8 bytes, heads, gate, beginning and end; a pass has its binding and class on top. A peer that
writes bytes stands beside our 96 bytes, one that writes text beside our 148 characters.
"""

from typing import Any

from bench._pass_world import BATCH, fields_for
from bench._token_process import SIZES, token_peers
from bench.harness import figure
from safeconduct.passes.issue import sign_pass
from safeconduct.passes.pass_format import qr, to_text

NAMES = (
    "pass_bytes",
    "pass_qr_version",
    *(f"pass_size_{name}" for name in SIZES),
    *(f"pass_qr_version_{name}" for name in SIZES),
)
MOST_BYTES, MOST_VERSION = 96, 6


def run() -> list[dict[str, Any]]:
    """Ours, then ours beside each peer's."""
    identity = bytes(range(32))
    raw = sign_pass(fields_for(identity, 10_000, 1)[0], identity, BATCH)
    text = to_text(raw)
    version = int(qr(text).version)
    with token_peers() as peers:
        sizes = peers.sizes
    return [
        figure("pass_bytes", len(raw), "bytes", limit=MOST_BYTES),
        figure("pass_qr_version", version, "QR version, M", limit=MOST_VERSION),
        *(_beside(name, shown, sizes[name], raw, text) for name, shown in SIZES.items()),
        *(
            figure(f"pass_qr_version_{name}", version, "QR version, M", peer=shown, peer_value=sizes[name]["qr"])
            for name, shown in SIZES.items()
        ),
    ]


def _beside(name: str, shown: str, peer: dict[str, int], raw: bytes, text: str) -> dict[str, Any]:
    """Bytes beside bytes, characters beside characters."""
    ours, unit = (raw, "bytes") if peer["binary"] else (text, "characters")
    return figure(f"pass_size_{name}", len(ours), unit, peer=shown, peer_value=peer["length"])
