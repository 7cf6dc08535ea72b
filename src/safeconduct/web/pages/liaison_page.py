"""The liaison page: what the relation stands at, and a form for each thing that a liaison officer records."""

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from safeconduct.agreements.fields import iso
from safeconduct.agreements.liaison import GRADES
from safeconduct.web.pages.render import Page, _page
from safeconduct.web.pages.svg import NARROW, WIDE, Canvas, linear, size_of
from safeconduct.web.pages.wording import parse_time, short_day
from safeconduct.workflows.judge_partner import Judgement
from safeconduct.workflows.liaison_view import LiaisonView

NOTES = {
    "meeting": "The meeting is recorded, with the permits that it cites.",
    "entry": "Recorded.",
    "judge": "The judgement is recorded. It stays on this node.",
    "note": "The note is recorded. It stays on this node.",
    "notice": "The notice is signed and on its way.",
    "acknowledge": "Acknowledged, which is no consent.",
    "plan": "The plan is signed and on its way.",
    "hand-over": "The hand-over is signed and on its way; it stays open until the receipt comes.",
    "receipt": "The receipt is signed and on its way.",
    "recall": "The recall is on its way; what was recalled before is not asked for twice.",
    "recall-answer": "The answer is on its way.",
    "recall-report": "Recorded as reported by our liaison, unsigned.",
}
HEIGHT = 170  # user units
SHOWN_DAYS = 60  # newest days of the strip
MODES = (("in-person", "in person"), ("telephone", "by telephone"), ("video", "by video"), ("message", "by message"))


def render_liaison(view: LiaisonView, page: Page, *, note: str = "", fault: str = "") -> str:
    """Return the page served at `/liaison`.

    Args:
        view: what this node has recorded of the relation.
        page: what surrounds it.
        note: what a form has just done.
        fault: what a form could not do.
    """
    plots = Markup("").join(draw_course(view.performance, width=width) for width in (WIDE, NARROW))
    days = view.days[-SHOWN_DAYS:]
    return _page(
        "liaison.html", page, view=view, note=note, fault=fault, plots=plots, days=days, grades=GRADES, modes=MODES
    )


def draw_course(course: Sequence[Judgement], *, width: int = WIDE) -> Markup:
    """Draw how the other party was judged over time: one mark for each judgement, hollow where there is a reservation.

    The marks are not joined: between two judgements nobody judged. With fewer than two there is nothing to draw.
    """
    if len(course) < 2:
        return Markup("")
    canvas = Canvas(width, HEIGHT, f"{len(course)} judgements of the other party, from poor to good", size_of(width))
    left, right, top, bottom = 58, width - 18, 16, HEIGHT - 30
    first, last = course[0].at, course[-1].at
    x, y = linear(first, last, left + 12, right - 8), linear(0, len(GRADES) - 1, bottom, top)
    for rank, grade in enumerate(GRADES):
        canvas.line(left, y(rank), right, y(rank), "grid")
        canvas.text(left - 8, y(rank) + 4, grade, "tick", "end")
    for one in course:
        canvas.circle(x(one.at), y(one.rank), 6, "head gone" if one.reservation else "head")
    marks = {first: "start", last: "end"} if last - first > timedelta(days=1).total_seconds() else {first: "start"}
    for at, anchor in marks.items():
        moment = parse_time(iso(at))
        if moment is not None:
            canvas.text(x(at) + (-8 if anchor == "start" else 8), HEIGHT - 8, short_day(moment), "tick", anchor)
    return canvas.done()
