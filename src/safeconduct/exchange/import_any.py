"""Any of the formats that are read: told apart by what a file is, not by its name."""

from safeconduct.errors import BadInput
from safeconduct.exchange.cap_drafts import drafts_of_cap
from safeconduct.exchange.misp_import import drafts_of_misp, event_of
from safeconduct.exchange.stix_import import drafts_of_stix, load_json
from safeconduct.workflows.import_report import Drafted

FORMS = "CAP 1.2 (XML), STIX 2.1 or a MISP event (JSON)"


def drafts_of(data: bytes, *, exercise: bool = False) -> list[Drafted]:
    """Drafts of a file of one of the forms.

    Raises:
        BadInput: as the reader of the form; `unknown-format`.
        SafeconductError: `no-misp-stix`.
    """
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if head == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return drafts_of_cap(data, exercise=exercise)
    if head in (b"{", b"["):
        value = load_json(data, where="file")
        if isinstance(value, dict) and isinstance(value.get("type"), str):
            return drafts_of_stix(data)
        if event_of(value) is not None:
            return drafts_of_misp(data)
    raise BadInput("unknown-format", where="file", expected=FORMS, seen=data[:40])
