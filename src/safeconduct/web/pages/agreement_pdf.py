"""The agreement as a PDF of A4 sheets: terms, both signatures, and how to check them without this program."""

from collections.abc import Iterator

from reportlab.platypus import Flowable, Spacer

from safeconduct.web.pages import wording
from safeconduct.web.pages.pdf_parts import bound, lost, para, safe, table
from safeconduct.web.pages.render import Page
from safeconduct.workflows.agreement_view import AgreementView, TermView

CHECK = (
    "Each signature is Ed25519 over the bytes of the word safeconduct.agreement.1, one zero byte, and the agreement's "
    "canonical text, as they stand in the file that is exported as data. The digest is the SHA-256 of that text."
)


def pdf_agreement(view: AgreementView, page: Page) -> bytes:
    """Return the agreement as a PDF; nothing of this party's own, such as its judgements, is in it."""
    story = [*_head(view, page), *_terms(view), *_points(view), *_courses(view), *_rest(view), *_signatures(view)]
    foot = f"{view.title}, version {view.version}, {view.digest[:16]}"
    return bound(story, title=view.title, foot=foot, watermark="EXERCISE" if page.exercise else "")


def _heading(text: str) -> Flowable:
    return para(safe(text), 12, bold=True, before=10, leads=True)


def _rows(rows: list[tuple[str, str]], shares: tuple[float, float] = (2, 7)) -> Flowable:
    return table([[para(safe(name), muted=True), para(safe(text))] for name, text in rows], list(shares))


def _head(view: AgreementView, page: Page) -> Iterator[Flowable]:
    if page.exercise:
        yield para("EXERCISE: nobody here is real", 9, bold=True)
    yield para(safe(view.title), 17, bold=True)
    state = "proposed, not signed by both" if len(view.signatures) < 2 else "signed by both"
    yield para(safe(f"Version {view.version}, {state}"), 10, before=2)
    yield para(safe(view.no_recognition), 10, bold=True, before=4)
    texts = (view.title, view.no_recognition, view.legal_basis, *(t for _, t in view.purposes), *view.scope)
    if any(lost(text) for text in texts):
        yield para(
            "Words in scripts that this file cannot set stand as the script's name and their length in brackets; "
            "they are whole in the document for printing and in the data.", muted=True,
        )  # fmt: skip


def _terms(view: AgreementView) -> Iterator[Flowable]:
    yield _heading("Time")
    end = wording.day_words(view.end) if view.end else "with the deadline"
    yield _rows([("begins", _time(view.start)), ("deadline", _time(view.deadline)), ("ends", end)])
    yield _heading("For these purposes")
    yield _rows(list(view.purposes) or [("–", "none: nothing may be shared")])
    yield _heading("In scope; everything else is refused")
    yield para(safe(", ".join(view.scope) or "nothing"))
    if view.phases:
        yield _heading("Phases")
        yield _rows([(one.name, _phase(one.start, one.acts, one.roles)) for one in view.phases])


def _phase(start: str, acts: tuple[str, ...], roles: tuple[tuple[str, str, str], ...]) -> str:
    who = "; ".join(f"{act} by {party}, {office}" for act, party, office in roles)
    return f"from {_time(start)}: {', '.join(acts)}" + (f" ({who})" if who else "")


def _points(view: AgreementView) -> Iterator[Flowable]:
    yield _heading("Who holds what")
    rows = [(name, f"{ring}, held by {wording.dated(who)}") for name, ring, who in view.holdings]
    yield _rows(rows or [("–", "no control point")])
    yield para(safe(f"A gate's list may be {view.stale}."), 8, muted=True, before=2)


def _courses(view: AgreementView) -> Iterator[Flowable]:
    for title, terms in (("Undertakings", view.undertakings), ("Expectations", view.expectations)):
        yield _heading(title)
        yield _rows([(one.of, _term(one)) for one in terms] or [("–", "none")])


def _term(one: TermView) -> str:
    return f"{one.text} On condition: {one.condition}." if one.condition else one.text


def _rest(view: AgreementView) -> Iterator[Flowable]:
    if view.conditions:
        yield _heading("Conditions")
        for text in view.conditions:
            yield para(safe(text))
    if view.contacts:
        yield _heading("Channels")
        rows = [(who, f"{kind}: {text}, must answer every {hours} hours") for who, kind, text, hours in view.contacts]
        yield _rows(rows)
    yield _heading("How it began")
    yield _rows([(wording.day_words(date), f"{event} [{source}]") for date, event, source in view.founding]
                or [("–", "nothing is stated")])  # fmt: skip
    for text in view.earlier:
        yield para(safe(text), 8, muted=True)
    yield _heading("Legal basis")
    yield para(safe(view.legal_basis))


def _signatures(view: AgreementView) -> Iterator[Flowable]:
    yield _heading("Signatures")
    given = dict(view.signatures)
    rows = [
        (name, f"root key {root}; " + (f"signature {given[name]}" if name in given else "not signed yet"))
        for name, root in view.roots
    ]
    yield _rows(rows)
    yield para(safe(f"Digest {view.digest}"), 8, before=4)
    yield para(safe(CHECK), 8, muted=True)
    yield Spacer(1, 4)


def _time(text: str) -> str:
    moment = wording.parse_time(text)
    return f"{wording.day_words(text)}, {moment:%H:%M} UTC" if moment else text
