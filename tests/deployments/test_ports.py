"""A busy port is named, with the option that chooses another."""

from __future__ import annotations

import pytest

from deployments.errors import PortIsBusy
from deployments.ports import Ports, is_free, refuse_busy
from tests.stack import free_port, held_port


@pytest.mark.parametrize("name", ["prefect", "portal", "smtp"])
def test_the_busy_port_is_named(name: str) -> None:
    free = {"prefect": free_port(), "portal": free_port(), "smtp": free_port()}
    with held_port() as taken, pytest.raises(PortIsBusy) as refused:
        refuse_busy(Ports(**free | {name: taken}))
    assert refused.value.port == taken
    assert refused.value.option == f"--port-{name}"
    for sentence in (refused.value.th, refused.value.en):
        assert str(taken) in sentence
        assert f"--port-{name} {refused.value.facts['suggested']}" in sentence
    assert is_free(refused.value.facts["suggested"])


def test_two_parts_cannot_have_the_same_port() -> None:
    port = free_port()
    with pytest.raises(PortIsBusy, match="--port-portal"):
        refuse_busy(Ports(prefect=port, portal=port, smtp=free_port()))


def test_free_ports_are_not_refused() -> None:
    refuse_busy(Ports(prefect=free_port(), portal=free_port(), smtp=free_port()))
