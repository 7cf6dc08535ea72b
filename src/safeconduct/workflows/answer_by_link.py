"""What a phone answers behind a link: taken in as reported, unsigned, by the link that somebody here made."""

from collections.abc import Callable

from safeconduct.alerts.answer import Outcome
from safeconduct.errors import Refusal
from safeconduct.workflows.make_link import open_link
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_heard import Heard, hear_acknowledgement, hear_outcome

CHANNEL = "link"


def acknowledge_by_link(node: Node, token: str, version: int, stage: str, reason: str | None) -> int | Refusal:
    """Take in a stage for the version that the phone had on its screen.

    Raises:
        BadInput: malformed; declined without a reason.
    """
    return _by_link(node, token, version, lambda heard: hear_acknowledgement(node, heard, stage, reason))


def outcome_by_link(node: Node, token: str, version: int, outcome: Outcome) -> int | Refusal:
    """Take in what came of a release.

    Raises:
        BadInput: malformed.
    """
    return _by_link(node, token, version, lambda heard: hear_outcome(node, heard, outcome))


def _by_link(node: Node, token: str, version: int, record: Callable[[Heard], int | Refusal]) -> int | Refusal:
    with node.store.reading() as tx:
        linked = open_link(node, tx, token)
    if isinstance(linked, Refusal):
        return linked
    by = f"link made by {linked.link.made_by}"[:100]
    return record(Heard(linked.link.release_id, version, CHANNEL, by))
