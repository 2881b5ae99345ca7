// What makes the forms pleasanter; without it every page works all the same.
"use strict";

document.querySelector("[data-focus]")?.focus();
document.getElementById(document.querySelector("[data-focus-on]")?.dataset.focusOn)?.focus();

// --- files are attached as soon as they are chosen; what is too large is not even sent
const attachAsChosen = (form) => {
  for (const attach of form.querySelectorAll("[data-attach]")) {
    const field = attach.closest("[data-field]"), input = field.querySelector("input[type=file]");
    attach.hidden = true;
    field.querySelector("[data-choose]").hidden = false;
    input.classList.add("hidden");
    input.addEventListener("change", () => {
      document.getElementById(`${input.id}-error`)?.remove();
      const large = [...input.files].filter((file) => file.size > Number(input.dataset.largest));
      field.querySelector("[data-refused]").textContent =
        large.length ? `${input.dataset.tooLarge} ${large.map((file) => file.name).join(", ")}` : "";
      if (large.length) input.value = "";
      else if (input.files.length) form.requestSubmit(attach);
    });
  }
};

// --- a form is multipart only when it brings a file; gives what is said meanwhile
const sendAs = (form) => {
  const brings = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  form.enctype = brings ? "multipart/form-data" : "application/x-www-form-urlencoded";
  return brings ? form.dataset.attaching : form.dataset.sending;
};

for (const form of document.querySelectorAll("form[data-draft]")) {
  const status = form.querySelector("[data-status]");
  const say = (sentence) => { if (status) status.textContent = sentence; };
  const typed = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  let kept = typed(), waiting = 0, leaving = false, over = false;

  // --- drafts: a few seconds after the last key, at the latest every ten
  let since = 0;
  const keep = async () => {
    clearTimeout(waiting); waiting = 0; since = 0;
    const now = typed();
    if (now === kept || leaving || over) return;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: now, redirect: "error",
        headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      });
      if (answer.status === 409) { over = true; say(form.dataset.over); return; }
      if (!answer.ok) throw new Error(answer.status);
      kept = now;
      say(`${form.dataset.saved} ${(await answer.json()).at}`);
    } catch {
      say(form.dataset.unsaved);
      waiting = setTimeout(keep, 10000);
    }
  };
  form.addEventListener("input", () => {
    if (typed() === kept) return;
    since ||= Date.now();
    clearTimeout(waiting);
    waiting = setTimeout(keep, Math.max(0, Math.min(2500, since + 10000 - Date.now())));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  window.addEventListener("beforeunload", (event) => { if (!leaving && typed() !== kept) event.preventDefault(); });

  // --- a second click sends nothing more
  form.addEventListener("submit", (event) => {
    if (leaving) { event.preventDefault(); return; }
    leaving = true;
    clearTimeout(waiting);
    event.submitter?.setAttribute("aria-disabled", "true");
    say(sendAs(form));
  });

  attachAsChosen(form);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) { leaving = false; say(""); form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled"); }
  });

  // --- which headings the chosen level requires (R0.4)
  const marks = form.querySelectorAll("[data-required-at]");
  const showRequired = () => {
    const level = form.querySelector("input[name=level]:checked")?.value;
    if (!level) return;
    for (const mark of marks) {
      const required = mark.dataset.requiredAt.split(" ").includes(level);
      mark.textContent = required ? form.dataset.required : form.dataset.optional;
      mark.classList.toggle("now", required);
      const field = mark.closest("[data-field]");
      field.querySelector("textarea, input")?.setAttribute("aria-required", String(required));
      if (field.dataset.field === "completed_on" && !field.querySelector("input").value) field.hidden = !required;
    }
  };
  form.addEventListener("change", showRequired);
  showRequired();

  // --- how much is too long
  for (const area of form.querySelectorAll("[data-longest]")) {
    const note = document.createElement("p");
    note.className = "error";
    note.setAttribute("aria-live", "polite");
    area.after(note);
    area.addEventListener("input", () => {
      const beyond = area.value.length - Number(area.dataset.longest);
      note.textContent = beyond > 0 ? `${form.dataset.left} ${beyond.toLocaleString()}` : "";
    });
  }
}

// --- forms that start something: a second click starts nothing more
for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = false;
  const typed = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  // What was refused, or attached a file, has come back as it was typed, and is kept nowhere else.
  const before = form.dataset.focusOn || form.querySelector("[aria-invalid]") ? "" : typed();
  window.addEventListener("beforeunload", (event) => { if (!sent && typed() !== before) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    if (sent) { event.preventDefault(); return; }
    sent = true;
    const status = form.querySelector("[data-status]"), said = form.dataset.attaching ? sendAs(form) : form.dataset.sending;
    if (status) status.textContent = said;
  });
  attachAsChosen(form);
  window.addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
}

