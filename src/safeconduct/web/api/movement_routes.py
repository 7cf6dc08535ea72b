"""The page of movements and its forms; the same acts as JSON.

Every form leads back to the part of the page that it belongs to. What was refused or could not be read is said there
in one line, what was typed stays in its form, and nothing was recorded.
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
from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.act_fields import Given, iso_in, lines_in, text_in, texts_in, time_in
from safeconduct.web.api.answers import refused
from safeconduct.web.api.form_parts import attempted, html, number
from safeconduct.web.api.guards import acting, operator, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.movements_page import NOTES, POINT_ROWS, render_movements
from safeconduct.workflows.area_control import plan_route, record_control
from safeconduct.workflows.clear_route import Reported, report_clearance, say_clearance
from safeconduct.workflows.file_escort import EscortPlan, Seen, end_escort, file_escort, pass_point, point_times
from safeconduct.workflows.hold_meeting import texts_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.show_movements import show_movements

Req = Request[Any, Any, Any]
GUARDS = [operator]
ADDRESS = "/movements"
FORM_BYTES = 1 << 18
HELP = {"bags": "bags-carried", "help": "small-assistance"}  # what a form calls it: kind of entry


@get("/movements", sync_to_thread=True, guards=GUARDS)
def movements_page(request: Req) -> Response[str]:
    """Return escorts, cleared routes, small help, harm by whom, and who controls what, with a form for each."""
    return _shown(request, Said(note=request.query_params.get("note", "")))


@post("/movements/{act:str}", guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
async def movements_act(
    request: Req,
    act: FromPath[str],
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Do what a form of the page asks for, then show the page again."""
    return await sync_to_thread(_from_form, request, act, data)


@get("/api/movements", sync_to_thread=True, guards=GUARDS)
def movements(request: Req) -> Response[Any]:
    """Return all that the page of movements shows."""
    view = show_movements(running(request).node)
    return Response({**asdict(view), "needs": view.needs})


@post("/api/movements/{act:str}", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
def movements_do(request: Req, act: FromPath[str], body: RawBody) -> Response[Any]:
    """Do one act of the page, its fields as a JSON object of texts or lists of texts."""
    made = _do(request, act, texts_in(body))
    return refused(made) if isinstance(made, Refusal) else Response(asdict(made))


def _from_form(request: Req, act: str, data: Given) -> Response[Any]:
    typed = {name: str(value) for name, value in data.items()}
    form = f"{act} {typed.get('about', '')}".strip()

    def shown(fault: str, status: int) -> Response[str]:
        return _shown(request, Said(fault=fault, given=typed, form=form), status)

    made = attempted(lambda: _do(request, act, data), shown)
    if isinstance(made, Response):
        return made
    return Redirect(f"{ADDRESS}?{urlencode({'note': act})}#{PLACES[act]}", status_code=303)


def _do(request: Req, act: str, given: Given) -> Any:
    if act not in ACTS:
        raise BadInput("bad-choice", where="act", expected="one of " + ", ".join(sorted(ACTS)), seen=act)
    source = text_in(given, "source") or acting(request).office
    return ACTS[act](running(request).node, given, source)


def _escort(node: Node, given: Given, source: str) -> Any:
    points = [one for one in texts_of(lines_in(given, "points")) if one]
    for row in range(1, POINT_ROWS + 1):
        name, at = text_in(given, f"point_{row}"), text_in(given, f"time_{row}")
        if name:
            points.append(f"{name}={iso_in(at, f'time {row}')}" if at else name)
        elif at:
            raise BadInput("missing-field", where=f"point {row}", expected="the control point of that time", seen=None)
    due = time_in(given, "due")
    if due is None:
        raise BadInput("missing-field", where="due", expected="when the escort is to arrive", seen=None)
    plan = EscortPlan(
        text_in(given, "movement"), text_in(given, "by"), point_times(tuple(points)), due, _number(given, "vehicles"),
        _number(given, "people"), text_in(given, "hedge") or None,
    )  # fmt: skip
    return file_escort(node, plan, source=source, at=time_in(given, "at"))


def _passed(node: Node, given: Given, source: str) -> Any:
    seen = Seen(
        text_in(given, "movement"), text_in(given, "point"), _number(given, "vehicles"), _number(given, "people"),
        text_in(given, "record") or None,
    )  # fmt: skip
    return pass_point(node, seen, source=source, at=time_in(given, "at"))


def _ended(node: Node, given: Given, source: str) -> Any:
    return end_escort(
        node, text_in(given, "movement"), text_in(given, "how"), source=source,
        because=text_in(given, "because") or None, at=time_in(given, "at"),
    )  # fmt: skip


def _clearance(node: Node, given: Given, source: str) -> Any:
    step, route, until = text_in(given, "step"), text_in(given, "route"), time_in(given, "until")
    text, by = text_in(given, "text"), text_in(given, "by")
    until = until if step in {"asked", "confirmed"} else None  # the form has one field for both buttons
    if by:  # told to our liaison: nothing is sent, and nothing is signed
        told = Reported(step, by, source, time_in(given, "at"))
        return report_clearance(node, told, route, until=until, because=text or None)
    return say_clearance(node, step, route, until=until, purpose=text_in(given, "purpose") or None, text=text)


def _way(node: Node, given: Given, source: str) -> Any:
    places = texts_of(lines_in(given, "places"))
    return plan_route(node, text_in(given, "route"), places, source=source, at=time_in(given, "at"))


def _control(node: Node, given: Given, source: str) -> Any:
    grade = text_in(given, "grade") or f"{text_in(given, 'reliability')}{text_in(given, 'credibility')}"
    parties = texts_of(lines_in(given, "parties"))
    return record_control(node, text_in(given, "area"), parties, grade, source=source, at=time_in(given, "at"))


def _help(node: Node, given: Given, source: str) -> Any:
    kind = HELP.get(text_in(given, "kind"))
    if kind is None:
        raise BadInput("bad-choice", where="kind", expected="one of " + ", ".join(HELP), seen=text_in(given, "kind"))
    names = ("by", "point", "group", "count", "hedge") if kind == "bags-carried" else ("by", "point", "text")
    fields = fields_of_texts(kind, [(name, text_in(given, name)) for name in names if text_in(given, name)])
    at = time_in(given, "at")
    entry = make_entry(kind, fields, source, node.clock.now() if at is None else at)
    return record_entries(node, to_json(entry))[0]


def _number(given: Given, name: str) -> int | None:
    return number({name: text_in(given, name)}, name)


ACTS: Mapping[str, Callable[[Node, Given, str], Any]] = {
    "escort": _escort,
    "passed": _passed,
    "ended": _ended,
    "clearance": _clearance,
    "way": _way,
    "control": _control,
    "help": _help,
}
PLACES = {"escort": "escorts", "passed": "escorts", "ended": "escorts", "clearance": "routes", "way": "routes",
          "control": "areas", "help": "help"}  # fmt: skip


def _shown(request: Req, said: Said, status: int = 200) -> Response[str]:
    view = show_movements(running(request).node)
    note = NOTES.get(said.note, "")
    return html(render_movements(view, page_of(request), said, note=note), status)
