"""The node's one TOML file: every key, with its default and what it is for."""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from safeconduct.errors import BadInput, NodeUnavailable

CONFIG_NAME = "node.toml"
TRANSPORTS = ("push", "taxii", "file")


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """Settings of one node; the keys are the field names.

    Attributes:
        party: short neutral id of the party that runs this node, a–z, 0–9 and hyphen.
        name: neutral name shown on pages.
        data_dir: folder of the database, the tree head and the keys.
        host: address to listen on; anything but loopback needs TLS in front.
        port: TCP port.
        exercise: true marks every page, opens the room without sign-in on loopback and lets the clock be set.
        partner_url: base address of the partner's node, empty for a partner that installs nothing.
        public_url: base address under which a phone outside reaches this node; links to one release begin with it.
        transport: how envelopes get to the partner: "push" (posted to its node), "taxii" (its TAXII collections), or
            "file" (sealed files, `safeconduct exchange export` and `import`).
        sign_in: false opens the pages without sign-in; allowed in an exercise only.
        tls: "own" serves TLS under the party's own root, "given" with the two files below; empty: plain HTTP, for
            loopback or a proxy in front that does TLS.
        tls_cert: file of the certificate and what stands between it and a known root, PEM.
        tls_key: file of its private key, PEM, without a passphrase.
        tls_names: names and addresses by which phones reach this node, with commas; those that the machine knows itself
            are added.
        trust_port: TCP port that serves, without TLS, nothing but the page that helps a phone to trust this node; 0:
            none.
        public_cap: true tells everybody, without sign-in, which control points are on hold or closed, as CAP alerts.
    """

    party: str
    name: str
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8400
    exercise: bool = False
    partner_url: str = ""
    transport: str = "push"
    sign_in: bool = True
    public_url: str = ""
    public_cap: bool = False
    tls: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    tls_names: str = ""
    trust_port: int = 0


def load_config(path: Path) -> NodeConfig:
    """Read a node's configuration.

    Args:
        path: the TOML file, or the folder that holds `node.toml`.

    Raises:
        NodeUnavailable: the file is missing.
        BadInput: a key is unknown, missing, or of the wrong type.
    """
    file = path / CONFIG_NAME if path.is_dir() else path
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise NodeUnavailable("no-config", f"{file}: no node here; `safeconduct init` makes one") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("bad-config", where=str(file), expected="TOML in UTF-8", seen=str(error)) from None
    return config_from(data, where=str(file), base=file.parent)


def config_from(data: dict[str, object], *, where: str, base: Path) -> NodeConfig:
    """Check settings and make them a `NodeConfig`; relative paths are relative to `base`."""
    known = {f.name for f in fields(NodeConfig)}
    kinds: dict[str, type] = {"port": int, "trust_port": int, "exercise": bool, "sign_in": bool, "public_cap": bool}
    for key, value in data.items():
        if key not in known:
            raise BadInput("bad-config", where=where, expected=f"one of {', '.join(sorted(known))}", seen=key)
        kind = kinds.get(key, str)
        if type(value) is not kind:
            raise BadInput("bad-config", where=f"{where}: {key}", expected=f"a {kind.__name__}", seen=value)
    for key in ("party", "name"):
        if not data.get(key):
            raise BadInput("bad-config", where=where, expected=f"the key {key}", seen="nothing")
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", str(data["party"])):
        raise BadInput("bad-config", where=f"{where}: party", expected="a–z, 0–9 and hyphen", seen=data["party"])
    if data.get("transport", "push") not in TRANSPORTS:
        expected = " or ".join(TRANSPORTS)
        raise BadInput("bad-config", where=f"{where}: transport", expected=expected, seen=data["transport"])
    files = {name: str(base / str(data[name])) for name in ("tls_cert", "tls_key") if data.get(name)}
    data_dir = base / str(data.get("data_dir", "data"))
    config = NodeConfig(**{**data, **files, "data_dir": data_dir})  # type: ignore[arg-type]
    return checked(config, where=where)


def checked(config: NodeConfig, *, where: str) -> NodeConfig:
    """Return settings whose parts agree with each other.

    Raises:
        BadInput: `bad-config`: pages open to more than this machine, or TLS half set.
    """
    if config.tls not in {"", "own", "given"}:
        raise BadInput("bad-config", where=f"{where}: tls", expected="own, given or nothing", seen=config.tls)
    if (config.tls == "given") != bool(config.tls_cert and config.tls_key):
        expected = "tls_cert and tls_key, for given ones and only then"
        raise BadInput("bad-config", where=f"{where}: tls", expected=expected, seen=config.tls)
    if config.trust_port and config.tls != "own":
        expected = "0, unless tls is own"
        raise BadInput("bad-config", where=f"{where}: trust_port", expected=expected, seen=config.trust_port)
    if not config.sign_in and not (config.exercise and config.host in {"127.0.0.1", "::1", "localhost"}):
        raise BadInput("bad-config", where=f"{where}: sign_in", expected="true outside a loopback exercise", seen=False)
    return config
