"""The locked set of dependencies starts a Prefect server, with the settings that the system needs."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import prefect
import pytest
from prefect.server.api.server import SERVER_API_VERSION  # type: ignore[attr-defined]

from deployments.prefect_settings import CLIENT, SERVER, TEN_YEARS, keep_to, without_prefect
from tests.stack import PrefectServer

pytestmark = pytest.mark.stack


def test_the_locked_set_starts_a_server(prefect_server: PrefectServer) -> None:
    assert prefect_server.get("/health") is True
    assert prefect_server.get("/version") == SERVER_API_VERSION
    assert prefect_server.get("/admin/version") == prefect.__version__ == "3.8.8"


def test_the_server_keeps_runs_and_events_and_tells_nobody(prefect_server: PrefectServer) -> None:
    settings = prefect_server.get("/admin/settings")
    server = settings["server"]
    assert server["analytics_enabled"] is False
    assert server["ui"]["show_promotional_content"] is False
    assert _seconds(server["events"]["retention_period"]) == TEN_YEARS.total_seconds()
    assert set(server["services"]["db_vacuum"]["enabled"]) == {"events"}, "runs are never vacuumed"


def _seconds(text: object) -> float:
    from pydantic import TypeAdapter

    return TypeAdapter(timedelta).validate_python(text).total_seconds()


@pytest.mark.parametrize("name", sorted({**SERVER, **CLIENT}.keys() - {"DO_NOT_TRACK"}))
def test_prefect_knows_every_setting_by_this_name(name: str) -> None:
    """A name that Prefect does not know would be passed over in silence."""
    from prefect.settings import Settings
    from prefect.settings.legacy import _get_settings_fields

    assert name in _get_settings_fields(Settings)


def test_all_settings_are_values_that_prefect_takes() -> None:
    environment = without_prefect(os.environ) | dict(SERVER) | dict(CLIENT)
    said = "from prefect.settings import get_current_settings as s; print(s().server.events.retention_period.days)"
    done = subprocess.run([sys.executable, "-c", said], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(TEN_YEARS.days)
    assert done.stderr == ""


def test_what_the_operator_has_set_stands() -> None:
    environment = {"PREFECT_LOGGING_LEVEL": "DEBUG"}
    keep_to(CLIENT, environment)
    assert environment["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    assert environment["PREFECT_LOGGING_TO_API_ENABLED"] == "false"


def test_no_loop_of_the_server_runs_without_a_pause() -> None:
    """Prefect cuts the recorder's interval to whole seconds; 0 would keep half a core busy."""
    assert int(float(SERVER["PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL"])) >= 1
