"""Reading CAP 1.2: strictly by its schema, in its order; each refusal says where, what was expected, what was seen.

What the standard says of times, polygons, circles and references is checked too, beyond the schema: a place or a time
that is read wrongly sends people wrong. Older versions of CAP are refused as such.
"""

import re
from collections.abc import Callable, Collection
from datetime import datetime

from safeconduct.errors import BadInput
from safeconduct.exchange.cap import NAMESPACE, Alert, Area, Info, Pairs, Resource
from safeconduct.exchange.safe_xml import Element, parse

STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
MSG_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
OLDER = {"urn:oasis:names:tc:emergency:cap:1.1": "CAP 1.1", "http://www.incident.com/cap/1.0": "CAP 1.0"}
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
TEXT_LIMIT = 100_000  # characters of one element

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_INTEGER = re.compile(r"[-+]?\d+", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_NAME = re.compile(r"[^\s,<&]+")

Check = Callable[[str], str | None]  # what was expected, None if the text is good


def read_alert(data: bytes) -> Alert:
    """The alert of a CAP 1.2 document.

    Steps: 1. XML without document type; 2. the root is `alert` of CAP 1.2; 3. every element is known, in its place and
    in its order; 4. enumerations, times, places and references are what the standard says.

    Raises:
        BadInput: `bad-xml`, `bad-cap`.
    """
    root = parse(data, where="alert")  # 1
    if root.namespace != NAMESPACE or root.name != "alert":  # 2
        seen = OLDER.get(root.namespace) or f"<{root.name}> of {root.namespace or 'no namespace'}"
        raise BadInput("bad-cap", where="alert", expected="an alert of CAP 1.2", seen=seen)
    fields = _Sequence(root, "alert")  # 3, 4
    alert = Alert(
        identifier=fields.text("identifier", _name),
        sender=fields.text("sender", _name),
        sent=fields.text("sent", _time),
        status=fields.text("status", _one_of(STATUS)),
        msg_type=fields.text("msgType", _one_of(MSG_TYPES)),
        source=fields.maybe("source"),
        scope=fields.text("scope", _one_of(SCOPES)),
        restriction=fields.maybe("restriction"),
        addresses=fields.maybe("addresses"),
        codes=fields.texts("code"),
        note=fields.maybe("note"),
        references=tuple(fields.maybe("references", _references).split()),
        incidents=fields.maybe("incidents"),
        infos=tuple(_info(one) for one in fields.inner("info")),
    )
    fields.done()
    if alert.msg_type != "Alert" and not alert.references:
        raise BadInput("bad-cap", where="alert.references", expected=f"what this {alert.msg_type} is about", seen=None)
    return alert


def seconds(text: str) -> int:
    """Unix seconds of a time that was checked."""
    return int(datetime.fromisoformat(text).timestamp())


def points(polygon: str) -> list[tuple[float, float]]:
    """Latitude and longitude of each corner of a polygon that was checked."""
    pairs = (pair.split(",") for pair in polygon.split())
    return [(float(lat), float(lon)) for lat, lon in pairs]


def circle_of(circle: str) -> tuple[float, float, float]:
    """Latitude, longitude and radius in kilometres of a circle that was checked."""
    centre, radius = circle.split()
    lat, lon = centre.split(",")
    return float(lat), float(lon), float(radius)


class _Sequence:
    """The children of an element, taken in the order of the schema."""

    def __init__(self, element: Element, where: str) -> None:
        self._where = where
        self._left = [one for one in element.children if one.namespace != SIGNATURE]
        self._at = 0
        if element.text.strip():
            raise BadInput("bad-cap", where=where, expected="elements only", seen=element.text.strip())

    def _next(self, name: str) -> Element | None:
        if self._at < len(self._left):
            one = self._left[self._at]
            if (one.namespace, one.name) == (NAMESPACE, name):
                self._at += 1
                return one
        return None

    def maybe(self, name: str, check: Check | None = None) -> str:
        """Text of an element that may be missing, or empty; '' then."""
        one = self._next(name)
        return "" if one is None else _text(one, f"{self._where}.{name}", check, empty=True)

    def text(self, name: str, check: Check | None = None) -> str:
        """Text of an element that must be there."""
        one = self._next(name)
        if one is None:
            seen = f"<{self._left[self._at].name}>" if self._at < len(self._left) else "the end"
            raise BadInput("bad-cap", where=f"{self._where}.{name}", expected=f"<{name}> here", seen=seen)
        return _text(one, f"{self._where}.{name}", check, empty=False)

    def texts(self, name: str, check: Check | None = None) -> tuple[str, ...]:
        """Texts of an element that may come any number of times; empty ones are left out."""
        found: list[str] = []
        while (one := self._next(name)) is not None:
            found.append(_text(one, f"{self._where}.{name}[{len(found)}]", check, empty=check is None))
        return tuple(text for text in found if text)

    def inner(self, name: str) -> list["_Sequence"]:
        """Elements with elements in them."""
        found: list[_Sequence] = []
        while (one := self._next(name)) is not None:
            found.append(_Sequence(one, f"{self._where}.{name}[{len(found)}]"))
        return found

    def pairs(self, name: str) -> Pairs:
        """Elements of a name and a value each."""
        found = []
        for one in self.inner(name):
            found.append((one.text("valueName"), one.maybe("value")))
            one.done()
        return tuple(found)

    def done(self) -> None:
        """Refuse what is left: unknown, in the wrong place, or twice."""
        if self._at < len(self._left):
            one = self._left[self._at]
            where = f"{self._where}.{one.name}, line {one.line}"
            raise BadInput("bad-cap", where=where, expected="no such element at this place", seen=f"<{one.name}>")


def _text(one: Element, where: str, check: Check | None, *, empty: bool) -> str:
    if one.children:
        raise BadInput("bad-cap", where=where, expected="text only", seen=f"<{one.children[0].name}>")
    text = one.text.strip()
    if len(text) > TEXT_LIMIT:
        raise BadInput("bad-cap", where=where, expected=f"at most {TEXT_LIMIT} characters", seen=len(text))
    if not text and empty:
        return ""
    expected = "a text" if not text else check(text) if check else None
    if expected is not None:
        raise BadInput("bad-cap", where=f"{where}, line {one.line}", expected=expected, seen=text)
    return text


def _info(fields: _Sequence) -> Info:
    info = Info(
        language=fields.maybe("language", _like(_LANGUAGE, "a language tag as en-US")),
        categories=(
            fields.text("category", _one_of(CATEGORIES)),
            *fields.texts("category", _one_of(CATEGORIES)),
        ),
        event=fields.text("event"),
        response_types=fields.texts("responseType", _one_of(RESPONSES)),
        urgency=fields.text("urgency", _one_of(URGENCIES)),
        severity=fields.text("severity", _one_of(SEVERITIES)),
        certainty=fields.text("certainty", _one_of(CERTAINTIES)),
        audience=fields.maybe("audience"),
        event_codes=fields.pairs("eventCode"),
        effective=fields.maybe("effective", _time),
        onset=fields.maybe("onset", _time),
        expires=fields.maybe("expires", _time),
        sender_name=fields.maybe("senderName"),
        headline=fields.maybe("headline"),
        description=fields.maybe("description"),
        instruction=fields.maybe("instruction"),
        web=fields.maybe("web"),
        contact=fields.maybe("contact"),
        parameters=fields.pairs("parameter"),
        resources=tuple(_resource(one) for one in fields.inner("resource")),
        areas=tuple(_area(one) for one in fields.inner("area")),
    )
    fields.done()
    return info


def _resource(fields: _Sequence) -> Resource:
    resource = Resource(
        description=fields.text("resourceDesc"),
        mime_type=fields.text("mimeType"),
        size=fields.maybe("size", _like(_INTEGER, "a whole number")),
        uri=fields.maybe("uri"),
        deref_uri=fields.maybe("derefUri"),
        digest=fields.maybe("digest"),
    )
    fields.done()
    return resource


def _area(fields: _Sequence) -> Area:
    area = Area(
        description=fields.text("areaDesc"),
        polygons=fields.texts("polygon", _polygon),
        circles=fields.texts("circle", _circle),
        geocodes=fields.pairs("geocode"),
        altitude=fields.maybe("altitude", _like(_DECIMAL, "a number of feet")),
        ceiling=fields.maybe("ceiling", _like(_DECIMAL, "a number of feet")),
    )
    fields.done()
    return area


def _one_of(options: Collection[str]) -> Check:
    return lambda text: None if text in options else "one of " + ", ".join(options)


def _like(pattern: re.Pattern[str], expected: str) -> Check:
    return lambda text: None if pattern.fullmatch(text) else expected


def _name(text: str) -> str | None:
    return None if _NAME.fullmatch(text) else "no space, comma, < or &"


def _time(text: str) -> str | None:
    expected = "a time with its zone, as 2021-08-26T13:00:00+00:00"
    if not _TIME.fullmatch(text):
        return expected
    try:
        datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return expected
    return None


def _references(text: str) -> str | None:
    good = all(
        len(parts := one.split(",")) == 3 and all(parts) and _time(parts[2]) is None for one in text.split()
    )  # fmt: skip
    return None if good else "sender,identifier,sent of each message, with spaces between them"


def _position(text: str) -> bool:
    parts = text.split(",")
    if len(parts) != 2 or not all(_DECIMAL.fullmatch(part) for part in parts):
        return False
    return abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180


def _polygon(text: str) -> str | None:
    pairs = text.split()
    good = len(pairs) >= 4 and all(_position(pair) for pair in pairs) and points(pairs[0]) == points(pairs[-1])
    return None if good else "four or more positions as 38.47,-120.14, of which the last is the first"


def _circle(text: str) -> str | None:
    parts = text.split()
    good = (
        len(parts) == 2 and _position(parts[0]) and bool(_DECIMAL.fullmatch(parts[1])) and 0 <= float(parts[1]) < 21_000
    )
    return None if good else "a position and a radius in km, as 38.47,-120.14 5.5"
