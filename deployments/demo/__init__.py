"""`sangkan demo`: rehearsals on the real stack with a simulated clock, which show and prove what the system does."""

from __future__ import annotations

import asyncio
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts

if TYPE_CHECKING:
    from deployments.demo.rehearsal import Photographer, Play

app = cyclopts.App(name="demo", help_format="plaintext")

Data = Annotated[
    Path | None,
    cyclopts.Parameter(
        help="โฟลเดอร์เก็บข้อมูลและเอกสารที่พิมพ์ · Folder for everything, the printed papers too; by default a temporary one."
    ),
]
Pictures = Annotated[
    Path | None, cyclopts.Parameter(help="โฟลเดอร์เก็บภาพหน้าจอ · Folder for pictures of the pages; needs Chromium.")
]
Keep = Annotated[
    bool,
    cyclopts.Parameter(
        help="ปล่อยให้ระบบทำงานต่อจนกด Ctrl-C · Leave the stack running until Ctrl-C, to look around.", negative=""
    ),
]


@app.command
def directive(*, data: Data = None, pictures: Pictures = None, keep: Keep = False) -> None:
    """ข้อสั่งการสามสัปดาห์ รวมสงกรานต์ · Directives through three reporting weeks, one with a Friday holiday.

    Starts Prefect, worker, portal and mailbox on free ports, plays the officers through portal and mail, compares
    what came of it with what must come of it, and ends with exit code 3 when something is off.
    """
    from deployments.demo.camera import require_tools
    from deployments.demo.directive_rehearsal import DirectivePlay

    play = DirectivePlay()
    if pictures is None:
        _rehearse(play, data, keep=keep)
        return
    require_tools()
    pictures.mkdir(parents=True, exist_ok=True)
    _rehearse(play, data, keep=keep, photographer=partial(play.take_pictures, pictures.absolute()))


@app.command(name="agreement-year")
def agreement_year(*, data: Data = None, keep: Keep = False) -> None:
    """คำรับรองทั้งปีงบประมาณ พ.ศ. 2555 ของกรมการพัฒนาชุมชน · A whole agreement year, October 2554 to the award order.

    As `directive`, with one department, all its KPIs and units, and every day of its calendar. Prints the calendar as
    it was lived, the scores and the award money; ends with exit code 3 when something is off.
    """
    from deployments.demo.year_rehearsal import YearPlay

    _rehearse(YearPlay(), data, keep=keep)


@app.command
def framework(*, data: Data = None, keep: Keep = False) -> None:
    """กรอบการประเมินและตัวชี้วัด 76 จังหวัด ปีงบประมาณ พ.ศ. 2563 · The KPI framework of a year, with all 76 provinces.

    As `directive`, with the central office and every province, on the days that the source gives. Ends with exit code 3
    when something is off.
    """
    from deployments.demo.framework_rehearsal import framework_play

    _rehearse(framework_play(), data, keep=keep)


@app.command
def cascade(*, data: Data = None, keep: Keep = False) -> None:
    """ถ่ายทอดตัวชี้วัดสู่ระดับบุคคล 33 ส่วนราชการ จังหวัดพระนครศรีอยุธยา ปีงบประมาณ พ.ศ. 2553 · KPIs down to persons.

    As `directive`, with the governor, 33 agencies, their groups and persons, on the days that the source gives. Ends
    with exit code 3 when something is off.
    """
    from deployments.demo.cascade_rehearsal import cascade_play

    _rehearse(cascade_play(), data, keep=keep)


@app.command(name="six-measures")
def six_measures(*, data: Data = None, keep: Keep = False) -> None:
    """มาตรการ 6 เรื่องของนายกรัฐมนตรี จังหวัดสมุทรสาคร ปีงบประมาณ พ.ศ. 2561 · The Prime Minister's six measures.

    As `directive`, with Samut Sakhon, its 29 heads and two smaller provinces: letter, plan, twelve months of reports,
    new criteria in mid-year. Ends with exit code 3 when something is off.
    """
    from deployments.demo.measures_rehearsal import measures_play

    _rehearse(measures_play(), data, keep=keep)


def _rehearse(play: Play, data: Path | None, *, keep: bool, photographer: Photographer | None = None) -> None:
    from deployments.demo.rehearsal import rehearse

    folder = (data or Path(tempfile.mkdtemp(prefix="sangkan-demo-"))).absolute()
    asyncio.run(rehearse(play, folder, photographer, keep=keep))
