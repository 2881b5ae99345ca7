"""The folder of a stack: secrets are made once and for their owner only, and one stack has it at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from deployments.errors import AlreadyRunning
from deployments.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "var")
    made.prepare()
    return made


def test_secrets_are_made_once(home: Home) -> None:
    first = home.secret_key, home.demo_password
    again = Home(home.folder)
    assert (again.secret_key, again.demo_password) == first
    assert len(home.secret_key) >= 32
    assert len(home.demo_password) >= 16


def test_two_stacks_share_no_secret(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    other.prepare()
    assert other.secret_key != home.secret_key
    assert other.demo_password != home.demo_password


def test_secrets_and_settings_are_for_their_owner_only(home: Home) -> None:
    home.keep_environment({"SANGKAN_SECRET_KEY": home.secret_key})
    assert home.demo_password
    for name in ("secret-key", "demo-password", "stack.env"):
        assert (home.folder / name).stat().st_mode & 0o777 == 0o600


def test_the_settings_of_the_last_start_are_kept(home: Home) -> None:
    assert home.kept_environment() == {}
    said = {"SANGKAN_PORTAL_URL": "http://127.0.0.1:8780", "A": "b=c"}
    home.keep_environment(said)
    assert home.kept_environment() == said


def test_a_second_stack_on_the_same_data_is_refused(home: Home) -> None:
    with home.locked(), pytest.raises(AlreadyRunning, match="--data") as refused, Home(home.folder).locked():
        pass
    assert str(home.folder) in refused.value.th
    with home.locked():
        pass
