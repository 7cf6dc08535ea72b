"""How phones come to trust a node under its own TLS root: files and a page for everybody, a screen for the room.

Before a phone trusts the node it can reach these over plain HTTP only; `TrustServer` serves them there, and nothing
else.
"""

import os
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery

from safeconduct.errors import NodeUnavailable
from safeconduct.storage.tls_files import TlsRoot, read_root
from safeconduct.web.api.form_parts import html
from safeconduct.web.api.guards import operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.render import STATIC
from safeconduct.web.pages.trust_page import profile, render_trust, render_trust_room
from safeconduct.web.pages.trust_words import chosen

Req = Request[Any, Any, Any]
TRUST_PORT = "SAFECONDUCT_TRUST_PORT"  # set by `node run` for the worker: where `TrustServer` listens
CERTIFICATE, PROFILE, STYLE = "application/x-x509-ca-cert", "application/x-apple-aspen-config", "text/css"
TLS_FOLDER = "tls"  # within the node's data folder


def _root(request: Req) -> TlsRoot:
    found = read_root(running(request).config.data_dir / TLS_FOLDER)
    if found is None:
        raise NotFoundException("this node has no TLS root of its own")
    return found


@get("/trust", sync_to_thread=True)
def trust_page(request: Req, lang: FromQuery[str] = "") -> Response[str]:
    """Return the page that helps a phone to trust this node, in the phone's language."""
    _root(request)
    language = chosen(lang, request.headers.get("accept-language", ""))
    scanner = str(request.base_url).rstrip("/") + "/scan/"
    return html(render_trust(running(request).node.name, language, scanner))


@get("/trust/root.crt", sync_to_thread=True)
def trust_certificate(request: Req) -> Response[bytes]:
    """Return the certificate that phones are to trust, for Android and for computers."""
    return Response(_root(request).der, media_type=CERTIFICATE)


@get("/trust/root.mobileconfig", sync_to_thread=True)
def trust_profile(request: Req) -> Response[bytes]:
    """Return the same certificate as a profile, for an iPhone."""
    node = running(request).node
    return Response(profile(_root(request), node.party, node.name), media_type=PROFILE)


@get("/trust/trust.css", sync_to_thread=True)
def trust_style() -> Response[bytes]:
    """Return the style of that page."""
    return Response((STATIC / "trust.css").read_bytes(), media_type=STYLE)


@get("/trust/room", sync_to_thread=True, guards=[operator])
def trust_room(request: Req) -> Response[str]:
    """Return the room's screen: the address for phones, and the number that they compare."""
    found = read_root(running(request).config.data_dir / TLS_FOLDER)
    host = request.url.hostname or "localhost"
    shown = f"[{host}]" if ":" in host else host
    port = os.environ.get(TRUST_PORT, "")
    address = f"http://{shown}:{port}/trust" if port else f"{str(request.base_url).rstrip('/')}/trust"
    return html(render_trust_room(found, address, page_of(request)))


@dataclass(frozen=True, slots=True)
class Told:
    """What the plain server gives out; all of it is public, and fixed when it starts."""

    root: TlsRoot
    party: str
    party_name: str
    port: int  # of the node itself, over TLS


class TrustServer:
    """A plain HTTP server of one page and two files, for phones that do not trust the node yet."""

    def __init__(self, told: Told, host: str, port: int) -> None:
        """Listen at once.

        Raises:
            NodeUnavailable: `port-in-use`.
        """
        try:
            self._server = ThreadingHTTPServer((host, port), _handler(told))
        except OSError as error:
            raise NodeUnavailable("port-in-use", f"{host}:{port}: {error.strerror}") from None
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="trust", daemon=True)

    def start(self) -> None:
        """Answer from now on, beside whatever else this process does."""
        self._thread.start()

    def close(self) -> None:
        """Give up the port, before the first answer."""
        self._server.server_close()


def _handler(told: Told) -> type[BaseHTTPRequestHandler]:
    files = {
        "/trust/root.crt": (CERTIFICATE, told.root.der),
        "/trust/root.mobileconfig": (PROFILE, profile(told.root, told.party, told.party_name)),
        "/trust/trust.css": (STYLE, (STATIC / "trust.css").read_bytes()),
    }

    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # seconds that a slow phone may take
        server_version, sys_version = "safeconduct", ""

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path in files:
                self._give(200, *files[asked.path])
            elif asked.path in {"/", "/trust", "/trust/"}:
                language = chosen(parse_qs(asked.query).get("lang", [""])[0], self.headers.get("Accept-Language", ""))
                host = (self.headers.get("Host") or "localhost").rpartition(":")[0] or "localhost"
                known = host.strip("[]").lower() in told.root.names
                scanner = f"https://{host if known else 'localhost'}:{told.port}/scan/"
                text = render_trust(told.party_name, language, scanner)
                self._give(200, "text/html; charset=utf-8", text.encode())
            else:
                self._give(404, "text/plain; charset=utf-8", b"only /trust is here\n")

        def _give(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep no record of who asked."""

    return Handler
