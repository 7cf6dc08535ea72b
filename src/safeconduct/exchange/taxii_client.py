"""Exchange by TAXII 2.1 collections: post ours into "from us" at the partner's server, fetch "to us" from it.

Requests are signed by the party's key like all others. What is posted is one object for each envelope; what is
fetched are such objects, among others that are for readers without this software and are passed over here.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import structlog

from safeconduct.errors import BadInput
from safeconduct.exchange.courier import HttpPush
from safeconduct.workflows.common import in_force
from safeconduct.workflows.ports import Node
from safeconduct.workflows.publish_stix import CARRY
from safeconduct.workflows.receive_envelope import receive_envelopes
from safeconduct.workflows.rows import OutboxRow
from safeconduct.workflows.stix_envelope import carrier, wire_in

MEDIA_TYPE = "application/taxii+json;version=2.1"
PAGE = 100  # objects a request
MOST_PAGES = 1_000  # of one round
_UPTO = "taxii-fetched-upto"  # setting: the newest date_added that was fetched
log = structlog.get_logger()


class TaxiiWay:
    """See `courier.Way`."""

    def __init__(self, node: Node, http: httpx.Client) -> None:
        self._node, self._http = node, http
        with node.store.transaction() as tx:
            tx.records.set(CARRY, b"yes")

    def push(self, rows: Sequence[OutboxRow]) -> list[list[object]]:
        """Post envelopes as objects; return the fate of each.

        The collection is there once an agreement is in force at the partner: what makes it one is posted as ever.

        Raises:
            BadInput: the partner's status resource is none.
        """
        place = self._place("from")
        if place is None:
            return self._posted(rows)
        made = [carrier(row.wire, uuid=self._node.random.id(), now=self._node.clock.now()) for row in rows]
        answer = self._http.post(
            f"{place}/objects/", content=msgspec.json.encode({"objects": made}),
            headers={"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE},
        )  # fmt: skip
        if answer.status_code == 404:
            return self._posted(rows)
        answer.raise_for_status()
        return _fates(answer.content, [one["id"] for one in made])

    def pull(self) -> int:
        """Fetch what was added for us since the last time; return how many envelopes came in."""
        place = self._place("to")
        if place is None:
            return 0
        with self._node.store.reading() as tx:
            upto = (tx.records.get(_UPTO) or b"").decode()
        came, following = 0, ""
        for _ in range(MOST_PAGES):
            given = {"limit": str(PAGE)} | ({"added_after": upto} if upto else {})
            given |= {"next": following} if following else {}
            answer = self._http.get(f"{place}/objects/", params=given, headers={"Accept": MEDIA_TYPE})
            if answer.status_code == 404:
                return came
            answer.raise_for_status()
            objects, following = _page(answer.content)
            wires = [wire for one in objects if (wire := _wire(one)) is not None]
            came += sum(one.status == "taken" for one in receive_envelopes(self._node, wires))
            last = answer.headers.get("X-TAXII-Date-Added-Last", "")
            if last:
                with self._node.store.transaction() as tx:
                    tx.records.set(_UPTO, last.encode())
            if not following:
                break
        return came

    def _place(self, word: str) -> str | None:
        """Return the address of a collection at the partner; None before an agreement is in force, which makes it."""
        with self._node.store.reading() as tx:
            found = in_force(tx)
        if found is None:
            return None
        return f"/taxii/{quote(found[0].id, safe='')}/collections/{word}-{quote(self._node.party, safe='')}"

    def _posted(self, rows: Sequence[OutboxRow]) -> list[list[object]]:
        """Deliver what comes before any collection can be there: the agreement itself."""
        return HttpPush(self._http).push(rows)


def _fates(data: bytes, ids: Sequence[str]) -> list[list[object]]:
    try:
        status = msgspec.json.decode(data)
        bad = {one["id"]: str(one.get("message", "")) for one in status.get("failures", [])}
        good = {one["id"] for one in status.get("successes", [])}
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        expected = "successes and failures"
        raise BadInput("bad-answer", where="status resource", expected=expected, seen=str(error)) from None
    if not set(ids) <= good | set(bad):
        raise BadInput("bad-answer", where="status resource", expected=f"{len(ids)} objects", seen=len(good) + len(bad))
    return [["refused", bad[one][-120:], -1] if one in bad else ["taken", "", -1] for one in ids]


def _page(data: bytes) -> tuple[list[Any], str]:
    try:
        page = msgspec.json.decode(data)
        objects = page.get("objects", [])
        following = str(page.get("next", "")) if page.get("more") else ""
    except (msgspec.DecodeError, AttributeError) as error:
        raise BadInput("bad-answer", where="TAXII envelope", expected="objects", seen=str(error)) from None
    if not isinstance(objects, list):
        raise BadInput("bad-answer", where="TAXII envelope.objects", expected="a list", seen=type(objects).__name__)
    return objects, following


def _wire(one: Any) -> bytes | None:
    try:
        return wire_in(one)
    except BadInput as error:  # one bad object does not keep the others
        log.warning("object passed over", where=error.where, code=error.code)
        return None
