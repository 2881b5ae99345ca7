"""How figures, lights, results and endings of an agreement year are written on a page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from portal.texts import Language, text
from portal.wording import Wording
from portal.year_board import AppealStage
from portal.year_days import Day
from portal.year_progress import FollowUp
from reports.figures import plain
from reports.score_table import Light
from rules.calendar import bangkok_date
from rules.sar import result_en, result_th
from schemas.agreement import CHANGE_ENDING_EN, CHANGE_ENDING_TH, ChangeEnding
from schemas.appeal import APPEAL_ENDING_EN, APPEAL_ENDING_TH, AppealEnding
from schemas.criteria import Result, StepRange
from schemas.follow_up import KpiLight, TrafficLight
from schemas.kpi import OWNER_ROLE_EN, OWNER_ROLE_TH, Kpi, OwnerRole
from schemas.kpi import Round as SarRound

NONE = "–"
SHAPES = {"green": "●", "yellow": "▲", "red": "◆", "unreported": "○", "waiting": "◌", "none": "○"}
"""Lights differ in shape as well, for who does not tell the colours apart and for black-and-white print."""


class YearWording:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language, self._w = language, Wording(language)

    @staticmethod
    def score(value: Decimal | None) -> str:
        """Four decimals: «3.4000»."""
        return NONE if value is None else f"{value:.4f}"

    @staticmethod
    def number(value: Decimal | None) -> str:
        """With commas and without idle noughts: «1,234.5»."""
        return NONE if value is None else plain(value)

    @staticmethod
    def money(value: Decimal) -> str:
        return f"{value:,.2f}"

    @staticmethod
    def bangkok(moment: datetime) -> date:
        """The day in Bangkok."""
        return bangkok_date(moment)

    @staticmethod
    def range(range_: StepRange) -> str:
        """«≥ 60 และ < 70» in signs: the values that give one score."""
        low, high = range_.lower, range_.upper
        said = [] if low is None else [f"{'≥' if low.included else '>'} {plain(low.value)}"]
        said += [] if high is None else [f"{'≤' if high.included else '<'} {plain(high.value)}"]
        return ", ".join(said)

    def result(self, result: Result) -> str:
        return result_en(result) if self.language == "en" else result_th(result)

    def light(self, light: Light | TrafficLight | str) -> str:
        return text(f"year.light.{light}", self.language)

    @staticmethod
    def shape(light: Light | TrafficLight | str) -> str:
        return SHAPES[str(light)]

    @staticmethod
    def standing(followed: FollowUp, each: KpiLight) -> str:
        """The light of a follow-up; who may still report is not unreported yet."""
        unreported = each.light is TrafficLight.UNREPORTED
        return "waiting" if unreported and followed.taking else each.light.value

    def month(self, month: date) -> str:
        """«เมษายน 2555», «April 2012»."""
        return self._w.long_day(month).partition(" ")[2]

    def followed(self, each: FollowUp) -> str:
        """Which follow-up it is."""
        if each.round is None:
            return self.month(each.month)
        nth = list(SarRound).index(each.round) + 1
        return f"Follow-up {nth}" if self.language == "en" else f"ครั้งที่ {nth}"

    def ending(self, ending: ChangeEnding | AppealEnding | AppealStage) -> str:
        """What became of a request or an appeal, or where it stands."""
        if isinstance(ending, AppealStage):
            return text(f"appeal.{ending}", self.language)
        if isinstance(ending, AppealEnding):
            return (APPEAL_ENDING_EN if self.language == "en" else APPEAL_ENDING_TH)[ending]
        return (CHANGE_ENDING_EN if self.language == "en" else CHANGE_ENDING_TH)[ending]

    def role(self, role: OwnerRole) -> str:
        return (OWNER_ROLE_EN if self.language == "en" else OWNER_ROLE_TH)[role]

    def short_point(self, label: str) -> str:
        """A point of a chart: a round, the announcement, the final score, or an earlier year as it stands."""
        kind, _, months = label.partition("_")
        if kind == "round":
            return text("chart.round", self.language, n=months)
        return text(f"chart.{label}", self.language) if label in ("announced", "final") else label

    def why_inactive(self, kpi: Kpi, round_: SarRound) -> str:
        """Why a KPI is not measured in a round."""
        if kpi.starts_at > round_:
            return text("year.starts", self.language, n=int(kpi.starts_at))
        return text("year.cancelled", self.language, n=int(kpi.cancelled_at or round_))

    def days(self, day: Day) -> str:
        """«ภายใน 30 เม.ย. 2555», or a period."""
        last = self._w.day(day.holds)
        if day.opens is None:
            return text("calendar.by", self.language, last=last)
        return text("calendar.period", self.language, first=self._w.day(day.opens), last=last)

    def moved(self, day: Day) -> str:
        """Why a day is not the printed one, or is kept although it is off; blank for a working day."""
        if day.day_off is None:
            return ""
        why = self._w.either(day.day_off, day.day_off_en) or text("calendar.weekend", self.language)
        if not day.moved:
            return text("calendar.kept", self.language, why=why)
        printed, holds = self._w.day(day.planned.printed), self._w.day(day.holds)
        return text("calendar.moved", self.language, printed=printed, why=why, holds=holds)
