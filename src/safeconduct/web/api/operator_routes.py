"""What operators do over HTTP: one route for each workflow, each with its own small input."""

from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, RawBody

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.operators.people import may
from safeconduct.passes.pass_format import to_text
from safeconduct.web.api.answers import refused
from safeconduct.web.api.bodies import read_body
from safeconduct.web.api.guards import acting, exercise_only, operator, operator_of, running
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.clock import ExerciseClock
from safeconduct.workflows.common import store_card
from safeconduct.workflows.enrol_device import enrol_device
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.import_roll import import_roll
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.make_evidence import make_evidence
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.record_departure import record_departure
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.rows import PartyCard
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.sign_agreement import accept, propose

LARGE = 128 << 20  # bytes: a roll of a million people
GUARDS = [operator]
Req = Request[Any, Any, Any]


class LegIn(msgspec.Struct):
    """One leg of a strip; times in unix seconds."""

    point: str
    not_before: int
    seconds: int
    words: bool = False


class StripIn(msgspec.Struct):
    """A strip to issue."""

    group: str
    legs: list[LegIn]


class IssueIn(msgspec.Struct):
    """Strips to issue for one purpose."""

    strips: list[StripIn]
    purpose: str
    subject: str = "passage"


class RevokeIn(msgspec.Struct):
    """Groups whose passes are revoked."""

    groups: list[str]
    reason: str


class DeviceIn(msgspec.Struct):
    """A device to enrol; its public key in hex."""

    device: str
    key: str
    point: str


class BundleIn(msgspec.Struct):
    """A bundle to publish."""

    advice: str = ""
    states: dict[str, str] = {}


class ReleaseIn(msgspec.Struct):
    """A release to derive, by the kept policy, or by one that is kept first."""

    report: str
    purpose: str | None
    policy: dict[str, Any] | None = None


class ClockIn(msgspec.Struct):
    """The exercise's time, unix seconds."""

    now: int


@get("/api/card", sync_to_thread=True)
def card(request: Req) -> Response[Any]:
    """Return the public half of this party, to be compared by other means."""
    return Response(asdict(running(request).node.card))


@post("/api/parties", sync_to_thread=True, guards=GUARDS, status_code=200)
def add_party(request: Req, body: RawBody) -> Response[Any]:
    """Remember the other party's public half."""
    node = running(request).node
    given = read_body(PartyCard, body)
    with node.store.transaction() as tx:
        store_card(tx, given, node.clock.now())
    return Response({"party": given.party})


@post("/api/agreement/propose", sync_to_thread=True, guards=GUARDS, status_code=200)
def propose_agreement(request: Req, body: RawBody) -> Response[Any]:
    """Sign terms and send them to the partner."""
    made = propose(running(request).node, body)
    return refused(made) if isinstance(made, Refusal) else Response({"agreement": made.id, "version": made.version})


@post("/api/agreement/accept/{version_number:int}", sync_to_thread=True, guards=GUARDS, status_code=200)
def accept_agreement(request: Req, version_number: FromPath[int]) -> Response[Any]:
    """Sign a version that the partner proposed."""
    made = accept(running(request).node, version_number)
    return refused(made) if isinstance(made, Refusal) else Response({"agreement": made.id, "version": made.version})


@post("/api/register/import", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=LARGE)
def import_register(request: Req, body: RawBody, filename: FromQuery[str] = "roll.csv") -> Response[Any]:
    """Import a roll from CSV."""
    return Response(asdict(import_roll(running(request).node, body, filename)))


@post("/api/passes/issue", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=LARGE)
def issue(request: Req, body: RawBody) -> Response[Any]:
    """Issue strips of passes."""
    given: IssueIn = read_body(IssueIn, body)
    strips = [
        Strip(s.group, tuple(Leg(x.point, x.not_before, x.seconds, x.words) for x in s.legs)) for s in given.strips
    ]
    made = issue_passes(running(request).node, strips, subject=given.subject, purpose=given.purpose)
    if isinstance(made, Refusal):
        return refused(made)
    return Response([{"group": p.group, "point": p.point, "text": to_text(p.raw), "words": p.words} for p in made])


@post("/api/passes/revoke", sync_to_thread=True, guards=GUARDS, status_code=200)
def revoke(request: Req, body: RawBody) -> Response[Any]:
    """Revoke all passes of groups."""
    given: RevokeIn = read_body(RevokeIn, body)
    return Response({"revoked": revoke_passes(running(request).node, given.groups, given.reason)})


