"""Small processes that use one element of the vocabulary each."""

from __future__ import annotations

from typing import Any, ClassVar

from engine.case import Case
from engine.process import process
from engine.step import Step, step_task
from engine.waits import Call
from schemas.base import Moment, Record
from schemas.form import Form, FormContext, ask
from tests.engine.driver import DIVISIONS


class Brief(Record):
    """Input of every trial process."""

    until: Moment | None = None
    enough: int = 1


class Answer(Form):
    title_th: ClassVar[str] = "ตอบแบบทดสอบ"
    title_en: ClassVar[str] = "Answer"

    text: str = ask("ข้อความ", "Text", default="")


class Outcome(Record):
    said: tuple[str, ...] = ()


class Note(Record):
    text: str


CARRIED_OUT: list[str] = []
"""What steps have really done, across runs."""


@step_task("จดบันทึก")
async def write_down(step: Step, text: str) -> str:
    CARRIED_OUT.append(text)
    return f"{text}@{step.now.isoformat()}"


@process("trial-sequence", title_th="ลำดับ", data=Brief, result=Outcome)
async def sequence(case: Case[Brief]) -> Outcome:
    first = await case.hand_off("first", to="plan", form=Answer)
    written = await case.step("write", write_down, first.text)
    second = await case.hand_off("second", to="div-a", form=Answer)
    return Outcome(said=(first.text, written.partition("@")[0], second.text))


@process("trial-everyone", title_th="ทุกหน่วย", data=Brief, result=Outcome)
async def everyone(case: Case[Brief]) -> Outcome:
    members = {d: case.hand_off("answer", of=d, to=d, form=Answer) for d in DIVISIONS}
    answers = await case.all_of("everyone", members)
    return Outcome(said=tuple(answer.text for answer in answers.values()))


@process("trial-quorum", title_th="ครบองค์ประชุม", data=Brief, result=Outcome)
async def quorum(case: Case[Brief]) -> Outcome:
    members = {d: case.hand_off("answer", of=d, to=d, form=Answer) for d in DIVISIONS}
    winners = await case.at_least(case.data.enough, "quorum", members)
    return Outcome(said=tuple(winners.values))


@process("trial-race", title_th="แข่งกับเวลา", data=Brief, result=Outcome)
async def race(case: Case[Brief]) -> Outcome:
    assert case.data.until is not None
    won = await case.race(
        "in_time",
        {"answer": case.hand_off("answer", to="plan", form=Answer), "late": case.until("late", case.data.until)},
    )
    after = await case.hand_off("after", to="plan", form=Answer)
    return Outcome(said=(won.name, after.text))


@process("trial-early-winner", title_th="ตัดสินก่อนเริ่มรอ", data=Brief, result=Outcome)
async def early_winner(case: Case[Brief]) -> Outcome:
    """A race that is won before its other members are opened."""
    assert case.data.until is not None

    async def at_once() -> str:
        return "ทันที"

    first = await case.race("which", {"now": at_once(), "later": case.until("later", case.data.until)})
    answer = await case.hand_off("after", to="plan", form=Answer)
    return Outcome(said=(first.name, answer.text))


@process("trial-branches", title_th="กิ่งงาน", data=Brief, result=Outcome)
async def branches(case: Case[Brief]) -> Outcome:
    async def one(division: str) -> str:
        draft = await case.hand_off("draft", to=division, form=Answer)
        while (checked := await case.hand_off("check", to="plan", form=Answer)).text != "ok":
            draft = await case.hand_off("draft", to=division, form=Answer)
        return f"{draft.text}:{checked.text}"

    said = await case.all_of("reports", {d: one(d) for d in DIVISIONS[:3]})
    return Outcome(said=tuple(said.values()))


