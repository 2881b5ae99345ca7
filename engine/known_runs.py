"""Saves two of Prefect's five requests a run: the flow engine asks again for what the dispatcher has just read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import Running

MOST_PAUSE_KEYS = 50
"""Prefect keeps the key of every sleep in the run; when there are more, the next wake writes an empty list."""


class KnownRuns:
    """Answers the flow engine's first questions about a run from memory; every other request goes to the server.

    A run that begins is read once more, only to learn that it is Running; and its version and retries are written,
    which are the same each time that it is woken.
    """

    def __init__(self, client: PrefectClient) -> None:
        self._begun: dict[UUID, FlowRun] = {}
        self._unchanged: set[UUID] = set()
        self._read, self._update = client.read_flow_run, client.update_flow_run
        client.read_flow_run = self.read_flow_run  # type: ignore[method-assign]
        client.update_flow_run = self.update_flow_run  # type: ignore[method-assign]

    def begin(self, flow: Flow[..., Any], flow_run: FlowRun) -> None:
        """The engine is about to carry out this run, as the server has it."""
        policy, known = flow_run.empirical_policy, flow_run.model_copy(update={"state": Running()})
        if len(policy.pause_keys or ()) > MOST_PAUSE_KEYS:
            known.empirical_policy = policy.model_copy(update={"pause_keys": set()})
        elif flow_run.flow_version == flow.version and None not in (policy.retries, policy.retry_delay):
            self._unchanged.add(flow_run.id)
        self._begun[flow_run.id] = known

    def end(self, flow_run: FlowRun) -> None:
        self._begun.pop(flow_run.id, None)
        self._unchanged.discard(flow_run.id)

    async def read_flow_run(self, flow_run_id: UUID) -> FlowRun:
        known = self._begun.pop(flow_run_id, None)
        return known or await self._read(flow_run_id)

    async def update_flow_run(self, flow_run_id: UUID, *args: Any, **values: Any) -> Any:
        if flow_run_id in self._unchanged:
            self._unchanged.discard(flow_run_id)
            return None
        return await self._update(flow_run_id, *args, **values)
