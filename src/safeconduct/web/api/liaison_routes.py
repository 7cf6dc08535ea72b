"""The liaison page and its forms; the same acts as JSON.

Every form leads back to the page, to the part that it belongs to. What was refused or could not be read is said there
in one line, and nothing was recorded.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, RawBody
from litestar.response import Redirect

from safeconduct.agreements.entries import fields_of_texts, make_entry, to_json
from safeconduct.agreements.kinds import KINDS
from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.act_fields import Given, iso_in, lines_in, text_in, texts_in, time_in
from safeconduct.web.api.answers import refused
from safeconduct.web.api.form_parts import attempted, html
from safeconduct.web.api.guards import acting, operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.liaison_page import NOTES, render_liaison
from safeconduct.workflows.hand_over_site import hand_over_zone, plan_zone, receive_zone
from safeconduct.workflows.hold_meeting import MeetingTerms, hold_meeting, texts_of
from safeconduct.workflows.judge_partner import judge_partner
from safeconduct.workflows.ports import Node
from safeconduct.workflows.private_notes import write_note
from safeconduct.workflows.recall_shares import answer_recall, recall_shares, report_recall
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.serve_notice import acknowledge_notice, serve_notice
from safeconduct.workflows.show_liaison import show_liaison

Req = Request[Any, Any, Any]
GUARDS = [operator]
ADDRESS = "/liaison"
FORM_BYTES = 1 << 20
# kinds of entries that the page's forms record
RECORDED = frozenset({
    "liaison-log", "contact-check", "meeting-undertaking", "undertaking-followed", "disclosure", "public-statement",
    "statement-compared", "relation-label", "conduct-remark", "prospect", "open-question", "dependency", "trust-stance",
    "own-interest", "earlier-dealing", "decision-reason", "people-named", "notification",
})  # fmt: skip


@get("/liaison", sync_to_thread=True, guards=GUARDS)
def liaison_page(request: Req) -> Response[str]:
    """Return the relation to the other party as this node has recorded it, with a form for each thing to record."""
    return _shown(request, note=request.query_params.get("note", ""))


@post("/liaison/{act:str}", guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
async def liaison_act(
    request: Req,
    act: FromPath[str],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Do what a form of the page asks for, then show the page again."""
    return await sync_to_thread(_from_form, request, act, data)


@get("/api/liaison", sync_to_thread=True, guards=GUARDS)
def liaison(request: Req) -> Response[Any]:
    """Return all that the liaison page shows."""
    return Response(asdict(show_liaison(running(request).node)))


