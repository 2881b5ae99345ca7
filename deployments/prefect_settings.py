"""The Prefect settings that the system needs, each with its reason. What the operator has set himself stays."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import timedelta
from pathlib import Path

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
    # Prefect cuts this one to whole seconds: below 1 it would look again without a pause, on half a core.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
}
"""For the Prefect server."""


KEEP_ALIVE_SECONDS = 75
"""Longer than a client keeps an idle connection, so that the server is never the one to hang up on a request."""


def server_environment(host: str, port: int, home: Path) -> dict[str, str]:
    """Settings of a Prefect server with its data under `home`, listening on `host`."""
    return dict(SERVER) | {
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_API_HOST": host,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_API_URL": f"http://{host}:{port}/api",
    }


def server_command(host: str, port: int) -> tuple[str, ...]:
    """Module and arguments of a Prefect server in one process, as `prefect server start` would start it."""
    return (
        "uvicorn", "--factory", "prefect.server.api.server:create_app", "--host", host, "--port", str(port),
        "--timeout-keep-alive", str(KEEP_ALIVE_SECONDS), "--timeout-graceful-shutdown", "3",
        "--log-level", "warning", "--no-access-log",
    )  # fmt: skip


def keep_to(settings: Mapping[str, str], environment: MutableMapping[str, str]) -> None:
    """Put `settings` into an environment, where the operator has not decided otherwise."""
    for name, value in settings.items():
        environment.setdefault(name, value)


def without_prefect(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without what would point Prefect at another server, another home or another profile."""
    return {name: value for name, value in environment.items() if not name.startswith("PREFECT_")}