@process("trial-fork", title_th="งานคู่ขนาน", data=Brief, result=Outcome)
async def fork(case: Case[Brief]) -> Outcome:
    notes: list[str] = []

    async def listen() -> None:
        while True:
            notes.append((await case.receive("note", Note)).text)

    listening = case.fork("listening", listen())
    await case.hand_off("stop", to="plan", form=Answer)
    await case.end("stop_listening", listening, reason="พอแล้ว")
    last = await case.hand_off("last", to="plan", form=Answer)
    return Outcome(said=(*notes, last.text))


@process("trial-shared", title_th="ใช้ข้อมูลร่วมกัน", data=Brief, result=Outcome)
async def shared(case: Case[Brief]) -> Outcome:
    notes: list[str] = []

    async def listen() -> None:
        while True:
            notes.append((await case.receive("note", Note)).text)

    case.fork("listening", listen())
    await case.hand_off("when", to="plan", form=Answer)
    await case.let_others_go_on()
    return Outcome(said=(await case.step("write", write_down, ", ".join(notes)),))


@process("trial-child", title_th="เรื่องย่อย", data=Brief, result=Outcome)
async def child(case: Case[Brief]) -> Outcome:
    answer = await case.hand_off("answer", to="div-a", form=Answer)
    return Outcome(said=(answer.text,))


@process("trial-parent", title_th="เรื่องหลัก", data=Brief, result=Outcome)
async def parent(case: Case[Brief]) -> Outcome:
    called = case.call("child", "trial-child", Brief(), case_id=f"{case.id}-child", title="เรื่องย่อย")
    result: Outcome = await called
    await case.send("tell", "listener", Note(text=result.said[0]))
    return result


@process("trial-listener", title_th="ผู้รับฟัง", data=Brief, result=Outcome)
async def listener(case: Case[Brief]) -> Outcome:
    heard = await case.receive("hear", Note)
    return Outcome(said=(heard.text,))


@process("trial-signal", title_th="สัญญาณ", data=Brief, result=Outcome)
async def attentive(case: Case[Brief]) -> Outcome:
    first = await case.hand_off("first", to="plan", form=Answer)
    heard = await case.hear("heard", Note, first.text)
    return Outcome(said=(heard.text,))


@process(
    "trial-reopened", title_th="เปิดใหม่", data=Brief, result=Outcome, reopens=lambda outcome: outcome.said != ("9",)
)
async def reopened(case: Case[Brief]) -> Outcome:
    count = 0
    while True:
        count += 1
        await case.hand_off("work", to="plan", form=Answer)
        await case.close(Outcome(said=(str(count),)))


@process("trial-nested", title_th="กิ่งในกิ่ง", data=Brief, result=Outcome)
async def nested(case: Case[Brief]) -> Outcome:
    """Branches within a branch that loses a race, or that the flow ends where `enough` is 0; they share what they did.

    Each division's own race is between two drafts; then its work is checked.
    """
    checked = set[str]()

    async def one(division: str) -> None:
        short = case.hand_off("draft", to=division, form=Answer)
        first = await case.race("draft_made", {"short": short, "long": long_one(division)})
        checked.add(f"{division}:{first.name}")
        await case.hand_off("check", to="plan", form=Answer)
        checked.add(f"{division}:checked")

    async def long_one(division: str) -> None:
        await case.hand_off("draft", to=division, form=Answer)
        await case.send("told", case.id, Note(text=division))

    async def everyone() -> None:
        await case.all_of("reports", {d: one(d) for d in DIVISIONS[:2]})

    async def stopped() -> None:
        await case.hand_off("stop", to="plan", form=Answer)

    if case.data.enough:
        won = (await case.race("reported_or_stopped", {"everyone": everyone(), "stopped": stopped()})).name
    else:
        reports = case.fork("reports", everyone())
        await stopped()
        await case.end("stop_reports", reports, reason="พอแล้ว")
        won = "ended"
    facts = tuple((text, "") for text in sorted(checked))
    await case.hand_off("after", to="plan", form=Answer, context=FormContext(facts=facts))
    return Outcome(said=(won, *sorted(checked)))


