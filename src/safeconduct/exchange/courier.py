"""Brings what is due to the partner, and asks it to cosign our head; a thread of the node, or one round on request.

Envelopes go in their order, many a request. Whatever fails stays in the outbox and is tried again after a pause that
doubles up to a minute; nothing is ever dropped.
"""

import threading
from dataclasses import dataclass
from hashlib import sha256

import httpx
import structlog

from safeconduct.errors import BadInput, SafeconductError
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.cosign_head import ask_for_cosignature, note_cosignature
from safeconduct.workflows.ports import Node

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 60.0  # seconds
BREATH = 1.0  # seconds between rounds at least, so that a burst of envelopes goes in few requests
MEDIA_TYPE = "application/cbor"
MOST = 50  # envelopes a request
MOST_BYTES = 16 << 20  # of one request's envelopes

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    delivered: int
    refused: int
    cosigned: bool
    waiting: int


class Courier:
    """The client of one partner's node."""

    def __init__(self, node: Node, partner_url: str) -> None:
        self._node = node
        self._http = httpx.Client(base_url=partner_url, timeout=60.0)
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._one = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread after its round."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=10)
        self._http.close()

    def wake(self) -> None:
        """Say that something is due."""
        self._wake.set()

    def round(self) -> Round:
        """Deliver all that is due, then ask for a cosignature.

        Raises:
            SafeconductError: `partner-unreachable`.
        """
        with self._one:
            try:
                delivered, refused = self._deliver()
                cosigned = self._cosign()
            except httpx.HTTPError as error:
                raise SafeconductError("partner-unreachable", f"the partner's node: {error!r}") from None
        with self._node.store.reading() as tx:
            waiting = len(tx.outbox.due(1))
        return Round(delivered, refused, cosigned, waiting)

    def _deliver(self) -> tuple[int, int]:
        delivered = refused = 0
        while True:
            with self._node.store.reading() as tx:
                rows = list(tx.outbox.due(MOST))
            size = 0
            for number, row in enumerate(rows):
                size += len(row.wire)
                if number and size > MOST_BYTES:
                    rows = rows[:number]
                    break
            if not rows:
                return delivered, refused
            answer = self._http.post(
                "/peer/envelopes", content=encode_cbor([r.wire for r in rows]), headers={"Content-Type": MEDIA_TYPE}
            )
            answer.raise_for_status()
            statuses = decode_cbor(answer.content, where="the partner's answer")
            if not isinstance(statuses, list) or len(statuses) != len(rows):
                raise BadInput("bad-answer", where="the partner's answer", expected=f"{len(rows)} answers",
                               seen=statuses)  # fmt: skip
            with self._node.store.transaction() as tx:
                tx.outbox.delivered([r.id for r in rows], self._node.clock.now())
                for row, status in zip(rows, statuses, strict=True):
                    if status[0] == "refused":
                        refused += 1
                        tx.outbox.failed(row.id, str(status[1]))
                        log.warning("envelope refused", kind=row.kind, code=str(status[1]),
                                    digest=sha256(row.wire).hexdigest()[:16])  # fmt: skip
            delivered += len(rows)

    def _cosign(self) -> bool:
        for _ in range(3):  # a 409 tells the known size; the next request starts there
            request = ask_for_cosignature(self._node)
            if request is None:
                return True
            answer = self._http.post("/witness/add-checkpoint", content=request)
            if note_cosignature(self._node, request, answer.status_code, answer.text):
                return True
        return False

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            self._wake.wait(timeout=pause)
            if self._stop.wait(BREATH):
                return
            self._wake.clear()
            try:
                self.round()
                pause = 2.0
            except SafeconductError as error:
                pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
                log.info("partner not reached", code=error.code, again_in=pause)
