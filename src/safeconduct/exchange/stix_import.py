"""STIX 2.1 from other people's software as draft reports: one for each report or grouping, else one for all.

Taken: name, description, place with its precision, valid times, TLP marking, notes and opinions on it, and who made
it. What we do not know (object types, properties, extensions) is left alone: the file is archived as it came. A bundle
with our own extension gives also what that says.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.release import read_fields
from safeconduct.alerts.stix import EXTENSION_ID, NOT_GIVEN, TLP_EXTENSION, TLP_IDS
from safeconduct.alerts.words import LIKELIHOOD, TLP
from safeconduct.errors import BadInput
from safeconduct.exchange.draft_texts import Filling
from safeconduct.workflows.import_report import Drafted

FORM = "STIX 2.1"
LIMIT_BYTES, MAX_DEPTH, MAX_OBJECTS = 2 << 20, 32, 20_000
CONTAINERS = ("report", "grouping")
ACTORS = ("threat-actor", "intrusion-set", "campaign")
SETTING = ("identity", "location", "note", "opinion", "marking-definition", "extension-definition", "language-content")
# TLP 1.0, the markings of STIX 2.1, section 7.2.1.4, and what each is called since TLP 2.0.
TLP_1 = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:CLEAR",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
}
_BY_ID = {**TLP_1, **{value: name for name, value in TLP_IDS.items()}}
_ID = re.compile(r"[a-z][a-z0-9-]{1,100}--[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)

Object = Mapping[str, Any]


def drafts_of_stix(data: bytes) -> list[Drafted]:
    """Drafts of a STIX 2.1 bundle, or of one object by itself.

    Steps: 1. JSON of bounded size and depth, no key twice; 2. a bundle of objects with type, id and version 2.1; 3. of
    two versions of one object the newer; 4. a draft for each report and grouping.

    Raises:
        BadInput: `bad-json`, `bad-stix`, naming the place.
    """
    objects = _newest(_objects(load_json(data, where="bundle")))  # 1, 2, 3
    tops = [one for one in objects.values() if one["type"] in CONTAINERS]  # 4
    return [_draft(objects, top) for top in tops] or [_draft(objects, None)]


def load_json(data: bytes, *, where: str) -> Any:
    """Value of JSON in UTF-8 from a stranger.

    Raises:
        BadInput: `bad-json`: too large, too deep, not JSON, a key twice, NaN.
    """
    if len(data) > LIMIT_BYTES:
        raise BadInput("bad-json", where=where, expected=f"at most {LIMIT_BYTES} bytes", seen=len(data))
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise BadInput("bad-json", where=where, expected=f"at most {MAX_DEPTH} levels", seen="many more") from None
    except ValueError as error:
        raise BadInput("bad-json", where=where, expected="JSON in UTF-8, no key twice", seen=str(error)) from None
    level, inner = 0, [value]
    while inner:
        level += 1
        if level > MAX_DEPTH:
            raise BadInput("bad-json", where=where, expected=f"at most {MAX_DEPTH} levels", seen=f"{level} and more")
        inner = [
            below
            for one in inner
            if isinstance(one, dict | list)
            for below in (one.values() if isinstance(one, dict) else one)
        ]
    return value


def _objects(value: Any) -> list[Any]:
    """All objects of a bundle, each with a type, an id of that type, and of version 2.1."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise BadInput("bad-stix", where="bundle", expected="a STIX bundle", seen=type(value).__name__)
    if value["type"] != "bundle":
        found: Any = [value]
        where = "object"
    else:
        if "spec_version" in value:
            raise BadInput("bad-stix", where="bundle.spec_version", expected="STIX 2.1, whose bundles have none",
                           seen=value["spec_version"])  # fmt: skip
        found, where = value.get("objects"), "bundle.objects"
        if not isinstance(found, list) or not 1 <= len(found) <= MAX_OBJECTS:
            seen = len(found) if isinstance(found, list) else found
            raise BadInput("bad-stix", where=where, expected=f"a list of 1 to {MAX_OBJECTS} objects", seen=seen)
    for place, one in enumerate(found):
        _check(one, f"{where}[{place}]")
    return list(found)


