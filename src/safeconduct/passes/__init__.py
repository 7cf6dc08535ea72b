"""Passes: their bytes, the batches that sign them, their revocation, and the trust bundle that carries it all."""
