// A picture of a graph that can be opened, searched, coloured and zoomed.

const HINT = "Point at a box, or move to it with Tab, to read the whole value.";
const LEGIBLE = 0.75; // letters of 12 pixels are not drawn smaller than 9 unless asked for
const calm = matchMedia("(prefers-reduced-motion: reduce)");

class Glass extends Boxes {
  constructor(root, data, style) {
    super();
    this.root = root;
    const image = root.querySelector("img"),
      [, source] = image.src.split(",");
    this.title = image.alt;
    image.remove();
    const first = data.pictures.find((each) => each.path === data.path);
    first.svg = new TextDecoder().decode(decode(source, Uint8Array));
    this.pictures = new Map(data.pictures.map((each) => [each.path, new Picture(each)]));
    this.read(data.numbers, data.steps);
    this.build(style);
    this.colour.value = this.given = data.colour;
    this.levels = [];
    this.show(this.within(data.path));
    // Once the page knows how wide it is, and again when that changes.
    new ResizeObserver(() => this.stage.clientWidth !== this.fitted && this.fit()).observe(
      this.stage,
    );
  }

  show(levels) {
    levels = levels.map((level) => ({ ...level }));
    const paths = (each) => each.map(({ path }) => path).join();
    const same = this.svg && paths(levels) === paths(this.levels);
    this.levels = levels;
    const picture = (this.picture = this.pictures.get(levels.at(-1).path));
    if (!same) this.draw(picture);
    this.boxes = [...this.svg.querySelectorAll(".box")].map((element) => this.box(element));
    this.boxOf = new Map();
    for (const box of this.boxes) {
      if (box.kind !== "tag") for (const i of box.nodes) this.boxOf.set(i, box);
    }
    for (const label of this.svg.querySelectorAll(".edge-label")) {
      // Local derivatives are those of the first part; places and counts hold for all.
      const holds =
        /^(\d+(,\d+)*)?( ?×\d+)?$/.test(label.textContent) || !levels.some((level) => level.member);
      label.setAttribute("visibility", holds ? "visible" : "hidden");
    }
    this.refresh();
    this.crumble();
    if (!same) this.fit();
  }

  draw(picture) {
    const parsed = new DOMParser().parseFromString(picture.svg, "image/svg+xml").documentElement;
    const svg = document.importNode(parsed, true);
    this.width = +svg.getAttribute("width");
    this.height = +svg.getAttribute("height");
    for (const name of ["width", "height", "font-family"]) svg.removeAttribute(name);
    if (this.given !== "none") // the page colours by itself, in one way or another
      for (const element of svg.querySelectorAll(".bar, .legend")) element.remove();
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", svg.querySelector("desc").textContent);
    svg.querySelector(":scope > title").remove(); // it would show wherever no box is
    for (const element of svg.querySelectorAll(".box")) {
      const opens = this.pictures.get(element.dataset.opens)?.svg;
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", opens ? "button" : "img");
      const name = element.querySelector(".name");
      if (name) name.first = name.textContent; // of the first part
      for (const label of element.querySelectorAll(".label")) {
        label.classList.toggle("of-grad", label.textContent.includes("grad"));
      }
      element.onmouseenter = element.onfocus = () => this.tell(element);
      element.onclick = (event) => this.moved || this.pick(element, event);
    }
    if (this.svg) this.svg.replaceWith(svg);
    else this.stage.append(svg);
    this.svg = svg;
  }

  // --- moving about ----------------------------------------------------------------------------

  pick(element, event) {
    const box = this.boxes.find((each) => each.element === element);
    if (box.opens) this.open(box.opens.path);
    else if (box.kind === "tag")
      this.mark(this.boxes.find((each) => each.key === box.key.split("@")[0]));
    else this.onpick?.(box, event);
  }

  open(path, member = 0) {
    this.show([...this.levels, { path, member }]);
    this.say(`opened ${this.where()}: ${this.boxes.length} boxes`);
    const first = this.svg.querySelector(".box[role=button]") ?? this.svg.querySelector(".box");
    first.focus({ preventScroll: true });
  }

