"""The page of imported drafts: what other people's software sent, and what a person has to do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.alerts.words import ADVICE, THREATENED
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.import_report import DraftView, in_words

NOTES: Mapping[str, str] = {
    "read": "The file is read and kept as it came. Complete its draft; nothing is released by this.",
    "known": "This file was read before; its drafts are below.",
    "aside": "The draft is set aside. It stays on record.",
}
STANDING: Mapping[str, str] = {"new": "", "update": "an update", "withdrawn": "cancelled by its sender"}
# Fields in the order of the entry form, as a person calls them.
WORDS: Mapping[str, str] = {
    "what": "what", "site": "where", "place": "position", "window": "window, UTC", "actor": "actor",
    "threatened_class": "who is threatened", "advised_action": "advice", "handling": "marked", "details": "details",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One draft as the page shows it: its facts as pairs, what is missing in words."""

    draft: DraftView
    read: str  # when, as ISO text
    standing: str
    facts: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def render_imports(drafts: Sequence[DraftView], page: Page, *, forms: str, note: str = "", fault: str = "") -> str:
    """Return the page of drafts, served at `/reports/drafts`.

    Args:
        drafts: open ones, newest first.
        page: what surrounds it.
        forms: the formats that are read, in words.
        note: key of `NOTES`, or empty.
        fault: why a file was not taken, or empty.
    """
    shown = [_shown(one) for one in drafts]
    return _page("report_drafts.html", page, drafts=shown, forms=forms, note=NOTES.get(note, ""), fault=fault)


def _shown(one: DraftView) -> Shown:
    texts = dict(one.fields)
    if "lat" in texts and "lon" in texts:
        near = f", known to {int(texts['precision_m']):,} m" if "precision_m" in texts else ""
        texts["place"] = f"{texts['lat']}, {texts['lon']}{near}"
    ends = [texts.get(name, "").removesuffix("Z").replace("T", " ")[:16] or "not given" for name in
            ("window_from", "window_to")]  # fmt: skip
    if "window_from" in texts or "window_to" in texts:
        texts["window"] = f"{ends[0]} to {ends[1]}"
    for name, words in (("threatened_class", THREATENED), ("advised_action", ADVICE)):
        if name in texts:
            texts[name] = words.get(texts[name], texts[name])
    facts = tuple((word, texts[name]) for name, word in WORDS.items() if name in texts and name != "what")
    return Shown(one, iso(one.at), STANDING[one.standing], facts, in_words(one.missing))
