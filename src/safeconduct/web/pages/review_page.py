"""The review page: a source beside the claim that is suggested from it. Plain forms do all; keys come on top."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from safeconduct.incidents.claims import BASES, CLAIMANT_KINDS, GRADES, NO_FIGURE, SPEECHES
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.review_view import ReviewView
from safeconduct.workflows.source_rows import OPEN
from safeconduct.workflows.suggested_claim import NEW

ADDRESS = "/incidents/review"
# What is asked for when it is empty, beside the name of its field; all other fields may stay empty.
ASKED = {"claimant": "who says it", "said": "the day on which it was said", "text": "a short sentence of your own"}
# state of a decision -> shape that the pages use for it
SHAPES: Mapping[str, str] = {"open": "ring", "accepted": "circle", "amended": "circle", "rejected": "octagon"}


@dataclass(frozen=True, slots=True)
class Review:
    """What the page needs beside the view.

    Attributes:
        view: What is shown.
        fault: Why what was posted was refused, empty when nothing was.
        given: What was posted then, so that nobody types it twice.
        last: Id of the suggestion that was decided just before, to take it back at once.
        note: What was just done, in words.
    """

    view: ReviewView
    fault: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    last: str = ""
    note: str = ""

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields of the form."""
        current = self.view.current
        return {} if current is None else {**current.fields, **self.given}

    @property
    def is_figure(self) -> bool:
        """Whether the form asks for numbers."""
        return bool(self.fields) and self.fields["basis"] != NO_FIGURE

    @property
    def is_open(self) -> bool:
        """Whether the suggestion shown waits for a decision."""
        return self.view.current is not None and self.view.current.state == OPEN

    @property
    def makes_incident(self) -> bool:
        """Whether the form starts with an incident that is not recorded yet."""
        return self.fields["incident"] in ("", NEW) or self.fields["incident"] not in dict(self.view.incidents)

    def to(self, suggestion: str | None = None, **changes: str) -> str:
        """The address of this page with another suggestion or other filters; filters that are empty are not named."""
        wanted = {"id": suggestion or "", "kind": self.view.kind, "source": self.view.digest, **changes}
        named = urlencode([(name, value) for name, value in wanted.items() if value])
        return ADDRESS + (f"?{named}" if named else "")


def render_review(review: Review, page: Page) -> str:
    """Return the review page, served at `/incidents/review`."""
    return _page(
        "review.html", page, review=review, view=review.view, asked=ASKED, shapes=SHAPES, bases=BASES,
        claimant_kinds=CLAIMANT_KINDS, speeches=SPEECHES, grades=GRADES, new=NEW,
    )  # fmt: skip
