"""The tree, against a second and naive reading of RFC 6962."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.ledger.entry import entry_hash, entry_leaf
from safeconduct.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

MOST = 70
LEAVES = [leaf_hash(n.to_bytes(2, "big")) for n in range(MOST)]
SIZES = st.integers(1, MOST)


def naive_root(leaves):
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


class Store:
    """Complete nodes as a database would hold them; counts reads."""

    def __init__(self, size):
        self.frontier, self.reads = Frontier(), 0
        self.nodes = {(level, index): node for level, index, node in self.frontier.append(LEAVES[:size])}

    def get(self, level, index):
        self.reads += 1
        return self.nodes[level, index]


STORE = Store(MOST)


@given(st.lists(st.integers(0, 20), max_size=8).filter(lambda steps: sum(steps) <= MOST))
def test_root_and_nodes_are_the_same_however_the_leaves_arrive(steps):
    frontier, nodes, at = Frontier(), {}, 0
    for step in steps:
        created = frontier.append(LEAVES[at : at + step])
        assert not nodes.keys() & {(level, index) for level, index, _ in created}
        nodes |= {(level, index): node for level, index, node in created}
        at += step
        assert frontier.root() == naive_root(LEAVES[:at])
    assert nodes == Store(at).nodes
    assert frontier.size == at


@pytest.mark.parametrize("size", range(MOST + 1))
def test_frontier_comes_back_from_stored_nodes(size):
    frontier = Frontier.from_nodes(size, STORE.get)
    assert frontier.root() == naive_root(LEAVES[:size]) == root_of(LEAVES[:size])
    assert frontier.append(LEAVES[size:]) == created_after(size)


def created_after(size):
    """What appending the rest to `size` leaves creates."""
    before = Store(size).nodes
    return sorted((level, index, node) for (level, index), node in STORE.nodes.items() if (level, index) not in before)


def test_stored_nodes_are_the_complete_ones_and_hash_their_leaves():
    for (level, index), node in Store(MOST).nodes.items():
        span = LEAVES[index << level : (index + 1) << level]
        assert len(span) == 1 << level
        assert node == naive_root(span)


def test_copy_is_independent():
    frontier = Frontier()
    frontier.append(LEAVES[:3])
    twin = frontier.copy()
    twin.append(LEAVES[3:9])
    assert (frontier.size, frontier.root()) == (3, naive_root(LEAVES[:3]))
    assert (twin.size, twin.root()) == (9, naive_root(LEAVES[:9]))


@given(SIZES, st.data())
def test_inclusion_proof_verifies_for_its_own_leaf_and_place_only(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, STORE.get), naive_root(LEAVES[:size])
    assert verify_inclusion(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, MOST).filter(lambda n: n != index))
    assert not verify_inclusion(LEAVES[index], other, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(LEAVES[index], index, size, [*proof, root], root)
    assert not verify_inclusion(LEAVES[index], index, size, proof, EMPTY_ROOT)
    if proof:
        assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], root)
        assert not verify_inclusion(LEAVES[index], index, size, [proof[0][:31], *proof[1:]], root)


@given(SIZES, st.data())
def test_consistency_proof_verifies_for_its_own_trees_only(new, data):
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, STORE.get)
    roots = naive_root(LEAVES[:old]), naive_root(LEAVES[:new])
    assert verify_consistency(old, new, *roots, proof)
    assert not verify_consistency(old, new, EMPTY_ROOT, roots[1], proof)
    assert not verify_consistency(old, new, roots[0], EMPTY_ROOT, proof)
    assert not verify_consistency(old, new, *roots, [*proof, bytes(32)])
    assert not verify_consistency(new + 1, new, *roots, proof)
    assert not verify_consistency(0, new, *roots, proof)
    if old < new:
        assert not verify_consistency(old, new, *roots, proof[:-1])
        assert not verify_consistency(
            old, new, roots[0], naive_root([*LEAVES[: old - 1], *LEAVES[old : new + 1]]), proof
        )
        assert not verify_consistency(old, new, roots[0][:31], roots[1], proof)


def test_from_size_zero_nothing_is_proved():
    assert not verify_consistency(0, 5, EMPTY_ROOT, root_of(LEAVES[:5]), [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not verify_consistency(3, 5, root_of(LEAVES[:3]), root_of(LEAVES[:5]), [])
    for old, new in ((0, 5), (6, 5), (-1, 5)):
        with pytest.raises(BadInput) as caught:
            consistency_proof(old, new, STORE.get)
        assert caught.value.code == "bad-size"


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_proof_of_a_leaf_outside_the_tree_is_refused(index, size):
    with pytest.raises(BadInput) as caught:
        inclusion_proof(index, size, STORE.get)
    assert caught.value.code == "bad-index"
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize("size", [10**7, 10**7 - 1, 2**24, 2**24 - 1, 2**40 + 1])
def test_proofs_read_few_nodes_of_a_large_tree(size):
    reads = []

    def get(level, index):
        assert (index + 1) << level <= size, "only complete nodes are stored"
        reads.append((level, index))
        return bytes(32)

    for index in (0, 1, size // 3, size // 2, size - 2, size - 1):
        reads.clear()
        inclusion_proof(index, size, get)
        assert len(reads) <= 2 * size.bit_length()
        reads.clear()
        consistency_proof(index + 1, size, get)
        assert len(reads) <= 2 * size.bit_length()


def test_entry_is_the_hash_of_nonce_and_envelope_and_its_leaf_the_hash_of_the_entry():
    nonce = bytes(range(32))
    assert entry_leaf(nonce, b"envelope") == leaf_hash(entry_hash(nonce, b"envelope"))
    assert entry_hash(nonce, b"envelope") != entry_hash(bytes(32), b"envelope")
    assert entry_hash(nonce, b"").hex() == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
    with pytest.raises(BadInput) as caught:
        entry_hash(nonce[:31], b"\0envelope")
    assert caught.value.code == "bad-nonce"
