// The diagram of an approved model, and what is marked on it: tokens at a moment, or waiting over all cases.
// Without it the tables below say the same.
"use strict";

const FONT = 'Sarabun, "Noto Sans Thai", Tahoma, sans-serif';
const EDGE = 10, SIGN = 48; // pixels free around a whole diagram, and below it
const READABLE = 0.8; // so far the names of steps can be read

/** A viewer in a box of the page; nothing is loaded from elsewhere and nothing can be changed in it. */
async function drawn(box) {
  const place = box.querySelector(".diagram");
  box.hidden = false;
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false; // what only goes with a diagram
  // Labels are measured before they are drawn, so the font must be there.
  await Promise.all([400, 600, 700].map((weight) => document.fonts.load(`${weight} 12px Sarabun`, "กรม")));
  const viewer = new BpmnJS({
    container: place, zoomScroll: { enabled: false },
    textRenderer: { defaultStyle: { fontFamily: FONT, fontSize: 14, lineHeight: 1.25 }, externalStyle: { fontFamily: FONT, fontSize: 13, lineHeight: 1.2 } },
  });
  const answer = await fetch(box.dataset.model, { headers: { accept: "application/xml" } });
  if (!answer.ok) throw new Error(answer.status);
  await viewer.importXML(await answer.text());
  return new Drawing(box, place, viewer);
}

class Drawing {
  constructor(box, place, viewer) {
    this.box = box; this.place = place;
    this.canvas = viewer.get("canvas"); this.overlays = viewer.get("overlays"); this.registry = viewer.get("elementRegistry");
    this.marked = new Map();
    this.bind();
  }

  /** Buttons, arrow keys, Ctrl and wheel, one finger sideways, two fingers to zoom. */
  bind() {
    this.box.addEventListener("click", (event) => {
      const wanted = event.target.closest("[data-zoom]")?.dataset.zoom;
      if (wanted === "in") this.zoom(1.25);
      if (wanted === "out") this.zoom(0.8);
      if (wanted === "whole") this.whole();
      if (wanted === "tokens") this.toTokens();
    });
    const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    this.place.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (moves[event.key]) this.canvas.scroll({ dx: moves[event.key][0], dy: moves[event.key][1] });
      else if (event.key === "+" || event.key === "=") this.zoom(1.25);
      else if (event.key === "-") this.zoom(0.8);
      else if (event.key === "0") this.whole();
      else return;
      event.preventDefault();
    });
    this.place.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.1 : 0.9, this.within(event));
    }, { passive: false });
    this.touch();
  }

  touch() {
    const fingers = new Map();
    this.place.addEventListener("pointerdown", (event) => { if (event.pointerType === "touch") fingers.set(event.pointerId, event); });
    this.place.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      if (fingers.size === 1) this.canvas.scroll({ dx: event.clientX - before.clientX, dy: event.clientY - before.clientY });
      else {
        const other = [...fingers.values()].find((each) => each.pointerId !== event.pointerId);
        const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
        this.zoom(apart(event) / apart(before), this.within({ clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 }));
      }
      fingers.set(event.pointerId, event);
    });
    for (const gone of ["pointerup", "pointercancel", "pointerleave"]) this.place.addEventListener(gone, (event) => fingers.delete(event.pointerId));
  }

  within(event) { const box = this.place.getBoundingClientRect(); return { x: event.clientX - box.left, y: event.clientY - box.top }; }
  zoom(by, at = "auto") { this.canvas.zoom(Math.min(3, Math.max(0.1, this.canvas.zoom() * by)), at); }

  /** All of it, with an edge around: a border on the border of the box looks cut off, and below stands the maker's sign. */
  whole() {
    const { inner, outer } = this.canvas.viewbox(), free = { width: outer.width - 2 * EDGE, height: outer.height - EDGE - SIGN };
    const scale = Math.min(1, free.width / inner.width, free.height / inner.height);
    if (!(scale > 0)) return this.canvas.zoom("fit-viewport", "auto"); // a box without a size yet
    this.canvas.viewbox({
      x: inner.x - (outer.width / scale - inner.width) / 2,
      y: inner.y - EDGE / scale - (free.height / scale - inner.height) / 2,
      width: outer.width / scale, height: outer.height / scale,
    });
  }

  /** At first: all of it, on a screen that is wide; or so much that names can be read, around what is marked. */
  settle(ids, whole) {
    this.whole();
    if (whole && this.place.clientWidth >= 700) this.fitHeight();
    else { this.canvas.zoom(Math.min(0.9, Math.max(READABLE, this.canvas.zoom()))); this.show(ids); }
  }

  /** The box is no higher than the whole diagram needs. */
  fitHeight() {
    const { inner } = this.canvas.viewbox();
    this.place.style.height = `${Math.min(this.place.clientHeight * 1.2, inner.height * ((this.place.clientWidth - 2 * EDGE) / inner.width) + EDGE + SIGN)}px`;
    this.canvas.resized();
    this.whole();
  }

  /** Bring these elements into the middle; without any, the start. */
  show(ids) {
    const shapes = ids.map((id) => this.registry.get(id)).filter(Boolean).sort((one, other) => one.x - other.x);
    const view = this.canvas.viewbox(), { inner } = view;
    const first = shapes[0] ?? { x: inner.x, y: inner.y, width: view.width, height: inner.height };
    const within = (wanted, size, from, all) => all <= size ? from - (size - all) / 2 : Math.min(Math.max(wanted - size / 2, from - 20), from + all - size + 20);
    this.canvas.viewbox({
      x: within(first.x + first.width / 2, view.width, inner.x, inner.width),
      y: within(first.y + first.height / 2, view.height, inner.y, inner.height), width: view.width, height: view.height,
    });
  }

  /** Move only when this cannot be seen. */
  reveal(id) {
    const shape = this.registry.get(id), view = this.canvas.viewbox();
    if (!shape || !view.width) return;
    const x = shape.x + shape.width / 2, y = shape.y + shape.height / 2;
    if (x < view.x || x > view.x + view.width || y < view.y || y > view.y + view.height) this.show([id]);
  }

  toTokens() { if (this.canvas.zoom() < 0.8) this.canvas.zoom(0.9); this.show([...this.marked].filter(([, names]) => names.includes("token-open")).map(([id]) => id)); }

  clear() {
    for (const [id, names] of this.marked) for (const name of names) this.canvas.removeMarker(id, name);
    this.marked.clear();
    this.overlays.clear();
  }

  mark(id, names) {
    if (!this.registry.get(id)) return;
    for (const name of names) this.canvas.addMarker(id, name);
    this.marked.set(id, [...(this.marked.get(id) ?? []), ...names]);
  }

  label(id, html, position) { if (this.registry.get(id)) this.overlays.add(id, { html, position, scale: { min: 0.75, max: 1.2 } }); }
  isPart(id) { return this.registry.get(id)?.type === "bpmn:SubProcess"; }
  width(id) { return this.registry.get(id)?.width ?? 0; }
}

