"""The agreement after it was signed, over HTTP: look at it, suspend, renew or close it, follow its terms."""

from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import RawBody

from safeconduct.agreements.scope import StateKind
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.web.api.answers import read_body, refused
from safeconduct.web.api.guards import operator, running
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.follow_terms import follow_term
from safeconduct.workflows.show_agreement import show_agreement

GUARDS = [operator]
Req = Request[Any, Any, Any]


class StateIn(msgspec.Struct, forbid_unknown_fields=True):
    """A breach or lapse with its text, a renewal, or the last departure."""

    kind: StateKind
    text: str = ""


class TermIn(msgspec.Struct, forbid_unknown_fields=True):
    """One event about an expectation or undertaking; `at` in unix seconds, now by default."""

    term: str
    stage: str
    text: str
    evidence: str | None = None
    at: int | None = None


@get("/api/agreement", sync_to_thread=True, guards=GUARDS)
def agreement(request: Req) -> Response[Any]:
    """Return the newest version with its state, its events and the course of its terms."""
    view = show_agreement(running(request).node)
    if view is None:
        raise SafeconductError("no-agreement", "no agreement yet")
    return Response(asdict(view))


@post("/api/agreement/state", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_state(request: Req, body: RawBody) -> Response[Any]:
    """Record a breach, a lapse, a renewal or the last departure."""
    given: StateIn = read_body(StateIn, body)
    made = change_state(running(request).node, given.kind, given.text)
    return refused(made) if isinstance(made, Refusal) else Response(asdict(made))


@post("/api/agreement/terms", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_term(request: Req, body: RawBody) -> Response[Any]:
    """Record what became of an expectation or undertaking."""
    given: TermIn = read_body(TermIn, body)
    made = follow_term(running(request).node, given.term, given.stage, given.text, evidence=given.evidence, at=given.at)
    return refused(made) if isinstance(made, Refusal) else Response({"ledger_index": made})
