"""Give the newest trust bundle to an enrolled device, and to nobody else: it holds the batches' peppers."""

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.signed import check
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import DeviceRow
from safeconduct.workflows.tables import Tx

DOMAIN = "safeconduct.fetch.1"
SKEW = 15 * 60  # seconds that a device's clock may be off


def fetch_payload(device: str, at: int) -> bytes:
    """Return what a device signs to fetch its bundle."""
    return f"{device} {at}".encode()


def own_device(node: Node, tx: Tx, device: str) -> DeviceRow | None:
    """Return an enrolled device of this party."""
    row = tx.devices.get(device)
    return row if row is not None and row.party == node.party else None


def asked_by(
    node: Node, device: str, row: DeviceRow | None, at: int, signature: bytes, domain: str, *, payload: bytes = b""
) -> Refusal | None:
    """Say why a question is not this device's own, asked now: `unknown-device` or `bad-signature`.

    What is signed is `payload`; by default `fetch_payload`.
    """
    if row is None:
        return Refusal("unknown-device", device)
    if abs(at - node.clock.now()) > SKEW:
        return Refusal("bad-signature", "the device's clock is off by more than 15 minutes")
    signed = payload or fetch_payload(row.id, at)
    if not check(domain, signed, signature, VerifyKey.load(row.public, where="device key")):
        return Refusal("bad-signature", "request")
    return None


def fetch_bundle(node: Node, device: str, at: int, signature: bytes) -> bytes | Refusal:
    """Return the newest bundle's bytes.

    Raises:
        SafeconductError: `no-bundle`, when none was published yet.
    """
    with node.store.reading() as tx:
        row = tx.devices.get(device)
        newest = tx.passes.bundle()
    refusal = asked_by(node, device, row, at, signature, DOMAIN)
    if refusal is not None:
        return refusal
    if newest is None:
        raise SafeconductError("no-bundle", "no bundle was published yet")
    return newest[1]
