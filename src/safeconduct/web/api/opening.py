"""Opens segments that were accepted: one request at a time does it for all, so that receipts are not held up."""

from threading import Lock

from safeconduct.workflows.ports import Node
from safeconduct.workflows.receive_segment import has_unopened, open_accepted


class Opening:
    """Whether a request of this node is opening segments now."""

    def __init__(self) -> None:
        self._busy = Lock()

    def run(self, node: Node) -> None:
        """Open what waits, unless another request does; whoever uploads alone finds its events merged at once."""
        while has_unopened(node):
            if not self._busy.acquire(blocking=False):
                return  # the one that is busy looks again before it leaves
            try:
                open_accepted(node)
            finally:
                self._busy.release()
