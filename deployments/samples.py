"""Sample directives at each of the four levels: registered, and carried on by the officers' answers from a file.

Nothing is put into the ledger by the back door: the directives are registered as the secretariat would, and every
answer goes through the intake in the name of a role account. What was done is read from the ledger, so that it is
never done twice, and a start that was interrupted goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from deployments.errors import SampleDoesNotFit
from deployments.opening import runtime_here
from deployments.wording import say
from engine.intake import Intake
from engine.runtime import Runtime
from engine.settings import Settings
from flows.starting import register_directive
from ledger import reading
from ledger.hand_offs import OPEN, SUBMITTED, HandOff
from rules.calendar import bangkok_date
from rules.errors import UnknownUnit
from schemas.actor import Actor, ActorKind
from schemas.base import CaseId, Record
from schemas.directive import Registration
from schemas.organisation import Duty

FILE = Path(__file__).parent / "ministries" / "sample-directives.yaml"
THROUGH = "sample"
STEP_SECONDS = 90.0
LOOK_SECONDS = 0.25


class SampleAnswer(Record):
    """What the officer who holds the work of this element answers."""

    element: str
    data: dict[str, Any]


class SampleDirective(Record):
    registration: dict[str, Any]
    ordered_days_ago: int = Field(ge=0)
    answers: tuple[SampleAnswer, ...]

    def form(self, today: date) -> Registration:
        ordered_on = today - timedelta(days=self.ordered_days_ago)
        return Registration.model_validate({**self.registration, "ordered_on": ordered_on})


class Samples(Record):
    directives: tuple[SampleDirective, ...]


def sample_directives() -> tuple[SampleDirective, ...]:
    """The directives of the file, checked."""
    return Samples.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8"))).directives


async def open_samples(settings: Settings) -> None:
    """Open what is missing and carry it on; nothing in a ministry that is not the sample's.

    :raises SampleDoesNotFit: a case did not come to the step that the file answers.
    """
    async with runtime_here(settings) as runtime, Intake(runtime) as intake:
        today = bangkok_date(await runtime.ledger.now())
        samples = sample_directives()
        forms = [sample.form(today) for sample in samples]
        if not all(_is_at_home(runtime, form) for form in forms):
            return
        # One after the other: their numbers are in the order of the file.
        cases = [await _opened(runtime, form) for form in forms]
        await asyncio.gather(
            *(_carry_on(runtime, intake, case, s, today) for case, s in zip(cases, samples, strict=True))
        )


def _is_at_home(runtime: Runtime, form: Registration) -> bool:
    """Are the agencies of this directive those of the sample ministry?"""
    try:
        return all("ตัวอย่าง" in runtime.directory.unit(agency).th or agency == "oja" for agency in form.agencies)
    except UnknownUnit:
        return False


async def _opened(runtime: Runtime, form: Registration) -> CaseId:
    async with runtime.ledger.read() as connection:
        found = await reading.cases_where(connection, limit=1, process="directive-lifecycle", text=form.title)
    if found:
        return found[0].id
    (case,) = await register_directive(runtime, form, actor=_secretary(runtime))
    say("sample", {"title": form.title, "case": case})
    return case


def _secretary(runtime: Runtime) -> Actor:
    who = runtime.directory.officers_of(runtime.directory.secretariat().id, Duty.OFFICER)[0]
    return Actor(kind=ActorKind.OFFICER, officer=who.id, unit=who.unit, name=who.name, through=THROUGH)


async def _carry_on(runtime: Runtime, intake: Intake, case: CaseId, sample: SampleDirective, today: date) -> None:
    """Give the answers that were not given yet; a directive that has had its last one is left alone for ever."""
    work = await _work(runtime, case)
    if sample.answers and _answered(work, sample.answers[-1]):
        return
    for answer in sample.answers:
        if not _answered(work, answer):
            work = await _come_to(runtime, case, answer, sample)
            await _give(runtime, intake, [h for h in work if _asks(h, answer)], _today_in(answer.data, today))
            work = await _work(runtime, case)


def _answered(work: Sequence[HandOff], answer: SampleAnswer) -> bool:
    return any(h.element == answer.element and h.state == SUBMITTED for h in work)


def _asks(hand_off: HandOff, answer: SampleAnswer) -> bool:
    return hand_off.element == answer.element and hand_off.state == OPEN


async def _work(runtime: Runtime, case: CaseId) -> tuple[HandOff, ...]:
    """All work of a directive, in its own case and in the weeks."""
    async with runtime.ledger.read() as connection:
        own = await reading.hand_offs_of_case(connection, case)
        return (*own, *await reading.hand_offs_of_subject(connection, case))


async def _come_to(
    runtime: Runtime, case: CaseId, answer: SampleAnswer, sample: SampleDirective
) -> tuple[HandOff, ...]:
    """Wait until the flow asks for this element."""
    end = time.monotonic() + STEP_SECONDS
    while time.monotonic() < end:
        work = await _work(runtime, case)
        if any(_asks(h, answer) for h in work):
            return work
        await asyncio.sleep(LOOK_SECONDS)
    raise SampleDoesNotFit(title=sample.registration["title"], element=answer.element, seconds=int(STEP_SECONDS))


async def _give(runtime: Runtime, intake: Intake, work: Sequence[HandOff], data: dict[str, Any]) -> None:
    """The same answer of each unit that was asked, by its first officer."""
    async with asyncio.TaskGroup() as group:
        for h in work:
            officer = runtime.post.holders_of(h)[0]
            group.create_task(intake.submit(h.id, data, officer=officer.id, through=THROUGH))


def _today_in(data: dict[str, Any], today: date) -> dict[str, Any]:
    return {name: today.isoformat() if value == "today" else value for name, value in data.items()}