const made = (name, className, text) => { const element = document.createElement(name); element.className = className; element.textContent = text; return element; };

// --- tokens at a moment

const FIGURES = [["open", "●"], ["late", "!"], ["done", "✓"], ["withdrawn", "✕"]];

function drawTokens(drawing, counts, now) {
  const names = JSON.parse(drawing.box.dataset.names);
  drawing.clear();
  for (const [id, figures] of Object.entries(counts)) {
    const [waits, late, done, withdrawn] = figures;
    const state = late ? "late" : waits ? "open" : done ? "done" : withdrawn ? "withdrawn" : "";
    if (!state) continue;
    drawing.mark(id, [`token-${state}`, ...(late ? ["token-open"] : []), ...(drawing.isPart(id) ? ["token-part"] : [])]);
    const marks = made("div", "marks-of-tokens", "");
    FIGURES.forEach(([kind, sign], place) => {
      const n = kind === "open" ? waits - late : figures[place];
      if (n <= 0 || (kind === "done" && n === 1 && !waits && !withdrawn && !drawing.isPart(id) && drawing.width(id) < 60)) return;
      const mark = made("span", `mark-of-token ${kind}`, `${sign} ${n}`);
      mark.title = names[kind];
      marks.append(mark);
    });
    if (marks.childElementCount) drawing.label(id, marks, { top: 0, left: drawing.width(id) < 60 ? 18 : 8 });
  }
  if (now) drawing.mark(now, ["token-now"]);
  const departs = drawing.box.dataset.deviation;
  if (!departs) return;
  drawing.mark(departs, ["token-departs"]);
  drawing.label(departs, made("div", "mark-of-token departs", `≠ ${names.departs}`), { bottom: 0, left: 0 });
}

/** The history in parts of a hundred events, each read once, when it is first needed. */
class Past {
  constructor(form, part) { this.address = form.dataset.steps; this.size = 100; this.parts = new Map([[part.first, Promise.resolve(part)]]); }

  part(seq) {
    const first = Math.floor((seq - 1) / this.size) * this.size + 1;
    if (!this.parts.has(first)) {
      const reading = fetch(`${this.address}?seq=${seq}`, { headers: { accept: "application/json" } }).then((answer) => {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      });
      reading.catch(() => this.parts.delete(first));
      this.parts.set(first, reading);
    }
    return this.parts.get(first);
  }

  /** How the case stood after an event. */
  async at(seq) {
    const part = await this.part(seq);
    const counts = { ...part.counts }, waiting = new Map(part.waiting.map((each) => [each.key, each]));
    for (const step of part.steps.slice(0, seq - part.first + 1)) {
      Object.assign(counts, step.changed);
      for (const key of step.ended) waiting.delete(key);
      if (step.waits) waiting.set(step.waits.key, step.waits);
    }
    const step = part.steps[seq - part.first], moment = new Date(step.at);
    const lines = [...waiting.values()].map((each) => ({ ...each, late: Boolean(each.due) && new Date(each.due) <= moment }));
    lines.sort((one, other) => Number(!one.due) - Number(!other.due) || new Date(one.due || 0) - new Date(other.due || 0) || one.seq - other.seq);
    return { step, counts, lines, inAll: step.inAll };
  }
}

