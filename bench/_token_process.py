"""The process in which the peers' token libraries run, apart: they need other versions of what we need."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
# Names of `bench._token_peers`, and what tables call them.
VERIFIERS = {
    "pyjwt": "PyJWT, EdDSA",
    "cwt": "cwt",
    "pycose": "pycose",
    "sd_jwt": "sd-jwt, nothing hidden",
    "pretix_sig1": "pretix sig1, read by hand",
    "hc1": "HC1: base45, zlib, COSE",
}
SIZES = VERIFIERS | {
    "sd_jwt_hidden": "sd-jwt, three claims hidden",
    "cwt_claim_169": "CWT with claim 169, an id alone",
    "cwt_claim_169_in_use": "CWT with claim 169, a person's",
    "hc1_in_use": "HC1 as in use, one vaccination",
}


class TokenPeers:
    """The running process: sizes of every token, and timed verifications."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.sizes: dict[str, dict[str, int]] = json.loads(self._line())

    def seconds(self, name: str, calls: int) -> float:
        """The peer's own processor seconds for so many verifications."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([name, calls]) + "\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the token peers ended: tools/setup.sh bench, then python -m bench._token_peers in it")
        return line


@contextmanager
def token_peers() -> Iterator[TokenPeers]:
    """The peers, until the block ends.

    Raises:
        SystemExit: they are not installed; there is no figure without the peer.
    """
    if not PYTHON.exists():
        raise SystemExit("the token peers are missing: tools/setup.sh bench")
    with subprocess.Popen(
        [str(PYTHON), "-m", "bench._token_peers"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield TokenPeers(process)
        finally:
            process.stdin.close()
            process.wait(10)
