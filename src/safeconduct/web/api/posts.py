"""Keeps what is posted to TAXII collections: large posts in a process of their own, all others here (decision 0014)."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from safeconduct.config import NodeConfig
from safeconduct.storage.apart_stream import ApartStream, ProcessGone
from safeconduct.web.api.group_commit import GroupCommit
from safeconduct.web.api.there import move_clock, node_there
from safeconduct.wiring import Running
from safeconduct.workflows.taxii_post import Post, keep_posts

POSTS = "taxii-posts"  # where an application's state holds it
MOST = 16  # large posts a transaction


class Posted(NamedTuple):
    """A post and the time at which it came: an exercise sets the time elsewhere."""

    at: int
    post: Post


class Posts:
    """Keeps posts as they come, those that wait together in one transaction; nothing is started before the first."""

    def __init__(self, running: Running) -> None:
        self._config, self._clock = running.config, running.node.clock
        self._here: GroupCommit[Post, bytes] = GroupCommit(partial(keep_posts, running.node))
        self._apart = ApartStream(keep_there, lambda: self._config, MOST)

    async def keep(self, post: Post) -> bytes:
        """Return the status of a post once it is on disk."""
        if isinstance(post.read, bytes):
            with suppress(ProcessGone):  # kept again, objects that it kept are told so
                status: bytes = await self._apart(Posted(self._clock.now(), post))
                return status
        return await self._here.answer(post)

    def stop(self) -> None:
        """Keep what waits, then end."""
        self._here.stop()
        self._apart.close()


def keep_there(config: NodeConfig, given: Sequence[Posted]) -> Sequence[bytes]:
    """Keep posts in the process that this is called in, in one transaction; return their statuses."""
    node = node_there(config)
    move_clock(node, max(one.at for one in given))
    return keep_posts(node, [one.post for one in given])
