"""The two nodes of the workflows' tests: `apart` without, `world` with an agreement in force."""

from workflows.conftest import apart, world

__all__ = ["apart", "world"]