def _check(one: Any, where: str) -> None:
    if not isinstance(one, dict):
        raise BadInput("bad-stix", where=where, expected="an object", seen=one)
    name = one.get("id")
    if not isinstance(one.get("type"), str):
        raise BadInput("bad-stix", where=f"{where}.type", expected="a type", seen=one.get("type"))
    if not isinstance(name, str) or not _ID.fullmatch(name) or name.partition("--")[0] != one["type"]:
        raise BadInput("bad-stix", where=f"{where}.id", expected=f"{one['type']}-- and a UUID", seen=name)
    # Objects that are observed (STIX 2.1, section 6) may leave their version out; those with a history may not.
    version = one.get("spec_version", None if "created" in one else "2.1")
    if version != "2.1":
        raise BadInput("bad-stix", where=f"{where}.spec_version", expected="2.1", seen=version)
    for key in ("created", "modified", "valid_from", "valid_until"):
        if key in one and _seconds(one[key]) is None:
            raise BadInput("bad-stix", where=f"{where}.{key}", expected="a time as 2021-08-26T13:00:00Z", seen=one[key])
    for key in ("object_refs", "object_marking_refs"):
        refs = one.get(key, [])
        if not isinstance(refs, list) or not all(isinstance(ref, str) for ref in refs):
            raise BadInput("bad-stix", where=f"{where}.{key}", expected="a list of ids", seen=refs)


def _newest(objects: Iterable[Object]) -> dict[str, Object]:
    found: dict[str, Object] = {}
    for one in objects:
        before = found.get(one["id"])
        if before is None or str(one.get("modified", "")) >= str(before.get("modified", "")):
            found[one["id"]] = one
    return found


def _draft(objects: Mapping[str, Object], top: Object | None) -> Drafted:
    to = Filling()
    about = [objects[ref] for ref in top.get("object_refs", ()) if ref in objects] if top else list(objects.values())
    away = [ref for ref in top.get("object_refs", ()) if ref not in objects] if top else []
    if away:
        to.remark(f"names {len(away)} objects that are not in the file, the first {away[0]}")
    makers = {_text(one, "created_by_ref") for one in ((top,) if top else about)} - {""}
    to.put_source(_text(objects.get(makers.pop(), {}), "name") if len(makers) == 1 else "")
    if top is None:
        told = [one for one in about if one["type"] not in SETTING]
        names = [f"{_text(one, 'name')} ({one['type']})" for one in told if _text(one, "name")]
        to.put("what", "; ".join(names[:5]) or f"{len(about)} objects without a report")
        to.remark("the file has no report: look whether it tells of a threat to people at a place")
    else:
        to.put("what", _text(top, "name"))
        if top.get("confidence") is not None:
            to.remark(f"its producer gives a confidence of {top['confidence']} of 100; ours is for us to say")
    _details(to, objects, top, about)
    _place(to, [one for one in about if one["type"] == "location"])
    _times(to, about)
    _marking(to, objects, [one for one in (top, *about) if one])
    _ours(to, top)
    actors = sorted({_text(one, "name") for one in about if one["type"] in ACTORS} - {""})
    if len(actors) == 1:
        to.put("actor", actors[0])
    elif actors:
        to.remark(f"names {len(actors)} actors: {'; '.join(actors)}")
    gone = top is not None and top.get("revoked") is True
    if gone:
        to.remark("its producer took it back: look at what rests on it")
    standing = "withdrawn" if gone else "update" if top and top.get("modified") != top.get("created") else "new"
    name = str(top["id"]) if top else ""
    return Drafted(FORM, to.fields["source_name"], to.fields, tuple(to.remarks), standing, name,
                   (name,) if standing != "new" else ())  # fmt: skip


def _details(to: Filling, objects: Mapping[str, Object], top: Object | None, about: list[Object]) -> None:
    """The description, the notes on it with their authors, opinions in a word, and a count of what is not taken."""
    ids = {one["id"] for one in about} | ({top["id"]} if top else set())
    told = [top] if top else [one for one in about if one["type"] not in SETTING]
    parts = list(dict.fromkeys(_text(one, "description") for one in told))
    for one in objects.values():
        if not ids & {*one.get("object_refs", ()), one["id"]}:
            continue
        if one["type"] == "note":
            parts.append(f"Note: {_text(one, 'content')}")
        elif one["type"] == "opinion":
            to.remark(f"opinion on it: {_text(one, 'opinion')}. {_text(one, 'explanation')}")
    to.put("details", "\n\n".join(part for part in parts if part))
    counts: dict[str, int] = {}
    for one in about:
        if one["type"] not in (*ACTORS, *SETTING, *CONTAINERS):
            counts[one["type"]] = counts.get(one["type"], 0) + 1
    if counts:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
        to.remark(f"not taken out of the file, which is kept whole: {kinds}")


