"""What the cascade's rehearsal shows: every agency from its agreement to its rank."""

from __future__ import annotations

from rich.table import Table

from deployments.demo.cascade_findings import CascadeFindings
from deployments.demo.screen import Screen
from schemas.kpi import Round


def show_agencies(screen: Screen, found: CascadeFindings) -> None:
    table = Table(title=f"ถ่ายทอดตัวชี้วัดสู่ระดับบุคคล {found.data.province_th} ปีงบประมาณ พ.ศ. 2553", title_justify="left")
    columns = ("หน่วยงาน", "บุคคล", "6 เดือน", "9 เดือน", "12 เดือน", "แผนปรับปรุง", "เบิกจ่าย (%)", "อันดับ")
    for name in columns:
        if name == "หน่วยงาน":
            table.add_column(name, min_width=12)
        else:
            table.add_column(name, justify="right")
    places = {each.unit: each for each in found.outcome.ranking.places} if found.outcome.ranking else {}
    for member in found.data.agencies:
        agency = found.agencies[member.unit]
        scores = {score.round: score for score in agency.rounds}
        plans = sum(work.element == "plan" for work in found.work[f"agency-cascade-2553-{member.unit}"])
        place = places.get(member.unit)
        rank = "–" if place is None else f"[green]{place.rank} ได้รางวัล[/]" if place.awarded else str(place.rank)
        table.add_row(
            member.th, str(sum(len(group.persons) for group in agency.groups)),
            *(_score(scores[round_].total, flagged=bool(scores[round_].flagged), warned=scores[round_].warned)
              for round_ in Round),
            str(plans or "–"), f"{place.value:.2f}" if place else "–", rank,
        )  # fmt: skip
    screen.console.print("", table)


def _score(total: object, *, flagged: bool, warned: bool) -> str:
    said = f"{total:.4f}"
    return f"[red]{said} <2.5 ที่ 2.7[/]" if flagged else f"[yellow]{said} <3.75[/]" if warned else said
