"""A CAP alert as draft reports: one for each thing that it tells, in one language.

Taken: headline, description, instruction, area, onset or effective, expires, scope, sender. Not taken, because that is
for a person to judge: the class of people, the advice out of our list, likelihood, and who could be harmed.
"""

from safeconduct.errors import BadInput
from safeconduct.exchange.cap import Alert, Info, reference
from safeconduct.exchange.cap_import import circle_of, points, read_alert, seconds
from safeconduct.exchange.draft_texts import Filling
from safeconduct.workflows.import_report import Drafted

FORM = "CAP 1.2"
STANDING = {"Alert": "new", "Update": "update", "Cancel": "withdrawn"}
# How freely an alert may go on: what the public has is clear; the rest waits for its sender's word.
HANDLING = {"Public": "TLP:CLEAR", "Restricted": "TLP:AMBER+STRICT", "Private": "TLP:RED"}


def drafts_of_cap(data: bytes, *, exercise: bool = False) -> list[Drafted]:
    """Drafts of a CAP 1.2 document.

    Args:
        data: the document.
        exercise: whether this node is in an exercise; an alert whose status says otherwise is remarked upon.

    Raises:
        BadInput: as `read_alert`; `bad-cap` for a message that tells of no threat (Ack, Error).
    """
    alert = read_alert(data)
    if alert.msg_type not in STANDING:
        expected = "Alert, Update or Cancel; an answer to an alert is no report"
        raise BadInput("bad-cap", where="alert.msgType", expected=expected, seen=alert.msg_type)
    infos = _one_language(alert.infos) or (None,)
    drafts = [_draft(alert, info, exercise=exercise) for info in infos]
    return [one for place, one in enumerate(drafts) if one not in drafts[:place]]  # some senders say all twice


def _one_language(infos: tuple[Info, ...]) -> tuple[Info, ...]:
    """All that is told in English if anything is, else in the first language; other languages say the same again."""
    chosen = next((one.language for one in infos if (one.language or "en").lower().startswith("en")), None)
    if chosen is None and infos:
        chosen = infos[0].language
    return tuple(one for one in infos if one.language == chosen)


def _draft(alert: Alert, info: Info | None, *, exercise: bool) -> Drafted:
    to = Filling()
    if (alert.status == "Exercise") != exercise or alert.status in ("System", "Test", "Draft"):
        to.remark(f"status {alert.status}: this node is {'in an exercise' if exercise else 'at work'}")
    if alert.msg_type == "Cancel":
        to.remark("its sender cancelled it: look at what rests on the message that it names")
    to.put_source((info.sender_name if info else "") or alert.sender)
    to.fields["handling"] = HANDLING[alert.scope]
    for label, text in (("restriction", alert.restriction), ("note", alert.note), ("addresses", alert.addresses)):
        if text:
            to.remark(f"{label}: {text}")
    if info is None:
        to.remark("the alert says nothing of what is threatened, where or when")
    else:
        _told(to, info)
        left = sorted({one.language or "en-US" for one in alert.infos} - {info.language or "en-US"})
        if left:
            to.remark(f"also told in {', '.join(left)}, not taken here")
    return Drafted(
        FORM,
        to.fields["source_name"],
        to.fields,
        tuple(to.remarks),
        STANDING[alert.msg_type],
        reference(alert),
        alert.references,
    )


def _told(to: Filling, info: Info) -> None:
    to.put("what", info.headline or info.event)
    parts = [info.description]
    if info.instruction:
        parts.append(f"Instruction of its sender: {info.instruction}")
    to.put("details", "\n\n".join(part for part in parts if part))
    to.put("site", "; ".join(area.description for area in info.areas))
    begin = info.onset or info.effective
    if begin:
        to.put_time("window_from", seconds(begin))
        if not info.onset:
            to.remark("begin of the window: when the alert took effect, for it gives no onset")
    if info.expires:
        to.put_time("window_to", seconds(info.expires))
        to.remark("end of the window: when the alert expires")
    circles = [circle_of(text) for area in info.areas for text in area.circles]
    corners = [corner for area in info.areas for text in area.polygons for corner in points(text)]
    if corners:
        to.remark("the area is a polygon: the place is a circle around it")
    places = [(lat, lon, km * 1000) for lat, lon, km in circles] + [(lat, lon, 0.0) for lat, lon in corners]
    to.put_place(places, what="the area", parts=sum(len(area.circles) + len(area.polygons) for area in info.areas))
    if info.areas and not places:
        to.remark("the area is named, and not placed on the map")
    to.remark(f"by its sender: event {info.event}, urgency {info.urgency}, severity {info.severity}, "
              f"certainty {info.certainty}")  # fmt: skip
    if info.response_types:
        to.remark(f"advice of its sender: {', '.join(info.response_types)}")
    if info.resources:
        to.remark(f"attached files, named and not fetched: {len(info.resources)}")
