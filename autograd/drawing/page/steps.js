// The same picture, with the forward and the backward pass to be walked through.

const PLAY = "M4 2l9 6l-9 6z",
  PAUSE = "M4 2h3v12H4zM9 2h3v12H9z";

class Stepper extends Glass {
  constructor(root, data, style) {
    super(root, data, style);
    this.addControls(data.steps);
    this.go(0);
  }

  read(numbers, steps) {
    super.read(numbers);
    this.steps = steps.list.map(([at, to, total, line, rule, entries]) => ({
      at,
      to,
      total,
      line,
      rule,
      entries,
    }));
    this.computed = new Map(); // the step that computed each node
    this.steps.forEach((step, n) => step.to === null && this.computed.set(step.at, n));
    this.at = 0;
    this.latest = new Map(); // the last step that added to each node's gradient
    const of = (i) => this.latest.get(i)?.total;
    const before = (i) => !this.op[i] && this.has[i]; // what stood in a leaf
    this.state = {
      known: (i) => !this.op[i] || this.computed.get(i) <= this.at,
      has: (i) => this.latest.has(i) || before(i),
      grad: (i) => of(i)?.[0] ?? this.grads[i],
      peak: (i) => of(i)?.[1] ?? this.peaks[i],
    };
  }

  get step() {
    return this.steps[this.at];
  }

  go(n) {
    n = Math.max(0, Math.min(this.steps.length - 1, n));
    if (n < this.at) this.latest.clear();
    for (let k = n < this.at ? 0 : this.at; k <= n; k++) {
      const step = this.steps[k];
      if (step.to !== null) this.latest.set(step.to, step);
    }
    this.at = n;
    this.pinned = null;
    this.follow();
    this.refresh();
    this.light();
  }

  // Show where the node at work stands: here, in another part like this, or further out.
  follow() {
    const box = this.boxOf.get(this.step.at);
    if (box && box.kind !== "outside") return;
    const { levels } = this.locate(this.step.at);
    let common = 0;
    while (common < this.levels.length && levels[common]?.path === this.levels[common].path)
      common++;
    this.show(levels.slice(0, common));
  }

  show(levels) {
    super.show(levels);
    if (this.panel) this.light();
  }

