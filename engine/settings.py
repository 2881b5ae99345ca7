"""Settings of one installation, from the environment (`SANGKAN_…`) or a `.env` file; built once, at the top."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from notifications.mailer import Security


class ClockKind(StrEnum):
    REAL = "real"
    SIMULATED = "simulated"


class Dispatch(StrEnum):
    """Who executes a run that is to be woken."""

    IN_PROCESS = "in-process"
    """Our worker executes it itself, straight from `Suspended` to `Running`."""
    SCHEDULED = "scheduled"
    """It is scheduled in Prefect, and whichever worker serves the pool takes it (Prefect's own process worker)."""


class Settings(BaseSettings):
    """Every setting with its meaning; the defaults are those of the embedded stack."""

    model_config = SettingsConfigDict(env_prefix="SANGKAN_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field("sqlite+aiosqlite:///var/ledger.db", description="The ledger's database.")
    database_connections: int = Field(16, ge=4, description="Most connections to the database of each process.")
    audit_database_url: SecretStr | None = Field(
        None, description="The ledger's database as auditors' pages open it, by a role that may only read."
    )
    work_pool: str = Field("sangkan", description="Prefect work pool of the case runs.")
    dispatch: Dispatch = Field(Dispatch.IN_PROCESS, description="Who executes woken runs.")
    run_concurrency: int = Field(6, ge=1, description="Case runs that one worker executes at the same time.")
    wake_delay_ms: int = Field(200, ge=0, description="How long a wake waits for others to join it, milliseconds.")
    lease_seconds: int = Field(60, ge=5, description="A run that does not renew its lease for so long is taken over.")
    sweep_seconds: float = Field(1.0, gt=0, description="How often due timers, reminders and mails are looked for.")
    reconcile_seconds: float = Field(30.0, gt=0, description="How often Prefect's runs are compared with the ledger.")
    reporting_weeks: bool = Field(
        True, description="Whether a reporting week of directives is kept open; no where only agreements are followed."
    )
    clock: ClockKind = Field(ClockKind.REAL, description="Real time, or a simulated clock for rehearsals.")
    portal_url: str = Field("http://127.0.0.1:8780", description="Address of the portal as people reach it.")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs sessions and links; at least 32 characters.")
    system_name: str = Field("ระบบติดตามข้อสั่งการ", description="Name of the system in mails and on pages.")
    system_name_en: str = Field("Directive Tracking System", description="Its name on pages in English.")
    mail_from: str = Field("sangkan@moj.example", description="Sender's address of all mail.")
    smtp_host: str = Field("127.0.0.1", description="Mail server.")
    smtp_port: int = Field(8725, ge=1, le=65535, description="Port of the mail server.")
    smtp_username: str | None = Field(None, description="Account on the mail server, if it asks for one.")
    smtp_password: SecretStr | None = Field(None, description="Password of that account.")
    smtp_security: Security = Field(Security.NONE, description="none, starttls or tls.")
    smtp_connections: int = Field(4, ge=1, description="Connections to the mail server.")
    mailbox_folder: Path | None = Field(None, description="Maildir of the embedded mailbox; shown in the portal.")
    emblem: Path | None = Field(
        None, description="Emblem on printed documents (SVG, PNG or JPEG); a neutral mark by default."
    )
    anchor_key: Path | None = Field(
        None, description="File of the key that signs anchors, outside of the database; without it none is made."
    )
    anchor_minutes: int = Field(60, ge=1, description="An anchor over all histories is made so often, if any changed.")
    anchor_keeper: str | None = Field(None, description="Address of the outside keeper who gets the latest anchor.")
    anchor_keeper_hours: int = Field(24, ge=1, description="How often the outside keeper gets it.")
    session_hours: int = Field(10, ge=1, description="A sign-in ends after so many hours.")
