"""Sentences for what records refuse by themselves (`schemas.refusal`): kind → Thai, English."""

from __future__ import annotations

from collections.abc import Mapping

REFUSALS: Mapping[str, tuple[str, str]] = {
    "binary_float": (
        "«{th}» ต้องเขียนเป็นเลขทศนิยม เช่น 2.5 ไม่ใช่เลขทศนิยมแบบฐานสองหรือค่าจริงเท็จ",
        "“{en}” must be a decimal number, such as 2.5, and not a binary float or yes and no",
    ),
    "points_not_ordered": (
        "«{th}» ค่าเกณฑ์ระดับ 1 ถึง 5 ต้องเพิ่มขึ้นตลอด หรือลดลงตลอด",
        "“{en}”: the values of levels 1 to 5 must rise throughout, or fall throughout",
    ),
    "two_ends": (
        "«{th}» ระบุขอบเขตด้านเดียวกันซ้ำ (at_least กับ above หรือ at_most กับ below)",
        "“{en}” has two ends on one side (at_least and above, or at_most and below)",
    ),
    "empty_range": ("«{th}» เป็นช่วงที่ไม่มีค่าใดอยู่", "“{en}” is a range that holds no value"),
    "ranges_not_open": (
        "«{th}» ช่วงแรกต้องไม่มีค่าต่ำสุด และช่วงสุดท้ายต้องไม่มีค่าสูงสุด",
        "“{en}”: the first range must have no lower end, and the last one no upper end",
    ),
    "ranges_apart": (
        "«{th}» ช่วงที่ {first} และช่วงที่ {second} ไม่ต่อเนื่องกันหรือซ้อนกัน",
        "“{en}”: ranges {first} and {second} leave a gap or overlap",
    ),
    "range_scores_not_ordered": (
        "«{th}» คะแนนของช่วงต้องเพิ่มขึ้นตลอด หรือลดลงตลอด",
        "“{en}”: the scores of the ranges must rise throughout, or fall throughout",
    ),
    "repeated": ("«{th}» ระบุ «{what}» ซ้ำกัน", "“{en}” names “{what}” more than once"),
    "cancelled_before_start": (
        "«{th}» ยกเลิกก่อนรอบที่เริ่ม (รอบ {starts} เดือน) ไม่ได้",
        "“{en}” cannot lie before the round in which the KPI starts (month {starts})",
    ),
    "weight_outside_rounds": (
        "«{th}» กำหนดน้ำหนักในรอบ {round} เดือน ซึ่งตัวชี้วัดยังไม่เริ่มหรือยกเลิกแล้ว",
        "“{en}” gives a weight for month {round}, when the KPI has not started or is cancelled",
    ),
    "part_not_below": (
        "«{th}» ตัวชี้วัดย่อย {part} ไม่ได้อยู่ใต้ตัวชี้วัด {upper} หนึ่งระดับ",
        "“{en}”: sub-KPI {part} does not stand one level below KPI {upper}",
    ),
    "number_above": (
        "«{th}» ตัวชี้วัด {upper} อยู่เหนือตัวชี้วัด {lower} จะมีน้ำหนักซ้อนกัน ให้กำหนดเป็นตัวชี้วัดย่อย",
        "“{en}”: KPI {upper} stands above KPI {lower}, so their weights would overlap; make it a part",
    ),
    "unknown_dimension": ("«{th}» ไม่มีมิติ «{what}» ในกรอบของปี", "“{en}”: the year's frame has no dimension “{what}”"),
    "parent_not_before": (
        "«{th}» มิติที่ «{what}» สังกัดต้องระบุไว้ก่อน",
        "“{en}”: the dimension above “{what}” must stand before it",
    ),
    "baseline_not_before": (
        "«{th}» ข้อมูลพื้นฐานต้องเป็นของปีก่อนปีงบประมาณ พ.ศ. {year}",
        "“{en}”: baselines must be of years before fiscal year {year}",
    ),
    "known_and_unknown": (
        "«{th}» ระบุว่าไม่ทราบ (unknown) ทั้งที่มีน้ำหนัก",
        "“{en}” says unknown although there is a weight",
    ),
    "more_than_a_year": (
        "«{th}» รวมกันได้ {months} เดือน เกิน 12 เดือนของปีงบประมาณ",
        "“{en}” add up to {months} months, more than the 12 of a fiscal year",
    ),
    "unknown_unit": ("«{th}» ไม่พบหน่วยงาน «{what}»", "“{en}”: there is no unit “{what}”"),
    "backwards": ("«{th}» อยู่หลังวันสุดท้ายของรายการเดียวกัน", "“{en}” lies after the last day of the same line"),
    "not_first_of_month": ("«{th}» ต้องเป็นวันที่ 1 ของเดือน", "“{en}” must be the first day of a month"),
    "day_missing": ("«{th}» ไม่มีรายการ «{what}»", "“{en}” lacks the line “{what}”"),
    "scores_without_agreement": (
        "«{th}» ต้องระบุคำรับรองที่ใช้คำนวณคะแนนรวมใหม่",
        "“{en}” must be the agreement by which the total is computed anew",
    ),
}
