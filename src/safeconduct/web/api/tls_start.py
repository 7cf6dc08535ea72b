"""What a node needs to serve TLS: its files, and the plain page for phones that do not trust them yet."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from safeconduct.config import NodeConfig
from safeconduct.errors import NodeUnavailable, SafeconductError
from safeconduct.storage.tls_files import Served, given_files, host_names, is_due, own_files, read_root
from safeconduct.web.api.trust_routes import TLS_FOLDER, TRUST_PORT, Told, TrustServer
from safeconduct.workflows.clock import SystemClock

TRUST_AT = "SAFECONDUCT_TRUST_AT"  # for the worker: the node's own host and port
TLS_OWN = "SAFECONDUCT_TLS_OWN"  # for the worker: that the certificate is the node's own, and to be renewed
LOOK_AGAIN = 6 * 3_600  # seconds between two looks at the certificate's end
TRIES = 60  # seconds in which the worker before this one gives up the plain page's port


def tls_files(config: NodeConfig) -> Served | None:
    """Return the certificate and key to serve with, made or renewed where they are our own; None without TLS.

    Raises:
        BadInput: `bad-tls`.
        NodeUnavailable: `bad-tls`.
    """
    if config.tls == "given":
        return given_files(Path(config.tls_cert), Path(config.tls_key))
    if config.tls != "own":
        return None
    named = [name for name in config.tls_names.split(",") if name.strip()]
    names = [*host_names(config.host), *named]
    return own_files(config.data_dir / TLS_FOLDER, config.party, names, SystemClock().now())


def keep_renewed(config: NodeConfig, reload: Callable[[], None] | None = None) -> None:
    """Look at the own certificate's end four times a day; renew it when it is due, and have the server take it up.

    The process that starts workers takes a hang-up signal for that: it starts a worker that serves with the new
    certificate, and lets this one finish what it has begun. A given certificate is left alone.

    Args:
        config: the node's settings.
        reload: instead of the signal.
    """
    if os.environ.get(TLS_OWN) != "yes":
        return
    server = os.getppid()  # of this worker

    def hang_up() -> None:
        os.kill(server, signal.SIGHUP)

    def look() -> None:
        while True:
            time.sleep(LOOK_AGAIN)
            if _renewed(config):
                (reload or hang_up)()
                return  # the next worker looks on

    threading.Thread(target=look, name="tls-renewal", daemon=True).start()


def _renewed(config: NodeConfig) -> bool:
    """Renew the own certificate for the same names if it is due; what goes wrong is said, and it is tried again."""
    folder, now = config.data_dir / TLS_FOLDER, SystemClock().now()
    try:
        root = read_root(folder)
        if root is None or not is_due(folder, now):
            return False
        own_files(folder, config.party, root.names, now)
    except SafeconductError as error:
        print(f"TLS certificate not renewed: {error}", file=sys.stderr)  # noqa: T201  (no log of its own here)
        return False
    return True


def offer_trust(config: NodeConfig) -> None:
    """Tell the worker to serve the plain page for phones, where the settings ask for it, once its port is known free.

    Raises:
        NodeUnavailable: `port-in-use`.
    """
    os.environ[TRUST_PORT] = str(config.trust_port or "")
    os.environ[TRUST_AT] = f"{config.host} {config.port}"
    server = _server(config, config.host, config.port)
    if server is not None:
        server.close()


def start_trust(config: NodeConfig) -> None:
    """Serve the plain page beside the node, in the worker: no thread runs in the process that starts workers."""
    host, _, port = os.environ.get(TRUST_AT, "").partition(" ")
    trust_port = os.environ.get(TRUST_PORT, "")
    if trust_port and port:
        threading.Thread(
            target=_start, args=(replace(config, trust_port=int(trust_port)), host, int(port)), daemon=True
        ).start()


def _start(config: NodeConfig, host: str, port: int) -> None:
    """Serve the plain page as soon as its port is free: the worker before this one may have it for a moment."""
    for _ in range(TRIES):
        with suppress(NodeUnavailable):
            server = _server(config, host, port)
            if server is not None:
                server.start()
            return
        time.sleep(1)


def _server(config: NodeConfig, host: str, port: int) -> TrustServer | None:
    root = read_root(config.data_dir / TLS_FOLDER) if config.trust_port else None
    return None if root is None else TrustServer(Told(root, config.party, config.name, port), host, config.trust_port)
