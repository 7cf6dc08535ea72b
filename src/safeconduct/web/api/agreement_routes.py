"""The agreement as a document: read it, take it along, propose a change, sign, suspend, renew, close, follow its terms.

The forms of the page lead back to it; the same acts are there as JSON.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, RawBody
from litestar.response import Redirect

from safeconduct.agreements.entries import make_entry
from safeconduct.agreements.fields import moment
from safeconduct.agreements.scope import StateKind
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.web.api.answers import refused
from safeconduct.web.api.bodies import read_body
from safeconduct.web.api.form_parts import Form, attempted, html
from safeconduct.web.api.guards import acting, operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.agreement_page import NOTES, render_agreement_page, write_agreement
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.change_terms import propose_change, record_wording, resolve_wording
from safeconduct.workflows.close_cooperation import close_cooperation
from safeconduct.workflows.follow_terms import follow_term
from safeconduct.workflows.hold_meeting import texts_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import record_entry
from safeconduct.workflows.show_agreement import show_agreement
from safeconduct.workflows.sign_agreement import accept

GUARDS = [operator]
Req = Request[Any, Any, Any]
REASON = ("reason", "lowers", "makes", "office")


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


class CloseIn(msgspec.Struct, forbid_unknown_fields=True):
    """The last departure, in words."""

    text: str = ""


class ChangeIn(msgspec.Struct, forbid_unknown_fields=True):
    """Terms of the next version by name, as in the agreement's JSON."""

    changes: dict[str, Any]


@get("/agreement", sync_to_thread=True, guards=GUARDS)
def agreement_page(
    request: Req, version: FromQuery[int | None] = None, beside: FromQuery[int | None] = None
) -> Response[str]:
    """Return the agreement as one document (`version`: another one; `beside`: an older one to compare it with)."""
    return _shown(request, version=version, beside=beside, note=request.query_params.get("note", ""))


@get("/agreement/export/{form:str}", sync_to_thread=True, guards=GUARDS)
def agreement_export(request: Req, form: FromPath[str], version: FromQuery[int | None] = None) -> Response[bytes]:
    """Return the agreement as a file: `html` for printing, `pdf`, or `json` with both signatures."""
    made = write_agreement(running(request).node, form, page_of(request), version=version)
    return Response(made.body, media_type=made.media_type, headers={
        "Content-Disposition": f'attachment; filename="{made.name}"', "Content-Security-Policy": "sandbox",
    })  # fmt: skip


