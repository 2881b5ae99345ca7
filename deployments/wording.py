"""What the command line says, in Thai and in English; the sentences of errors stand with the errors."""

from __future__ import annotations

from collections.abc import Mapping

SAID: Mapping[str, tuple[str, str]] = {
    "starting": (
        "กำลังเริ่มระบบ ข้อมูลอยู่ที่ {folder} (ครั้งแรกใช้เวลาประมาณครึ่งนาที)",
        "Starting; the data is in {folder} (the first start takes about half a minute)",
    ),
    "ready": (
        "ข้อสั่งการตัวอย่างและรอบรายงานประจำสัปดาห์พร้อมแล้ว",
        "The sample directives and the reporting week are ready",
    ),
    "samples_wait": (
        "เปิดข้อสั่งการตัวอย่างยังไม่ครบ จะทำต่อเมื่อเริ่มระบบครั้งหน้า ดูบันทึกที่ {log}",
        "Not all sample directives could be opened; the next start goes on with them. The log: {log}",
    ),
    "ended": (
        "«{part}» หยุดโดยไม่คาดหมาย (รหัส {code}) จะเริ่มใหม่ใน {pause:g} วินาที ดูบันทึกที่ {log}",
        "«{part}» ended unexpectedly (code {code}); it starts again in {pause:g} s. The log: {log}",
    ),
    "again": ("«{part}» เริ่มทำงานใหม่แล้ว", "«{part}» runs again"),
    "stopping": ("กำลังหยุดระบบ", "Stopping"),
    "stopped": (
        "หยุดแล้ว ข้อมูลอยู่ครบ เรียก make run เพื่อทำงานต่อ",
        "Stopped. Everything is kept; make run goes on where it was",
    ),
    "migrated": ("ฐานข้อมูลเป็นรุ่น {revision}", "The ledger stands at revision {revision}"),
    "organisation": (
        "โครงสร้างส่วนราชการรุ่นที่ {version}: {units} หน่วยงาน {officers} บัญชี",
        "Organisation version {version}: {units} units, {officers} officers",
    ),
    "officers_left": (
        "บัญชีที่ไม่มีในแฟ้มใหม่และเข้าใช้งานไม่ได้อีก {count} บัญชี: {officers} บัญชีที่อนุมัติผ่านระบบต้องเพิ่มในแฟ้มด้วย",
        "Accounts that are not in the new file and cannot come in any more, {count}: see above. Those granted in the "
        "portal must be in the file as well; add them and load it again",
    ),
    "file_is_good": (
        "แฟ้มถูกต้อง: {units} หน่วยงาน {officers} บัญชี",
        "The file is good: {units} units, {officers} officers",
    ),
    "deployed": ("ลงทะเบียนใน Prefect แล้ว: {names}", "Known to Prefect: {names}"),
    "finding": ("ข้อสังเกต: {th}", "Finding: {en}"),
    "year_opened": ("เปิดรอบปี {case}: {kpis} ตัวชี้วัด", "Year opened as {case}: {kpis} KPIs"),
    "survey_recorded": (
        "บันทึกคะแนน {score} ของตัวชี้วัดที่ {kpi} ใน {case} แล้ว",
        "Score {score} of KPI {kpi} is recorded in {case}",
    ),
    "day_moved": (
        "เลื่อนกำหนด {day} เป็น {date} แล้ว งานและเวลาที่รออยู่เปลี่ยนตาม {count} รายการ",
        "{day} is on {date} now; {count} open waits moved with it",
    ),
    "replanned": ("{case} · {key}: จาก {was} เป็น {due}", "{case} · {key}: from {was} to {due}"),
    "policy_replanned": (
        "ปฏิทินใหม่ทำให้กำหนดของงานที่ค้างเปลี่ยน {count} รายการ ระบบแจ้งผู้รับผิดชอบแล้ว",
        "Under the new policy {count} pieces of open work are due at another moment; their holders are told",
    ),
    "policy_replanned_timers": (
        "ปฏิทินใหม่ทำให้เวลาที่ระบบรออยู่เปลี่ยน {count} รายการ ซึ่งไม่มีผู้รับผิดชอบที่ต้องแจ้ง",
        "Under the new policy {count} timers fire at another moment; nobody holds them, and nobody is told",
    ),
    "staff_handed_in": (
        "รับทะเบียนบุคคลของ {case} แล้ว: {persons} คน {units} หน่วยงาน",
        "The personnel records of {case} are handed in: {persons} persons, {units} units",
    ),
    "template_written": ("เขียนแบบตารางที่ {file} แล้ว", "The template is written to {file}"),
    "password_set": ("ตั้งรหัสผ่านของ {officer} แล้ว", "The password of {officer} is set"),
    "invitation": (
        "ลิงก์ตั้งรหัสผ่านของ {officer} (ใช้ได้ครั้งเดียว ภายใน {days} วัน):\n{link}",
        "Link by which {officer} chooses a password (once, within {days} days): see above",
    ),
    "taken_up": ("รับเรื่อง {case} ดำเนินการต่อแล้ว", "Case {case} is taken up again"),
    "cancelled": ("ยกเลิกเรื่อง {case} แล้ว", "Case {case} is cancelled"),
    "rehearsed_same": (
        "เรื่อง {case} (รุ่น {version}): รออยู่อย่างเดิม",
        "Case {case} (version {version}) fits and would wait as it does",
    ),
    "rehearsed_goes_on": (
        "เรื่อง {case} (รุ่น {version}): จะดำเนินการต่อ {next}",
        "Case {case} (version {version}) fits and would go on: {next}",
    ),
    "rehearsed_mismatch": (
        "เรื่อง {case} (รุ่น {version}): ไม่ตรงกับประวัติ {why}",
        "Case {case} (version {version}) does not fit its history: {why}",
    ),
    "migrated_case": (
        "เรื่อง {case} ใช้กระบวนงานรุ่น {version} แล้ว",
        "Case {case} now runs under version {version} of its process",
    ),
    "verified": (
        "ประวัติถูกต้องครบถ้วน: {cases:,} เรื่อง {events:,} รายการ เอกสาร {documents:,} ฉบับ "
        "หมุดหลักฐาน {anchors:,} หมุด ข้อตรวจพบ {findings:,} รายการ",
        "The history is whole: {cases:,} cases, {events:,} events, {documents:,} documents, {anchors:,} anchors, "
        "{findings:,} findings",
    ),
    "result_altered": (
        "เรื่อง {case}: ผลการเทียบที่เก็บไว้ถูกแก้ไข ไม่ตรงกับผลที่เทียบใหม่จากประวัติและแบบจำลองเดียวกัน ได้บันทึกผลใหม่แทนแล้ว",
        "Case {case}: another result of the same history and model was kept; somebody has changed it, now it is right",
    ),
    "no_anchor": (
        "มีกุญแจลงนาม (SANGKAN_ANCHOR_KEY) แต่ไม่มีหมุดหลักฐานเลย หากเคยมี หมุดเหล่านั้นถูกลบออก ให้ตรวจกับผู้เก็บรักษาภายนอกด้วย --kept",
        "There is a key for anchors (SANGKAN_ANCHOR_KEY) and no anchor. If there were any, they were taken away; "
        "compare with those of the outside keeper: --kept",
    ),
    "key_not_compared": (
        "ไม่ได้ตรวจว่าหมุดหลักฐานลงนามด้วยกุญแจของหน่วยงาน เพราะไม่มีกุญแจที่นี่ (SANGKAN_ANCHOR_KEY) "
        "ผู้ที่แก้ฐานข้อมูลได้อาจทำหมุดขึ้นใหม่ด้วยกุญแจอื่น ให้ใช้ --kept",
        "Whether the anchors are signed with your key was not compared: none is here (SANGKAN_ANCHOR_KEY). Whoever may "
        "write the database can make them anew with another; compare with --kept",
    ),
    "key_not_held": (
        "หมุดหลักฐานถึงหมุดที่ {number} ลงนามด้วยกุญแจที่ไม่มีที่นี่แล้ว ({key}) ซึ่งส่งต่อให้กุญแจปัจจุบัน "
        "หากหน่วยงานไม่เคยใช้กุญแจนั้น หมุดเหล่านั้นเป็นของปลอม",
        "Anchors up to {number} are signed with a key that is not here (see above) and handed over to yours; "
        "if it never was yours, they are forged",
    ),
    "anchors_begin_late": (
        "หมุดหลักฐานแรกบันทึกเมื่อ {at_th} แต่ประวัติเริ่มเมื่อ {since_th} ก่อนหน้านั้นไม่มีหมุดรับรอง "
        "หากเคยมีหมุดก่อนหน้านี้ ให้ตรวจกับผู้เก็บรักษาภายนอกด้วย --kept",
        "The first anchor was made at {at}, the history begins at {since}: before that no anchor attests it. If there "
        "were earlier ones, compare with those of the outside keeper: --kept",
    ),
    "anchors_paused": (
        "ไม่มีหมุดหลักฐานรับรองเหตุการณ์เกินหนึ่งวัน {pauses:,} ช่วง ช่วงที่นานที่สุด {hours:,} ชั่วโมง ระหว่างหมุดที่ {after} ({at_th}) "
        "กับหมุดที่ {next} ({until_th}) หากเครื่องไม่ได้หยุดทำงานในช่วงนั้น หมุดอาจถูกลบแล้วทำขึ้นใหม่ ให้ตรวจกับผู้เก็บรักษาภายนอกด้วย --kept",
        "Events waited for an anchor for more than a day, {pauses:,} times; the longest for {hours:,} hours, between "
        "anchor {after} ({at}) and anchor {next} ({until}). If the worker did not stand still then, anchors may have "
        "been taken away and made anew: compare with those of the outside keeper: --kept",
    ),
    "replayed": (
        "ดำเนินซ้ำแล้วตรงกันทุกประการ: {cases:,} เรื่อง {events:,} รายการ งานและการรอ {openings:,} รายการ "
        "อีเมลที่เขียนซ้ำแล้วเทียบ {mails:,} ฉบับ อีเมลที่เทียบเฉพาะผลการส่ง {outcomes:,} ฉบับ",
        "Replayed, and the same byte for byte: {cases:,} cases, {events:,} events, {openings:,} waits, {mails:,} mails "
        "written anew; of {outcomes:,} mails only the outcome was compared",
    ),
    "replay_differs": (
        "เรื่อง {case}: ไม่ตรงกัน {count} แห่ง",
        "Case {case}, differences: {count}",
    ),
    "replay_difference": (
        "{place}: บันทึกไว้ว่า {held} แต่ดำเนินซ้ำได้ {made}",
        "{place}: the ledger holds {held}, made anew it is {made}",
    ),
    "replay_unknown_version": (
        "เรื่อง {case}: โปรแกรมนี้ไม่มีกระบวนงาน {version} แล้ว จึงไม่ได้เทียบส่วนนั้น",
        "Case {case}: this code no longer has {version}; what was opened under it is not compared",
    ),
    "replay_goes_on": ("กระบวนงานจะดำเนินการต่อ: {next}", "The flow would go on with: {next}"),
    "replay_before": (
        "ยังไม่มีเหตุการณ์ใดเกิดขึ้น ณ {thai} เรื่องเปิดเมื่อ{opened_thai}",
        "Nothing had happened by {iso}; the case was opened at {opened_iso}",
    ),
    "replay_standing": (
        "ณ {thai}: สถานะ {state} ขั้น {phase} รายการสุดท้าย {seq}",
        "At {iso}: state {state}, phase {phase}, last event {seq}, hash {hash}",
    ),
    "exported": (
        "ส่งออกไว้ที่ {file} แล้ว: {cases:,} เรื่อง {events:,} รายการ เอกสาร {documents:,} ฉบับ หมุดหลักฐาน {anchors:,} หมุด\n"
        "  ค่าแฮชของแฟ้ม (SHA-256): {sha256}\n  ตรวจสอบด้วย: python3 -I -S verify.py {file} --anchor เลขที่หมุด=ค่าแฮช",
        "{cases:,} cases, {events:,} events, {documents:,} documents, {anchors:,} anchors; verify.py is in the file",
    ),
    "exported_xes": (
        "ส่งออกไว้ที่ {file} แล้ว: {cases:,} เรื่อง {events:,} รายการ",
        "Written to {file}: {cases:,} traces, {events:,} events",
    ),
    "uncovered": (
        "ในจำนวนนี้ {events:,} รายการยังไม่มีหมุดหลักฐานรับรอง",
        "Of these, {events:,} events are not covered by an anchor yet",
    ),
    "reading_not_recorded": (
        "บันทึกว่าอ่านเรื่องเหล่านี้ไม่ได้ ฐานข้อมูลตอบว่า {why}",
        "That these cases were read could not be recorded; the database says: {why}",
    ),
    "role_granted": (
        "บทบาท {role} อ่านได้เฉพาะข้อมูลที่หน้าตรวจสอบแสดง และเขียนไม่ได้ ให้กำหนด SANGKAN_AUDIT_DATABASE_URL ของ portal",
        "Role {role} may read what auditors' pages show, and write nothing; name it in SANGKAN_AUDIT_DATABASE_URL",
    ),
    "key_made": (
        "สร้างกุญแจลงนามไว้ที่ {file} แล้ว กุญแจสาธารณะ: {key}",
        "The key is in {file}; keep a copy apart from the database. Public key: see above",
    ),
    "key_rotated": (
        "เปลี่ยนกุญแจแล้ว หมุดหลักฐานที่ {number} เป็นหมุดสุดท้ายของกุญแจเดิม กุญแจสาธารณะใหม่: {key}",
        "The key is changed; anchor {number} is the last one of the old key and names the new one",
    ),
    "anchored": (
        "บันทึกหมุดหลักฐานที่ {number} แล้ว: {cases:,} เรื่อง {events:,} รายการ\n  {hash}",
        "Anchor {number} covers {cases:,} cases and {events:,} events",
    ),
    "anchor_refuses": (
        "ไม่รับรองเรื่อง {case} เนื่องจากประวัติไม่ต่อเนื่องจากหมุดก่อน ให้เรียก sangkan audit verify {case}",
        "It does not vouch for {case}, whose history no longer continues what was seen",
    ),
    "nothing_to_anchor": (
        "ไม่มีเรื่องใดเปลี่ยนแปลงหลังหมุดหลักฐานล่าสุด",
        "No case has changed since the last anchor",
    ),
    "anchor_printed": ("พิมพ์หมุดหลักฐานที่ {number} ไว้ที่ {file} แล้ว", "Anchor {number} is printed to {file}"),
    "anchor_mailed": ("ส่งหมุดหลักฐานที่ {number} ไปที่ {keeper}", "Anchor {number} is on its way to {keeper}"),
    "anchor_was_mailed": (
        "หมุดหลักฐานที่ {number} ส่งไปที่ {keeper} แล้วก่อนหน้านี้",
        "Anchor {number} was mailed to {keeper} before",
    ),
    "row_differs": (
        "ตาราง {table} รายการ «{key}»: {column} เป็น {stored} แต่ประวัติระบุ {restored}",
        "Table {table}, row «{key}»: {column} is {stored}, the history says {restored}",
    ),
    "row_is_missing": (
        "ตาราง {table} ไม่มีรายการ «{key}» ซึ่งมีในประวัติ",
        "Table {table} lacks row «{key}», which the history has",
    ),
    "row_too_many": (
        "ตาราง {table} มีรายการ «{key}» ซึ่งไม่มีในประวัติ",
        "Table {table} has row «{key}», which the history does not have",
    ),
    "row_of_no_case": (
        "ตาราง {table} มีรายการ «{key}» ของเรื่อง {stored} ซึ่งไม่มีอยู่",
        "Table {table} has row «{key}» of case {stored}, which does not exist",
    ),
    "row_names_no_case": (
        "ตาราง {table} มีรายการ «{key}» ซึ่งไม่ระบุเรื่อง ทั้งที่ต้องเป็นของเรื่องใดเรื่องหนึ่ง",
        "Table {table} has row «{key}», which names no case and must belong to one",
    ),
    "history_cannot_be_read": (
        "อ่านประวัติของเรื่อง «{key}» ไม่ได้: {stored}",
        "The history of case «{key}» cannot be read: {stored}",
    ),
    "restorable": ("ตารางข้อมูลตรงกับประวัติทุกรายการ", "The tables are exactly what the history says"),
    "conforms": (
        "ทุกเรื่องเป็นไปตามแบบจำลองที่อนุมัติ: {cases} เรื่อง",
        "Every case keeps to its approved model: {cases} cases",
    ),
    "clock": ("เวลาของระบบ: {thai}", "The system's time: {iso}"),
    "sample": ("ข้อสั่งการตัวอย่าง «{title}»: {case}", "Sample directive «{title}»: {case}"),
}

