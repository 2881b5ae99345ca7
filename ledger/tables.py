"""The tables. `events` is the history and is only ever added to; all others are derived from it or wait to be done.

Derived (rebuilt from events by `ledger.restore`): hand_offs, waits, gates, reminders, messages, case_documents, and of
cases all but the columns of the run. Work to be done after commit: mails, and of cases `wanted` and `wanted_at`. Not
handed in yet, and gone with the submission: drafts and uploads; with the session in which they were chosen: enclosures.
Witnesses of the history, only ever added to: anchors, the heads that each of them saw anew (anchor_leaves) and the
nodes of its tree that changed (anchor_nodes). To be made anew at any time: conformances. What auditors leave behind,
only ever added to: readings and findings.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from ledger.column_types import BigNumber, CanonicalJson, Number, UtcMoment
from ledger.dialect import officer_of

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows itself only for INTEGER; PostgreSQL gets 64 bits.
RowNumber = BigInteger().with_variant(Integer, "sqlite")

cases = Table(
    "cases",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("process", String(64), nullable=False),
    Column("process_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("phase", String(64), nullable=False, server_default=""),
    Column("facts", Text, nullable=False, server_default="{}"),
    Column("units", Text, nullable=False, server_default="[]"),
    Column("fiscal_year_be", Integer, nullable=False),
    Column("parent_id", String(128)),
    Column("parent_key", Text),
    Column("opened_at", UtcMoment, nullable=False),
    Column("closed_at", UtcMoment),
    Column("result", Text),
    Column("head_seq", Number, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Column("head_at", UtcMoment, nullable=False),
    # -- the run: technical, on the machine's clock, not part of the history
    Column("flow_run_id", String(36)),
    Column("run_state", String(16), nullable=False, server_default="none"),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("runner", String(128)),
    Column("lease_until", UtcMoment),
    Column("wanted", String(8)),
    Column("wanted_at", UtcMoment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("run_error", Text),
    Column("waiting_for", Text, nullable=False, server_default=""),
    Index(
        "ix_cases_wanted",
        "wanted_at",
        postgresql_where="wanted IS NOT NULL",
        sqlite_where="wanted IS NOT NULL",
    ),
    Index("ix_cases_process_state", "process", "state", "phase"),
    Index("ix_cases_flow_run_id", "flow_run_id"),
    Index("ix_cases_parent_id", "parent_id"),
    Index("ix_cases_opened_at", "opened_at", "id"),
)

events = Table(
    "events",
    metadata,
    Column("case_id", String(128), ForeignKey("cases.id"), primary_key=True),
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("at", UtcMoment, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("key", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("payload", CanonicalJson, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_events_at", "at"),
)
Index(
    "ix_events_officer", officer_of(events.c.actor), events.c.at,
    postgresql_where=officer_of(events.c.actor).is_not(None), sqlite_where=officer_of(events.c.actor).is_not(None),
)  # fmt: skip

hand_offs = Table(
    "hand_offs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", String(128), ForeignKey("cases.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("element", String(64), nullable=False),
    Column("unit", String(128), nullable=False),
    Column("duty", String(16), nullable=False),
    Column("officer", String(128)),
    Column("form", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("asked_by", String(128), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("gate", Text),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcMoment, nullable=False),
    Column("opened_seq", Integer, nullable=False),
    Column("due_at", UtcMoment),
    Column("year", String(160)),
    Column("closed_at", UtcMoment),
    Column("closed_seq", Integer),
    Column("closed_by", Text),
    Index("ix_hand_offs_unit_state", "unit", "state", "due_at"),
    Index("ix_hand_offs_year", "year", postgresql_where="year IS NOT NULL", sqlite_where="year IS NOT NULL"),
    Index("uq_hand_offs_case_id_key", "case_id", "key", unique=True),
    Index("ix_hand_offs_subject", "subject", "state"),
)

waits = Table(
    "waits",
    metadata,
    Column("case_id", String(128), ForeignKey("cases.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("gate", Text),
    Column("at", UtcMoment),
    Column("year", String(160)),
    Column("name", String(128)),
    Column("opened_seq", Integer, nullable=False),
    Column("closed_seq", Integer),
    Index("ix_waits_due", "at", postgresql_where="state = 'open' AND kind = 'timer'",
          sqlite_where="state = 'open' AND kind = 'timer'"),
    Index("ix_waits_year", "year", postgresql_where="year IS NOT NULL", sqlite_where="year IS NOT NULL"),
    Index("ix_waits_name", "name", postgresql_where="state = 'open' AND kind = 'message'",
          sqlite_where="state = 'open' AND kind = 'message'"),
)  # fmt: skip

gates = Table(
    "gates",
    metadata,
    Column("case_id", String(128), ForeignKey("cases.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("need", Integer, nullable=False),
    Column("remaining", Integer, nullable=False),
)

reminders = Table(
    "reminders",
    metadata,
    Column("hand_off_id", String(32), ForeignKey("hand_offs.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("rung", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(128), nullable=False),
    Column("at", UtcMoment, nullable=False),
    Index("ix_reminders_due", "at"),
)
"""Rungs that are still to be taken; what was sent, or need not be sent any more, stands in the events alone."""


messages = Table(
    "messages",
    metadata,
    Column("case_id", String(128), ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("name", String(128), nullable=False),
    Column("taken_by", Text),
)

mails = Table(
    "mails",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("once", String(255), nullable=False, unique=True),
    Column("case_id", String(128), nullable=False),
    Column("hand_off_id", String(32)),
    Column("folder", String(32), nullable=False),
    Column("context", CanonicalJson, nullable=False),
    Column("attachments", Text, nullable=False, server_default="[]"),
    Column("officer", String(128)),
    Column("name", Text, nullable=False),
    Column("email", String(254), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("queued_at", UtcMoment, nullable=False),
    Column("available_at", UtcMoment, nullable=False),
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcMoment),
    Column("settled_at", UtcMoment),
    Index("ix_mails_due", "available_at", postgresql_where="state = 'queued'", sqlite_where="state = 'queued'"),
    Index("ix_mails_case_id", "case_id"),
    Index("ix_mails_hand_off_id", "hand_off_id"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("hand_off_id", String(32), ForeignKey("hand_offs.id"), primary_key=True),
    Column("officer", String(128), primary_key=True),
    Column("data", Text, nullable=False),
    Column("saved_at", UtcMoment, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("media_type", String(128), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

case_documents = Table(
    "case_documents",
    metadata,
    Column("case_id", String(128), ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Index("ix_case_documents_sha256", "sha256"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("hand_off_id", String(32), ForeignKey("hand_offs.id"), primary_key=True),
    Column("officer", String(128), primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("sha256", String(64), ForeignKey("documents.sha256"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("at", UtcMoment, nullable=False),
    Index("ix_uploads_sha256", "sha256"),
)

enclosures = Table(
    "enclosures",
    metadata,
    Column("page", String(64), primary_key=True),
    Column("officer", String(128), primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("sha256", String(64), ForeignKey("documents.sha256"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("at", UtcMoment, nullable=False),
    Index("ix_enclosures_sha256", "sha256"),
    Index("ix_enclosures_at", "at"),
)
"""Files chosen on a page that starts something; `page` is its own key."""

conformances = Table(
    "conformances",
    metadata,
    Column("case_id", String(128), ForeignKey("cases.id"), primary_key=True),
    Column("head_seq", Number, nullable=False),
    Column("model", String(64), nullable=False),
    Column("deviation", Text),
    Column("checked_at", UtcMoment, nullable=False),
    Index("ix_conformances_deviating", "checked_at", postgresql_where="deviation IS NOT NULL",
          sqlite_where="deviation IS NOT NULL"),
)  # fmt: skip

# What was read, and what was found, must outlive a case that somebody takes away: neither has a foreign key to it.
readings = Table(
    "readings",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("at", UtcMoment, nullable=False),
    Column("officer", String(128), nullable=False),
    Column("case_id", String(128), nullable=False),
    Column("what", String(32), nullable=False),
    Column("head_seq", Number, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Index("ix_readings_case_id", "case_id", "id"),
    Index("ix_readings_officer", "officer", "id"),
)

findings = Table(
    "findings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcMoment, nullable=False),
    Column("case_id", String(128), nullable=False),
    Column("actor", Text, nullable=False),
    Column("judgement", String(16), nullable=False),
    Column("remark", Text, nullable=False),
    Column("deviation", Text),
    Column("head_seq", Number, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_findings_case_id", "case_id", "number"),
)

organisations = Table(
    "organisations",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("at", UtcMoment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("officer", String(128), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("changed_at", UtcMoment, nullable=False),
)

security_events = Table(
    "security_events",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("at", UtcMoment, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("officer", String(128)),
    Column("address", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_security_events_recent", "kind", "officer", "at"),
    Index("ix_security_events_address", "kind", "address", "at"),
)

anchors = Table(
    "anchors",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcMoment, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("cases", Number, nullable=False),
    Column("events", BigNumber, nullable=False),
    Column("root", String(64), nullable=False),
    Column("refused", Text, nullable=False, server_default="[]"),
    Column("key", String(64), nullable=False),
    Column("next_key", String(64), nullable=False, server_default=""),
    Column("hash", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
    Column("posted_at", UtcMoment),
)

anchor_leaves = Table(
    "anchor_leaves",
    metadata,
    # No foreign key to the case: what an anchor has seen must outlive a case that somebody takes away.
    Column("case_id", String(128), primary_key=True),
    Column("anchor", Integer, ForeignKey("anchors.number"), primary_key=True, autoincrement=False),
    Column("place", Number, nullable=False),
    Column("seq", Number, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_anchor_leaves_anchor", "anchor", "place"),
)

anchor_nodes = Table(
    "anchor_nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("anchor", Integer, ForeignKey("anchors.number"), primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("now", UtcMoment, nullable=False),
)
