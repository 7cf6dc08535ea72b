"""Keys at rest, sealing with age, the operating system's randomness, and work spread over cores.

Files in the node's `keys` folder, mode 0600: `root.age` (the root seed under a passphrase) or, in an exercise only,
`root.unsafe-exercise`; `online.key` (status, log and witness seeds and the age identity of this node); once the status
key was changed, `status.key` in place of the one in `online.key`; `status.next` until its successor is certified.
"""

import contextlib
import os
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyrage

from safeconduct.errors import BadInput, NodeUnavailable, SafeconductError
from safeconduct.ledger.note import vkey
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.rows import PartyCard

ROOT, ROOT_UNSAFE, ONLINE = "root.age", "root.unsafe-exercise", "online.key"
STATUS, STATUS_NEXT = "status.key", "status.next"


class OsRandom:
    """See `workflows.ports.Random`."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return os.urandom(count)  # noqa: TID251  (here and nowhere else)

    def id(self) -> str:
        """Return a fresh random UUID, version 4."""
        return str(uuid.uuid4())


def in_threads(work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    """Map over all cores, in order; for work that lets go of the interpreter lock, as Argon2 does."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def make_keys(folder: Path, random: OsRandom, *, passphrase: str | None, apart: bool = False) -> None:
    """Make all keys of a new node; without a passphrase the root is written unsafely, for an exercise.

    With `apart` no root key is made: it was made elsewhere, and never comes here.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not apart:
        root = random.bytes(32)
        if passphrase is None:
            _write(folder / ROOT_UNSAFE, root)
        else:
            _write(folder / ROOT, pyrage.passphrase.encrypt(root, passphrase))
    age = pyrage.x25519.Identity.generate()
    online = {"status": random.bytes(32), "log": random.bytes(32), "witness": random.bytes(32), "age": str(age)}
    _write(folder / ONLINE, encode_cbor(online))


class FileVault:
    """See `workflows.ports.Vault`."""

    def __init__(self, folder: Path, passphrase: Callable[[], str] | None = None) -> None:
        try:
            online = decode_cbor((folder / ONLINE).read_bytes(), where=str(folder / ONLINE))
        except FileNotFoundError:
            raise NodeUnavailable("no-keys", f"{folder}: the node's keys are missing") from None
        self._folder = folder
        self._passphrase = passphrase
        self._first_status = self._status = SigningKey.from_seed(online["status"])
        self._status_file: tuple[int, int] | None = None  # of the file that `_status` was read from
        self._log = SigningKey.from_seed(online["log"])
        self._witness = SigningKey.from_seed(online["witness"])
        self._age = pyrage.x25519.Identity.from_str(online["age"])
        self._root: SigningKey | None = None

    def __repr__(self) -> str:
        """Show where the keys are, and none of them."""
        return f"FileVault({str(self._folder)!r})"

    def root(self) -> SigningKey:
        """Return the root key, asking for its passphrase when it has one."""
        if self._root is None:
            unsafe = self._folder / ROOT_UNSAFE
            self._root = SigningKey.from_seed(unsafe.read_bytes() if unsafe.exists() else self._decrypted())
        return self._root

    def root_kept(self) -> str:
        """Return how the root key is kept: "exercise" (here, unprotected), "passphrase" (here), or "apart"."""
        if (self._folder / ROOT_UNSAFE).exists():
            return "exercise"
        return "passphrase" if (self._folder / ROOT).exists() else "apart"

    def _decrypted(self) -> bytes:
        if self.root_kept() == "apart":
            what = "the root key is kept apart from this node; `safeconduct root request` writes what it is to sign"
            raise SafeconductError("root-apart", what)
        if self._passphrase is None:
            raise SafeconductError("root-locked", "the root key is locked; use the command line, which asks for it")
        try:
            return bytes(pyrage.passphrase.decrypt((self._folder / ROOT).read_bytes(), self._passphrase()))
        except pyrage.DecryptError:
            raise SafeconductError("root-locked", "the passphrase does not open the root key") from None

    def status(self) -> SigningKey:
        """Return the online key that signs bundles, lists, receipts and envelopes; another process may change it."""
        try:
            seen = (self._folder / STATUS).stat()
        except FileNotFoundError:
            return self._first_status
        if (seen.st_ino, seen.st_mtime_ns) != self._status_file:
            self._status = SigningKey.from_seed((self._folder / STATUS).read_bytes())
            self._status_file = (seen.st_ino, seen.st_mtime_ns)
        return self._status

    def next_status(self) -> SigningKey:
        """Return the status key that is to follow, made and kept at the first call."""
        file = self._folder / STATUS_NEXT
        with contextlib.suppress(FileExistsError):
            _write(file, OsRandom().bytes(32))
        return SigningKey.from_seed(file.read_bytes())

    def status_keys(self) -> frozenset[bytes]:
        """Return the public halves of the status key and, where one was made, of the key that is to follow it."""
        file = self._folder / STATUS_NEXT
        following = {SigningKey.from_seed(file.read_bytes()).public} if file.exists() else set()
        return frozenset({self.status().public, *following})

    def turn_status(self, public: bytes) -> bool:
        """Make the key that is to follow the status key, if it is this one; the one before is gone then."""
        file = self._folder / STATUS_NEXT
        with contextlib.suppress(FileNotFoundError):  # another process of this node was first
            if SigningKey.from_seed(file.read_bytes()).public == public:
                file.replace(self._folder / STATUS)
                folder = os.open(self._folder, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        return self.status().public == public

    def log(self) -> SigningKey:
        """Return the key that signs this node's ledger heads."""
        return self._log

    def witness(self) -> SigningKey:
        """Return the key that cosigns the partner's heads."""
        return self._witness

    def seal(self, data: bytes) -> bytes:
        """Seal bytes at rest, to this node only."""
        return bytes(pyrage.encrypt(data, [self._age.to_public()]))

    def open(self, data: bytes) -> bytes:
        """Open what `seal` made."""
        try:
            return bytes(pyrage.decrypt(data, [self._age]))
        except pyrage.DecryptError:
            raise BadInput("bad-ciphertext", where="sealed bytes", expected="bytes sealed to this node",
                           seen=f"{len(data)} bytes") from None  # fmt: skip

    def seal_to(self, recipient: str, data: bytes) -> bytes:
        """Seal bytes to whoever holds the key of an age recipient; this node cannot open them."""
        try:
            return seal_to(recipient, data)
        except pyrage.RecipientError:
            raise BadInput("bad-recipient", where="recipient", expected="an age recipient, age1…",
                           seen=f"{len(recipient)} characters") from None  # fmt: skip

    def open_with(self, key: str, data: bytes) -> bytes:
        """Open what `seal_to` made, with the key that belongs to its recipient."""
        try:
            return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(key)]))
        except pyrage.IdentityError:
            raise BadInput("bad-key", where="key", expected="an age key, AGE-SECRET-KEY-1…",
                           seen=f"{len(key)} characters") from None  # fmt: skip
        except pyrage.DecryptError:
            raise BadInput("bad-key", where="key", expected="the key that it was sealed to",
                           seen="another one") from None  # fmt: skip

    def new_key(self) -> tuple[str, str]:
        """Return a new age key and its recipient; neither is kept here."""
        made = pyrage.x25519.Identity.generate()
        return str(made), str(made.to_public())

    def seal_stream(self, recipient: str, source: Any, target: Any) -> None:
        """Seal all that `source.read` gives to an age recipient, into `target.write`, without holding it in memory."""
        try:
            to = pyrage.x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError:
            raise BadInput("bad-recipient", where="recipient", expected="an age recipient, age1…",
                           seen=f"{len(recipient)} characters") from None  # fmt: skip
        pyrage.encrypt_io(source, target, [to])

    def open_stream(self, source: Any, target: Any) -> None:
        """Open what was sealed to this node, piece by piece; each piece was checked before `target.write` gets it."""
        try:
            pyrage.decrypt_io(source, target, [self._age])
        except (pyrage.DecryptError, OSError) as error:
            raise BadInput("bad-ciphertext", where="sealed file", expected="a whole file, sealed to this node",
                           seen=str(error)[:60]) from None  # fmt: skip

    def open_segment_key(self, sealed: bytes) -> bytes:
        """Open a device-log key that was sealed to this party."""
        return self.open(sealed)

    def age_recipient(self) -> str:
        """Return the public half of this node's age identity."""
        return str(self._age.to_public())


def seal_to(recipient: str, data: bytes) -> bytes:
    """Seal bytes to a party's age recipient (a device seals its segment keys with it)."""
    return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(recipient)]))


def party_card(party: str, name: str, vault: FileVault, root_public: bytes) -> PartyCard:
    """Make the public half of a party."""
    return PartyCard(
        party=party,
        name=name,
        root_public=root_public.hex(),
        log_vkey=vkey(f"safeconduct.example/{party}", 0x01, vault.log().public),
        witness_vkey=vkey(f"safeconduct.example/{party}/witness", 0x04, vault.witness().public),
        age_recipient=vault.age_recipient(),
    )
