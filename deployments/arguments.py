"""Arguments that several commands take, each said once."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

Officer = Annotated[str, Parameter(name=["--by"], help="รหัสเจ้าหน้าที่ผู้ดำเนินการ · The officer who does this.")]
Reason = Annotated[str, Parameter(help="เหตุผล · The reason, kept in the history.")]
CaseId = Annotated[str, Parameter(help="เลขเรื่อง · Id of the case.")]
All = Annotated[bool, Parameter(name="--all", negative="")]
"""What it means, the command says."""
Account = Annotated[str, Parameter(help="รหัสเจ้าหน้าที่ · Id of the officer.")]
