"""Simulated scanning devices: they fetch bundles, decide offline, keep a hash-chained log, upload it, delete what a
receipt covers. They run the code that decides a real scan; their storage is a table of segments in one SQLite file.
"""  # noqa: D205

import hashlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.gate.decide import Decision, Scan, UsedHere, decide
from safeconduct.gate.device_log import GENESIS, SegmentWriter
from safeconduct.gate.event import Event
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.receipt import open_receipt
from safeconduct.passes.batch import SignedCertificate, open_certificate
from safeconduct.passes.bundle import LoadedBundle, open_bundle
from safeconduct.replay.client import Operator
from safeconduct.seal.canonical import decode_cbor
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.seal.signed import sign
from safeconduct.storage.vault import OsRandom, seal_to
from safeconduct.workflows.fetch_bundle import DOMAIN as FETCH_DOMAIN
from safeconduct.workflows.fetch_bundle import fetch_payload
from safeconduct.workflows.fetch_key import DOMAIN as FETCH_KEY_DOMAIN

SEGMENT_EVENTS = 200
EPOCH = 1


class DeviceStore:
    """What all simulated devices keep on disk; a segment is stored before it is uploaded."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()  # devices of both parties upload at once
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(
            """
            CREATE TABLE IF NOT EXISTS device (id TEXT PRIMARY KEY, seed BLOB, seq INTEGER, hash BLOB);
            CREATE TABLE IF NOT EXISTS segment (device TEXT, first INTEGER, last INTEGER, data BLOB,
                                                PRIMARY KEY (device, first));
            CREATE TABLE IF NOT EXISTS used (device TEXT, batch BLOB, idx INTEGER);
            CREATE TABLE IF NOT EXISTS fact (key TEXT PRIMARY KEY, value TEXT);
            """
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def device(self, device: str, seed: bytes) -> tuple[bytes, int, bytes]:
        """Return (seed, last seq, chain hash) of a device, made with `seed` if it is new."""
        self._db.execute("INSERT OR IGNORE INTO device VALUES (?, ?, 0, ?)", (device, seed, GENESIS))
        row = self._db.execute("SELECT seed, seq, hash FROM device WHERE id=?", (device,)).fetchone()
        return row[0], row[1], row[2]

    def used(self, device: str) -> set[tuple[bytes, int]]:
        """Return the passes used at a device."""
        return set(self._db.execute("SELECT batch, idx FROM used WHERE device=?", (device,)))

    def commit_day(self, key: str, value: str, devices: Iterable["Device"]) -> None:
        """Store what all devices recorded, and the day's own figures, at once."""
        self._db.execute("BEGIN IMMEDIATE")
        for device in devices:
            self._db.executemany(
                "INSERT INTO segment VALUES (?, ?, ?, ?)", [(device.id, f, last, d) for f, last, d in device.closed]
            )
            self._db.executemany("INSERT INTO used VALUES (?, ?, ?)", [(device.id, b, i) for b, i in device.fresh])
            self._db.execute("UPDATE device SET seq=?, hash=? WHERE id=?", (device.seq, device.head, device.id))
            device.closed, device.fresh = [], []
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, value))
        self._db.execute("COMMIT")

    def pending(self, device: str) -> list[tuple[int, bytes]]:
        """Return (first seq, bytes) of segments that no receipt covers yet."""
        with self._lock:
            return list(self._db.execute("SELECT first, data FROM segment WHERE device=? ORDER BY first", (device,)))

    def covered(self, device: str, upto: int) -> None:
        """Delete what a receipt covers."""
        with self._lock:
            self._db.execute("DELETE FROM segment WHERE device=? AND last<=?", (device, upto))

    def fact(self, key: str) -> str | None:
        """Return a stored fact."""
        row = self._db.execute("SELECT value FROM fact WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact."""
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, value))


