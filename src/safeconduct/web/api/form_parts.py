"""What forms of pages have in common: what they give, read field by field, and how they are answered."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from safeconduct.alerts.answer import Outcome
from safeconduct.errors import BadInput, NodeUnavailable, Refusal, SafeconductError
from safeconduct.web.api.answers import status_of
from safeconduct.web.pages.inbox_page import Said

Req = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
HTML = "text/html; charset=utf-8"
MICRO = 1_000_000


def html(text: str, status: int = 200) -> Response[str]:
    """Return an HTML answer."""
    return Response(text, media_type=HTML, status_code=status)


def note_of(request: Req) -> Said:
    """Return what the page says at first: what was done, where the address tells it."""
    return Said(note=request.query_params.get("done", ""))


def attempted(act: Callable[[], object], shown: Callable[[str, int], Response[Any]]) -> object:
    """Return what an act made; where it was refused or its input is wrong, the page that `shown` gives for it.

    A node that cannot work at all is no matter of the form.
    """
    try:
        made = act()
    except NodeUnavailable:
        raise
    except SafeconductError as error:
        return shown(str(error), status_of(error))
    return shown(str(made), 422) if isinstance(made, Refusal) else made


def acted(
    form: str,
    data: Mapping[str, str],
    act: Callable[[], object],
    show: Callable[[Said], Response[Any]],
    back: str,
    done: str,
) -> Response[Any]:
    """Do what a form asks for: lead back with a note, or show the page again with the reason and what was given."""
    failed = attempted(act, lambda fault, status: refused_page(show(Said(fault=fault, given=data, form=form)), status))
    if isinstance(failed, Response):
        return failed
    return Redirect(f"{back}?{urlencode({'done': done})}", status_code=303)


def refused_page(page: Response[Any], status: int) -> Response[Any]:
    """Return a page that says why; one that is not there at all keeps its own status."""
    if page.status_code is None or page.status_code < 400:
        page.status_code = status
    return page


def number(data: Mapping[str, str], name: str) -> int | None:
    """Return a number of a form; None for an empty field, for an empty field is no zero.

    Raises:
        BadInput: `bad-field`.
    """
    text = data.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadInput("bad-field", where=name.replace("_", " "), expected="a whole number, or nothing", seen=text)
    return int(text)


def micro(data: Mapping[str, str], name: str) -> int | None:
    """Return degrees of a form in millionths; None for an empty field.

    Raises:
        BadInput: `bad-field`.
    """
    text = data.get(name, "").strip().replace(",", ".").replace("−", "-")
    if not text:
        return None
    whole = text.removeprefix("-")
    if not (whole.isascii() and whole.replace(".", "", 1).isdigit() and len(whole) <= 12):
        raise BadInput("bad-field", where=name, expected="degrees as 34.2581, south and west with a minus", seen=text)
    return round(float(text) * MICRO)


def text_of(data: Mapping[str, str], name: str) -> str | None:
    """Return a line of text with single spaces; None for an empty field."""
    return " ".join(data.get(name, "").split()) or None


def outcome_of(data: Mapping[str, str], release: str, assessor: str, at: int) -> Outcome:
    """Return the outcome of a form, by the partner.

    Raises:
        BadInput: `bad-field`, for a number that is none.
    """
    return Outcome(
        release, data.get("result", ""), assessor, "partner", data.get("confidence", ""), number(data, "number"),
        text_of(data, "hedge"), text_of(data, "text") or "", at, text_of(data, "evidence"), text_of(data, "harm"),
        number(data, "harm_number"),
    )  # fmt: skip
