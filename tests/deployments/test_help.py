"""Who asks a command for help gets it in Thai and in English, for the command and for everything it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import cyclopts
import pytest

from deployments.cli import app

BOTH = re.compile(r"[ก-๙].* · .*[a-z]", re.DOTALL)


def commands(of: cyclopts.App, path: tuple[str, ...] = ()) -> Iterator[tuple[str, cyclopts.App]]:
    for name in of:
        if name.startswith("-"):
            continue
        found = of[name]
        if found.default_command is None:
            yield from commands(found, (*path, name))
        elif found.show:
            yield " ".join((*path, name)), found


COMMANDS = dict(commands(app))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_what_it_takes_are_explained_in_both_languages(name: str) -> None:
    command = COMMANDS[name]
    assert BOTH.search(command.help), command.help
    for argument in command.assemble_argument_collection(parse_docstring=True):
        assert BOTH.search(argument.parameter.help or ""), (argument.name, argument.parameter.help)


def test_every_command_is_looked_at() -> None:
    assert {"run", "audit replay", "case cancel", "year move-day", "bench audit", "demo directive"} <= COMMANDS.keys()


def test_groups_that_are_loaded_when_they_are_asked_for_are_explained_as_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for asked in (["--help"], ["audit", "--help"]):
        app(asked, result_action="return_value")
        assert "ตรวจสอบประวัติ · Is the history what it was?" in capsys.readouterr().out
