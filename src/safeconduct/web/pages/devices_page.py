"""The page of devices: phones that wait for approval, a code for a new one, and how far each log has come."""

from dataclasses import dataclass

import segno

from safeconduct.agreements.fields import iso
from safeconduct.web.pages.render import Page, _page
from safeconduct.workflows.bring_events import Brought
from safeconduct.workflows.invite_device import Invitation
from safeconduct.workflows.show_devices import DevicesView


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


def render_devices(
    view: DevicesView, page: Page, *, code: Code | None = None, brought: list[Brought] | None = None, note: str = "",
    fault: str = "",
) -> str:  # fmt: skip
    """Return the page, served at `/devices/enrol`.

    Args:
        view: the devices and the codes.
        page: what surrounds it.
        code: the code that a form has just made.
        brought: what became of a file of events that was just brought in.
        note: what a form has just done.
        fault: what it could not do.
    """
    return _page("devices.html", page, view=view, code=code, brought=brought, note=note, fault=fault,
                 iso=iso)  # fmt: skip
