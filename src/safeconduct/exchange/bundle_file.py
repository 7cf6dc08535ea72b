"""A sealed, signed bundle file for a stick: what the network would have carried, in one file (spec/bundle-file.md).

Plain form: the magic line, the header, each envelope behind its length in four bytes, a length of zero, the trailer
with the sender's signature over all bytes before it. The whole is sealed with age to the recipient. It is read
twice: first to its end, so that nothing is stored of a file that is cut or changed anywhere; then once more, to
take its envelopes in. Neither reading holds more than a few envelopes in memory.
"""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.workflows.carry_bundle import (
    LIMIT,
    Carried,
    Header,
    check_file,
    envelopes_of,
    pack,
    read_header,
    recipient_of,
    sign_file,
    take_file,
)
from safeconduct.workflows.envelopes import LIMIT as WIRE_LIMIT
from safeconduct.workflows.ports import Node

MAGIC = b"safeconduct file 1\n"
Progress = Callable[[int, int], None]  # (done, of): envelopes when writing, bytes when reading


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its envelopes, and its size in bytes."""

    path: Path
    count: int
    size: int


def export_file(node: Node, to: str, path: Path, progress: Progress = lambda _d, _o: None) -> Written:
    """Write all that the partner has not confirmed into one file that only it can open.

    The file appears under its name when it is whole. The envelopes stay due until the partner states that it has them.

    Raises:
        BadInput: the party is not the partner.
        SafeconductError: `no-agreement`, `root-locked`, or `no-file` where it cannot be written.
    """
    header, ids = pack(node, to)
    source = _Source(_plain(node, header, ids, progress))
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as target:
            node.vault.seal_stream(recipient_of(node, to), source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SafeconductError("no-file", f"{path}: {error.strerror}") from None
    return Written(path, len(ids), path.stat().st_size)


def import_file(node: Node, path: Path, progress: Progress = lambda _d, _o: None) -> Carried | Refusal:
    """Take in a file from the partner; a file that was brought before changes nothing.

    Raises:
        BadInput: it is cut, changed, sealed to another, or no such file; nothing of it was stored.
        SafeconductError: `no-file`.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as source:
            first = _Reader(lambda _wire: None)
            node.vault.open_stream(_Counted(source, size, progress), first)
            header, digest, trailer = first.finish()
            refusal = check_file(node, header, digest, trailer)
            if refusal is not None:
                return refusal

            def feed(take: Callable[[bytes], None]) -> None:
                source.seek(0)
                second = _Reader(take)
                node.vault.open_stream(source, second)

            return take_file(node, header, feed)
    except OSError as error:
        raise SafeconductError("no-file", f"{path}: {error.strerror}") from None


def _plain(node: Node, header: bytes, ids: list[int], progress: Progress) -> Iterator[bytes]:
    """Yield the plain form piece by piece."""
    digest = sha256()

    def counted(piece: bytes) -> bytes:
        digest.update(piece)
        return piece

    yield counted(MAGIC)
    yield counted(_sized(header))
    for number, wire in enumerate(envelopes_of(node, ids), 1):
        yield counted(_sized(wire))
        progress(number, len(ids))
    yield counted(bytes(4))
    yield _sized(sign_file(node, read_header(header).agreement, digest.digest()))


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


class _Source(io.RawIOBase):
    """Bytes of a generator as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        wanted = 1 << 16 if size is None or size < 0 else size
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        given, self._left = self._left[:wanted], self._left[wanted:]
        return given


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress) -> None:
        self._file, self._size, self._progress, self._done = file, size, progress, 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._done += len(data)
        self._progress(self._done, self._size)
        return data


class _Reader:
    """Takes the plain form in pieces of any size; gives each envelope away as soon as it is whole."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take, self._held, self._digest = take, bytearray(), sha256()
        self._step, self._header, self._trailer, self._count = "magic", b"", b"", 0

    def write(self, data: Any) -> int:
        """Take the next bytes.

        Raises:
            BadInput: `bad-file`.
        """
        self._held += data
        while self._advance():
            pass
        return len(data)

    def flush(self) -> None:
        """Do nothing: each envelope is given away at once."""

    def finish(self) -> tuple[Header, bytes, bytes]:
        """Return header, digest of all before the trailer, and trailer, if the file is whole.

        Raises:
            BadInput: `bad-file`: it is cut, or goes on after its end.
        """
        if self._step != "end" or self._held:
            raise BadInput("bad-file", where="file", expected="a whole file and no more", seen=f"its {self._step}")
        header = read_header(self._header)
        if header.count != self._count:
            raise BadInput("bad-file", where="file.count", expected=f"{header.count} envelopes", seen=self._count)
        return header, self._digest.digest(), self._trailer

    def _advance(self) -> bool:
        """Read the next part if all of it is here."""
        if self._step == "magic":
            return self._magic()
        if self._step == "end" or len(self._held) < 4:
            return False
        size = int.from_bytes(self._held[:4], "big")
        limit = WIRE_LIMIT if self._step == "envelopes" else LIMIT
        if size > limit:
            raise BadInput("bad-file", where=f"file {self._step}", expected=f"at most {limit} bytes", seen=size)
        if len(self._held) < 4 + size:
            return False
        raw = bytes(self._held[: 4 + size])
        del self._held[: 4 + size]
        if self._step == "trailer":
            self._trailer, self._step = raw[4:], "end"
            return True
        self._digest.update(raw)
        if self._step == "header":
            self._header, self._step = raw[4:], "envelopes"
        elif size == 0:
            self._step = "trailer"
        else:
            self._count += 1
            self._take(raw[4:])
        return True

    def _magic(self) -> bool:
        if len(self._held) < len(MAGIC):
            return False
        if bytes(self._held[: len(MAGIC)]) != MAGIC:
            raise BadInput("bad-file", where="file", expected=repr(MAGIC.decode()), seen=bytes(self._held[:20]))
        self._digest.update(MAGIC)
        del self._held[: len(MAGIC)]
        self._step = "header"
        return True
