"""Agreements between exactly two parties: terms, scope, holders, expectations, and typed entries beside them."""
