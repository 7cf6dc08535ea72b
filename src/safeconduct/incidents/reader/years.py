"""The year of documents that tell none: that of the documents on the same matter, where their weekdays allow it."""

from collections.abc import Sequence
from dataclasses import replace

from safeconduct.incidents.reader.parts import Parts
from safeconduct.incidents.reader.publication import guess_year, infer_publication
from safeconduct.incidents.reader.related import Related
from safeconduct.incidents.reader.when import find_dates


def settle_years(parts: Sequence[Parts]) -> list[Parts]:
    """The documents, those without a year dated by the most related one that has a year."""
    years = [guess_year(one.document) for one in parts]
    related = Related([one.document for one in parts]) if None in years and any(years) else None
    settled = []
    for place, one in enumerate(parts):
        others = related.to(place) if related is not None and years[place] is None else ()
        hint = years[place] or next((years[other] for other in others if years[other]), None)
        document = infer_publication(one.document, year=hint)
        if hint is None or (years[place] is not None and document is one.document):
            settled.append(one)
        else:
            year = guess_year(document, hint=hint)
            settled.append(replace(one, document=document, dates=find_dates(document, year=year)))
    return settled
