"""A link for a partner that installs nothing: one release behind an address that nobody can guess, and that expires.

The token has 192 random bits and is shown once; what is kept is its SHA-256. It stands in no log and no ledger entry.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput, Refusal
from safeconduct.operators.tokens import token_digest
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import log_refused
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_copies import Copy, newest_copy
from safeconduct.workflows.tables import Tx

KIND, REVOKED = "link", "link-revoked"
MOST_HOURS = 72
MOST_LIVE = 10  # links to one release at a time
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Link:
    """One link as its maker sees it; `id` is the token's digest, which opens nothing."""

    id: str
    release_id: str
    made_by: str
    made_at: str
    until: str
    state: str  # "open", "expired", "revoked"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new link and its token, which is told nowhere else."""

    link: Link
    token: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What an open link shows: its release in the version that counts."""

    link: Link
    copy: Copy


def make_link(node: Node, release_id: str, hours: int, by: str) -> MadeLink | Refusal:
    """Make a link to a release that was sent from here.

    Raises:
        BadInput: `bad-field`, for a life outside 1 to 72 hours or too many open links.
    """
    if not 1 <= hours <= MOST_HOURS:
        raise BadInput("bad-field", where="hours", expected=f"1 to {MOST_HOURS}", seen=hours)
    now = node.clock.now()
    with node.store.transaction() as tx:
        copy = newest_copy(tx, release_id)
        refusal = None
        if copy is None or copy.direction != "sent":
            refusal = Refusal("unknown-release", release_id)
        elif now >= copy.release.expires and not copy.release.revoked:
            refusal = Refusal("expired-release", release_id)
        if refusal is not None:
            log_refused(node, tx, act=KIND, subject=release_id, refusal=refusal)
            return refusal
        live = [one for one in links_of(tx, now, release_id) if one.state == "open"]
        if len(live) >= MOST_LIVE:
            raise BadInput("bad-field", where="links", expected=f"at most {MOST_LIVE} open ones", seen=len(live))
        token = urlsafe_b64encode(node.random.bytes(TOKEN_BYTES)).decode()
        body = encode_json({"release": release_id, "by": by, "at": now, "until": now + hours * 3_600})
        tx.records.add(KIND, token_digest(token), body, now)
        tx.ledger.append(f"own:{KIND}", body, node.random.bytes(32), now)
        return MadeLink(_link(tx, token_digest(token), body, now), token)


def revoke_link(node: Node, link_id: str, by: str) -> Refusal | None:
    """Close a link for good."""
    now = node.clock.now()
    with node.store.transaction() as tx:
        if tx.records.latest(KIND, link_id) is None:
            return Refusal("unknown-link")
        body = encode_json({"link": link_id, "by": by, "at": now})
        tx.records.add(REVOKED, link_id, body, now)
        tx.ledger.append(f"own:{REVOKED}", body, node.random.bytes(32), now)
    return None


def links_of(tx: Tx, now: int, release_id: str | None = None) -> tuple[Link, ...]:
    """Return the links to a release (to all, by default), newest first."""
    found = [_link(tx, record_id, body, now) for record_id, body, _ in tx.records.all(KIND)]
    return tuple(reversed([one for one in found if release_id in (None, one.release_id)]))


def open_link(node: Node, tx: Tx, token: str) -> Linked | Refusal:
    """Return what a link shows; every reason against it reads alike, so that a guess learns nothing."""
    now, link_id = node.clock.now(), token_digest(token)
    kept = tx.records.latest(KIND, link_id)
    if kept is None:
        return Refusal("unknown-link")
    link = _link(tx, link_id, kept[0], now)
    copy = newest_copy(tx, link.release_id)
    if link.state != "open" or copy is None:
        return Refusal("unknown-link")
    return Linked(link, copy)


def _link(tx: Tx, link_id: str, body: bytes, now: int) -> Link:
    said = decode_json(body, where="link")
    state = "open" if now < said["until"] else "expired"
    if tx.records.latest(REVOKED, link_id) is not None:
        state = "revoked"
    return Link(link_id, said["release"], said["by"], iso(said["at"]), iso(said["until"]), state)
