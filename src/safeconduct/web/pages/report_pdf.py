"""An account as a PDF, in the order of its page: known, withdrawn, changed, disagreements, figures, cases, timeline."""

from collections.abc import Iterator

from reportlab.platypus import Flowable, KeepTogether, Spacer

from safeconduct.web.pages import wording
from safeconduct.web.pages.account_page import HEADINGS, AccountPage, Shown, speech_words
from safeconduct.web.pages.figure_plot import HEIGHT, bounds_words, draw_figure, known_marks
from safeconduct.web.pages.pdf_parts import WIDTH, PdfSurface, bound, lost, para, safe, table
from safeconduct.web.pages.render import Page
from safeconduct.workflows.account_view import AccountDetail, ClaimView, DisagreementView, WordingView
from safeconduct.workflows.room_view import CaseView, IncidentView

MOST_LINES = 2_000  # of the timeline; the table and the linked data hold all
DAY = wording.day_words


def pdf_report(incident: IncidentView, detail: AccountDetail, page: Page) -> bytes:
    """Return an account as a PDF of A4 sheets.

    Args:
        incident: what every page knows of it.
        detail: what its own page shows beyond that.
        page: whose node it is, and whether it is an exercise.
    """
    view = AccountPage(incident, detail, Shown(), whole=True)
    story = [
        *_head(view, page), *_known(view), *_short(view), *_misfits(incident), *_parts(incident), *_disagreements(view),
        *_wordings(detail.wordings), *_judged(detail), *_figures(view), *_cases(incident.cases), *_timeline(view),
    ]  # fmt: skip
    foot = f"{incident.title}, as known on {DAY(incident.known_at)}"
    foot += f" – {page.party_name}" if page.party_name else ""
    return bound(story, title=incident.title, foot=foot, watermark="EXERCISE" if page.exercise else "")


def _heading(text: str) -> Flowable:
    return para(safe(text), 13, bold=True, before=12, leads=True)


def _head(view: AccountPage, page: Page) -> Iterator[Flowable]:
    incident, detail = view.incident, view.detail
    if page.exercise:
        yield para("EXERCISE: nobody here is real", 9, bold=True)
    yield para(safe(incident.title), 18, bold=True)
    yield para(safe(f"{DAY(incident.date)}, {detail.place}" if detail.place else DAY(incident.date)), muted=True)
    known = f"As known on {DAY(incident.known_at)}"
    if detail.query.recorded_at:
        known += f", as written down by {DAY(detail.query.recorded_at)}"
    counts = f"{wording.counted(view.total, 'claim')} from {wording.counted(detail.sources, 'source')},"
    yield para(
        safe(f"{known}. {counts} {wording.counted(detail.origins, 'independent origin')}."), 10, bold=True, before=4
    )
    if detail.kept:
        kept = wording.counted(detail.kept, "record")
        yield para(f"Not for the public: {kept} for this node or its partner only.", 10, bold=True)
    if any(lost(text) for claim in detail.claims for text in (claim.text, claim.quote, claim.voice)):
        notice = "Words in scripts that this file cannot set stand as the script's name and their length in brackets."
        yield para(f"{notice} They are whole in the page, the table and the linked data of this account.", muted=True)


def _known(view: AccountPage) -> Iterator[Flowable]:
    yield _heading("What is known")
    rows = []
    for figure in view.detail.figures:
        counts = f"{wording.counted(figure.sources, 'source')}, {wording.counted(figure.origins, 'origin')}"
        state = "; disputed" if figure.disputed else ""
        gone = f"; {figure.withdrawn} withdrawn" if figure.withdrawn else ""
        rows.append(
            [para(safe(figure.label)), para(safe(figure.words), 11, bold=True), para(safe(counts + state + gone), 8)]
        )
    yield table(rows, [4, 5, 4]) if rows else para("No figure was known.", muted=True)
    name, text = view.rule
    yield para(safe(f"Range: {name}. {text}"), 8, muted=True, before=3)