@dataclass(slots=True)
class Device:
    """One device at one control point."""

    id: str
    point: str
    operator: Operator
    store: DeviceStore
    issuer: str
    key: SigningKey = field(init=False)
    seq: int = field(init=False)
    head: bytes = field(init=False)
    used: UsedHere = field(init=False)
    bundle: LoadedBundle | None = None
    recipients: dict[str, str] = field(default_factory=dict)
    agreement: str = ""
    issuer_root: bytes = b""
    keys: NodeKeys | None = None
    own_root: bytes = b""
    at: int = 0  # of the last fetch, unix seconds
    closed: list[tuple[int, int, bytes]] = field(default_factory=list)
    fresh: list[tuple[bytes, int]] = field(default_factory=list)
    decisions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Load the device's own storage."""
        seed, self.seq, self.head = self.store.device(self.id, OsRandom().bytes(32))
        self.key = SigningKey.from_seed(seed)
        self.used = UsedHere(here=self.store.used(self.id))

    def enrol(self) -> None:
        """Enrol at this party's node."""
        told = self.operator.post(
            "/api/devices", {"device": self.id, "key": self.key.public.hex(), "point": self.point}
        )
        self.recipients, self.agreement = told["recipients"], told["agreement"]
        self.issuer_root = bytes.fromhex(told["issuer_roots"][self.issuer])
        self.own_root = bytes.fromhex(told["issuer_roots"][told["party"]])
        self.keys = NodeKeys.enrolled(bytes.fromhex(told["receipt_key"]))

    def fetch(self, now: int) -> None:
        """Fetch the node's key and the newest bundle, and take it if it is signed and not older.

        Raises:
            SafeconductError: the node gave no bundle, or one that this device refuses.
        """
        self.at = now
        self._follow(self._asked(FETCH_KEY_DOMAIN, "key", now))
        highest = self.bundle.seq if self.bundle else 0
        root = VerifyKey.load(self.issuer_root, where="issuer's root")
        data = self._asked(FETCH_DOMAIN, "bundle", now)
        loaded = open_bundle(data, root=root, agreement_id=self.agreement, now=now, highest_seq=highest)
        if isinstance(loaded, Refusal):
            raise SafeconductError(loaded.code, f"{self.id}: {loaded}")
        self.bundle = loaded

    def _asked(self, domain: str, what: str, now: int) -> bytes:
        signature = sign(domain, fetch_payload(self.id, now), self.key).hex()
        headers = {"Authorization": f"Device {now} {signature}"}
        answer = self.operator.call("GET", f"/devices/{self.id}/{what}", headers=headers)
        if answer.status_code != 200:
            raise SafeconductError("no-bundle", f"{self.id}: no {what}: {answer.text[:200]}")
        return answer.content

    def _follow(self, data: bytes) -> None:
        """Take a certificate of the node's key, if the own root signed it."""
        certificate, signature = decode_cbor(data, where="certificate of the node's key")
        root = VerifyKey.load(self.own_root, where="own root")
        opened = open_certificate(SignedCertificate(certificate, signature), root)
        if isinstance(opened, Refusal) or opened.agreement_id != self.agreement:
            raise SafeconductError("bad-status-key", f"{self.id}: not certified by the own root for this agreement")
        assert self.keys is not None  # noqa: S101  (enrolled before)
        self.keys = self.keys.take(opened)

    def run(self, scans: Iterable[tuple[int, str, str | None]]) -> list[Decision]:
        """Decide on scans (time, text, words) in their order, offline, and log every one in closed segments."""
        assert self.bundle is not None  # noqa: S101  (fetched before)
        decisions = []
        writer: SegmentWriter | None = None
        first, key = 0, b""
        for at, text, words in scans:
            made = decide(self.bundle, self.used, Scan(text, self.point, at, words=words))
            decisions.append(made)
            if writer is None:
                key = OsRandom().bytes(32)
                first = self.seq + 1
                writer = SegmentWriter(self.id, EPOCH, first, self.head, self.key, key)
            self.seq += 1
            writer.append(
                Event(
                    "admit" if made.admit else "refuse", self.seq, made.batch, made.index, self.point, at, made.heads,
                    made.reason, self.bundle.seq, self.bundle.ledger_index,
                )
            )  # fmt: skip
            self.head = writer.head
            if made.admit and made.batch is not None and made.index is not None:
                self.used.add(made.batch, made.index)
                self.fresh.append((made.batch, made.index))
            if self.seq - first + 1 == SEGMENT_EVENTS:
                self._close(writer, first, key)
                writer = None
        if writer is not None:
            self._close(writer, first, key)
        return decisions

    def _close(self, writer: SegmentWriter, first: int, key: bytes) -> None:
        sealed = {party: seal_to(recipient, key) for party, recipient in self.recipients.items()}
        self.closed.append((first, self.seq, writer.close(sealed)))

    def upload(self) -> int:
        """Upload all segments; delete what receipts cover; return how many were uploaded.

        Raises:
            SafeconductError: a segment was refused, or a receipt is not signed by the node.
        """
        sent = 0
        assert self.keys is not None  # noqa: S101  (enrolled before)
        for _, data in self.store.pending(self.id):
            answer = self.operator.call("POST", "/devices/segments", content=data)
            if answer.status_code != 200:
                raise SafeconductError("segment-refused", f"{self.id}: {answer.text[:200]}")
            receipt = open_receipt(answer.content, self.keys, self.at)
            if isinstance(receipt, Refusal) or receipt.device != self.id:
                raise SafeconductError("bad-receipt", f"{self.id}: the receipt is not the node's")
            self.store.covered(self.id, receipt.upto_seq)
            sent += 1
        return sent


def digest_of(text: str) -> int:
    """Return a stable number for a text, to deal groups out to devices."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
