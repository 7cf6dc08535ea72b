"""A commitment to named fields of which any one can be opened later without the others (spec/signatures.md).

A leaf is SHA-256(0x00 ‖ salt ‖ CBOR([name, value])); the leaves, in the order of their names' UTF-8 bytes, form a
Merkle tree as in RFC 6962 section 2.1. A fresh 32-byte salt for each field and each commitment hides a guessable value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput
from safeconduct.seal.canonical import encode_cbor

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class FieldProof:
    """One opened field: its name, value and salt, its place among `size` leaves, and the path to the root."""

    name: str
    value: Any
    salt: bytes
    index: int
    size: int
    path: tuple[bytes, ...]


def commit(fields: Mapping[str, Any], salts: Mapping[str, bytes]) -> bytes:
    """Root of 32 bytes over all fields.

    Raises:
        BadInput: `bad-commitment` if there is no field, or names and salts differ, a salt has not 32 bytes, or two
            fields share a salt; `bad-cbor` if a value has no deterministic form.
    """
    return _root(_leaves(fields, salts))


def prove(fields: Mapping[str, Any], salts: Mapping[str, bytes], name: str) -> FieldProof:
    """What opens the field `name` and nothing else.

    Raises:
        BadInput: as `commit`, and `bad-commitment` if there is no such field.
    """
    if name not in fields:
        raise BadInput("bad-commitment", where="field", expected="a committed field", seen=name)
    leaves = _leaves(fields, salts)
    index = sorted(fields, key=str.encode).index(name)
    return FieldProof(name, fields[name], salts[name], index, len(leaves), tuple(_path(leaves, index)))


def verify_field(root: bytes, proof: FieldProof) -> bool:
    """Whether the opened field belongs to the commitment `root`; a value without deterministic form does not."""
    if len(proof.salt) != SALT_BYTES or not 0 <= proof.index < proof.size:
        return False
    try:
        node = _leaf(proof.name, proof.value, proof.salt)
    except BadInput:
        return False
    path = list(proof.path)
    place, last = proof.index, proof.size - 1
    # RFC 9162, section 2.1.3.2, on its way up from the leaf.
    for sibling in path:
        if last == 0 or len(sibling) != 32:
            return False
        if place & 1 or place == last:
            node = _node(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = _node(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def _leaves(fields: Mapping[str, Any], salts: Mapping[str, bytes]) -> list[bytes]:
    if not fields or set(fields) != set(salts):
        raise BadInput("bad-commitment", where="salts", expected="one for each field", seen=sorted(salts))
    if {len(salt) for salt in salts.values()} != {SALT_BYTES} or len(set(salts.values())) != len(salts):
        raise BadInput("bad-commitment", where="salts", expected="32 bytes each, all different", seen=len(salts))
    return [_leaf(name, fields[name], salts[name]) for name in sorted(fields, key=str.encode)]


def _leaf(name: str, value: Any, salt: bytes) -> bytes:
    return sha256(b"\0" + salt + encode_cbor([name, value])).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _split(size: int) -> int:
    """Largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    return _node(_root(leaves[:half]), _root(leaves[half:]))


def _path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*_path(leaves[:half], index), _root(leaves[half:])]
    return [*_path(leaves[half:], index - half), _root(leaves[:half])]
