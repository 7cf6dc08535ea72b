"""Brings what is due to the partner, asks it to cosign our head, and asks whether anything is missing.

A thread of the node, or one round on request. What is queued goes at once; a burst goes in few requests. Whatever
fails stays in the outbox with its reason and is tried again after a pause that doubles up to `LONGEST_PAUSE`, with
jitter; an envelope that alone makes the partner fail rests by itself and holds up no other. Nothing is ever dropped.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import httpx
import structlog

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.exchange.signed_http import PartyKey
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.cosign_head import ask_for_cosignature, note_cosignature
from safeconduct.workflows.inventory import repair, take_statement, undelivered
from safeconduct.workflows.peer_keys import own_certificate
from safeconduct.workflows.ports import Node
from safeconduct.workflows.receive_envelope import retry_parked
from safeconduct.workflows.rows import OutboxRow

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds
LOOK = 0.5  # seconds between looks at the outbox, for what another process queued
BREATH = 0.2  # seconds between rounds at least, so that a burst of envelopes goes in few requests
QUIET = 2.0  # seconds after which a round is made though nothing is due: the head may have grown
CHECK = 20.0  # seconds between questions whether anything is missing
REST = 60.0  # seconds that an envelope rests which the partner cannot answer
MEDIA_TYPE = "application/cbor"
MOST = 50  # envelopes a request
MOST_BYTES = 16 << 20  # of one request's envelopes

log = structlog.get_logger()
Status = list[object]  # status, code, ledger index, field


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    delivered: int
    refused: int
    cosigned: bool
    waiting: int
    parked: int = 0  # the partner keeps them until what they rest on has come
    asked_again: int = 0  # envelopes of the partner's that were missing here
    sent_again: int = 0  # envelopes of ours that were missing there


class Way(Protocol):
    """How envelopes get to the partner and from it."""

    def push(self, rows: Sequence[OutboxRow]) -> list[Status]:
        """Deliver envelopes; return one status for each."""
        ...

    def pull(self) -> int:
        """Fetch what the partner has for us, where that is the way; return how many envelopes came in."""
        ...


class HttpPush:
    """Envelopes are posted to the partner's node, which posts its own to ours."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def push(self, rows: Sequence[OutboxRow]) -> list[Status]:
        """Post envelopes; return the partner's answer for each.

        Raises:
            BadInput: the answer is none.
        """
        answer = self._http.post(
            "/peer/envelopes", content=encode_cbor([r.wire for r in rows]), headers={"Content-Type": MEDIA_TYPE}
        )
        answer.raise_for_status()
        return read_statuses(answer.content, len(rows))

    def pull(self) -> int:
        """Fetch nothing: the partner pushes."""
        return 0


def read_statuses(data: bytes, number: int) -> list[Status]:
    """Return the partner's answers to a number of envelopes.

    Raises:
        BadInput: `bad-answer`.
    """
    statuses = decode_cbor(data, where="the partner's answer")
    good = isinstance(statuses, list) and len(statuses) == number
    if not good or not all(isinstance(s, list) and len(s) >= 3 and isinstance(s[0], str) for s in statuses):
        raise BadInput("bad-answer", where="the partner's answer", expected=f"{number} answers", seen=statuses)
    return list(statuses)


