"""Drives cases without Prefect: the same runs, performed in place. One `Stage` a test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from pydantic import SecretStr

from engine.actions import start_case
from engine.case_run import CaseRun, Closed, Parked
from engine.intake import Intake
from engine.lease import claim, release
from engine.runtime import Runtime
from engine.settings import Settings
from engine.sweep import sweep_once
from ledger import hand_offs, organisations, reading, tables
from ledger.hand_offs import HandOff
from ledger.work import Ledger
from schemas.actor import Actor, ActorKind, system
from schemas.base import Record
from schemas.organisation import Duty, Officer, Organisation, Unit, UnitRole
from schemas.policy import Policy

T = TypeVar("T")


def unit(unit_id: str, role: UnitRole = UnitRole.DIVISION, parent: str | None = "dept") -> Unit:
    return Unit(id=unit_id, th=f"หน่วย {unit_id}", en=unit_id, role=role, parent=parent)


def officer(unit_id: str, *duties: Duty) -> Officer:
    return Officer(
        id=f"{unit_id}.1", unit=unit_id, name=f"เจ้าหน้าที่ {unit_id}", email=f"{unit_id}@moj.example",
        duties=frozenset(duties or (Duty.OFFICER,)),
    )  # fmt: skip


DIVISIONS = tuple(f"div-{letter}" for letter in "abcde")
ORGANISATION = Organisation(
    ministry="moj",
    units=(
        unit("moj", UnitRole.MINISTRY, None),
        unit("secretariat", UnitRole.SECRETARIAT, "moj"),
        unit("dept", UnitRole.AGENCY, "moj"),
        unit("plan", UnitRole.PLANNING_UNIT),
        *(unit(division) for division in DIVISIONS),
    ),
    officers=(
        officer("moj", Duty.HEAD),
        officer("secretariat", Duty.OFFICER, Duty.SUPERVISOR),
        officer("dept", Duty.HEAD),
        officer("plan", Duty.OFFICER, Duty.SUPERVISOR),
        *(officer(division, Duty.OFFICER, Duty.SUPERVISOR) for division in DIVISIONS),
    ),
)


class InPlace:
    """Performs work at once and remembers the names of the task runs."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def perform(
        self, work: Callable[[], Awaitable[T]], *, element: str, name: str, retries: int, retry_delay_seconds: float
    ) -> T:
        self.names.append(name)
        return await work()


class Stage:
    """One ledger, one runtime, and the people who act on it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.intake = Intake(runtime)
        self.performed = InPlace()
        self.at_rest: dict[str, str] = {}
        """The end of the chain at which a case was found to have nothing left to do, by its id."""

    async def open(self, process: str, data: Record, *, case_id: str = "case-1", units: tuple[str, ...] = ()) -> str:
        await start_case(
            self.runtime, process, data, case_id=case_id, title="เรื่องทดสอบ", units=units, actor=system("test")
        )
        return case_id

    async def run(self, case_id: str = "case-1") -> Parked | Closed:
        """One run of a case, as a worker would execute it."""
        await self.runtime.refresh(at_once=True)
        lease = await claim(self.runtime.ledger, case_id, runner="test", seconds=60, flow_run_id="run")
        assert lease is not None, "the case is leased or not open"
        try:
            return await CaseRun(self.runtime, case_id, fence=lease.fence, performer=self.performed).go()
        finally:
            await release(self.runtime.ledger, lease)

    async def open_work(self, case_id: str = "case-1") -> dict[str, HandOff]:
        """Open hand-offs by key."""
        async with self.runtime.ledger.read() as connection:
            found = await reading.hand_offs_of_case(connection, case_id)
        return {h.key: h for h in found if h.state == hand_offs.OPEN}

    async def submit(self, key: str, data: Mapping[str, Any], *, case_id: str = "case-1", by: str | None = None) -> Any:
        hand_off = (await self.open_work(case_id))[key]
        return await self.intake.submit(hand_off.id, data, officer=by or f"{hand_off.unit}.1", through="test")

    async def wants_run(self, case_id: str = "case-1") -> bool:
        from sqlalchemy import select

        async with self.runtime.ledger.read() as connection:
            wanted = await connection.scalar(select(tables.cases.c.wanted).where(tables.cases.c.id == case_id))
        return wanted == "run"

    async def sweep(self) -> int:
        return await sweep_once(self.runtime)

    async def kinds(self, case_id: str = "case-1") -> list[str]:
        async with self.runtime.ledger.read() as connection:
            return [event.kind for event in await reading.history(connection, case_id)]


SETTINGS = Settings(secret_key=SecretStr("k" * 40), _env_file=None)
ACTOR = Actor(kind=ActorKind.OFFICER, officer="secretariat.1", unit="secretariat", name="ฝ่ายเลขานุการ", through="test")


async def stage_on(ledger: Ledger, organisation: Organisation = ORGANISATION, policy: Policy | None = None) -> Stage:
    async with ledger.begin() as work:
        await organisations.store(work, organisation, policy or Policy(), actor=system("test"), reason="test")
        await work.commit()
    runtime = Runtime(SETTINGS, ledger)
    await runtime.refresh(at_once=True)
    return Stage(runtime)