def _place(to: Filling, locations: list[Object]) -> None:
    placed = []
    for one in locations:
        given = (one.get("latitude"), one.get("longitude"), one.get("precision", 0))
        if given[:2] == (None, None):
            continue
        lat, lon, precision = (_number(value, most) for value, most in zip(given, (90, 180, 30_000_000), strict=True))
        if lat is None or lon is None or precision is None or precision < 0:
            expected = "latitude, longitude in degrees and precision in metres"
            raise BadInput("bad-stix", where=one["id"], expected=expected, seen=given)
        placed.append((lat, lon, precision))
    to.put_place(placed, what="the location", parts=len(placed))
    keys = ("name", "street_address", "city", "region", "country")
    names = [
        ", ".join(filter(None, (_text(one, key) for key in keys))) or _text(one, "description") for one in locations
    ]
    to.put("site", "; ".join(name for name in names if name))


def _times(to: Filling, about: list[Object]) -> None:
    """The window, where exactly one pair of valid times is given; several are left for a person."""
    pairs = {(one.get("valid_from"), one.get("valid_until")) for one in about if "valid_until" in one}
    if len(pairs) == 1:
        begin, end = next(iter(pairs))
        for name, value in (("window_from", begin), ("window_to", end)):
            at = _seconds(value)
            if at is not None:
                to.put_time(name, at)
        to.remark("window: the time for which an indicator in it is valid")
    elif pairs:
        to.remark(f"{len(pairs)} different valid times: the window is for a person to say")


def _marking(to: Filling, objects: Mapping[str, Object], marked: list[Object]) -> None:
    """The strictest TLP marking of all that was taken; statements are quoted, other markings counted."""
    refs = list(dict.fromkeys(ref for one in marked for ref in one.get("object_marking_refs", ())))
    found = {ref: _tlp(objects.get(ref, {}), ref) for ref in refs}
    known = [name for name in found.values() if name]
    if known:
        to.fields["handling"] = max(known, key=TLP.index)
    for ref, name in found.items():
        statement = objects.get(ref, {}).get("definition")
        if isinstance(statement, dict) and _text(statement, "statement"):
            to.remark(f"marked: {_text(statement, 'statement')}")
        elif name is None:
            to.remark(f"a marking that we do not know: {ref}")


def _tlp(marking: Object, ref: str) -> str | None:
    """TLP 2.0 name of a marking, by its published id, its extension, or its definition in TLP 1.0."""
    if ref in _BY_ID:
        return _BY_ID[ref]
    extensions, definition = marking.get("extensions"), marking.get("definition")
    said = ""
    if isinstance(extensions, dict) and isinstance(extensions.get(TLP_EXTENSION), dict):
        said = _text(extensions[TLP_EXTENSION], "tlp_2_0")
    elif isinstance(definition, dict):
        said = _text(definition, "tlp")
    name = "TLP:" + {"white": "clear"}.get(said.lower(), said.lower()).upper()
    return name if name in TLP else None


def _ours(to: Filling, top: Object | None) -> None:
    """What a release of another safeconduct says beyond plain STIX; one that is not whole is left alone."""
    extensions = (top or {}).get("extensions")
    plain = extensions.get(EXTENSION_ID) if isinstance(extensions, dict) else None
    if not isinstance(plain, dict):
        return
    try:
        release = read_fields(Fields({**NOT_GIVEN, **plain}, "extension"))
    except BadInput as error:
        to.remark(f"its safeconduct extension was not read: {error}")
        return
    to.put_time("window_from", release.window_from)
    to.put_time("window_to", release.window_to)
    to.fields["threatened_class"], to.fields["advised_action"] = release.threatened_class, release.advised_action
    if release.actor:
        to.put("actor", release.actor)
    if release.likelihood:
        to.remark(f"its producer says: {LIKELIHOOD[release.likelihood][0]}")


def _text(one: Object, key: str) -> str:
    value = one.get(key)
    return value if isinstance(value, str) else ""


def _number(value: Any, most: float) -> float | None:
    """A number up to `most` to either side of 0; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > most:
        return None
    return float(value)


def _seconds(value: Any) -> int | None:
    """Unix seconds of a STIX timestamp, its fraction cut off; None if it is none."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        return int(datetime.fromisoformat(value[:19]).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a key twice")
    return mapping


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
