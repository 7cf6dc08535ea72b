"""What is told of a release to a partner that installs nothing: words to be spoken, a sheet to be printed."""

from dataclasses import dataclass

from safeconduct.alerts.read_out import read_out
from safeconduct.errors import SafeconductError
from safeconduct.workflows.make_link import Link, links_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_copies import newest_copy
from safeconduct.workflows.show_inbox import WarningSheet, sheet_of


@dataclass(frozen=True, slots=True)
class ReachView:
    """The other ways to a partner: sheet, sentences, links, and the number by which it answers."""

    sheet: WarningSheet
    sentences: tuple[str, ...]
    links: tuple[Link, ...]


def other_ways(node: Node, release_id: str) -> ReachView:
    """Return the other ways in which a release that was sent from here can reach its partner.

    Raises:
        SafeconductError: `unknown-release`.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        copy = newest_copy(tx, release_id)
        if copy is None or copy.direction != "sent":
            raise SafeconductError("unknown-release", f"no release {release_id} was sent from here")
        links = links_of(tx, now, release_id)
    said = read_out(copy.release, party=node.name)
    return ReachView(sheet_of(copy.release, now, party=node.name), said, links)
