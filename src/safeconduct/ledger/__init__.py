"""The append-only log: Merkle tree, proofs, signed log checkpoints, cosignatures and evidence; entries are opaque."""
