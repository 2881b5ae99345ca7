"""Sentences for files that cannot be attached: kind → Thai, English; beside the field, naming it and the file."""

from __future__ import annotations

from collections.abc import Mapping

FILE_SENTENCES: Mapping[str, tuple[str, str]] = {
    "file_none": (
        "«{th}»: กรุณาเลือกไฟล์ก่อนกด «แนบไฟล์»",
        "“{en}”: choose a file before you press “Attach”",
    ),
    "file_empty": ("«{th}»: ไฟล์ «{file}» ไม่มีข้อมูล", "“{en}”: the file “{file}” is empty"),
    "file_too_large": (
        "«{th}»: ไฟล์ «{file}» มีขนาด {size} เกินที่กำหนดไว้ไม่เกิน {limit} MB",
        "“{en}”: the file “{file}” has {size}; at most {limit} MB can be taken",
    ),
    "file_ending": (
        "«{th}»: ไม่รับไฟล์ «{file}» (ชนิด {ending}) รับเฉพาะ {kinds}",
        "“{en}”: the file “{file}” (kind {ending}) is not taken; only {kinds} are",
    ),
    "file_unknown": (
        "«{th}»: เนื้อหาของไฟล์ «{file}» ไม่ใช่ {ending} หรือไฟล์เสียหาย รับเฉพาะ {kinds}",
        "“{en}”: “{file}” does not contain {ending}, or is damaged; only {kinds} are taken",
    ),
    "file_mismatch": (
        "«{th}»: ชื่อไฟล์ «{file}» ลงท้ายด้วย .{ending} แต่เนื้อหาเป็น {found} กรุณาบันทึกไฟล์ใหม่ให้ตรงกัน",
        "“{en}”: “{file}” ends in .{ending}, but contains {found}; save it again under the right ending",
    ),
    "file_macros": (
        "«{th}»: ไฟล์ «{file}» มีแมโคร กรุณาบันทึกเป็นไฟล์ที่ไม่มีแมโครหรือ PDF แล้วแนบใหม่",
        "“{en}”: “{file}” contains macros; save it without them, or as PDF, and attach it again",
    ),
    "file_locked": (
        "«{th}»: ไฟล์ «{file}» ตั้งรหัสผ่านไว้ กรุณายกเลิกรหัสผ่านแล้วแนบใหม่",
        "“{en}”: “{file}” is locked by a password; remove it and attach the file again",
    ),
    "file_twice": (
        "«{th}»: ไฟล์ «{file}» มีเนื้อหาเดียวกับ «{other}» ที่แนบไว้แล้ว",
        "“{en}”: “{file}” has the same content as “{other}”, which is attached already",
    ),
    "file_too_many": (
        "«{th}» แนบได้ไม่เกิน {most} ไฟล์ จึงไม่ได้แนบ «{file}»",
        "“{en}” takes at most {most} files; “{file}” was not attached",
    ),
    "file_not_kept": (
        "«{th}»: ไม่พบไฟล์ที่แนบไว้กับงานนี้ กรุณาแนบไฟล์อีกครั้ง",
        "“{en}”: the file is not among those attached to this work; attach it again",
    ),
}