@post("/api/bundle", sync_to_thread=True, guards=GUARDS, status_code=200)
def bundle(request: Req, body: RawBody) -> Response[Any]:
    """Publish the next trust bundle."""
    given: BundleIn = read_body(BundleIn, body)
    return Response({"seq": publish_bundle(running(request).node, advice=given.advice, states=given.states)})


@post("/api/devices", sync_to_thread=True, guards=GUARDS, status_code=200)
def enrol(request: Req, body: RawBody) -> Response[Any]:
    """Enrol a scanning device."""
    given: DeviceIn = read_body(DeviceIn, body)
    try:
        key = bytes.fromhex(given.key)
    except ValueError:
        raise BadInput("bad-key", where="key", expected="64 hexadecimal digits", seen=given.key) from None
    made = enrol_device(running(request).node, given.device, key, given.point)
    return refused(made) if isinstance(made, Refusal) else Response(asdict(made))


@post("/api/reports", sync_to_thread=True, guards=GUARDS, status_code=200)
def report(request: Req, body: RawBody) -> Response[Any]:
    """Enter a threat report."""
    refusal = may(acting(request), "enter")
    if refusal is not None:
        return refused(refusal)
    return Response({"report": enter_report(running(request).node, body, by=operator_of(request))})


@post("/api/releases", sync_to_thread=True, guards=GUARDS, status_code=200)
def release(request: Req, body: RawBody) -> Response[Any]:
    """Derive a release by policy and send it."""
    given: ReleaseIn = read_body(ReleaseIn, body)
    policy = None if given.policy is None else msgspec.json.encode(given.policy)
    by = operator_of(request)
    made = release_warning(running(request).node, given.report, policy, purpose=given.purpose, by=by)
    if isinstance(made, Refusal):
        return refused(made)
    withheld = [{"field": w.field, "rule": w.rule} for w in made.derivation.withheld]
    return Response({"release": made.release_id, "ledger_index": made.ledger_index, "withheld": withheld})


@post("/api/answers", sync_to_thread=True, guards=GUARDS, status_code=200)
def answer(request: Req, body: RawBody) -> Response[Any]:
    """Answer a release: acknowledgement, action or outcome."""
    made = answer_release(running(request).node, body)
    return refused(made) if isinstance(made, Refusal) else Response({"ledger_index": made})


@post("/api/incidents", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=8 << 20)
def incidents(request: Req, body: RawBody) -> Response[Any]:
    """Record what is claimed of incidents."""
    return Response(asdict(record_incident(running(request).node, body)))


@post("/api/departures", sync_to_thread=True, guards=GUARDS, status_code=200)
def departures(request: Req) -> Response[Any]:
    """Let all who passed a gate depart."""
    return Response({"people": record_departure(running(request).node)})


@get("/api/room", sync_to_thread=True, guards=GUARDS)
def room_data(request: Req) -> Response[Any]:
    """Return the first screen as data."""
    return Response(asdict(show_room(running(request).node)))


@get("/api/evidence/{index:int}", sync_to_thread=True, guards=GUARDS)
def evidence(request: Req, index: FromPath[int]) -> Response[bytes]:
    """Return the evidence file of a ledger entry."""
    return Response(make_evidence(running(request).node, index), media_type="text/plain; charset=utf-8")


@post("/api/exchange", sync_to_thread=True, guards=GUARDS, status_code=200)
def exchange(request: Req) -> Response[Any]:
    """Deliver all that is due to the partner now, and let it cosign our head."""
    found = running(request)
    if found.courier is None:
        raise SafeconductError("no-partner", "this node has no partner_url")
    return Response(asdict(found.courier.round()))


@post("/api/exercise/clock", sync_to_thread=True, guards=[operator, exercise_only], status_code=200)
def set_clock(request: Req, body: RawBody) -> Response[Any]:
    """Move the exercise's clock forward."""
    node = running(request).node
    given: ClockIn = read_body(ClockIn, body)
    if isinstance(node.clock, ExerciseClock):
        node.clock.move_to(given.now)
        with node.store.transaction() as tx:
            tx.records.set("exercise-clock", str(node.clock.now()).encode())
    return Response({"now": node.clock.now()})


@get("/health")
async def health(request: Req) -> Response[Any]:
    """Say that this node is up, and whose it is."""
    return Response({"party": running(request).node.party, "ok": True})
