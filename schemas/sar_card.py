"""What is written about one KPI in a round: the SAR card beside its score (requirements 4.6, P7)."""

from __future__ import annotations

from schemas.base import LongText, Moment, OfficerId, Record, ShortText
from schemas.criteria import KpiNumber, Result


class Certification(Record):
    """A decision on the reported result, by the KPI's supervisor or by กพร."""

    by: OfficerId
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
