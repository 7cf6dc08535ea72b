"""The tables. One row per thing; bodies are canonical bytes; nothing that was recorded is updated in place."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

# 2: claims are found by incident, day and figure; 3: what is released, answered and exchanged; 4: spoken passes,
# segments that wait to be opened; 5: numbers and names of TAXII objects
SCHEMA_VERSION = 5

metadata = MetaData()


def _text(name: str, **options: object) -> Column[str]:
    return Column(name, String, nullable=bool(options.pop("nullable", False)), **options)  # type: ignore[arg-type]


def _int(name: str, **options: object) -> Column[int]:
    return Column(name, Integer, nullable=bool(options.pop("nullable", False)), **options)  # type: ignore[arg-type]


def _blob(name: str, **options: object) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=bool(options.pop("nullable", False)), **options)  # type: ignore[arg-type]


settings = Table("settings", metadata, _text("key", primary_key=True), _blob("value"))

ledger_entries = Table(
    "ledger_entries", metadata, _int("idx", primary_key=True), _text("kind"), _blob("nonce"), _blob("envelope"),
    _int("at"), Index("ledger_kind", "kind"),
)  # fmt: skip
ledger_nodes = Table(
    "ledger_nodes", metadata, _int("level", primary_key=True), _int("idx", primary_key=True), _blob("hash"),
    sqlite_with_rowid=False,
)  # fmt: skip

people = Table(
    "people", metadata, _text("person_id", primary_key=True), _text("group_id"), _text("class"), _blob("body"),
)  # fmt: skip
groups = Table(
    "groups", metadata, _text("group_id", primary_key=True), _int("heads"), _text("class"), _text("state"),
    _int("changed_at"), Index("groups_state", "state"),
)  # fmt: skip
leavers = Table(
    "leavers", metadata, _text("person_id", primary_key=True), _text("way"), _text("reason"), _int("at"),
)  # fmt: skip
departures = Table(
    "departures", metadata, _int("id", primary_key=True), _int("at"), _int("people"),
)  # fmt: skip
imports = Table(
    "imports", metadata, _text("digest", primary_key=True), _text("filename"), _int("people"), _int("groups"),
    _int("at"),
)  # fmt: skip

batches = Table(
    "batches", metadata, _int("number", primary_key=True), _blob("identity", unique=True), _blob("signed"),
    _blob("sealed_key"), _blob("secret"), _int("used"),
)  # fmt: skip
passes = Table(
    "passes", metadata, _int("batch", primary_key=True), _int("idx", primary_key=True), _text("group_id"),
    _text("point"), _int("not_before"), _int("window_end"), _int("heads"), _blob("raw"),
    Index("passes_group", "group_id"),
)  # fmt: skip
revocations = Table(
    "revocations", metadata, _int("batch", primary_key=True), _int("idx", primary_key=True), _text("reason"),
    _int("at"),
)  # fmt: skip
# Spoken passes are rows of `passes` with no bytes. A run is what was issued at once; its keys are sealed together.
spoken_batches = Table("spoken_batches", metadata, _int("batch", primary_key=True))
spoken_keys = Table("spoken_keys", metadata, _int("run", primary_key=True), _blob("sealed"))
spoken_places = Table(
    "spoken_places", metadata, _int("batch", primary_key=True), _int("idx", primary_key=True), _int("run"),
    _int("place"),
)  # fmt: skip
bundles = Table(
    "bundles", metadata, _int("seq", primary_key=True), _text("agreement"), _blob("data"), _int("at"),
)  # fmt: skip

devices = Table(
    "devices", metadata, _text("id", primary_key=True), _text("party"), _blob("public"), _text("point"),
    _int("epoch"), _int("upto_seq"), _blob("hash"), _int("last_at"),
)  # fmt: skip
segments = Table(
    "segments", metadata, _int("id", primary_key=True), _text("device"), _int("epoch"), _int("first_seq"),
    _int("last_seq"), _blob("data"), _int("ledger_index"), _int("at"),
    UniqueConstraint("device", "epoch", "first_seq"),
)  # fmt: skip
# Segments that were accepted and not opened yet; `first_seq` is the first event that is new in it.
unopened = Table(
    "unopened", metadata, _int("id", primary_key=True), _text("device"), _int("epoch"), _int("first_seq"),
    _text("point"),
)  # fmt: skip
events = Table(
    "events", metadata, _int("id", primary_key=True), _text("device"), _int("epoch"), _int("seq"), _blob("hash"),
    _text("kind"), _blob("batch", nullable=True), _int("idx", nullable=True), _text("point"), _int("at"), _int("low"),
    _int("high"), _int("heads"), _text("reason"), _text("note"), _text("person_class"),
    UniqueConstraint("device", "epoch", "seq"), Index("events_pass", "batch", "idx"),
)  # fmt: skip
quarantined = Table(
    "quarantined", metadata, _int("id", primary_key=True), _text("device"), _int("epoch"), _int("seq"), _text("why"),
    _blob("data"), _int("at"),
)  # fmt: skip
conflicts = Table(
    "conflicts", metadata, _blob("batch", primary_key=True), _int("idx", primary_key=True), _blob("body"),
    _int("found_at"), _int("second_use_at"),
)  # fmt: skip

reports = Table("reports", metadata, _text("id", primary_key=True), _blob("sealed"), _int("at"))
releases = Table(
    "releases", metadata, _text("id", primary_key=True), _text("direction"), _blob("body"),
    _text("report", nullable=True), _blob("withheld"), _int("issued"), _int("ledger_index"),
)  # fmt: skip
# Corrections and withdrawals, each beside the version that came first; none replaces another.
release_versions = Table(
    "release_versions", metadata, _text("release", primary_key=True), _int("version", primary_key=True),
    _int("revoked"), _blob("body"), _text("report", nullable=True), _blob("withheld"), _int("issued"),
    _int("ledger_index"),
)  # fmt: skip
# Where each version of a sent release put its warning: the next release is weighed against these, found by cell.
release_cells = Table(
    "release_cells", metadata, _text("release", primary_key=True), _int("version", primary_key=True),
    _text("report", nullable=True), _text("partner"), _text("cell"), _text("class"), _int("window_from"),
    _int("window_to"), _text("actor", nullable=True), _int("ledger_index"),
    Index("release_cells_place", "cell", "partner", "class", "window_from", "window_to"),
    Index("release_cells_report", "report", "partner", "cell"), Index("release_cells_order", "ledger_index", "report"),
)  # fmt: skip
report_sources = Table(
    "report_sources", metadata, _blob("tag", primary_key=True), _text("report", primary_key=True),
    sqlite_with_rowid=False,
)  # fmt: skip
source_cells = Table(
    "source_cells", metadata, _blob("tag", primary_key=True), _text("partner", primary_key=True),
    _text("cell", primary_key=True), sqlite_with_rowid=False,
)  # fmt: skip
release_pools = Table(
    "release_pools", metadata, _text("partner", primary_key=True), _text("other", primary_key=True),
)  # fmt: skip
answers = Table(
    "answers", metadata, _int("id", primary_key=True), _text("release"), _text("kind"), _blob("body"), _int("at"),
    _int("ledger_index"), Index("answers_release", "release"),
)  # fmt: skip

records = Table(
    "records", metadata, _int("seq", primary_key=True), _text("kind"), _text("record_id"), _blob("body"), _int("at"),
    Index("records_id", "kind", "record_id"),
)  # fmt: skip
# What is needed to find claims and to reckon with them, beside their bodies in `records`: made from these, and never
# the other way round. A line is "day id number", so that lines sort as an account does.
terms = Table("terms", metadata, _int("id", primary_key=True), _text("text", unique=True))
claims = Table(
    "claims", metadata, _int("seq", primary_key=True), _text("id", unique=True), _int("incident"), _int("day"),
    _text("line"), _int("recorded"), _int("figure", nullable=True), _text("basis"), _int("low", nullable=True),
    _int("high", nullable=True), _int("ambiguous"), _text("rank"), _int("voice"), _int("source"),
    _int("attribution"), _int("tied"), Index("claims_line", "incident", "line", "day", "recorded", "id"),
)  # fmt: skip
_LOOSE = (claims.c.tied == 0) & (claims.c.figure.is_not(None))  # takes part in no relation
# Each of these holds all that one question asks, so that the table itself is not touched.
Index(
    "claims_sort", claims.c.incident, claims.c.figure, claims.c.basis, claims.c.ambiguous, claims.c.day, claims.c.rank,
    claims.c.line, claims.c.recorded, sqlite_where=_LOOSE,
)  # fmt: skip
Index(
    "claims_day", claims.c.incident, claims.c.figure, claims.c.day, claims.c.low, claims.c.high, claims.c.recorded,
    claims.c.id, sqlite_where=_LOOSE,
)  # fmt: skip
Index(
    "claims_voice", claims.c.incident, claims.c.figure, claims.c.voice, claims.c.day, claims.c.recorded,
    sqlite_where=_LOOSE,
)  # fmt: skip
Index(
    "claims_tied", claims.c.incident, claims.c.day, claims.c.recorded, claims.c.id, claims.c.figure, claims.c.basis,
    claims.c.low, claims.c.high, claims.c.ambiguous, claims.c.voice, sqlite_where=claims.c.tied == 1,
)  # fmt: skip
Index("claims_grade", claims.c.incident, claims.c.line, sqlite_where=claims.c.attribution == 1)
# What the loose claims of one figure, day, basis and clearness come to.
claim_days = Table(
    "claim_days", metadata, _int("incident", primary_key=True), _int("figure", primary_key=True),
    _int("day", primary_key=True), _text("basis", primary_key=True), _int("ambiguous", primary_key=True),
    _int("number"), _text("lowest"), _text("highest"), _text("oldest"), _text("newest"), _int("low", nullable=True),
    _int("top_low", nullable=True), _int("high", nullable=True), sqlite_with_rowid=False,
)  # fmt: skip
claim_ties = Table(
    "claim_ties", metadata, _int("seq", primary_key=True), _int("incident"), _int("source"), _int("target"),
    _text("kind"), _int("day"), _int("recorded"),
    Index("ties_incident", "incident", "day", "recorded", "source", "target", "kind"),
)  # fmt: skip
incident_parts = Table(
    "incident_parts", metadata, _int("seq", primary_key=True), _text("incident"), _text("kind"), _text("record_id"),
    UniqueConstraint("incident", "kind", "record_id"),
)  # fmt: skip
# Originals of sources as they came, what was read in them, and what people decided about it. The first and the last
# are never changed; what lies between can be made again from the first.
source_files = Table(
    "source_files", metadata, _int("seq", primary_key=True), _text("digest", unique=True), _text("name"), _int("size"),
    _int("at"), _blob("packed"),
)  # fmt: skip
source_readings = Table("source_readings", metadata, _text("digest", primary_key=True), _blob("body"))
suggestions = Table(
    "suggestions", metadata, _text("id", primary_key=True), _text("digest"), _int("starts"), _int("ends"),
    _text("kind"), _text("happening"), _blob("body"), Index("suggestions_place", "digest", "starts"),
    Index("suggestions_happening", "happening"),
)  # fmt: skip
suggested_ties = Table(
    "suggested_ties", metadata, _text("id", primary_key=True), _text("source"), _text("target"), _text("kind"),
    _text("method"), Index("suggested_ties_source", "source"), Index("suggested_ties_target", "target"),
)  # fmt: skip
decisions = Table(
    "decisions", metadata, _int("seq", primary_key=True), _text("about"), _text("state"), _text("by"), _int("at"),
    _text("claim"), _blob("body"), Index("decisions_about", "about", "seq"),
)  # fmt: skip
agreements = Table(
    "agreements", metadata, _text("id", primary_key=True), _int("version", primary_key=True), _blob("body"),
    _blob("signatures"), _text("state"), _int("at"),
)  # fmt: skip

outbox = Table(
    "outbox", metadata, _int("id", primary_key=True), _text("recipient"), _text("kind"), _blob("wire"),
    _int("attempts"), _text("last_error", nullable=True), _int("at"), _int("delivered_at", nullable=True),
    Index("outbox_due", "delivered_at"),
)  # fmt: skip
inbox = Table(
    "inbox", metadata, _blob("digest", primary_key=True), _text("kind"), _int("ledger_index"), _int("at"),
)  # fmt: skip
# Where in our ledger each envelope stands that we sent; the outbox has the envelope itself.
sent_envelopes = Table(
    "sent_envelopes", metadata, _int("ledger_index", primary_key=True), _int("outbox"), _blob("digest", unique=True),
    _text("kind"),
)  # fmt: skip
# Envelopes of the partner's that are rightly signed and were not taken in: waiting for another one, or refused.
parked = Table(
    "parked", metadata, _blob("digest", primary_key=True), _text("sender"), _text("kind"), _text("state"),
    _text("code"), _text("detail"), _blob("wire", nullable=True), _int("size"), _int("sent"), _int("since"),
    _int("tries"), Index("parked_state", "state", "since"),
)  # fmt: skip
# What the partner states in writing that it sent to us ("sent") and took in from us ("taken"), by its own ledger.
stated = Table(
    "stated", metadata, _text("way", primary_key=True), _int("idx", primary_key=True), _text("kind"), _blob("digest"),
    Index("stated_digest", "digest"), sqlite_with_rowid=False,
)  # fmt: skip

# Versions of STIX objects as they are sent, by collection. `first` and `last` mark the earliest and the latest version
# of an object, so that the usual page (latest versions only) is one stretch of one index.
taxii_collections = Table(
    "taxii_collections", metadata, _int("number", primary_key=True), _text("id", unique=True), _text("root"),
    _text("alias"), _text("title"), _text("description"), _text("party"), _text("way"), _int("newest"),
    _int("largest"), _int("at"), _text("media"), UniqueConstraint("root", "alias"),
)  # fmt: skip
taxii_objects = Table(
    "taxii_objects", metadata, _int("seq", primary_key=True), _int("collection"), _int("added"), _text("id"),
    _text("type"), _int("version"), _int("spec"), _int("first"), _int("last"), _blob("body"),
    _int("object", server_default="0"),  # its number: the seq of the version that came first
    Index("taxii_objects_version", "object", "version", "spec", unique=True),
    Index("taxii_objects_added", "collection", "added"),
)  # fmt: skip
_NEWEST = taxii_objects.c.last == 1
Index("taxii_objects_last", taxii_objects.c.collection, taxii_objects.c.added, sqlite_where=_NEWEST)
Index(
    "taxii_objects_type", taxii_objects.c.collection, taxii_objects.c.type, taxii_objects.c.added, sqlite_where=_NEWEST
)
Index("taxii_objects_old", taxii_objects.c.collection, taxii_objects.c.added, sqlite_where=taxii_objects.c.spec == 20)
taxii_names = Table(
    "taxii_names", metadata, _int("settled", primary_key=True), _int("key", primary_key=True),
    _int("object", primary_key=True), sqlite_with_rowid=False,
)  # fmt: skip
taxii_sweep = Table("taxii_sweep", metadata, _int("next", primary_key=True), _int("waiting"))
taxii_clients = Table(
    "taxii_clients", metadata, _text("name", primary_key=True), _text("digest"), _int("rate"), _int("size"),
    _int("at"),
)  # fmt: skip
taxii_rights = Table(
    "taxii_rights", metadata, _text("client", primary_key=True), _int("collection", primary_key=True), _int("read"),
    _int("write"),
)  # fmt: skip
taxii_statuses = Table(
    "taxii_statuses", metadata, _text("id", primary_key=True), _text("root"), _text("client"), _blob("body"),
    _int("at"), Index("taxii_statuses_at", "at"),
)  # fmt: skip
