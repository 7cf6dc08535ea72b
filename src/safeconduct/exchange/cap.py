"""CAP 1.2 (OASIS, 1 July 2010): the alert as a record, and its XML by the standard library's writer.

The records hold texts as CAP writes them; `cap_import` reads and checks them, `cap_out` makes them out of releases,
answers and gate advice. Element order is that of the schema, whose `sequence` refuses any other (spec/cap.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"

Pairs = tuple[tuple[str, str], ...]  # valueName, value


@dataclass(frozen=True, slots=True)
class Area:
    """Where: polygons as CAP writes them ("lat,lon lat,lon …", closed), circles ("lat,lon radius in km")."""

    description: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: Pairs = ()
    altitude: str = ""
    ceiling: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that belongs to an alert; it is named and never fetched."""

    description: str
    mime_type: str
    size: str = ""
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """What is said, in one language; times are texts as `2021-08-26T13:00:00+00:00`, empty where not given."""

    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = ""
    response_types: tuple[str, ...] = ()
    audience: str = ""
    event_codes: Pairs = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: Pairs = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One CAP message; `references` are "sender,identifier,sent" of the messages that it is about."""

    identifier: str
    sender: str
    sent: str
    status: str
    msg_type: str
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[str, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()


def reference(alert: Alert) -> str:
    """How another message names this one."""
    return f"{alert.sender},{alert.identifier},{alert.sent}"


def encode(alert: Alert) -> bytes:
    """XML of an alert in UTF-8, one element a line."""
    root = ET.Element("alert", {"xmlns": NAMESPACE})
    _texts(
        root,
        ("identifier", alert.identifier),
        ("sender", alert.sender),
        ("sent", alert.sent),
        ("status", alert.status),
        ("msgType", alert.msg_type),
        ("source", alert.source),
        ("scope", alert.scope),
        ("restriction", alert.restriction),
        ("addresses", alert.addresses),
        *(("code", one) for one in alert.codes),
        ("note", alert.note),
        ("references", " ".join(alert.references)),
        ("incidents", alert.incidents),
    )
    for info in alert.infos:
        _info(root, info)
    return to_bytes(root)


def to_bytes(root: ET.Element) -> bytes:
    """XML declaration and the indented document."""
    ET.indent(root, " ")
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _texts(parent: ET.Element, *pairs: tuple[str, str]) -> None:
    """Add an element for each text that is there."""
    for name, text in pairs:
        if text:
            ET.SubElement(parent, name).text = text


def _info(root: ET.Element, info: Info) -> None:
    one = ET.SubElement(root, "info")
    _texts(
        one,
        ("language", info.language),
        *(("category", name) for name in info.categories),
        ("event", info.event),
        *(("responseType", name) for name in info.response_types),
        ("urgency", info.urgency),
        ("severity", info.severity),
        ("certainty", info.certainty),
        ("audience", info.audience),
    )
    _pairs(one, "eventCode", info.event_codes)
    _texts(
        one,
        ("effective", info.effective),
        ("onset", info.onset),
        ("expires", info.expires),
        ("senderName", info.sender_name),
        ("headline", info.headline),
        ("description", info.description),
        ("instruction", info.instruction),
        ("web", info.web),
        ("contact", info.contact),
    )
    _pairs(one, "parameter", info.parameters)
    for resource in info.resources:
        _texts(
            ET.SubElement(one, "resource"),
            ("resourceDesc", resource.description),
            ("mimeType", resource.mime_type),
            ("size", resource.size),
            ("uri", resource.uri),
            ("derefUri", resource.deref_uri),
            ("digest", resource.digest),
        )
    for area in info.areas:
        _area(one, area)


def _area(parent: ET.Element, area: Area) -> None:
    one = ET.SubElement(parent, "area")
    _texts(
        one,
        ("areaDesc", area.description),
        *(("polygon", text) for text in area.polygons),
        *(("circle", text) for text in area.circles),
    )
    _pairs(one, "geocode", area.geocodes)
    _texts(one, ("altitude", area.altitude), ("ceiling", area.ceiling))


def _pairs(parent: ET.Element, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    for value_name, value in pairs:
        one = ET.SubElement(parent, name)
        ET.SubElement(one, "valueName").text = value_name
        ET.SubElement(one, "value").text = value