@post("/agreement/propose", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_propose(request: Req, data: Form) -> Response[Any]:
    """Propose the next version with the terms that the form changed; the other party signs it, or nothing changes."""
    return _form(request, "proposed", lambda node: _propose(node, data))


@post("/agreement/accept", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_accept(request: Req, data: Form) -> Response[Any]:
    """Sign a proposed version, with the reason for it on record."""
    return _form(request, "accepted", lambda node: _accept(request, node, data))


@post("/agreement/state", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_change(request: Req, data: Form) -> Response[Any]:
    """Record a breach, a lapse or a renewal, or close the cooperation."""
    text = data.get("text", "").strip()

    def change(node: Node) -> Any:
        given: StateIn = read_body(StateIn, msgspec.json.encode({"kind": data.get("kind", ""), "text": text}))
        if given.kind == "last-departure":
            if data.get("sure") != "yes":
                raise BadInput("missing-field", where="sure", expected="a mark that this is meant", seen=None)
            return close_cooperation(node, given.text)
        return change_state(node, given.kind, given.text)

    return _form(request, "state", change)


@post("/agreement/term", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_follow(request: Req, data: Form) -> Response[Any]:
    """Record what became of an expectation or undertaking."""
    evidence = data.get("evidence", "").strip() or None

    def follow(node: Node) -> Any:
        text = data.get("text", "").strip()
        return follow_term(node, data.get("term", ""), data.get("stage", ""), text, evidence=evidence)

    return _form(request, "term", follow)


@get("/api/agreement", sync_to_thread=True, guards=GUARDS)
def agreement(request: Req) -> Response[Any]:
    """Return the version in force with its state, its events and the course of its terms."""
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


@post("/api/agreement/close", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_close(request: Req, body: RawBody) -> Response[Any]:
    """Record the last departure and recall what was shared."""
    given: CloseIn = read_body(CloseIn, body)
    made = close_cooperation(running(request).node, given.text)
    return refused(made) if isinstance(made, Refusal) else Response(asdict(made))


@post("/api/agreement/change", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_new_terms(request: Req, body: RawBody) -> Response[Any]:
    """Propose the next version with some terms changed."""
    given: ChangeIn = read_body(ChangeIn, body)
    made = propose_change(running(request).node, given.changes)
    return refused(made) if isinstance(made, Refusal) else Response({"agreement": made.id, "version": made.version})


@post("/api/agreement/terms", sync_to_thread=True, guards=GUARDS, status_code=200)
def agreement_term(request: Req, body: RawBody) -> Response[Any]:
    """Record what became of an expectation or undertaking."""
    given: TermIn = read_body(TermIn, body)
    made = follow_term(running(request).node, given.term, given.stage, given.text, evidence=given.evidence, at=given.at)
    return refused(made) if isinstance(made, Refusal) else Response({"ledger_index": made})


def _propose(node: Node, data: dict[str, str]) -> Any:
    changes: dict[str, Any] = {}
    wording, said = data.get("wording", "").strip(), data.get("said", "").strip()
    resolved = resolve_wording(wording, said) if wording else None
    if resolved is not None:
        changes["deadline"] = f"{resolved.last}T23:59:59Z"
    elif data.get("deadline", "").strip():
        changes["deadline"] = _time(data["deadline"].strip(), "deadline")
    if data.get("end", "").strip():
        changes["end"] = _time(data["end"].strip(), "end")
    if data.get("scope", "").strip():
        changes["scope"] = list(texts_of(data["scope"]))
    made = propose_change(node, changes)
    if resolved is not None and not isinstance(made, Refusal):
        record_wording(node, f"the deadline of version {made.version}", resolved, "proposal of this party")
    return made


def _accept(request: Req, node: Node, data: dict[str, str]) -> Any:
    version = data.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 7:
        raise BadInput("bad-field", where="version", expected="a number", seen=version)
    given = {name: data.get(name, "").strip() for name in REASON}
    given["office"] = given["office"] or acting(request).office
    reason = make_entry("decision-reason", {**given, "decision": f"version {int(version)}"}, "this room",
                        node.clock.now())  # fmt: skip
    made = accept(node, int(version), data.get("proposal") or None)
    if not isinstance(made, Refusal):
        with node.store.transaction() as tx:
            record_entry(node, tx, reason)
    return made


def _time(text: str, where: str) -> str:
    plain = f"{text}:00" if len(text) == len("2021-08-31T19:29") else text
    plain = plain if plain.endswith("Z") else f"{plain}Z"
    moment(plain, where=where)
    return plain


def _form(request: Req, note: str, act: Callable[[Node], Any]) -> Response[Any]:
    made = attempted(
        lambda: act(running(request).node), lambda fault, status: _shown(request, fault=fault, status=status)
    )
    if isinstance(made, Response):
        return made
    return Redirect(f"/agreement?{urlencode({'note': note})}", status_code=303)


def _shown(
    request: Req, *, version: int | None = None, beside: int | None = None, note: str = "", fault: str = "",
    status: int = 200,
) -> Response[str]:  # fmt: skip
    node = running(request).node
    view = show_agreement(node, version=version)
    if view is not None and beside is not None:
        view = show_agreement(node, version=version, beside=(beside, view.version))
    text = render_agreement_page(view, page_of(request), note=NOTES.get(note, ""), fault=fault)
    return html(text, status)