DEMO_ACCOUNTS: tuple[tuple[str, str, str], ...] = (
    ("ops-psd.1", "สนย.: ลงทะเบียนข้อสั่งการ ตรวจทานรายงานภาพรวม", "secretariat: registers, reviews"),
    ("dept-plan.1", "กลุ่มแผน: รับ มอบหมาย ตรวจรายงาน", "planning unit: receives, assigns, checks"),
    ("dept-div-a.1", "กอง: รับมอบหมาย รายงานทุกสัปดาห์", "division: accepts, reports every week"),
    ("dept.head", "อธิบดี: ดูงานของกรม", "director-general: sees the department"),
    ("moj.minister", "รัฐมนตรี: รับรายงานทุกวันจันทร์", "minister: gets the Monday report"),
    ("ops-ict.admin", "ผู้ดูแลระบบ", "administrator"),
    ("ops-audit.1", "ผู้ตรวจสอบ", "auditor"),
)
"""Role accounts of the sample ministry that show the most."""


def say(event: str, facts: Mapping[str, object]) -> None:
    """Print what happened, in both languages."""
    th, en = SAID[event]
    print(f"{th.format_map(facts)}\n  {en.format_map(facts)}", flush=True)


def welcome(portal_url: str, prefect_url: str, smtp_port: int, password: str) -> str:
    """Where to go, and who may sign in."""
    accounts = "\n".join(f"    {account:<14} {th} ({en})" for account, th, en in DEMO_ACCOUNTS)
    return f"""
  หน้าเว็บ (portal)           {portal_url}
  Prefect UI                {prefect_url}
  กล่องจดหมาย (mailbox)       {portal_url}/mailbox   (SMTP 127.0.0.1:{smtp_port})

  บัญชีตัวอย่าง (sample accounts) รหัสผ่านเดียวกัน (one password): {password}
{accounts}

  กด Ctrl-C เพื่อหยุด (stops everything)
"""
