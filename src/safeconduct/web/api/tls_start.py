"""What a node needs to serve TLS: its files, and the plain page for phones that do not trust them yet."""

import os
from dataclasses import replace
from pathlib import Path

from safeconduct.config import NodeConfig
from safeconduct.storage.tls_files import Served, given_files, host_names, own_files, read_root
from safeconduct.web.api.trust_routes import TLS_FOLDER, TRUST_PORT, Told, TrustServer
from safeconduct.workflows.clock import SystemClock

TRUST_AT = "SAFECONDUCT_TRUST_AT"  # for the worker: the node's own host and port


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
    """Serve the plain page beside the node, in the worker: no thread runs in the process that starts workers.

    Raises:
        NodeUnavailable: `port-in-use`.
    """
    host, _, port = os.environ.get(TRUST_AT, "").partition(" ")
    trust_port = os.environ.get(TRUST_PORT, "")
    if trust_port and port:
        server = _server(replace(config, trust_port=int(trust_port)), host, int(port))
        if server is not None:
            server.start()


def _server(config: NodeConfig, host: str, port: int) -> TrustServer | None:
    root = read_root(config.data_dir / TLS_FOLDER) if config.trust_port else None
    return None if root is None else TrustServer(Told(root, config.party, config.name, port), host, config.trust_port)
