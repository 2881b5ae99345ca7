"""What is written about one KPI in a round: the SAR card beside its score (requirements 4.6, P7)."""

from __future__ import annotations

from typing import Self

from schemas.base import LongText, Moment, Record, ShortText
from schemas.criteria import KpiNumber, Result
from schemas.sar import CertifiedBy, KpiCard


class Certification(Record):
    """A decision on the reported result, by the KPI's supervisor or by กพร."""

    by: ShortText
    """Name, and position where it is known."""
    at: Moment
    approved: bool = True
    remark: LongText = ""
    """Required of who refuses [W-mds]; the form sees to it, the card prints what there is."""


class SarCard(Record):
    """A KPI's report in words. Its scores stand in the round's scorecard."""

    number: KpiNumber
    result: Result | None = None
    """The result that the card was certified with; it must be the scorecard's."""
    calculation: LongText = ""
    """สูตรพร้อมค่าแทน: the formula with its values (S2-09)."""
    measures: LongText = ""
    """คำชี้แจงการปฏิบัติงาน/มาตรการที่ได้ดำเนินการ."""
    supports: LongText = ""
    """ปัจจัยสนับสนุนต่อการดำเนินงาน."""
    obstacles: LongText = ""
    """อุปสรรคต่อการดำเนินงาน."""
    evidence: tuple[ShortText, ...] = ()
    """Names of the files of evidence (หลักฐานอ้างอิง)."""
    supervisor: Certification | None = None
    """By ผู้กำกับดูแลตัวชี้วัด."""
    psdg: Certification | None = None
    """By กลุ่มพัฒนาระบบบริหาร (กพร.)."""

    @classmethod
    def certified(cls, card: KpiCard) -> Self:
        """The card of a report that both have certified; its evidence is named one a line."""
        return cls(
            number=card.number,
            result=card.result,
            measures=card.explanation,
            supports=card.success_factors,
            obstacles=card.obstacles,
            evidence=tuple(line.strip() for line in card.evidence.splitlines() if line.strip()),
            supervisor=_given(card.supervisor),
            psdg=_given(card.psdg),
        )


def _given(by: CertifiedBy) -> Certification:
    return Certification(by=by.officer, at=by.at, remark=by.remark)
