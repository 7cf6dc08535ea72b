"""The Merkle tree of RFC 6962 (section 2.1): heads, inclusion proofs, consistency proofs.

A node is named by level and index: level 0 holds leaf hashes, and the node (level, index) covers the leaves from
index·2^level up to, but without, (index + 1)·2^level. Only complete nodes are ever stored; they never change.
Everything on the right edge that is not yet complete is computed from them.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from safeconduct.errors import BadInput

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Node = tuple[int, int, bytes]  # level, index, hash
GetNode = Callable[[int, int], bytes]  # (level, index) of a complete node -> its hash


def leaf_hash(data: bytes) -> bytes:
    """Hash of one entry: SHA-256(0x00 ‖ data)."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\1" + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root of a tree that is held whole; 32 bytes."""
    frontier = Frontier()
    frontier.append(leaf_hashes)
    return frontier.root()


class Frontier:
    """Size and right edge of a tree: all that is needed to append to it, at most 64 hashes.

    `append` changes the object; work on a `copy` where the change may still be given up.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: dict[int, bytes] = {}  # level -> hash, one for each 1 in the binary form of size

    @classmethod
    def from_nodes(cls, size: int, get: GetNode) -> "Frontier":
        """Right edge of the tree of `size` leaves, read from its stored complete nodes (one read for each 1 bit)."""
        frontier = cls()
        frontier.size = size
        levels = [level for level in range(size.bit_length()) if size >> level & 1]
        frontier._peaks = {level: get(level, (size >> level) - 1) for level in levels}
        return frontier

    def copy(self) -> "Frontier":
        """An independent frontier of the same tree."""
        twin = Frontier()
        twin.size, twin._peaks = self.size, dict(self._peaks)
        return twin

    def append(self, leaf_hashes: Iterable[bytes]) -> list[Node]:
        """Append leaves; returns every node that became complete, the leaves included, level by level."""
        row = list(leaf_hashes)
        start, level = self.size, 0
        self.size += len(row)
        created: list[Node] = []
        while row:
            created += [(level, index, node) for index, node in enumerate(row, start)]
            if start & 1:  # the first new node is a right child: its left sibling waited as a peak
                row.insert(0, self._peaks.pop(level))
            if len(row) & 1:
                self._peaks[level] = row.pop()
            row = [sha256(b"\1" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
            start, level = start >> 1, level + 1
        return created

    def root(self) -> bytes:
        """Root of 32 bytes at the present size."""
        root = b""
        for level in sorted(self._peaks):
            root = node_hash(self._peaks[level], root) if root else self._peaks[level]
        return root or EMPTY_ROOT


def inclusion_proof(index: int, size: int, get: GetNode) -> list[bytes]:
    """Path from leaf `index` to the root of the first `size` leaves, leaf's sibling first (section 2.1.1).

    Reads at most 2·log2(size) nodes.

    Raises:
        BadInput: `bad-index`, unless 0 ≤ index < size.
    """
    if not 0 <= index < size:
        raise BadInput("bad-index", where="inclusion proof", expected=f"an index below {size}", seen=index)
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range_hash(middle, end, get))
            end = middle
        else:
            path.append(_range_hash(begin, middle, get))
            begin = middle
    return path[::-1]


def consistency_proof(old: int, new: int, get: GetNode) -> list[bytes]:
    """Proof that the first `old` leaves of the tree of `new` leaves are unchanged (section 2.1.2).

    Reads at most 2·log2(new) nodes.

    Raises:
        BadInput: `bad-size`, unless 0 < old ≤ new.
    """
    if not 0 < old <= new:
        raise BadInput("bad-size", where="consistency proof", expected=f"a size from 1 to {new}", seen=old)
    path: list[bytes] = []
    begin, end = 0, new
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range_hash(middle, end, get))
            end = middle
        else:
            path.append(_range_hash(begin, middle, get))
            begin = middle
    if begin:  # else the old tree is a complete left subtree, whose root the reader already has
        path.append(_range_hash(begin, end, get))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether leaf hash `leaf` stands at `index` in the tree of `size` leaves with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves only appended to that of `old` leaves (RFC 9162, section 2.1.4.2).

    From size 0 there is nothing to prove, so it is refused.
    """
    if old == new:  # one tree: the roots are compared as they came
        return old > 0 and not proof and old_root == new_root
    if not 0 < old < new or not _are_hashes((old_root, new_root, *proof)):
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def _split(width: int) -> int:
    """Largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _range_hash(begin: int, end: int, get: GetNode) -> bytes:
    """Hash over the leaves begin … end − 1, where begin is a multiple of the largest power of two in the range."""
    parts: list[bytes] = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        parts.append(get(level, begin >> level))
        begin += 1 << level
    node = parts.pop()
    while parts:
        node = node_hash(parts.pop(), node)
    return node


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
