"""What the cascade's rehearsal shows: every agency from its agreement to its rank."""

from __future__ import annotations

from rich.cells import cell_len
from rich.table import Table

from deployments.demo.cascade_findings import CascadeFindings
from deployments.demo.screen import Screen
from schemas.cascade import RoundScore
from schemas.kpi import Round

COLUMNS = ("หน่วยงาน", "บุคคล", "6 ด.", "9 ด.", "12 ด.", "แผน", "เบิก %", "ที่")
NAME_CELLS = 15
LEGEND = "▼ น้อยกว่า 2.5 ที่ตัวชี้วัด 2.7 · ! ต่ำกว่า 3.75 ในรอบ 9 เดือน · ★ ได้รับรางวัล"


def show_agencies(screen: Screen, found: CascadeFindings) -> None:
    table = Table(
        title=f"ถ่ายทอดตัวชี้วัดสู่ระดับบุคคล {found.data.province_th} ปีงบประมาณ พ.ศ. 2553", title_justify="left",
        caption=LEGEND, caption_justify="left",
    )  # fmt: skip
    for name in COLUMNS:
        table.add_column(name, justify="left" if name == COLUMNS[0] else "right", no_wrap=True)
    places = {each.unit: each for each in found.outcome.ranking.places} if found.outcome.ranking else {}
    for member in found.data.agencies:
        agency, place = found.agencies[member.unit], places.get(member.unit)
        scores = {score.round: score for score in agency.rounds}
        plans = sum(work.element == "plan" for work in found.work[f"agency-cascade-2553-{member.unit}"])
        rank = "–" if place is None else f"[green]{place.rank} ★[/]" if place.awarded else str(place.rank)
        table.add_row(
            _name(member.th), str(sum(len(group.persons) for group in agency.groups)),
            *(_score(scores[round_]) for round_ in Round), str(plans or "–"),
            f"{place.value:.2f}" if place else "–", rank,
        )  # fmt: skip
    screen.console.print("", table)


def _name(th: str) -> str:
    """Without the province, which all have in their name."""
    short = th.removesuffix("พระนครศรีอยุธยา")
    return short if cell_len(short) <= NAME_CELLS else short.removeprefix("สำนักงาน")


def _score(score: RoundScore) -> str:
    said = f"{score.total:.4f}"
    return f"[red]{said}▼[/]" if score.flagged else f"[yellow]{said}![/]" if score.warned else said
