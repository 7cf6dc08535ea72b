"""TLS under the party's own root: keys apart from all others, in the node's `tls` folder, mode 0600.

`root.crt` is what phones come to trust. It can vouch for the names and private addresses within it and for nothing
else (RFC 5280, 4.2.1.10), so that a phone that trusts it gives this party no power over other sites. `node.crt` lasts
90 days and is renewed when 30 are left, on start and while the node runs, or on start when the machine has another
address.
"""

import ipaddress
import os
import re
import socket
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from safeconduct.errors import BadInput, NodeUnavailable
from safeconduct.seal.words import fingerprint_words

ROOT_DAYS, NODE_DAYS, RENEW_DAYS = 1_095, 90, 30
SKEW = timedelta(days=1)  # a phone's clock may be behind
# Where a field network lives: RFC 1918, loopback, link-local, and the same of IPv6.
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10",
           "::1/128")  # fmt: skip
SUFFIXES = ("localhost", "local", "lan", "internal", "home.arpa")
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Served:
    """Files that a server is given."""

    certificate: Path  # PEM, with the root behind it where it is our own
    key: Path


@dataclass(frozen=True, slots=True)
class TlsRoot:
    """What a phone is to trust."""

    der: bytes
    names: tuple[str, ...]  # that this node's certificate is for
    until: int  # unix seconds: end of the root

    @property
    def pairs(self) -> str:
        """SHA-256 of the certificate as phones show it: pairs of hexadecimal digits."""
        text = sha256(self.der).hexdigest().upper()
        return ":".join(text[place : place + 2] for place in range(0, 64, 2))

    @property
    def words(self) -> str:
        """The same as eight words."""
        return fingerprint_words(self.der)


def given_files(certificate: Path, key: Path) -> Served:
    """Check a given certificate and its key, as far as a server needs them.

    Raises:
        BadInput: `bad-tls`: a file cannot be read, is no PEM, needs a passphrase, or the two do not belong together.
    """
    try:
        chain = x509.load_pem_x509_certificates(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except OSError as error:
        raise BadInput("bad-tls", where=str(error.filename), expected="a file that can be read",
                       seen=error.strerror) from None  # fmt: skip
    except (ValueError, TypeError) as error:
        raise BadInput("bad-tls", where=f"{certificate}, {key}", expected="PEM, the key without a passphrase",
                       seen=type(error).__name__) from None  # fmt: skip
    spki = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*spki) != chain[0].public_key().public_bytes(*spki):
        raise BadInput("bad-tls", where=str(key), expected="the key of the first certificate", seen="another key")
    return Served(certificate, key)


def own_files(folder: Path, party: str, names: Sequence[str], now: int) -> Served:
    """Return files under the party's own root; make or renew what is missing, ends soon, or has other names.

    Args:
        folder: the node's `tls` folder.
        party: the party's id, in the certificates' names.
        names: host names and addresses by which phones reach the node.
        now: unix seconds, by the machine's clock.

    Raises:
        BadInput: `bad-tls`, for a name that is none, or one that the root may not vouch for.
        NodeUnavailable: the files cannot be read or written.
    """
    wanted = tuple(sorted({_checked(name) for name in names}))
    at = datetime.fromtimestamp(now, UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / "root.crt").exists() or _load(folder / "root.crt").not_valid_after_utc < at + 2 * SKEW:
            _make_root(folder, party, wanted, at)
        root = _load(folder / "root.crt")
        _check_allowed(root, wanted)
        node = folder / "node.crt"
        if not node.exists() or not _good(_load(node), root, wanted, at):
            _make_node(folder, party, wanted, at)
    except (OSError, ValueError) as error:
        raise NodeUnavailable("bad-tls", f"{folder}: {error}") from None
    return Served(folder / "node.crt", folder / "node.key")


def is_due(folder: Path, now: int) -> bool:
    """Whether the node's own certificate ends within the days in which it is renewed; not where there is none.

    Raises:
        NodeUnavailable: `bad-tls`: a file is damaged.
    """
    try:
        node = _load(folder / "node.crt")
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:
        raise NodeUnavailable("bad-tls", f"{folder}: {error}") from None
    return datetime.fromtimestamp(now, UTC) > node.not_valid_after_utc - timedelta(days=RENEW_DAYS)