def _short(view: AccountPage) -> Iterator[Flowable]:
    yield _heading("What was withdrawn")
    for one in view.withdrawn:
        first, more = view.gone(one)
        by, rest = one.sides[0].claims[-1], f" and {more} more" if more else ""
        told = f"{rest} ({wording.dated(one.subject)}), now: {by.text} {by.claimant}, {DAY(by.said)}"
        yield para(f"<strike>{safe(first.text)}</strike>{safe(told)}")
    if not view.withdrawn:
        yield para("Nothing.", muted=True)
    yield _heading("What changed")
    for one in view.changed:
        steps = ", then ".join(side.label if side.claims[0].figure else side.claims[0].text for side in one.sides)
        yield para(f"{safe(wording.dated(one.subject))}: <b>{safe(steps)}</b>")
    if not view.changed:
        yield para("No figure was told anew.", muted=True)


def _misfits(incident: IncidentView) -> Iterator[Flowable]:
    if incident.misfits:
        yield _heading("What does not fit")
    for one in incident.misfits:
        day = f"{DAY(one.meant)}, " if one.meant else ""
        yield para(safe(f"{day}{one.subject}: {one.text} [{', '.join(one.claims)}]"))


def _parts(incident: IncidentView) -> Iterator[Flowable]:
    if incident.parts:
        yield _heading("Parts, as incidents of their own")
    for part in incident.parts:
        status = "confirmed" if part.status == "confirmed" else "reported only"
        yield para(safe(f"{status}: {part.title}, {DAY(part.date)}" + (f"; {part.words}" if part.words else "")))
    if incident.orders:
        yield _heading("Dated only against something else")
    for one in incident.orders:
        tension = "".join(f"; {line}" for line in one.tension)
        yield para(safe(f"{one.claim} {one.order.replace('-', ' ')} {one.to}: {one.wording}{tension}"))


def _disagreements(view: AccountPage) -> Iterator[Flowable]:
    if view.groups:
        yield _heading("Where it disagrees, and what is open")
    for kind, _, _, some in view.groups:
        yield para(safe(HEADINGS[kind][1]), 10.5, bold=True, before=7, leads=True)
        for one in some:
            yield from _disagreement(one)


def _disagreement(one: DisagreementView) -> Iterator[Flowable]:
    yield para(safe(wording.dated(one.subject)), bold=True, before=3, leads=True)
    rows = []
    for side in one.sides:
        held = [para(f"{safe(claim.text)} <font size=7.5>{safe(_who(claim))}</font>") for claim in side.claims]
        if side.more:
            held.append(para(f"and {side.more} more", muted=True))
        rows.append([para(safe(_label(side.label)), bold=True), held])
    yield table(rows, [2, 8])
    if one.method:
        yield para(safe(f"how: {one.method}"), 8)
    if one.note:
        yield para(safe(one.note), 8.5, bold=True)


def _label(label: str) -> str:
    return label.replace("-", " ") if wording.parse_time(label) is None else DAY(label)


def _who(claim: ClaimView) -> str:
    return f"{claim.voice}, {DAY(claim.said)} [{claim.id}]"


def _wordings(wordings: tuple[WordingView, ...]) -> Iterator[Flowable]:
    if wordings:
        yield _heading("One utterance, several wordings")
    for one in wordings:
        parts = []
        for part in one.stretches:
            others = "; ".join(f"{' '.join(map(str, numbers))}: {words or '–'}" for numbers, words in part.others)
            parts.append(safe(part.shared) if part.shared else f"<b>{{{safe(others)}}}</b>")
        yield para(" ".join(parts), 10, before=3)
        for number, claim in enumerate(one.claims, start=1):
            yield para(safe(f"{number}  {_who(claim)}, {claim.place}"), 8, muted=True)


