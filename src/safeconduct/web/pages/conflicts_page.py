"""The page of conflicts between device logs, and the page of batch keys."""

from safeconduct.agreements.fields import iso
from safeconduct.gate.resolve import INQUIRY, OUTCOMES, REOPENED
from safeconduct.web.pages.inbox_page import Said
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.count_passage import Issuers
from safeconduct.workflows.show_batches import BatchesView
from safeconduct.workflows.show_conflicts import ConflictsView

MOST = 40  # conflicts shown at once
# kind -> (heading, what it means)
KINDS = {
    "double": ("Pass used twice", "Somebody may have a copy, or one group was scanned twice."),
    "fork": ("Two logs of one device", "Its storage was copied back, or its key was copied."),
    "skip": ("Gate without outer point", "The outer pass of the group was used nowhere."),
    "aside": ("Event set aside", "The device wrote something that cannot be counted."),
}
# state of a batch -> (shape, word)
BATCH_STATES = {
    "signs": ("circle", "signs"), "admitted": ("circle", "admitted"), "full": ("ring", "full"),
    "ended": ("ring", "ended"), "rotated": ("ring", "followed by the next"), "withdrawn": ("octagon", "withdrawn"),
}  # fmt: skip
ROOT_KEPT = {
    "exercise": (
        "triangle",
        "on this node, without protection",
        "Only in an exercise. Otherwise it is made apart, before two people: safeconduct root ceremony.",
    ),
    "passphrase": (
        "triangle",
        "on this node, under a passphrase",
        "Safer apart: whoever has this machine and the passphrase can sign as this party.",
    ),
    "apart": (
        "circle",
        "apart from this node",
        "What it signs is carried there and back: root request, root sign, root accept.",
    ),
}


def render_conflicts(view: ConflictsView, counts: Issuers, page: Page, said: Said) -> str:
    """Return the page, served at `/conflicts`.

    Args:
        view: the conflicts.
        counts: people at gates, by issuer and jointly, as the decisions leave them.
        page: what surrounds it.
        said: what a form has just done, or why not.
    """
    return _page("conflicts.html", page, most=MOST, view=view, counts=counts, said=said, kinds=KINDS, outcomes=OUTCOMES,
                 reopened=REOPENED, inquiry=INQUIRY, iso=iso)  # fmt: skip


def render_batches(view: BatchesView, page: Page, said: Said) -> str:
    """Return the page, served at `/batches`."""
    return _page("batches.html", page, view=view, said=said, states=BATCH_STATES, kept=ROOT_KEPT[view.root_kept],
                 iso=iso)  # fmt: skip
