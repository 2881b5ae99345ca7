"""One part of the benchmarks as a process of its own: `python -m deployments.bench_process worker|portal|sink|weeks …`.

Worker and portal are the product's own, with its own settings; where `SANGKAN_BENCH_COUNTS` names a file, what they ask
of Prefect and of the ledger is counted into it (`deployments.bench_counts`). The sink is a mail server that keeps of
each mail its Message-ID and when it came, one line each. The weeks are an auditor's (`deployments.bench_weeks`).
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deployments.serving import log_to_stderr, serve

COUNTS = "SANGKAN_BENCH_COUNTS"
MESSAGE_ID = b"\nmessage-id:"


class Sink:
    """Takes every mail; `file` gets `seconds Message-ID` a line, on the clock that `bench_load` reads."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("ab", buffering=0)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        arrived = time.perf_counter()
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self._file.write(f"{arrived:.6f} {message_id_in(content)}\n".encode())
        return "250 OK"

    async def serve(self, stop: asyncio.Event, *, port: int) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, loop=loop, hostname="127.0.0.1", enable_SMTPUTF8=True), "127.0.0.1", port
        )
        async with server:
            await stop.wait()


def message_id_in(content: bytes) -> str:
    """The Message-ID of a mail; the header may stand on the line after its name."""
    head = b"\n" + content.partition(b"\r\n\r\n")[0]
    at = head.lower().find(MESSAGE_ID)
    return head[at + len(MESSAGE_ID) :].split(maxsplit=1)[0].decode() if at >= 0 else ""


def main(arguments: list[str]) -> None:
    part, *rest = arguments
    log_to_stderr()
    if part == "sink":
        file, port = rest
        serve(partial(Sink(Path(file)).serve, port=int(port)))
        return
    from engine.settings import Settings

    if part == "weeks":
        from deployments.bench_weeks import write_weeks

        weeks, each = map(int, rest)
        asyncio.run(write_weeks(Settings().database_url, weeks, each, partial(print, file=sys.stderr)))
        return
    if counts := os.environ.get(COUNTS):
        from deployments.bench_counts import count_into

        count_into(Path(counts).with_suffix(f".{part}.json"))
    from deployments.parts import run_portal, run_worker

    if part == "worker":
        serve(partial(run_worker, Settings()))
    else:
        serve(partial(run_portal, Settings(), host="127.0.0.1", port=int(rest[0]), proxies=None))


if __name__ == "__main__":
    main(sys.argv[1:])
