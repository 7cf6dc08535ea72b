"""The page of devices: phones that wait for approval, a code for a new one, and how far each log has come."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno

from safeconduct.agreements.fields import iso
from safeconduct.gate.frames import to_frames
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.bring_events import Brought, receipts_file
from safeconduct.workflows.invite_device import Invitation
from safeconduct.workflows.show_devices import DevicesView

_BY = {
    "": "",
    " by-other": " by guards of the other party",
    " by-own": " by our own guards",
    " by-unknown": ", by whom not known",
}
NOTED = {
    **{f"assault{by}": f"beating{words}" for by, words in _BY.items()},
    **{f"turned-away{by}": f"turned away{words}" for by, words in _BY.items()},
    "crowd clear": "crowd: nobody waits",
    "crowd some": "crowd: some wait, with room",
    "crowd dense": "crowd: people stand close",
    "crowd crushing": "crowd: people are pressed together",
    "escort": "escort passed, with vehicles",
    "bags": "bags carried",
    "help": "guards helped",
    "hold": "held aside for screening, or let go on",
    "route": "way to the point cleared, or blocked",
    "area": "who holds the place",
    "child-alone": "a child alone",
}
MOST_RECEIPTS = 8  # as codes; the newest of a phone covers all before it


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was just made: shown once."""

    invitation: Invitation
    text: str  # <secret>-<check>
    address: str  # of the scanner page, the code behind it

    @property
    def picture(self) -> str:
        """A QR code of the address, as the address of a picture."""
        made = segno.make(self.address, error="m", micro=False)
        return str(made.svg_data_uri(scale=6, border=4, dark="#000", light="#fff"))


def receipt_codes(receipts: Sequence[bytes]) -> list[str]:
    """Return the receipts as QR codes that phones read, as addresses of pictures; none for none."""
    if not receipts:
        return []
    newest = receipts[-MOST_RECEIPTS:]
    made = (segno.make(text, error="l", micro=False, mode="alphanumeric") for text in to_frames(receipts_file(newest)))
    return [str(code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")) for code in made]


def render_read(page: Page) -> str:
    """Return the page that reads a phone's codes, served at `/devices/read`."""
    return _page("devices_read.html", page)


def render_devices(
    view: DevicesView, page: Page, *, code: Code | None = None, brought: list[Brought] | None = None,
    receipts: Sequence[bytes] = (), note: str = "", fault: str = "",
) -> str:  # fmt: skip
    """Return the page, served at `/devices/enrol`.

    Args:
        view: the devices and the codes.
        page: what surrounds it.
        code: the code that a form has just made.
        brought: what became of a file of events that was just brought in.
        receipts: for what is stored of it: the phone forgets what they cover.
        note: what a form has just done.
        fault: what it could not do.
    """
    return _page("devices.html", page, view=view, code=code, brought=brought, receipts=receipt_codes(receipts),
                 note=note, fault=fault, iso=iso, noted_words=NOTED)  # fmt: skip