  up() {
    if (this.levels.length < 2) return;
    const { path } = this.levels.at(-1);
    this.show(this.levels.slice(0, -1));
    this.say(`back in ${this.where()}: ${this.boxes.length} boxes`);
    this.boxes.find((box) => box.opens?.path === path)?.element.focus({ preventScroll: true });
  }

  member(n) {
    const last = this.picture.count - 1;
    this.levels.at(-1).member = Math.max(0, Math.min(last, n || 0));
    this.show(this.levels);
    this.say(`${this.picture.name} ${this.levels.at(-1).member + 1} of ${last + 1}`);
  }

  where(levels = this.levels) {
    const names = levels.slice(1).map(({ path, member }, n) => {
      const { name, count } = this.pictures.get(path);
      const other = levels.slice(0, n + 1).some((level) => level.member);
      return (
        (other ? name.replace(/ #\d+$/, "") : name) +
        (count > 1 ? ` ${member + 1} of ${count}` : "")
      );
    });
    return names.join(" › ") || "the whole";
  }

  crumble() {
    const crumbs = this.levels.map((level, n) => {
      const text = n
        ? this.where([this.levels[0], ...this.levels.slice(1, n + 1)])
            .split(" › ")
            .at(-1)
        : "the whole";
      if (n === this.levels.length - 1) return make("b", { "aria-current": "page" }, text);
      return button(`back to ${text}`, text, () => {
        this.show(this.levels.slice(0, n + 1));
        this.say(`back in ${this.where()}`);
        this.glass.focus({ preventScroll: true }); // the crumb is gone
      });
    });
    this.crumbs.hidden = this.pictures.size === 1;
    this.crumbs.replaceChildren(...crumbs.flatMap((crumb, n) => (n ? ["›", crumb] : [crumb])));
    const { count } = this.picture,
      { member } = this.levels.at(-1);
    this.members.hidden = !(count > 1);
    if (!(count > 1)) return;
    const input = this.members.querySelector("input"),
      [before, after] = this.members.querySelectorAll("button");
    Object.assign(input, { max: count, value: member + 1 });
    this.members.querySelector("span").textContent = `of ${count}`;
    before.disabled = member === 0;
    after.disabled = member === count - 1;
    this.keepFocus();
  }

  // A button that goes off would take the keys with it.
  keepFocus() {
    if (this.root.shadowRoot.activeElement?.disabled) this.glass.focus({ preventScroll: true });
  }

  mark(box) {
    for (const each of this.boxes) each.element.classList.toggle("found", each === box);
    if (!box) return;
    this.reveal(box);
    this.tell(box.element);
  }

  tell(element) {
    this.told = element;
    this.whole.textContent = this.boxes.find((box) => box.element === element)?.whole ?? HINT;
  }

  say(text) {
    this.said.textContent = text;
  }

  // Groups of that name, and nodes of that name or operation in the graph's order.
  search(text) {
    const wanted = text.trim().toLowerCase(),
      found = [];
    if (!wanted) return found;
    for (const picture of this.pictures.values()) {
      if (picture.path && picture.name.toLowerCase().includes(wanted)) found.push(picture);
    }
    const ops = this.ops.map(([symbol, name]) => symbol === wanted || name.startsWith(wanted));
    for (let i = 0; i < this.low.length; i++) {
      if (ops[this.op[i]] || this.names[i]?.toLowerCase().includes(wanted)) found.push(i);
    }
    return found;
  }

  // The levels from the whole down to a picture.
  within(path) {
    const steps = path ? path.split(".") : [];
    return ["", ...steps.map((_, n) => steps.slice(0, n + 1).join("."))].map((each) => ({
      path: each,
      member: 0,
    }));
  }

  seek(direction) {
    if (this.sought !== this.query.value) {
      this.sought = this.query.value;
      this.results = this.search(this.sought);
      this.result = direction > 0 ? -1 : 0;
    }
    const count = this.results.length;
    this.hits.textContent = count ? "" : this.sought && "nothing";
    if (!count) return this.say(`nothing is called ${this.sought}`);
    this.result = (this.result + direction + count) % count;
    const found = this.results[this.result],
      isGroup = found instanceof Picture;
    this.show(isGroup ? this.within(found.path).slice(0, -1) : this.locate(found).levels);
    this.mark(
      isGroup
        ? this.boxes.find((box) => box.element.dataset.opens === found.path)
        : this.boxOf.get(found),
    );
    this.hits.textContent = `${this.result + 1} of ${count}`;
    this.say(
      `${this.result + 1} of ${count}: ${isGroup ? found.name : this.label(found)}, in ${this.where()}`,
    );
  }

  // --- zoom ------------------------------------------------------------------------------------

  // The whole, unless letters would be too small: then the beginning. Key 0 shows the whole anyway.
  fit(all = false) {
    this.fitted = this.stage.clientWidth;
    const width = this.fitted || 800,
      most = Math.max(240, innerHeight * 0.65);
    let scale = Math.min(1, width / this.width, most / this.height);
    const whole = scale;
    if (!all) scale = Math.max(scale, LEGIBLE);
    this.stage.style.height = `${Math.ceil(Math.min(most, Math.max(150, this.height * scale)))}px`;
    const tall = this.stage.clientHeight || 300;
    this.scale = scale;
    const down = this.svg.dataset.direction === "down";
    const begin = (size, room) => (scale > whole && scale * size > room ? 0 : null);
    this.x = (down ? null : begin(this.width, width)) ?? (this.width - width / scale) / 2;
    this.y = (down ? begin(this.height, tall) : null) ?? (this.height - tall / scale) / 2;
    this.move();
  }

  move(x = 0, y = 0) {
    const width = (this.stage.clientWidth || 800) / this.scale,
      tall = (this.stage.clientHeight || 300) / this.scale;
    // A good part of the picture always stays in sight.
    this.x = Math.max(-width * 0.75, Math.min(this.width - width * 0.25, this.x + x));
    this.y = Math.max(-tall * 0.75, Math.min(this.height - tall * 0.25, this.y + y));
    this.svg.setAttribute(
      "viewBox",
      [this.x, this.y, width, tall].map((each) => each.toFixed(2)).join(" "),
    );
  }

  zoom(factor, at) {
    const { clientWidth, clientHeight } = this.stage,
      [px, py] = at ?? [clientWidth / 2, clientHeight / 2];
    const scale = Math.max(0.05, Math.min(8, this.scale * factor));
    this.x += px / this.scale - px / scale;
    this.y += py / this.scale - py / scale;
    this.scale = scale;
    this.move();
    this.say(`zoom ${Math.round(100 * scale)} %`);
  }

  // Bring a box to the middle, unless it is in sight.
  reveal(box) {
    const { x, y, width, height } = box.element.querySelector(".frame").getBBox();
    const wide = this.stage.clientWidth / this.scale,
      tall = this.stage.clientHeight / this.scale;
    if (x < this.x || x + width > this.x + wide) this.x = x + width / 2 - wide / 2;
    if (y < this.y || y + height > this.y + tall) this.y = y + height / 2 - tall / 2;
    this.move();
  }

  drag(event) {
    if (event.button) return;
    this.moved = false;
    let from = [event.clientX, event.clientY];
    this.stage.onpointermove = (now) => {
      const [x, y] = [now.clientX - from[0], now.clientY - from[1]];
      if (!this.moved && Math.hypot(x, y) < 5) return; // a click that trembles
      if (!this.moved) this.stage.setPointerCapture(event.pointerId);
      this.moved = true;
      from = [now.clientX, now.clientY];
      this.move(-x / this.scale, -y / this.scale);
    };
    this.stage.onpointerup = this.stage.onpointercancel = () => (this.stage.onpointermove = null);
  }

  // --- what it is made of ----------------------------------------------------------------------

  build(style) {
    this.crumbs = make("nav", { "aria-label": "where in the graph" });
    this.members = make(
      "label",
      {},
      "part ",
      button("previous part", icon("M11 3v10l-6-5z"), () =>
        this.member(this.levels.at(-1).member - 1),
      ),
      make("input", {
        type: "number",
        min: 1,
        "aria-label": "part",
        onchange: (e) => this.member(e.target.value - 1),
      }),
      make("span"),
      button("next part", icon("M5 3l6 5l-6 5z"), () => this.member(this.levels.at(-1).member + 1)),
    );
    this.query = make("input", {
      type: "search",
      placeholder: "name or operation",
      "aria-label": "find a name or an operation; Enter goes to the next",
      oninput: () => (this.hits.textContent = ""),
    });
    this.hits = make("span", { class: "hits" });
    const option = (value) => make("option", { value }, value);
    this.colour = make(
      "select",
      {
        onchange: () => {
          this.paint();
          this.say(`coloured by ${this.colour.value}`);
        },
      },
      ...["none", "gradient", "activation", "operation"].map(option),
    );
    this.stage = make("div", { class: "stage" });
    this.legend = make("div", { class: "legend" });
    this.whole = make("div", { class: "whole" }, HINT);
    this.said = make("div", { class: "said", role: "status", "aria-live": "polite" });
    const bar = make(
      "div",
      { class: "bar" },
      this.crumbs,
      this.members,
      make("span", { class: "gap" }),
      this.query,
      this.hits,
      make("label", {}, "colour", this.colour),
      button("zoom out", icon("M3 7h10v2h-10z"), () => this.zoom(1 / 1.25)),
      button("zoom in", icon("M7 3h2v4h4v2h-4v4h-2v-4h-4v-2h4z"), () => this.zoom(1.25)),
      button(
        "show the whole",
        icon("M2 2h5v2h-3v3h-2zM9 2h5v5h-2v-3h-3zM2 9h2v3h3v2h-5zM12 9h2v5h-5v-2h3z"),
        () => this.fit(true),
      ),
    );
    this.glass = make(
      "div",
      { class: "glass", role: "region", "aria-label": this.title, tabindex: "0" },
      bar,
      this.stage,
      this.legend,
      this.whole,
      this.said,
    );
    const shadow = this.root.attachShadow({ mode: "open" });
    shadow.append(make("style", {}, style), this.glass);
    this.root.setAttribute("data-lm-suppress-shortcuts", "true"); // keys are ours, not JupyterLab's
    this.listen();
  }

  listen() {
    this.keys = {
      "+": () => this.zoom(1.25),
      "=": () => this.zoom(1.25),
      "-": () => this.zoom(1 / 1.25),
      0: () => this.fit(true),
      Escape: () => this.up(),
      Backspace: () => this.up(),
      "/": () => this.query.focus(),
    };
    const pans = {
      ArrowLeft: [-60, 0],
      ArrowRight: [60, 0],
      ArrowUp: [0, -60],
      ArrowDown: [0, 60],
    };
    for (const [key, [x, y]] of Object.entries(pans)) {
      this.keys[key] = this.keys[`Shift+${key}`] = () => this.move(x / this.scale, y / this.scale);
    }
    this.glass.onkeydown = (event) => this.press(event);
    this.stage.onpointerdown = (event) => this.drag(event);
    this.stage.addEventListener(
      "wheel",
      (event) => {
        // Over a picture that is not in use, the wheel scrolls the page.
        if (!event.ctrlKey && !this.glass.matches(":focus-within")) return;
        event.preventDefault();
        const { left, top } = this.stage.getBoundingClientRect();
        this.zoom(Math.exp(-event.deltaY / 500), [event.clientX - left, event.clientY - top]);
      },
      { passive: false },
    );
    addEventListener("beforeprint", () => this.fit(true));
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    event.stopPropagation(); // a notebook has keys of its own
    const { target, key } = event;
    if (target === this.query && key === "Enter") this.seek(event.shiftKey ? -1 : 1);
    else if (
      target.matches(".box") &&
      (key === "Enter" || (key === " " && target.role === "button"))
    )
      this.pick(target);
    else if (target.matches("input, select") && key === "Escape") this.glass.focus();
    else if (!target.matches("input, select") && !(key === " " && target.matches("button"))) {
      const act = this.keys[event.shiftKey && key.startsWith("Arrow") ? `Shift+${key}` : key];
      if (!act) return;
      act();
    } else return;
    event.preventDefault();
  }
}
