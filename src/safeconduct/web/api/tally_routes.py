"""Tally sheets in the room: number and print them, key in what came back, see what is outstanding."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from safeconduct.errors import BadInput, Refusal
from safeconduct.web.api.form_parts import Form, acted, attempted, html, note_of, number
from safeconduct.web.api.guards import operator, operator_of, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.tally_page import render_tally, render_tally_sheet
from safeconduct.web.pages.tally_pdf import tally_pdf
from safeconduct.workflows.key_in_tally import (
    ROWS,
    Sheet,
    TallyRow,
    key_in,
    list_sheets,
    make_sheets,
    not_used,
    row_of,
)
from safeconduct.workflows.show_passes import show_passes

Req = Request[Any, Any, Any]
GUARDS = [operator]
FORM_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class _Made:
    body: bytes
    name: str


@get("/tally", sync_to_thread=True, guards=GUARDS)
def tally_page(request: Req) -> Response[str]:
    """Return the page of tally sheets: those outstanding, what was keyed in from paper, a form for new ones."""
    return _list(request, note_of(request))


@post("/tally", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
def tally_make(request: Req, data: Form) -> Response[Any]:
    """Number sheets and return them as a PDF."""
    node = running(request).node

    def act() -> _Made:
        language = data.get("language", "en")
        if language not in LANGUAGES:
            expected = f"one of {', '.join(LANGUAGES)}"
            raise BadInput("bad-choice", where="language", expected=expected, seen=language)
        count = number(data, "count") or 1
        made = make_sheets(node, data.get("point", ""), data.get("day", ""), count, by=operator_of(request))
        return _Made(tally_pdf(made, language, exercise=node.exercise), f"tally-{made[0].number}.pdf")

    made = attempted(act, lambda fault, status: _list(request, Said(fault=fault, given=data, form="make"), status))
    if isinstance(made, Response):
        return made
    assert isinstance(made, _Made)  # noqa: S101  (what `act` returns)
    return Response(made.body, media_type="application/pdf", headers={
        "Content-Disposition": f'attachment; filename="{made.name}"', "Content-Security-Policy": "sandbox",
    })  # fmt: skip


@get("/tally/{sheet:str}", sync_to_thread=True, guards=GUARDS)
def tally_sheet_page(request: Req, sheet: FromPath[str]) -> Response[str]:
    """Return one sheet: its lines to be typed, or what was keyed in, by whom and when."""
    return _one(request, sheet, note_of(request))


@post("/tally/{sheet:str}", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
def tally_key_in(request: Req, sheet: FromPath[str], data: Form) -> Response[Any]:
    """Key a sheet in, or record that it was not used."""
    node, by = running(request).node, operator_of(request)

    def act() -> Sheet | Refusal:
        if data.get("act") == "not-used":
            return not_used(node, sheet, data.get("because", ""), by=by)
        rows = rows_of(data)
        if not rows and data.get("nobody") != "yes":
            raise BadInput("missing-field", where="lines", expected="at least one, or the tick for nobody", seen="none")
        return key_in(node, sheet, rows, by=by)

    return acted("key-in", data, act, lambda said: _one(request, sheet, said), f"/tally/{sheet}", "Recorded.")


def rows_of(data: Form) -> list[TallyRow]:
    """Return the lines of a form, in their order.

    Raises:
        BadInput: `bad-field`, naming the line.
    """
    rows = []
    for place in range(1, ROWS + 1):
        given = {name: data.get(f"{name}-{place}", "") for name in ("time", "heads", "outcome", "pass", "note")}
        row = row_of(given, f"line {place}")
        if row is not None:
            rows.append(row)
    return rows


def _list(request: Req, said: Said, status: int = 200) -> Response[str]:
    node = running(request).node
    return html(render_tally(list_sheets(node), show_passes(node), page_of(request), said), status)


def _one(request: Req, wanted: str, said: Said) -> Response[str]:
    found = next((one for one in list_sheets(running(request).node) if one.number == wanted.upper()), None)
    if found is None:
        raise NotFoundException(f"no tally sheet {wanted[:20]}; compare the letter at its end")
    return html(render_tally_sheet(found, page_of(request), said))