class Courier:
    """The client of one partner's node."""

    def __init__(self, node: Node, partner_url: str, *, way: Way | None = None) -> None:
        self._node = node
        self._http = httpx.Client(base_url=partner_url, timeout=60.0, auth=PartyKey(node, answered=self._answered))
        self._way: Way = way or HttpPush(self._http)
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._one = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._resting: dict[int, float] = {}  # outbox id to the moment from which it is tried again
        self._checked = 0.0
        self._failures = 0

    @property
    def http(self) -> httpx.Client:
        """The client that signs with the party's key."""
        return self._http

    def use(self, way: Way) -> None:
        """Choose how envelopes travel; before `start`."""
        self._way = way

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread after its round."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._http.close()

    def wake(self) -> None:
        """Say that something is due."""
        self._wake.set()

    def round(self) -> Round:
        """Deliver all that is due, ask for a cosignature, and ask for what is missing.

        Raises:
            SafeconductError: `partner-unreachable`, or `partner-not-authenticated`.
        """
        return self._round(check=True, everything=True)

    def _round(self, *, check: bool, everything: bool = False) -> Round:
        with self._one:
            if own_certificate(self._node) is None:  # nothing was proposed, so there is nothing to say yet
                return Round(0, 0, cosigned=False, waiting=0)
            asked = again = 0
            try:
                delivered, refused, parked = self._deliver(everything=everything)
                self._way.pull()
                cosigned = self._cosign()
                if check:
                    asked, again = self._check()
                    if again:
                        more = self._deliver(everything=True)
                        delivered, refused, parked = delivered + more[0], refused + more[1], parked + more[2]
            except httpx.HTTPError as error:
                raise SafeconductError("partner-unreachable", f"the partner's node: {error!r}") from None
        with self._node.store.reading() as tx:
            waiting = tx.exchange.outbox_counts()[0]
        return Round(delivered, refused, cosigned, waiting, parked, asked, again)

    def _deliver(self, *, everything: bool) -> tuple[int, int, int]:
        delivered = refused = parked = 0
        tried: set[int] = set()
        while True:
            rows = self._due(tried, everything=everything)
            if not rows:
                return delivered, refused, parked
            tried |= {row.id for row in rows}
            for row, status in self._push(rows):
                delivered += 1
                parked += status[0] == "parked"
                if status[0] == "refused":
                    refused += 1
                    log.warning("envelope refused", kind=row.kind, code=str(status[1]),
                                digest=sha256(row.wire).hexdigest()[:16])  # fmt: skip

    def _due(self, tried: set[int], *, everything: bool) -> list[OutboxRow]:
        """Return the next envelopes of one request."""
        now = time.monotonic()
        self._resting = {i: until for i, until in self._resting.items() if until > now}
        without = tried if everything else tried | set(self._resting)
        with self._node.store.reading() as tx:
            rows = list(tx.outbox.due(MOST, sorted(without)[-900:]))
        size = 0
        for number, row in enumerate(rows):
            size += len(row.wire)
            if number and size > MOST_BYTES:
                return rows[:number]
        return rows

    def _push(self, rows: Sequence[OutboxRow]) -> list[tuple[OutboxRow, Status]]:
        """Deliver rows and store what was answered; where one of them makes the partner fail, each goes alone."""
        try:
            statuses = self._way.push(rows)
        except (httpx.HTTPStatusError, BadInput) as error:
            if len(rows) > 1:
                return [pair for row in rows for pair in self._push([row])]
            self._failed(rows, error)
            self._resting[rows[0].id] = time.monotonic() + REST
            return []
        except (httpx.HTTPError, SafeconductError) as error:
            self._failed(rows, error)
            raise
        pairs = list(zip(rows, statuses, strict=True))
        with self._node.store.transaction() as tx:
            tx.outbox.delivered([row.id for row in rows], self._node.clock.now())
            for row, status in pairs:
                if status[0] == "refused":
                    field = f", {status[3]}" if len(status) > 3 and status[3] else ""
                    tx.outbox.failed(row.id, f"{status[1]}{field}")
        return pairs

    def _failed(self, rows: Sequence[OutboxRow], error: Exception) -> None:
        why = str(error) if isinstance(error, SafeconductError) else f"{type(error).__name__}: {error}"
        with self._node.store.transaction() as tx:
            for row in rows:
                tx.outbox.failed(row.id, why[:300])

    def _cosign(self) -> bool:
        for _ in range(3):  # a 409 tells the known size; the next request starts there
            request = ask_for_cosignature(self._node)
            if request is None:
                return True
            answer = self._http.post("/witness/add-checkpoint", content=request)
            if note_cosignature(self._node, request, answer.status_code, answer.text):
                return True
        return False

    def _check(self) -> tuple[int, int]:
        """Ask what the partner sent and took in; ask for what is missing here, queue what is missing there."""
        with self._node.store.reading() as tx:
            delivered = undelivered(tx)
            after = tx.exchange.stated_upto()
        more = True
        while more:
            answer = self._http.get("/peer/inventory", params={"after": after})
            if answer.status_code == 409:  # it knows no agreement yet
                return 0, 0
            answer.raise_for_status()
            statement = take_statement(self._node, answer.content)
            if isinstance(statement, Refusal):
                log.warning("inventory refused", code=statement.code)
                return 0, 0
            more = statement.more
            after = max([after, *(index for index, _, _ in (*statement.sent[-1:], *statement.taken[-1:]))])
        self._checked = time.monotonic()
        asked, again = repair(self._node, delivered)
        for start in range(0, len(asked), 1_000):
            part = encode_cbor(asked[start : start + 1_000])
            self._http.post("/peer/again", content=part, headers={"Content-Type": MEDIA_TYPE}).raise_for_status()
        return len(asked), again

    def _answered(self, party: str) -> None:
        """Remember when the partner last answered, at most once in ten seconds."""
        now = time.monotonic()
        if now - self._heard < 10.0:
            return
        self._heard = now
        with self._node.store.transaction() as tx:
            tx.records.set("partner-heard", encode_cbor({"at": self._node.clock.now(), "party": party}))

    _heard = -10.0

    def _run(self) -> None:
        not_before = quiet_at = 0.0
        while not self._stop.is_set():
            woken = self._wake.wait(timeout=LOOK)
            now = time.monotonic()
            if self._stop.is_set():
                return
            if now < not_before:
                if woken:  # what is due is still due in a moment
                    self._stop.wait(min(not_before - now, LOOK))
                continue
            try:
                self._wake.clear()
                if not woken and now < quiet_at and not self._due(set(), everything=False):
                    continue
                done = self._quietly()
            except Exception as error:  # noqa: BLE001  (the thread lives as long as the node)
                log.warning("courier failed", kind=type(error).__name__, detail=str(error)[:200])
                done = False
            self._failures = 0 if done else self._failures + 1
            not_before = time.monotonic() + (BREATH if done else self._pause())
            quiet_at = time.monotonic() + QUIET

    def _quietly(self) -> bool:
        """Make a round; False, and a line in the log, if the partner cannot be reached."""
        retry_parked(self._node)
        check = self._failures > 0 or time.monotonic() - self._checked > CHECK
        try:
            self._round(check=check)
        except SafeconductError as error:
            log.info("partner not reached", code=error.code, failures=self._failures + 1)
            return False
        return True

    def _pause(self) -> float:
        """Return seconds to wait after a failure: doubling up to a bound, less up to half of it at random."""
        full: float = min(FIRST_PAUSE * 2 ** min(self._failures - 1, 10), LONGEST_PAUSE)
        return full * (1 - self._node.random.bytes(1)[0] / 512)
