"""`sangkan model`: the approved BPMN models beside the flows."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

app = App(name="model", help_format="plaintext")


@app.command(name="list")
def list_models() -> None:
    """แบบจำลองที่อนุมัติ · The approved models; exit code 3 when a file is not what was approved."""
    from audit.approved import approvals
    from audit.errors import ModelWasChanged
    from deployments.errors import ModelsAreNotApproved

    changed = 0
    for approval in approvals():
        try:
            approval.content()
            mark = "✓"
        except ModelWasChanged as why:
            mark, changed = f"✗ {why}", changed + 1
        print(f"{approval.process} {approval.version}  {approval.sha256[:12]}  {approval.approved_on}  {mark}")
        print(f"  {approval.approved_by} · {approval.basis}")
    if changed:
        raise ModelsAreNotApproved(count=changed)


@app.command
def layout(*files: Path) -> None:
    """จัดวางแผนภาพใหม่ · Draw the diagram of a model anew; its meaning stays, its approval does not.

    Parameters
    ----------
    files
        แฟ้ม BPMN เขียนทับที่เดิม · BPMN files; each is written in its place.
    """
    from audit.drawing import lay_out
    from deployments.errors import FileIsMissing
    from ledger.canonical import sha256

    for file in files:
        if not file.is_file():
            raise FileIsMissing(file=file)
        drawn = lay_out(file.read_bytes())
        file.write_bytes(drawn)
        print(f"{file}  {sha256(drawn)}")
