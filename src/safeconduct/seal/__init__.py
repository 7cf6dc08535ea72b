"""Canonical bytes, keys, signatures, ciphers and commitments; this room knows no word of the domain."""