def read_root(folder: Path) -> TlsRoot | None:
    """Return the root that phones are to trust, None where the node has none of its own.

    Raises:
        NodeUnavailable: `bad-tls`: a file is damaged.
    """
    try:
        root, node = _load(folder / "root.crt"), _load(folder / "node.crt")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise NodeUnavailable("bad-tls", f"{folder}: {error}") from None
    der = root.public_bytes(serialization.Encoding.DER)
    return TlsRoot(der, _names_of(node), int(root.not_valid_after_utc.timestamp()))


def host_names(host: str) -> list[str]:
    """Return the names and addresses by which this machine can be reached, as far as it knows them itself."""
    found = ["localhost", "127.0.0.1", "::1"]
    own = socket.gethostname().lower()
    if _NAME.fullmatch(own):
        found.append(own)
        if "." not in own:
            found.append(f"{own}.local")
    with suppress(OSError):
        found += [str(item[4][0]).partition("%")[0] for item in socket.getaddrinfo(own, None)]
    with suppress(OSError), closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent: it asks which address the way out has
        found.append(probe.getsockname()[0])
    if host not in {"0.0.0.0", "::", ""}:  # noqa: S104  (compared, not bound)
        found.append(host)
    return list(dict.fromkeys(found))


def _checked(name: str) -> str:
    lower = name.strip().lower()
    if _address(lower) is None and not _NAME.fullmatch(lower):
        raise BadInput("bad-tls", where="TLS name", expected="a host name or an address", seen=name)
    return lower


def _address(name: str) -> _Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _general(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _permitted(names: Sequence[str]) -> list[x509.GeneralName]:
    """Return what the root may vouch for: private addresses and local names, and this node's own ones."""
    private = [ipaddress.ip_network(one) for one in PRIVATE]
    found: list[x509.GeneralName] = [x509.IPAddress(one) for one in private]
    found += [x509.DNSName(one) for one in SUFFIXES]
    for name in names:
        address = _address(name)
        if address is None and not any(name == one or name.endswith("." + one) for one in SUFFIXES):
            found.append(x509.DNSName(name))
        elif address is not None and not any(address in one for one in private):
            found.append(x509.IPAddress(ipaddress.ip_network(address)))
    return found


def _check_allowed(root: x509.Certificate, names: Sequence[str]) -> None:
    held = root.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    for name in names:
        if not any(_within(name, one) for one in held):
            expected = "a name that the root may vouch for; `safeconduct tls new-root` makes one that phones trust anew"
            raise BadInput("bad-tls", where="TLS name", expected=expected, seen=name)


def _within(name: str, permitted: x509.GeneralName) -> bool:
    address = _address(name)
    if isinstance(permitted, x509.IPAddress):
        network = permitted.value
        return address is not None and isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network) and (
            address in network
        )  # fmt: skip
    return address is None and (name == permitted.value or name.endswith(f".{permitted.value}"))


def _make_root(folder: Path, party: str, names: Sequence[str], at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"safeconduct {party} TLS {at:%Y-%m-%d}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - SKEW).not_valid_after(at + timedelta(days=ROOT_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    _write(folder / "root.key", _pem(key))
    _write(folder / "root.crt", made.public_bytes(serialization.Encoding.PEM))


def _make_node(folder: Path, party: str, names: Sequence[str], at: datetime) -> None:
    root = _load(folder / "root.crt")
    root_key = serialization.load_pem_private_key((folder / "root.key").read_bytes(), None)
    if not isinstance(root_key, ec.EllipticCurvePrivateKey):
        raise ValueError("root.key: not an elliptic-curve key")  # noqa: TRY004  (what a damaged file says elsewhere)
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(at + timedelta(days=NODE_DAYS), root.not_valid_after_utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"safeconduct {party}")]))
        .issuer_name(root.subject).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(at - SKEW).not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )  # fmt: skip
    _write(folder / "node.key", _pem(key))
    encoding = serialization.Encoding.PEM
    _write(folder / "node.crt", made.public_bytes(encoding) + root.public_bytes(encoding))


def _good(node: x509.Certificate, root: x509.Certificate, names: Sequence[str], at: datetime) -> bool:
    return (
        node.issuer == root.subject
        and set(names) <= set(_names_of(node))
        and node.not_valid_before_utc <= at <= node.not_valid_after_utc - timedelta(days=RENEW_DAYS)
    )


def _names_of(node: x509.Certificate) -> tuple[str, ...]:
    held = node.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(one.value) for one in held)


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a new one beside it takes its name."""
    beside = path.with_suffix(path.suffix + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
