"""The ports of `workflows.ports` on SQLite: tables, transactions, the tree head kept apart, keys at rest."""
