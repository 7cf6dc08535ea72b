"""One document with all that is found in it, before documents are compared with each other."""

from dataclasses import dataclass

from safeconduct.incidents.reader.counts import find_counts
from safeconduct.incidents.reader.documents import read_document
from safeconduct.incidents.reader.gazetteer import Gazetteer, find_names
from safeconduct.incidents.reader.model import Count, Document, Name, Quotation, Remark, Voice, When
from safeconduct.incidents.reader.remarks import find_remarks
from safeconduct.incidents.reader.voices import read_speech
from safeconduct.incidents.reader.when import find_dates


@dataclass(frozen=True, slots=True)
class Parts:
    """What one document holds."""

    document: Document
    names: tuple[Name, ...]
    dates: tuple[When, ...]
    quotations: tuple[Quotation, ...]
    voices: tuple[Voice, ...]  # those of the quotations among them
    counts: tuple[Count, ...]
    remarks: tuple[Remark, ...]


def read_parts(file: str, data: bytes, *, published: str = "", gazetteer: Gazetteer | None = None) -> Parts:
    """Read one file by itself.

    Args:
        file: path below the folder, with "/".
        data: its bytes.
        published: ISO day, when a person gives it.
        gazetteer: identities to resolve names to; the default ones when none is given.
    """
    document = read_document(file, data, published=published)
    names = find_names(document, gazetteer or Gazetteer.default())
    quotations, voices = read_speech(document)
    return Parts(
        document=document,
        names=names,
        dates=find_dates(document),
        quotations=quotations,
        voices=voices,
        counts=find_counts(document),
        remarks=find_remarks(document, names),
    )
