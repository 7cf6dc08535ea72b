"""Record what the partner said of a release without its software: by telephone, radio, on paper, by a link, in person.

It stands as reported by a liaison, unsigned, with the channel and the office that took it. It stays on this node.
"""

from dataclasses import dataclass

from safeconduct.alerts.answer import STAGES, Acknowledgement, Action, Outcome, to_json, version_of
from safeconduct.alerts.read_out import heard_number, quote_number
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.workflows.answer_release import answer_release, answers_to
from safeconduct.workflows.common import partner_of, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_copies import Copy, copies_of


@dataclass(frozen=True, slots=True)
class Heard:
    """How an answer came: of which version, over which channel, and which office took it."""

    release_id: str
    version: int
    channel: str
    taken_by: str


def copy_named(node: Node, named: str) -> Copy:
    """Return the copy that was sent from here under an id, or under the number on its sheet.

    Raises:
        BadInput: `bad-number`, for a number that fits none or several of the releases, or has a misheard digit.
        SafeconductError: `unknown-release`.
    """
    digits = "".join(sign for sign in named if sign.isdigit())
    with node.store.reading() as tx:
        if len(digits) == 7 and len(named.strip()) <= 9:
            number = heard_number(named)
            copies = [
                copy for row in tx.alerts.releases() for copy in copies_of(tx, row.id) if copy.direction == "sent"
            ]
            found = [copy for copy in copies if number == quote_number(copy.release.id, copy.release.version)]
            if len(found) != 1:
                raise BadInput("bad-number", where="number", expected="the seven digits on a sheet of ours", seen=named)
            return found[0]
        sent = [copy for copy in copies_of(tx, named) if copy.direction == "sent"]
    if not sent:
        raise SafeconductError("unknown-release", f"no release {named} was sent from here")
    return sent[-1]


def hear_acknowledgement(node: Node, heard: Heard, stage: str, reason: str | None) -> int | Refusal:
    """Record a stage that was said; one that goes back or changes its side corrects, and needs a reason.

    Raises:
        BadInput: malformed; declined or going back without a reason.
    """
    with node.store.reading() as tx:
        partner = partner_of(node, require_agreement(tx))
        said = [a for a in answers_to(tx, heard.release_id) if isinstance(a, Acknowledgement) and not a.signed]
    before = [STAGES[a.stage] for a in said if version_of(a) == heard.version]
    corrects = STAGES.get(stage, 0) <= max(before, default=-1) and not (said and said[-1].stage == stage)
    answer = Acknowledgement(
        heard.release_id, stage, reason or None, partner, node.clock.now(), signed=False, corrects=corrects,
        version=heard.version, channel=heard.channel, taken_by=heard.taken_by,
    )  # fmt: skip
    return answer_release(node, to_json(answer))


def hear_action(node: Node, heard: Heard, action: str, text: str) -> int | Refusal:
    """Record what the partner says it did.

    Raises:
        BadInput: malformed.
    """
    partner = _partner(node)
    answer = Action(
        heard.release_id, action, partner, node.clock.now(), None, text, channel=heard.channel, taken_by=heard.taken_by
    )
    return answer_release(node, to_json(answer))


def hear_outcome(node: Node, heard: Heard, outcome: Outcome) -> int | Refusal:
    """Record what the partner says came of it; who speaks and how it came are filled in here.

    Raises:
        BadInput: malformed.
    """
    said = Outcome(
        heard.release_id, outcome.result, _partner(node), "partner", outcome.confidence, outcome.number, outcome.hedge,
        outcome.text, node.clock.now(), outcome.evidence, outcome.harm, outcome.harm_number, heard.channel,
        heard.taken_by,
    )  # fmt: skip
    return answer_release(node, to_json(said))


def _partner(node: Node) -> str:
    with node.store.reading() as tx:
        return partner_of(node, require_agreement(tx))