// --- a file that waits for its form to be sent: the button speaks the page's language, the browser's own does not
for (const chosen of document.querySelectorAll("form[data-once] [data-chosen]")) {
  const input = chosen.parentElement.querySelector("input[type=file]");
  const show = () => { chosen.textContent = [...input.files].map((file) => file.name).join(", "); };
  input.classList.add("hidden");
  input.parentElement.querySelector("[data-choose]").hidden = false;
  input.addEventListener("change", show);
  window.addEventListener("pageshow", show);
}

// --- the account menu closes as menus do
const account = document.querySelector(".me");
document.addEventListener("click", (event) => { if (account && !account.contains(event.target)) account.open = false; });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !account?.open) return;
  account.open = false;
  account.querySelector("summary").focus();
});

// --- on a phone the menu is wider than the window: where one is, is in view
const here = document.querySelector(".menu [aria-current]");
if (here) {
  const row = here.parentElement;
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

// --- no line ends within a date, a time, a range, a number of a case, or a word that the browser takes for two
const digit = "[0-9๐-๙]";
const unbroken = new RegExp(`(${[
  `(?:${digit}{1,2}–)?${digit}{1,2} [ก-๎.]+ ${digit}{4}(?!${digit})`, `${digit}{1,2}[.]${digit}{2} น[.]`, `${digit}{4}-${digit}{4}`, `${digit}+–${digit}+`, `พ[.]ศ[.] ${digit}{4}`,
  "วัน(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)?ที่", "กลุ่ม(?:งาน|แผน)?", "กอง(?:แผน(?:งาน)?|กลาง|คลัง)", "กำกับดูแล", "กำหนด", "กระบวนงาน",
  "ข้อ(?:สั่งการ|เสนอ|คิดเห็น)", "ขั้นตอน", "ครบถ้วน", "คำรับรอง", "เครือข่าย", "งบประมาณ", "เจ้าหน้าที่", "ชีวิตประจำวัน", "ชี้แจง", "ซักซ้อม", "ดำเนิน(?:การ|งาน)", "ต่อเนื่อง",
  "ตัว(?:ชี้วัด|อย่าง)", "ตรวจสอบ", "ถ่ายทอด", "ทะเบียน", "เบ็ดเสร็จ", "แบบ(?:จำลอง|ฟอร์ม)", "ปฏิบัติ(?:ราชการ|งาน)?", "ประจำ(?:สัปดาห์|เดือน|ปี)", "ประชา(?:ชน|คม)", "ประชุม", "ประเมิน", "ปรับปรุง",
  "ผู้(?:อำนวยการ|รับผิดชอบ|รับบริการ|สูงอายุ|พิการ|บริหาร)", "เผยแพร่", "แผนงาน", "พื้น(?:ฐาน|ที่)", "ยุทธศาสตร์", "ร่องรอย", "ร้อยละ", "รับทราบ", "ราชการ", "รายงาน", "เรียบร้อย", "ล่าช้า", "แล้วเสร็จ",
  "ส่งคืน(?:แก้ไข)?", "ส่วนราชการ", "หน่วย(?:งาน|บริการ)", "หนังสือเวียน", "หลักฐาน", "อนุมัติ", "อิเล็กทรอนิกส์", "อุทธรณ์",
].join("|")})`);
const keepWhole = (within) => {
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT, (node) =>
    unbroken.test(node.data) && !node.parentElement.closest("textarea, option, script, pre") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const broken = [];
  while (texts.nextNode()) broken.push(texts.currentNode);
  for (const node of broken) {
    // One element in place of the text: several would be several items where the text stands in a flex box.
    const whole = document.createElement("span");
    whole.append(...node.data.split(unbroken).map((part, place) => {
      if (place % 2 === 0) return part;
      const word = document.createElement("span");
      word.className = "unbroken";
      word.textContent = part;
      return word;
    }));
    node.replaceWith(whole);
  }
};
keepWhole(document.body);

// --- what takes its time comes after its page
for (const box of document.querySelectorAll("[data-later]")) {
  const comes = async () => {
    try {
      const answer = await fetch(box.dataset.later, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      box.replaceChildren(...page.getElementById(box.id).childNodes);
      keepWhole(box);
    } catch {
      box.querySelector("[data-waits]").textContent = box.dataset.failed;
    }
  };
  comes();
}