  light() {
    const { at, to, line, rule } = this.step,
      forward = to === null;
    const works = this.boxOf.get(at),
      gets = this.boxOf.get(to);
    for (const box of this.boxes) {
      box.element.classList.toggle("at", box === works);
      box.element.classList.toggle("to", box === gets && box !== works);
    }
    const tips = this.svg.querySelectorAll(":scope > .tip");
    this.svg.querySelectorAll(".edge").forEach((edge, n) => {
      const { source, target } = edge.dataset;
      const flows = target === works?.key && (forward || source === gets?.key);
      for (const part of [edge, tips[n]]) {
        part.classList.toggle("flow", flows);
        part.classList.toggle("forward", forward);
      }
    });
    if (works) this.reveal(works);
    const { levels } = this.locate(at),
      inside = levels.length > this.levels.length && works;
    this.inside = inside ? levels : null;
    this.into.disabled = !inside;
    const parts = this.where(levels)
      .split(" › ")
      .slice(this.levels.length - 1)
      .join(" › ");
    const where = inside
      ? `inside ${parts}`
      : works
        ? ""
        : `not in this picture: ${this.where(levels)}`;
    this.place.textContent = where;
    this.line.textContent = line;
    this.rule.textContent = rule ?? "";
    this.phase.textContent = forward ? "forward" : "backward";
    this.phase.className = `phase ${this.phase.textContent}`;
    this.count.textContent = `step ${this.at + 1} of ${this.steps.length}`;
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", `${this.phase.textContent}: ${line}`);
    this.first.disabled = this.previous.disabled = this.at === 0;
    this.next.disabled =
      this.last.disabled =
      this.over.disabled =
        this.at === this.steps.length - 1;
    this.keepFocus();
    this.play.replaceChildren(icon(this.timer ? PAUSE : PLAY));
    this.play.ariaLabel = this.play.title = this.timer ? "pause" : "play";
    if (!this.timer)
      this.say([this.phase.textContent, where, line, rule].filter(Boolean).join(", "));
    this.showEntries();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  jump(n) {
    this.stop();
    this.go(n);
  }

  turn() {
    if (this.timer) return this.jump(this.at);
    const last = this.steps.length - 1;
    if (this.at === last) this.go(0);
    const wait = Math.max(calm.matches ? 1000 : 0, 1000 / this.speed.value);
    this.timer = setInterval(
      () => (this.at === last ? this.jump(last) : this.go(this.at + 1)),
      wait,
    );
    this.light();
  }

  // On to the next box at work: a group in one go.
  stepOver() {
    const box = this.boxOf.get(this.step.at),
      last = this.steps.length - 1;
    let n = this.at + 1;
    while (n < last && box?.opens && this.boxOf.get(this.steps[n].at) === box) n++;
    this.jump(n);
  }

  stepInto() {
    this.stop();
    if (this.inside) this.show(this.inside.slice(0, this.levels.length + 1));
  }

  // --- entries of arrays -----------------------------------------------------------------------

  gradients(i) {
    return this.latest.get(i)?.entries?.total ?? (this.op[i] ? null : super.gradients(i));
  }

  // What Python drew of a large gradient is that of another pass.
  get asDrawn() {
    return false;
  }

  onpick({ shown }, { target, clientX, clientY }) {
    this.pinned = shown;
    const map = target.closest(".heat"),
      array = this.arrays[shown];
    if (map && array?.data) {
      const { left, top, width, height } = map.querySelector("rect").getBoundingClientRect();
      const wide = array.shape.at(-1),
        high = array.data.length / wide;
      const at = (from, span, to, count) =>
        Math.max(0, Math.min(count - 1, Math.floor(((to - from) / span) * count)));
      this.entry = at(top, height, clientY, high) * wide + at(left, width, clientX, wide);
    }
    this.showEntries();
    this.say(this.entries.querySelector("p")?.textContent ?? "");
  }

  showEntries() {
    const { at, to, entries } = this.step,
      node = this.pinned ?? to ?? at,
      array = this.arrays[node];
    this.entries.replaceChildren();
    if (!array?.data) return;
    const n = (this.entry = Math.min(this.entry ?? 0, array.data.length - 1)),
      name = this.label(node);
    const known = this.state.known(node),
      grads = this.gradients(node);
    const place = array.shape.length ? `[${this.subscripts(n, array.shape).join(", ")}]` : "";
    const root = this.label(this.low.length - 1),
      gradient = `∂${root}/∂${name}${place}`;
    const said = [`${name}${place} = ${known ? number(array.data[n]) : NEVER}`];
    if (to === node && entries) {
      const local = entries.up && entries.local;
      const factors = local ? ` ${number(entries.up[n])} × ${number(entries.local[n])} =` : "";
      said.push(
        `${gradient} +=${factors} ${number(entries.share[n])}, now ${number(entries.total[n])}`,
      );
    } else {
      said.push(`${gradient} = ${grads ? number(grads[n]) : NEVER}`);
    }
    this.entries.append(
      this.table(`${name}, ${array.shape.join(" × ")}`, "values", array.shape, known && array.data),
      this.table(`∂${root}/∂${name}`, "grads", array.shape, grads),
      make("p", {}, said.join("      ")),
    );
  }

  table(caption, kind, shape, values) {
    const wide = shape.at(-1) ?? 1,
      count = shape.reduce((a, b) => a * b, 1),
      rows = [];
    for (let n = 0; n < count; n++) {
      const cell = button(
        `${caption} [${this.subscripts(n, shape).join(", ")}]`,
        values ? number(values[n]) : NEVER,
        () => this.choose(kind, n),
      );
      cell.setAttribute("aria-pressed", n === this.entry);
      if (n % wide === 0) rows.push(make("tr"));
      rows.at(-1).append(make("td", {}, cell));
    }
    return make("table", { class: kind }, make("caption", {}, caption), ...rows);
  }

  choose(kind, n) {
    this.entry = n;
    this.showEntries();
    this.entries.querySelectorAll(`.${kind} button`)[n].focus();
    this.say(this.entries.querySelector("p").textContent);
  }

  subscripts(n, shape) {
    const found = [];
    for (const size of [...shape].reverse()) {
      found.unshift(n % size);
      n = Math.floor(n / size);
    }
    return found;
  }

  // --- controls --------------------------------------------------------------------------------

  addControls({ more }) {
    const act = (name, label, text, does) => (this[name] = button(label, text, does));
    this.phase = make("span", { class: "phase" });
    this.count = make("span");
    this.slider = make("input", {
      type: "range",
      min: 0,
      max: this.steps.length - 1,
      "aria-label": "step",
      oninput: (event) => this.jump(+event.target.value),
    });
    this.speed = make(
      "select",
      { onchange: () => this.timer && (this.stop(), this.turn()) },
      ...[0.5, 1, 2, 5, 20].map((each) => make("option", { value: each }, `${each}×`)),
    );
    this.speed.value = 1;
    const bar = make(
      "div",
      { class: "bar" },
      act("first", "first", icon("M3 2h2v12H3zM13 2v12l-8-6z"), () => this.jump(0)),
      act("previous", "previous", icon("M11 3v10l-6-5z"), () => this.jump(this.at - 1)),
      act("play", "play", icon(PLAY), () => this.turn()),
      act("next", "next", icon("M5 3l6 5l-6 5z"), () => this.jump(this.at + 1)),
      act("last", "last", icon("M11 2h2v12h-2zM3 2l8 6l-8 6z"), () =>
        this.jump(this.steps.length - 1),
      ),
      act("over", "over: on to the next box", "over", () => this.stepOver()),
      act("into", "into: open the group at work", "into", () => this.stepInto()),
      this.slider,
      make("label", {}, "speed", this.speed),
      this.phase,
      this.count,
    );
    this.place = make("div", { class: "where" });
    this.place.hidden = this.pictures.size === 1;
    this.line = make("div", { class: "line" });
    this.rule = make("div", { class: "rule" });
    this.entries = make("div", { class: "entries" });
    const key = (kind, text) => make("span", {}, make("i", { class: `key ${kind}` }), text);
    const legend = make(
      "div",
      { class: "legend" },
      key("", "at work"),
      key("to", "receives a gradient"),
      make("span", {}, "← → step, space plays, o over, i into, Esc out"),
    );
    if (more)
      legend.append(make("strong", {}, `Only the first ${this.steps.length} steps are kept here.`));
    this.panel = make(
      "div",
      { class: "steps" },
      bar,
      this.place,
      this.line,
      this.rule,
      this.entries,
      legend,
    );
    this.stage.after(this.panel);
    Object.assign(this.keys, {
      ArrowLeft: () => this.jump(this.at - 1),
      ArrowRight: () => this.jump(this.at + 1),
      Home: () => this.jump(0),
      End: () => this.jump(this.steps.length - 1),
      " ": () => this.turn(),
      o: () => this.stepOver(),
      i: () => this.stepInto(),
    });
  }
}
