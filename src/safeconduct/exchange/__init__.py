"""Node to node: the client half of HTTP exchange, with outbox, retry and backoff. Its routes are in `web.api`."""
