"""Errors of the audit."""

from __future__ import annotations


class AuditError(Exception):
    """Base of all errors of the audit."""


class ModelIsUnknown(AuditError):
    """No model of the process with this hash is kept."""

    def __init__(self, *, process: str, sha256: str | None = None) -> None:
        self.process, self.sha256 = process, sha256
        en, th = (f" with the hash {sha256[:12]}", f" ที่มีแฮช {sha256[:12]}") if sha256 else ("", "")
        super().__init__(f"no model of «{process}»{en} is kept | ไม่มีแบบจำลองของกระบวนงาน «{process}»{th}")


class ModelWasChanged(AuditError):
    """A model's file is not the one that was approved."""

    def __init__(self, *, file: str, approved: str, found: str) -> None:
        self.file, self.approved, self.found = file, approved, found
        super().__init__(
            f"«{file}» was approved as {approved[:12]} and is {found[:12]} now | "
            f"แฟ้ม «{file}» ไม่ตรงกับฉบับที่อนุมัติ ({approved[:12]} เป็น {found[:12]})"
        )


class ModelCannotBeRead(AuditError):
    """An expression of a model asks for what cannot be known; the model is at fault, not the case."""

    def __init__(self, *, expression: str, trouble: str) -> None:
        self.expression, self.trouble = expression, trouble
        super().__init__(f"«{expression}»: {trouble} | อ่านเงื่อนไข «{expression}» ของแบบจำลองไม่ได้: {trouble}")