class Moment {
  constructor(form) {
    this.form = form; this.section = form.closest("section"); this.said = form.dataset;
    this.slider = form.querySelector("#slider"); this.number = form.querySelector("#seq");
    this.last = Number(this.slider.max); this.seq = Number(this.slider.value);
    this.history = new Past(form, JSON.parse(this.section.querySelector("[data-part]").textContent));
    this.drawing = null;
    form.querySelector(".moment-slide").hidden = false;
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.go(Number(this.number.value) || this.seq); });
    form.addEventListener("click", (event) => {
      const wanted = event.target.closest("[data-go]")?.dataset.go;
      if (!wanted || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go({ first: 1, previous: this.seq - 1, next: this.seq + 1, latest: this.last }[wanted]);
    });
  }

  async go(wanted) {
    const seq = this.seq = Math.min(Math.max(Math.round(wanted), 1), this.last);
    this.slider.value = this.number.value = seq;
    const told = this.section.querySelector("[data-told]");
    told.classList.add("busy");
    try {
      const stood = await this.history.at(seq);
      if (seq !== this.seq) return; // the slider has gone on meanwhile
      this.show(stood);
      history.replaceState(null, "", seq === this.last ? location.pathname : `?seq=${seq}`);
    } catch {
      if (seq === this.seq) told.querySelector("[data-of=said]").textContent = this.said.unread;
    }
    if (seq === this.seq) told.classList.remove("busy");
  }

  show({ step, counts, lines, inAll }) {
    for (const place of this.section.querySelectorAll("[data-of]")) {
      const value = step[place.dataset.of];
      place.textContent = Array.isArray(value) ? value.join(", ") || this.said.nobody : value;
    }
    if (this.drawing) { drawTokens(this.drawing, counts, step.element); this.drawing.reveal(step.element); }
    this.showTable(counts, step.seq);
    const list = this.section.querySelector("[data-waiting]");
    list.replaceChildren(...lines.slice(0, 100).map((each) => this.waiting(each)));
    if (inAll > list.childElementCount) list.append(made("li", "muted", this.said.more.replace("#", inAll - list.childElementCount)));
    if (!inAll) list.append(made("li", "muted", this.said.nothing));
    this.slider.setAttribute("aria-valuetext", `${step.seq}: ${step.said} ${step.step} ${step.when}`);
    for (const row of document.querySelectorAll("[data-seq]")) row.toggleAttribute("aria-current", Number(row.dataset.seq) === step.seq);
  }

  showTable(counts, seq) {
    for (const row of this.section.querySelectorAll("[data-element]")) {
      const figures = counts[row.dataset.element] ?? [0, 0, 0, 0];
      row.classList.toggle("unreached", figures.every((n) => !n));
      FIGURES.forEach(([kind, sign], place) => {
        const cell = row.querySelector(`[data-figure=${kind}]`);
        cell.textContent = figures[place] ? `${sign} ${figures[place]}` : "–";
        cell.classList.toggle(kind, Boolean(figures[place]));
        cell.classList.toggle("none", !figures[place]);
      });
    }
    const title = this.section.querySelector("[data-title-of]");
    if (title) title.textContent = this.said.title.replace("#", seq);
  }

  waiting(each) {
    const line = made("li", each.late ? "waits overdue" : "waits", "");
    const until = each.until ? ` · ${this.said.until} ${each.until}` : "";
    line.append(made("strong", "", each.step), " ");
    if (each.instance) line.append(made("span", "mono", each.instance), " ");
    line.append(made("span", "", each.unit), " ", made("span", "small muted", `${this.said.since} ${each.since}${until}`));
    if (each.late) line.append(" ", made("span", "badge missing", `! ${this.said.late}`));
    return line;
  }
}

// --- waiting over all cases

function drawHeat(drawing, heat) {
  for (const each of heat) {
    drawing.mark(each.element, [`heat-${each.level}`, ...(each.time ? ["heat-of-time"] : [])]);
    const small = drawing.width(each.element) < 60; // an event has its name below
    drawing.label(each.element, made("div", small ? "mark-of-heat above" : "mark-of-heat", each.said), { [small ? "top" : "bottom"]: 0, left: drawing.width(each.element) / 2 });
  }
  drawing.settle(heat.slice(0, 1).map((each) => each.element), true);
}

async function begin() {
  const form = document.querySelector("[data-moment]"), moment = form && new Moment(form);
  const box = document.querySelector("[data-diagram]");
  if (!box) return;
  try {
    const drawing = await drawn(box);
    if (box.dataset.diagram === "heat") drawHeat(drawing, JSON.parse(document.querySelector("[data-heat]").textContent));
    if (moment) {
      moment.drawing = drawing;
      const stood = await moment.history.at(moment.seq);
      drawTokens(drawing, stood.counts, stood.step.element);
      const here = stood.lines.map((each) => each.element);
      drawing.settle(stood.step.element ? [stood.step.element] : here, false);
    }
    box.dataset.ready = "";
  } catch (trouble) {
    console.error(trouble);
    const place = box.querySelector(".diagram");
    place.classList.add("failed");
    place.replaceChildren(made("p", "", box.dataset.failed));
  }
}

begin();