def _judged(detail: AccountDetail) -> Iterator[Flowable]:
    if detail.assessments:
        yield _heading("How offices judge it")
    for one in detail.assessments:
        yield para(safe(f"{one.grade}: {one.by}, {DAY(one.when)}. {one.why}"))
    if detail.means:
        yield _heading("Means of harm")
    for means, claims in detail.means:
        yield para(safe(f"{means.replace('-', ' ')}: {', '.join(claims)}"))


def _figures(view: AccountPage) -> Iterator[Flowable]:
    above: list[Flowable] = [_heading("Each figure, claim by claim")]
    for figure in view.incident.figures:
        marks = known_marks(view.marks(figure.key), view.incident.known_at[:10])
        if not marks:
            continue
        above.append(para(safe(figure.label), 10.5, bold=True, before=7, leads=True))
        if len(marks) > 1:
            surface = PdfSurface(int(WIDTH), HEIGHT)
            ranges = view.detail.ranges.get(figure.key, ())
            draw_figure(surface, marks, ranges, view.detail.ties, view.incident.known_at[:10])
            above.append(surface.drawing)
        rows = []
        for mark in marks:
            claim = view.by_id[mark.claim]
            figure_words = (
                f"<strike>{safe(bounds_words(mark))}</strike>" if mark.withdrawn else safe(bounds_words(mark))
            )
            rows.append([
                para(DAY(claim.said), 8), para(figure_words, bold=True), para(safe(f"{claim.voice}; {claim.place}"), 8),
                para("withdrawn" if mark.withdrawn else wording.word_of(claim.status), 8),
            ])  # fmt: skip
        yield KeepTogether(above)
        above = []
        yield table(rows, [2, 2.4, 6, 2])


def _cases(cases: tuple[CaseView, ...]) -> Iterator[Flowable]:
    if cases:
        yield _heading("Cases")
    for case in cases:
        yield para(safe(f"Against {case.against}: {'open' if case.open else 'closed'}"), 10, bold=True, before=4)
        for amends in case.amends:
            yield para(safe(f"amends{f', {amends.to}' if amends.to else ''}: {amends.words}"))
        for step in case.steps:
            reported = f", reported by {step.reported_by}" if step.reported_by else ""
            open_ = f"; unconfirmed: {step.unconfirmed}" if step.unconfirmed else ""
            words = f"{DAY(step.date)}: {wording.step_words(step)} by {step.by}{reported}{open_} [{step.claim}]"
            yield para(safe(words))


def _timeline(view: AccountPage) -> Iterator[Flowable]:
    yield _heading("What was said, in order")
    shown = min(MOST_LINES, len(view.lines))
    if view.total > shown:
        yield para(f"The first {shown:,} lines; the table and the linked data hold all {view.total:,}.")
    rows = [
        [para(DAY(line.said), 8), _told(line), para(wording.word_of(line.status), 8)]
        for line in view.lines[:MOST_LINES]
    ]
    if rows:
        yield table(rows, [2, 9, 2])
    yield Spacer(1, 6)


def _told(line: ClaimView) -> list[Flowable]:
    text = safe(line.text)
    if line.status in ("corrected", "retracted"):
        text = f"<strike>{text}</strike>"
    lead = f"<b>{safe(line.figure)}</b> {safe(wording.dated(line.about))}. " if line.figure else ""
    if line.kind == "no-evidence":
        lead = "<b>No evidence either way:</b> "
    found = [para(lead + text)]
    if line.quote:
        found.append(para(f"“{safe(line.quote)}”", 8.5))
    kind = f"; {speech_words(line.kind)}" if line.kind not in ("figure", "assertion") else ""
    found.append(para(safe(f"{line.voice}{kind}; {line.place} [{line.id}]"), 7.5, muted=True))
    chips = "; ".join(f"{chip.words} {chip.claim}" for chip in line.chips)
    if chips:
        found.append(para(safe(chips), 7.5, muted=True))
    return found