@post("/api/liaison/{act:str}", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
def liaison_do(request: Req, act: FromPath[str], body: RawBody) -> Response[Any]:
    """Do one act of the liaison page, its fields as a JSON object of texts or lists of texts."""
    made = _do(request, act, texts_in(body))
    if isinstance(made, Refusal):
        return refused(made)
    return Response({"ledger_index": made} if isinstance(made, int) else asdict(made))


def _from_form(request: Req, act: str, data: Given) -> Response[Any]:
    made = attempted(lambda: _do(request, act, data), lambda fault, status: _shown(request, fault=fault, status=status))
    if isinstance(made, Response):
        return made
    place = str(data.get("place_on_page") or "")
    return Redirect(f"{ADDRESS}?{urlencode({'note': act})}" + (f"#{place}" if place.isalpha() else ""), status_code=303)


def _do(request: Req, act: str, given: Given) -> Any:
    if act not in ACTS:
        raise BadInput("bad-choice", where="act", expected="one of " + ", ".join(sorted(ACTS)), seen=act)
    given = {name: value for name, value in given.items() if name != "place_on_page"}
    source = text_in(given, "source") or acting(request).office
    return ACTS[act](running(request).node, given, source)


def _meeting(node: Node, given: Given, source: str) -> Any:
    undertaken = text_in(given, "undertaking")
    undertakings = ((text_in(given, "undertaking_by"), undertaken, time_in(given, "due")),) if undertaken else ()
    terms = MeetingTerms(
        place=text_in(given, "place"),
        mode=text_in(given, "mode"),
        level=text_in(given, "level"),
        offices=texts_of(lines_in(given, "offices")),
        subjects=texts_of(lines_in(given, "subjects")),
        confidential=text_in(given, "confidential") == "yes",
        follow_up=text_in(given, "follow_up") or None,
        undertakings=undertakings,
    )
    return hold_meeting(node, terms, purpose=text_in(given, "purpose") or None, source=source, at=time_in(given, "at"))


def _entry(node: Node, given: Given, source: str) -> Any:
    kind = text_in(given, "kind")
    if kind not in RECORDED:
        raise BadInput("unknown-kind", where="kind", expected="one of " + ", ".join(sorted(RECORDED)), seen=kind)
    rules = KINDS[kind].fields
    pairs = []
    for name in set(given) - {"kind", "source", "at"}:
        rule = rules.get(name)
        if rule is not None and rule.type == "texts":
            pairs += [(name, one) for one in texts_of(lines_in(given, name))]
        elif rule is not None and rule.type == "time" and text_in(given, name):
            pairs.append((name, iso_in(text_in(given, name), name)))
        elif text_in(given, name):
            pairs.append((name, text_in(given, name)))
    at = time_in(given, "at")
    entry = make_entry(kind, fields_of_texts(kind, pairs), source, node.clock.now() if at is None else at)
    return record_entries(node, to_json(entry))[0]


def _judge(node: Node, given: Given, source: str) -> Any:
    return judge_partner(
        node, text_in(given, "grade"), evidence=text_in(given, "evidence"),
        reservation=text_in(given, "reservation") or None, source=source, at=time_in(given, "at"),
    )  # fmt: skip


def _notice(node: Node, given: Given, _source: str) -> Any:
    cites = texts_of(lines_in(given, "cites"))
    return serve_notice(node, text_in(given, "text"), condition=text_in(given, "condition") or None, cites=cites)


def _plan(node: Node, given: Given, _source: str) -> Any:
    due = time_in(given, "due")
    if due is None:
        raise BadInput("missing-field", where="due", expected="when the zone will be handed over", seen=None)
    purpose = text_in(given, "purpose") or None
    return plan_zone(node, text_in(given, "site"), text_in(given, "zone"), due=due, purpose=purpose)


def _hand_over(node: Node, given: Given, _source: str) -> Any:
    return hand_over_zone(
        node, text_in(given, "site"), text_in(given, "zone"), state=text_in(given, "state"),
        purpose=text_in(given, "purpose") or None,
    )  # fmt: skip


def _receipt(node: Node, given: Given, _source: str) -> Any:
    as_stated = text_in(given, "as_stated") == "yes"
    return receive_zone(
        node, text_in(given, "site"), text_in(given, "zone"), as_stated=as_stated, text=text_in(given, "text")
    )


def _recall_report(node: Node, given: Given, source: str) -> Any:
    reason = text_in(given, "reason") or None
    return report_recall(node, text_in(given, "item"), text_in(given, "answer"), reason, source)


ACTS: Mapping[str, Callable[[Node, Given, str], Any]] = {
    "meeting": _meeting,
    "entry": _entry,
    "judge": _judge,
    "note": lambda node, given, source: write_note(node, text_in(given, "text"), source=source),
    "notice": _notice,
    "acknowledge": lambda node, given, _: acknowledge_notice(node, text_in(given, "notice"), text_in(given, "text")),
    "plan": _plan,
    "hand-over": _hand_over,
    "receipt": _receipt,
    "recall": lambda node, given, _: recall_shares(node, text_in(given, "why")),
    "recall-answer": lambda node, given, _: answer_recall(
        node, text_in(given, "item"), text_in(given, "answer"), text_in(given, "reason")
    ),
    "recall-report": _recall_report,
}


def _shown(request: Req, *, note: str = "", fault: str = "", status: int = 200) -> Response[str]:
    view = show_liaison(running(request).node)
    text = render_liaison(view, page_of(request), note=NOTES.get(note, ""), fault=fault)
    return html(text, status)