@process("trial-left", title_th="ไม่รออีกต่อไป", data=Brief, result=Outcome)
async def left(case: Case[Brief]) -> Outcome:
    """Two branches begin and then ask for something each; one of them is ended, or loses a race where `enough` is 0."""

    async def asks(name: str) -> None:
        await case.hand_off("begin", of=name, to="div-a", form=Answer)
        await case.hand_off(name, to="div-b", form=Answer)

    async def stopped() -> None:
        await case.hand_off("stop", to="plan", form=Answer)

    case.fork("asking", asks("kept"), of="kept")
    if case.data.enough:
        asking = case.fork("asking", asks("given_up"), of="given_up")
        await stopped()
        await case.end("stop_asking", asking, reason="พอแล้ว")
    else:
        await case.race("either", {"given_up": asks("given_up"), "stopped": stopped()})
    last = await case.hand_off("last", to="plan", form=Answer)
    return Outcome(said=(last.text,))


@process("trial-beside", title_th="จดคู่ขนาน", data=Brief, result=Outcome)
async def beside(case: Case[Brief]) -> Outcome:
    """What is said is written down beside the work; where `enough` is 0 the case is closed by name."""

    async def writing() -> None:
        while True:
            await case.step("write", write_down, (await case.receive("note", Note)).text)

    case.fork("writing", writing())
    last = await case.hand_off("last", to="plan", form=Answer)
    if not case.data.enough:
        await case.close(Outcome(said=(last.text,)))
    return Outcome(said=(last.text,))


@process("trial-again", title_th="รอสิ่งที่ตอบแล้ว", data=Brief, result=Outcome)
async def again(case: Case[Brief]) -> Outcome:
    """Everybody is waited for, of whom one was waited for before; where `enough` is 2, so many of them."""
    answers = {d: case.hand_off("answer", of=d, to=d, form=Answer) for d in DIVISIONS[:3]}
    first = await answers["div-a"]
    if case.data.enough == 1:
        return Outcome(said=(first.text, *(a.text for a in (await case.all_of("everyone", answers)).values())))
    return Outcome(said=(first.text, *(await case.at_least(case.data.enough, "quorum", answers)).values))


@process("trial-errand", title_th="งานที่ฝาก", data=Brief, result=Outcome, result_needed=False)
async def errand(case: Case[Brief]) -> Outcome:
    """Whoever sends one does not need what comes of it. It sends others, as many deep as `enough` says, and no more."""

    async def further(left: int) -> None:
        case_id = f"{case.id}-further"
        await case.call("further", "trial-errand", Brief(enough=left), case_id=case_id, title="งานต่อเนื่อง")

    if case.data.enough > 1:
        case.fork("beside", further(case.data.enough - 1))
    return Outcome(said=((await case.hand_off("do", to="div-b", form=Answer)).text,))


@process("trial-sender", title_th="ฝากงาน", data=Brief, result=Outcome)
async def sender(case: Case[Brief]) -> Outcome:
    """Two are sent and waited for; a third may go on until it is stopped, a fourth until somebody is faster."""

    def sent(name: str) -> Call[Any]:
        return case.call(
            "errand", "trial-errand", Brief(enough=case.data.enough), of=name, case_id=f"{case.id}-{name}",
            title=f"งานที่ฝาก {name}",
        )  # fmt: skip

    async def two() -> tuple[str, ...]:
        back = await case.all_of("both_back", {name: sent(name) for name in ("first", "second")})
        return tuple(f"{name}: {outcome.said[0] if outcome else 'ยกเลิก'}" for name, outcome in back.items())

    async def third() -> None:
        await sent("third")

    both, going = case.fork("both", two()), case.fork("going", third())
    hurrying = case.hand_off("hurry", to="plan", form=Answer)
    faster = await case.race("faster", {"errand": sent("fourth"), "person": hurrying})
    await case.hand_off("stop", to="plan", form=Answer)
    await case.end("stop_third", going, reason="พอแล้ว")
    said = await both
    await case.hand_off("after", to="plan", form=Answer)
    return Outcome(said=(faster.name, *said))
