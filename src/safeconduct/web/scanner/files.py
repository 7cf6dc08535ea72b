"""The files of the scanner page and of the traveller's page, and the service worker that keeps them on the phone."""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
WORKER = "sw.js"
PAGES = {"index.html": "", "hold.html": "hold"}  # the guard's page, and the traveller's: file to path below /scan/
# The one path of the node where WebAssembly may be compiled: the reader of codes and Argon2id are such modules.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class ScannerFile:
    """One file as it is served."""

    body: bytes
    media_type: str
    etag: str


@cache
def scanner_files() -> dict[str, ScannerFile]:
    """Return every file of both pages by its path below /scan/; the guard's page is the empty path.

    The service worker begins with the version, a digest over all files, and the list of what it keeps.
    """
    found = {
        path.relative_to(HERE).as_posix(): path.read_bytes()
        for path in sorted(HERE.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    worker = found.pop(WORKER)
    whole = sha256()
    for name, body in found.items():
        whole.update(f"{name} {sha256(body).hexdigest()}\n".encode())
    whole.update(worker)
    names = [PAGES.get(name, name) or "./" for name in found]
    head = f"const VERSION = {json.dumps(whole.hexdigest()[:16])};\nconst FILES = {json.dumps(names)};\n"
    found[WORKER] = head.encode() + worker
    files = {name: _file(name, body) for name, body in found.items()}
    files |= {path: files[name] for name, path in PAGES.items()}
    return files


def _file(name: str, body: bytes) -> ScannerFile:
    return ScannerFile(body, TYPES[Path(name).suffix], f'"{sha256(body).hexdigest()[:32]}"')
