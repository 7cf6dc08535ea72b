"""The page of movements: what is on its way, which routes are clear, who helped, who did harm, who holds what."""

from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.show_movements import MovementsView

POINT_ROWS = 5  # points that the form of an escort offers; an escort past more is filed by the command
FORMS = ("escort", "clearance asked", "clearance told", "way", "help", "control")  # each says its own fault
SIGNED = "clearance asked"  # not there without an agreement
NOTES = {
    "escort": "The escort is filed. Records of guards at its points are matched to it as they come in.",
    "passed": "Recorded.",
    "ended": "The end of the escort is recorded.",
    "clearance": "Recorded; what you signed is on its way to the other party.",
    "way": "The way is planned.",
    "control": "Recorded, beside what was said before.",
    "help": "Recorded.",
}
# state of a thing here -> (state whose shape it has, word)
STATES = {
    "overdue": ("silent", "overdue"), "under-way": ("open", "under way"), "planned": ("planned", "planned"),
    "arrived": ("done", "arrived"), "called-off": ("dropped", "called off"),
    "asked": ("unanswered", "asked, no answer"), "confirmed": ("open", "clear"), "refused": ("declined", "refused"),
    "closed": ("ended", "closed"), "lapsed": ("late", "time is over"),
    "unanswered": ("late", "never answered, time is over"), "held": ("open", "held"),
    "disputed": ("disputed", "disputed"), "unknown": ("untried", "not known"), "cleared": ("open", "cleared"),
    "blocked": ("declined", "blocked"),
}  # fmt: skip
RELIABILITY = (
    ("A", "A reliable"), ("B", "B usually reliable"), ("C", "C fairly reliable"), ("D", "D not usually reliable"),
    ("E", "E unreliable"), ("F", "F cannot be judged"),
)  # fmt: skip
CREDIBILITY = (
    ("1", "1 confirmed"), ("2", "2 probably true"), ("3", "3 possibly true"), ("4", "4 doubtful"),
    ("5", "5 improbable"), ("6", "6 cannot be judged"),
)  # fmt: skip
HELP_KINDS = {"bags": "bags carried", "help": "other help"}
HARM_KINDS = {"assault": "beatings", "turned-away": "turned away"}
BASES = {"guards": "guards' records", "filed": "filed by hand"}


def render_movements(view: MovementsView, page: Page, said: Said, *, note: str = "") -> str:
    """Return the page served at `/movements`.

    Args:
        view: what this node has recorded.
        page: what surrounds it.
        said: what a form could not do, with what was typed in it.
        note: what a form has just done.
    """
    shown = [one for one in view.escorts.escorts if one.state not in {"arrived", "called-off"}]
    over = [one for one in view.escorts.escorts if one.state in {"arrived", "called-off"}]
    own = {*FORMS, *(f"clearance {one.route}" for one in view.routes)} if view.partner else set(FORMS) - {SIGNED}
    return _page(
        "movements.html", page, view=view, said=said, note=note, shown=shown, over=over, names=dict(view.names),
        point_names=dict(view.points), states=STATES, rows=POINT_ROWS, reliability=RELIABILITY,
        credibility=CREDIBILITY, help_kinds=HELP_KINDS, harm_kinds=HARM_KINDS, bases=BASES,
        elsewhere=said.fault if said.form not in own else "",
    )  # fmt: skip
