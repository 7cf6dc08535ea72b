"""The node, as processes of their own open it (decision 0014): once, and with the server's clock."""

from functools import cache

from safeconduct.config import NodeConfig
from safeconduct.wiring import open_node
from safeconduct.workflows.clock import ExerciseClock
from safeconduct.workflows.ports import Node


@cache
def node_there(config: NodeConfig) -> Node:
    """Return the node of this process, which stays open until the process ends."""
    return open_node(config)


def move_clock(node: Node, at: int) -> None:
    """Set the time of an exercise, which is moved elsewhere."""
    if isinstance(node.clock, ExerciseClock):
        node.clock.move_to(at)
