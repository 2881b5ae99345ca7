"""The Prefect settings that the system needs, each with its reason. What the operator has set himself stays."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import timedelta

TEN_YEARS = timedelta(days=3660)
"""Prefect deletes events after 7 days unless told otherwise; a directive lives for years, and so does its trail."""

CLIENT: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",  # the SDK's own telemetry, decided on the client's side
    # The ledger holds what people did and the card of the case what it waits for; what a run logs would be written by
    # two more requests of each run and read by nobody. Warnings reach the process's own log.
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_COLORS": "false",
    "PREFECT_CLIENT_MAX_RETRIES": "5",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",  # the lock file has already decided the version
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_WORKER_HEARTBEAT_SECONDS": "30",
}
"""For every process that talks to Prefect."""

SERVER: Mapping[str, str] = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # no request leaves the machine
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    # History: runs are never vacuumed, events stay for ten years, heartbeats (which are not sent) for a week.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events",
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{TEN_YEARS.days}D",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(int(TEN_YEARS.total_seconds())),
    # Nothing is scheduled by Prefect: the ledger wakes runs. Its loops look around rarely.
    "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_LOOP_SECONDS": "60",
    # Events and task runs are written in batches instead of one by one.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "0.5",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
}
"""For the Prefect server."""


def keep_to(settings: Mapping[str, str], environment: MutableMapping[str, str]) -> None:
    """Put `settings` into an environment, where the operator has not decided otherwise."""
    for name, value in settings.items():
        environment.setdefault(name, value)


def without_prefect(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without what would point Prefect at another server, another home or another profile."""
    return {name: value for name, value in environment.items() if not name.startswith("PREFECT_")}
