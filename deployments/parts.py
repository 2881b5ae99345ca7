"""The parts of the system, each run by one process: worker, portal, local mailbox."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

import uvicorn
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

import flows
from audit.checking import Nightly
from audit.verifying import NightlyVerification
from deployments.errors import SecretIsMissing
from deployments.opening import runtime_here
from deployments.prefect_setup import answering, deploy, prefect_url
from engine.anchoring import anchor_when_due
from engine.process import processes
from engine.runtime import Runtime
from engine.settings import Settings
from engine.worker import Once, work
from flows.starting import ensure_week_open
from notifications.mailer import MailServer
from portal.app import create_app
from portal.errors import SecretKeyTooShort
from schemas.actor import system

PREFECT_SECONDS = 60.0
GRACEFUL_SECONDS = 5

assert flows.__all__, "importing the package has registered the processes"


async def run_worker(settings: Settings, stop: asyncio.Event) -> None:
    """A worker: executes case runs, keeps time, sends mail, makes anchors, and sees that a reporting week is open."""
    prefect_url()
    # Without heartbeats: the ledger's lease says whether a run is alive.
    with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        async with runtime_here(settings) as runtime:
            async with get_client() as client:
                await answering(client, seconds=PREFECT_SECONDS)
                await deploy(client, settings, processes())
            await work(runtime, mail_server_of(settings), stop=stop, standing=standing_of(runtime))


def standing_of(runtime: Runtime) -> Mapping[str, Once]:
    """What the worker sees to beside the cases: anchors, histories whole, models kept to; where directives are followed
    an open week.
    """
    weeks: dict[str, Once] = {"week": partial(_week, runtime)} if runtime.settings.reporting_weeks else {}
    audits: dict[str, Once] = {"conformance": Nightly(runtime).once, "verify": NightlyVerification(runtime).once}
    return weeks | audits | {"anchor": partial(anchor_when_due, runtime)}


async def _week(runtime: Runtime) -> int:
    await ensure_week_open(runtime, actor=system("worker"))
    return 0


def mail_server_of(settings: Settings) -> MailServer:
    return MailServer(
        host=settings.smtp_host, port=settings.smtp_port, username=settings.smtp_username,
        password=settings.smtp_password, security=settings.smtp_security,
    )  # fmt: skip


async def run_portal(settings: Settings, stop: asyncio.Event, *, host: str, port: int, proxies: str | None) -> None:
    """The portal, one process of it.

    :param proxies: addresses of reverse proxies whose word on the visitor's address is believed.
    :raises SecretIsMissing:
    """
    async with runtime_here(settings, furnished=False) as runtime:
        try:
            app = create_app(runtime)
        except SecretKeyTooShort as short:
            raise SecretIsMissing from short
        config = uvicorn.Config(
            app, host=host, port=port, log_level="warning", access_log=False, server_header=False,
            proxy_headers=proxies is not None, forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=GRACEFUL_SECONDS, timeout_keep_alive=30, backlog=2048,
        )  # fmt: skip
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        asked = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        asked.cancel()
        await serving
