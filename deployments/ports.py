"""The ports of the embedded stack, all on the loopback interface, and whether they are free."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from deployments.errors import PortIsBusy

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    prefect: int = 4280
    portal: int = 8780
    smtp: int = 8725


WHAT = {
    "prefect": ("Prefect", "the Prefect server"),
    "portal": ("หน้าเว็บ (portal)", "the portal"),
    "smtp": ("กล่องจดหมายในเครื่อง (SMTP)", "the local mailbox (SMTP)"),
}


def refuse_busy(ports: Ports) -> None:
    """:raises PortIsBusy: names the first one that is taken, and the option that chooses another."""
    wanted = {name: getattr(ports, name) for name in WHAT}
    ours: set[int] = set()
    for name, port in wanted.items():
        if port in ours or not is_free(port):
            th, en = WHAT[name]
            suggested = free_port_after(port, set(wanted.values()))
            raise PortIsBusy(port=port, what_th=th, what_en=en, option=f"--port-{name}", suggested=suggested)
        ours.add(port)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port whose last connections are still winding down may be taken again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as taken:
            if taken.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def free_port_after(port: int, taken: set[int]) -> int:
    """The next free port, as a suggestion."""
    return next(p for p in range(port + 1, 65536) if p not in taken and is_free(p))
