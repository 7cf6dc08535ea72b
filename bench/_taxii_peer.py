"""medallion, the TAXII server of OASIS, with one empty collection in memory, from the bench environment."""

import base64
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench._taxii_node import ROOT, Served, free_port, server

PROGRAM = ROOT / ".venv-bench" / "bin" / "medallion"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


@contextmanager
def medallion() -> Iterator[Served]:
    """medallion served until the block ends.

    Raises:
        SystemExit: it is not installed; there is no figure without the peer.
    """
    if not PROGRAM.exists():
        raise SystemExit("medallion is missing: tools/setup.sh bench")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "data.json").write_text(json.dumps(_data(port)), encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(_config(folder / "data.json")), encoding="utf-8")
        command = [str(PROGRAM), "--host", "127.0.0.1", "--port", str(port), "--log-level", "CRITICAL",
                   str(folder / "config.json")]  # fmt: skip
        with server(command, port, folder / "said") as running:
            secret = base64.b64encode(b"bench:secret").decode()
            yield Served(port, f"/api1/collections/{COLLECTION}/objects/", f"Basic {secret}", running.pid, "secret")


def _config(data: Path) -> dict[str, object]:
    backend = {
        "module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": str(data),
    }  # fmt: skip
    return {"backend": backend, "users": {"bench": "secret"}, "taxii": {"max_page_size": 100}}


def _data(port: int) -> dict[str, object]:
    media = "application/stix+json;version=2.1"
    collection = {
        "id": COLLECTION, "title": "bench", "can_read": True, "can_write": True, "media_types": [media],
        "manifest": [], "objects": [],
    }  # fmt: skip
    information = {
        "title": "bench", "versions": ["application/taxii+json;version=2.1"], "max_content_length": 100 << 20,
    }  # fmt: skip
    return {
        "/discovery": {"title": "bench", "api_roots": [f"http://127.0.0.1:{port}/api1/"]},
        "api1": {"information": information, "status": [], "collections": [collection]},
    }
