"""Where the exchange with the partner stands: what is due, what waits, what was refused, what is missing, in words."""

from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.seal.canonical import decode_cbor
from safeconduct.workflows.inventory import Completeness, completeness
from safeconduct.workflows.parked_envelopes import EXPIRED, REFUSED, WAITING
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import OutboxLine, ParkedRow

SHOWN = 50  # lines of each list


@dataclass(frozen=True, slots=True)
class AsideView:
    """An envelope of the partner's that was not taken in."""

    kind: str
    code: str
    detail: str
    since: int
    tries: int
    digest: str  # hex


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """The exchange as a person and a program see it."""

    due: int
    delivered: int
    refused_there: int
    queue: tuple[OutboxLine, ...]  # with attempts and last error
    refused_lines: tuple[OutboxLine, ...]
    waiting: tuple[AsideView, ...]
    expired: tuple[AsideView, ...]
    refused: tuple[AsideView, ...]
    heard_at: int | None  # unix seconds of the partner's last signed word
    completeness: Completeness
    words: tuple[str, ...]  # what it comes to


def show_exchange(node: Node) -> ExchangeView:
    """Return where the exchange stands."""
    found = completeness(node)
    with node.store.reading() as tx:
        due, delivered, refused = tx.exchange.outbox_counts()
        heard = tx.records.get("partner-heard")
        lists = {
            state: tuple(_aside(row) for row in tx.exchange.parked(state, SHOWN))
            for state in (WAITING, EXPIRED, REFUSED)
        }
        queue, lines = tx.exchange.outbox_lines("due", SHOWN), tx.exchange.outbox_lines("refused", SHOWN)
    heard_at = decode_cbor(heard, where="partner-heard")["at"] if heard else None
    return ExchangeView(
        due, delivered, refused, tuple(queue), tuple(lines), lists[WAITING], lists[EXPIRED], lists[REFUSED], heard_at,
        found, tuple(in_words(found, due)),
    )  # fmt: skip


def in_words(found: Completeness, due: int) -> list[str]:
    """Say what is known about completeness, and no more."""
    if found.asked_at is None:
        lines = ["The partner has not stated yet what it sent: whether everything is here is not known."]
    else:
        lines = [_theirs(found)]
        if found.not_taken:
            lines.append(f"{found.not_taken} of ours are not in what they state to have taken in; they are sent again.")
        if found.unstated:
            lines.append(f"{len(found.unstated)} are here that they do not state to have sent: kept as evidence.")
        if found.never_sent:
            lines.append(f"They state to have taken in {len(found.never_sent)} that were never sent from here.")
        if found.contradicted:
            lines.append(f"They contradicted an earlier statement {found.contradicted} times: both are kept.")
    if due:
        lines.append(f"{due} of ours {_wait(due)} to be delivered.")
    if found.waiting:
        lines.append(f"{found.waiting} of theirs {_wait(found.waiting)} for another one that has not come.")
    if found.refused:
        lines.append(f"{found.refused} of theirs {'was' if found.refused == 1 else 'were'} refused.")
    return lines


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _theirs(found: Completeness) -> str:
    at = iso(found.asked_at or 0)
    if found.missing:
        first = found.missing[0]
        more = f" and {len(found.missing) - 1} more" if len(found.missing) > 1 else ""
        return (
            f"Entry {first[0]:,} of theirs ({first[1]}){more} is missing here; everything below it is here. "
            f"It was asked for. Stated {at}."
        )
    seen = f" (head witnessed up to {found.witnessed:,})" if found.witnessed else " (head not witnessed yet)"
    return f"Everything up to entry {found.size:,} of theirs is here{seen}. Stated {at}."


def _aside(row: ParkedRow) -> AsideView:
    return AsideView(row.kind, row.code, row.detail, row.since, row.tries, row.digest.hex())
