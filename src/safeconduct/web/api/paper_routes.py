"""Passes in the room: issue by form, print on paper, send as a picture, issue anew."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException

from safeconduct.agreements.fields import moment
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.revocation_text import to_file
from safeconduct.web.api.form_parts import Form, acted, attempted, html, note_of, number
from safeconduct.web.api.guards import operator, operator_of, running
from safeconduct.web.api.page_routes import page_of
from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.paper_page import Step, render_passes, render_revocations
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.qr_image import pass_png
from safeconduct.web.pages.revocation_pdf import revocation_pdf
from safeconduct.web.pages.strip_pdf import cards_pdf, strips_pdf
from safeconduct.web.pages.words_pdf import words_pdf
from safeconduct.workflows.bind_passes import issue_to_phones, read_phones
from safeconduct.workflows.issue_passes import Leg, Strip
from safeconduct.workflows.ports import Node
from safeconduct.workflows.print_strips import MOST_GROUPS, Papers, print_strips
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.reissue_passes import reissue_passes
from safeconduct.workflows.revocation_sheet import RevocationSheet, revocation_sheet
from safeconduct.workflows.show_passes import groups_without, show_passes

Req = Request[Any, Any, Any]
GUARDS = [operator]
STEP_GROUPS = 500  # groups that one press of the button issues to: the page says how far it is between two
FORM_BYTES = 1 << 20


@get("/passes", sync_to_thread=True, guards=GUARDS)
def passes_page(request: Req) -> Response[str]:
    """Return the page of passes: counts, batches, and the forms to issue and to print."""
    return _shown(request, note_of(request))


@post("/passes/issue", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
def passes_issue(request: Req, data: Form) -> Response[Any]:
    """Issue passes to the next groups that lack one, or to those that are named; the page says how far it is."""
    node = running(request).node

    def act() -> Step | Refusal:
        return _issue(node, data)

    made = attempted(act, lambda fault, status: _shown(request, Said(fault=fault, given=data, form="issue"), status))
    if isinstance(made, Response):
        return made
    assert isinstance(made, Step)  # noqa: S101  (what `act` returns, its refusals aside)
    return _shown(request, Said(given=data, form="issue"), step=made)


@post("/passes/print", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
def passes_print(request: Req, data: Form) -> Response[Any]:
    """Return a PDF with strips, cards or the words of groups, or one pass as a picture."""
    found = running(request)
    what = data.get("what", "strips")

    def act() -> tuple[bytes, str] | Refusal:
        language = data.get("language", "en")
        if language not in LANGUAGES:
            expected = f"one of {', '.join(LANGUAGES)}"
            raise BadInput("bad-choice", where="language", expected=expected, seen=language)
        zone = data.get("zone", "").strip() or None
        ids = _ids(data)
        papers = print_strips(found.node, ids, by=operator_of(request), words=what == "words", zone=zone)
        if isinstance(papers, Refusal):
            return papers
        if not papers.groups:
            raise BadInput("no-passes", where="groups", expected="a pass that can still be used", seen=", ".join(ids))
        public = found.config.public_url.rstrip("/")
        return _paper(papers, what, language, f"{public}/tell" if public else "", number(data, "place") or 1)

    made = attempted(act, lambda fault, status: _shown(request, Said(fault=fault, given=data, form="print"), status))
    if isinstance(made, Response):
        return made
    assert isinstance(made, tuple)  # noqa: S101  (what `act` returns, its refusals aside)
    return _file(*made)


@post("/passes/reissue", sync_to_thread=True, guards=GUARDS, status_code=200, request_max_body_size=FORM_BYTES)
def passes_reissue(request: Req, data: Form) -> Response[Any]:
    """Issue anew what groups hold; the former passes are revoked, and the bundle that says so is published."""
    node = running(request).node

    def act() -> object:
        phones = read_phones(data.get("phones", ""), "phones")
        made = reissue_passes(
            node, _ids(data) or list(phones), reason=data.get("reason", ""), subject="passage",
            purpose=data.get("purpose", ""), phones=phones, words=data.get("bind-words") == "yes",
        )  # fmt: skip
        if isinstance(made, Refusal):
            return made
        if not made:
            raise BadInput("no-passes", where="groups", expected="a pass that can still be used", seen="none")
        publish_bundle(node)
        return made

    return acted("reissue", data, act, lambda said: _shown(request, said), "/passes",
                 "Issued anew. The former passes are revoked; print the new ones.")  # fmt: skip


@get("/passes/revocations", sync_to_thread=True, guards=GUARDS)
def revocations_page(request: Req) -> Response[str]:
    """Return the codes of what is revoked, to be read by phones at a briefing."""
    return html(render_revocations(_sheet(request), page_of(request)))


@get("/passes/revocations.pdf", sync_to_thread=True, guards=GUARDS)
def revocations_pdf(request: Req) -> Response[bytes]:
    """Return the codes of what is revoked as a PDF."""
    return _file(revocation_pdf(_published(request)), "revocations.pdf")


@get("/passes/revocations.file", sync_to_thread=True, guards=GUARDS)
def revocations_file(request: Req) -> Response[bytes]:
    """Return what is revoked as a file that a phone takes in."""
    return _file(to_file(_published(request).message), "revocations.scr")


def _sheet(request: Req) -> RevocationSheet | None:
    node = running(request).node
    with node.store.reading() as tx:
        published = tx.passes.bundle() is not None
    return revocation_sheet(node, by=operator_of(request)) if published else None


def _published(request: Req) -> RevocationSheet:
    found = _sheet(request)
    if found is None:
        raise NotFoundException("no bundle was published yet")
    return found


def _file(body: bytes, name: str) -> Response[bytes]:
    kinds = {"pdf": "application/pdf", "png": "image/png"}
    return Response(body, media_type=kinds.get(name.rpartition(".")[2], "application/octet-stream"), headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox",
    })  # fmt: skip


def _shown(request: Req, said: Said, status: int = 200, step: Step | None = None) -> Response[str]:
    return html(render_passes(show_passes(running(request).node), page_of(request), said, step), status)


def _ids(data: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(data.get("groups", "").replace(",", " ").split()))


def legs_of(data: Mapping[str, str], points: Sequence[str]) -> tuple[Leg, ...]:
    """Return the legs that a form asks for: one for each control point that is ticked.

    Raises:
        BadInput: a time or a length that is none, or no control point.
    """
    legs = []
    for point in points:
        if data.get(f"at-{point}") != "yes":
            continue
        start = data.get(f"from-{point}", "")
        hours = data.get(f"hours-{point}", "")
        if not (hours.isascii() and hours.isdigit() and 0 < int(hours) <= 168):
            raise BadInput("bad-field", where=f"hours at {point}", expected="1 to 168", seen=hours)
        at = moment(f"{start}:00Z" if len(start) == 16 else start, where=f"from, at {point}")
        legs.append(Leg(point, at, int(hours) * 3_600, words=data.get(f"words-{point}") == "yes"))
    if not legs:
        raise BadInput("missing-field", where="control points", expected="at least one that is ticked", seen="none")
    return tuple(legs)


def _issue(node: Node, data: Mapping[str, str]) -> Step | Refusal:
    legs = legs_of(data, [point for point, _ in show_passes(node).points])
    phones = read_phones(data.get("phones", ""), "phones")
    named = _ids(data) or list(phones)
    wanted = named
    if not named:
        with node.store.reading() as tx:
            wanted = groups_without(tx, frozenset(leg.point for leg in legs))
    if len(named) > MOST_GROUPS:
        raise BadInput("bad-field", where="groups", expected=f"at most {MOST_GROUPS:,} at a time", seen=len(named))
    part = wanted if named else wanted[:STEP_GROUPS]
    before = int(text) if (text := data.get("done", "")).isdigit() and len(text) < 9 and not named else 0
    if not part:
        return Step(before, before, 0, 0)
    begun = perf_counter()
    strips = [Strip(g, legs) for g in part]
    made = issue_to_phones(node, strips, phones, subject="passage", purpose=data.get("purpose", ""))
    if isinstance(made, Refusal):
        return made
    rate = round(len(made) / max(perf_counter() - begun, 1e-6))
    return Step(before + len(part), before + len(wanted), len(made), rate)


def _paper(papers: Papers, what: str, language: str, tell: str, place: int) -> tuple[bytes, str]:
    if what == "cards":
        return cards_pdf(papers, language), "cards.pdf"
    if what == "words":
        return words_pdf(papers, language), "words.pdf"
    if what == "image":
        listed = [one for paper in papers.groups for one in paper.passes]
        if not 0 < place <= len(listed):
            expected = f"1 to {len(listed)}, one pass at a time"
            raise BadInput("bad-field", where="pass", expected=expected, seen=place)
        return pass_png(listed[place - 1], papers.local, papers.zone, exercise=papers.exercise), "pass.png"
    return strips_pdf(papers, language, tell=tell), "passes.pdf"
