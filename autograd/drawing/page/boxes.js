// What stands in the boxes: numbers, names, arrays in little, colours.

const tenth = (x) => +x.toFixed(1); // of a pixel

class Boxes extends Numbers {
  // --- what is written ---------------------------------------------------------------------------

  box(element) {
    const { opens, nodes, key } = element.dataset;
    const inside = this.pictures.get(opens);
    const drawn = inside
      ? Array.from(inside.members)
      : (nodes ?? "").split(" ").filter(Boolean).map(Number);
    const box = {
      element,
      key,
      opens: inside?.svg ? inside : null,
      kind: element.classList[1],
      nodes: drawn.map((i) => this.chosen(i)),
    };
    const result = inside?.count === 1 && this.resultOf(inside);
    if (result)
      box.shown = this.chosen(result); // of one part with one result, or of one long sum
    else if (box.kind === "operation" || box.kind === "output") box.shown = Math.max(...box.nodes);
    else if (box.kind !== "group" && box.nodes.length === 1) [box.shown] = box.nodes;
    return box;
  }

  // The only node of a part that serves for something outside.
  resultOf(picture) {
    if (picture.result !== undefined) return picture.result;
    const inside = new Map();
    for (const i of picture.members) {
      for (let at = this.starts[i]; at < this.starts[i + 1]; at++) {
        inside.set(this.links[at], (inside.get(this.links[at]) ?? 0) + 1);
      }
    }
    const serving = picture.members.filter(
      (i) => this.uses[i] > (inside.get(i) ?? 0) || this.outputs.has(i),
    );
    return (picture.result = serving.length === 1 ? serving[0] : null);
  }

  refresh() {
    for (const box of this.boxes) this.write(box);
    this.tell(this.told);
    this.paint();
  }

  write(box) {
    const { element, nodes, shown: i } = box,
      ranged = i === undefined;
    const range = this.range(ranged ? nodes : [i]);
    if (!nodes.length && box.key[0] === "c") {
      const [node, place] = box.key.slice(1).split(".").map(Number);
      const value = this.constants.get(this.starts[this.chosen(node)] + place);
      const text = element.querySelector(".data"); // several that are one box have none
      box.whole = text ? `constant ${value}` : "constants";
      if (text && !Number.isNaN(value)) this.text(text, number(value));
    } else {
      for (const text of element.querySelectorAll(".data, .grad")) {
        const before = text.previousElementSibling,
          label = before.textContent;
        const { low, high, peak, known, has } = range;
        if (text.textContent.includes(" → ")) {
          this.text(text, text.textContent.replace(/→ .*/, `→ ${short(this.names[i] ?? "")}`));
        } else if (label === "data") {
          const [from, to] = [number(low), number(high)];
          this.text(text, !known ? NEVER : ranged && from !== to ? `${from} … ${to}` : from);
        } else if (label.includes("grad")) {
          if (this.arrays[i]) before.textContent = this.many(i) && has ? "|grad|" : "grad";
          this.text(
            text,
            !has ? NEVER : !ranged ? number(this.state.grad(i)) : (peak ? "≤ " : "") + number(peak),
          );
        }
      }
      if (box.kind !== "group") this.writeHeat(box);
      box.whole =
        box.kind === "group" || ranged
          ? this.wholeRange(box, this.range(nodes))
          : this.wholeNode(i);
    }
    this.rename(box);
    let title = element.querySelector(":scope > title");
    if (!title) element.prepend((title = document.createElementNS(SVG, "title")));
    title.textContent = box.whole;
    element.setAttribute(
      "aria-label",
      `${box.whole.replaceAll("\n", "; ")}${box.opens ? "; Enter opens it" : ""}`,
    );
  }

  // Of an array of several entries the norm is shown.
  many(i) {
    return this.arrays[i] && this.arrays[i].shape.reduce((a, b) => a * b, 1) !== 1;
  }

  wholeNode(i) {
    const array = this.arrays[i];
    const data = this.state.known(i) ? (array ? array.text : this.low[i]) : "not computed yet";
    const grad = this.state.has(i) ? this.state.grad(i) : "never computed";
    const norm = this.many(i) && this.state.has(i) ? "|grad|" : "grad";
    return `${this.names[i] ?? "unnamed"}: ${this.ops[this.op[i]][1] || "leaf"}\ndata = ${data}\n${norm} = ${grad}`;
  }

  wholeRange({ element, nodes, kind, opens }, { low, high, peak, known, has }) {
    const name = ["name", "symbol"]
      .map((each) => element.querySelector(`.${each}`)?.textContent ?? "")
      .join(" ");
    const names = nodes
      .slice(0, 12)
      .map((i) => this.names[i])
      .filter(Boolean);
    if (nodes.length > 12) names.push("…");
    const inside =
      kind !== "group"
        ? names.length && ` (${names.join(", ")})`
        : !opens && ", too many to be opened here: draw this part by itself";
    return (
      `${name.trim()}: ${nodes.length} node${nodes.length > 1 ? "s" : ""}${inside || ""}\n` +
      `data = ${known ? `${low} … ${high}` : "not computed yet"}\n|grad| ${has ? `≤ ${peak}` : "never computed"}`
    );
  }

  // A box of another part has another name: that of its node, or what the names have in common.
  rename({ element, kind, nodes }) {
    const text = element.querySelector(".name");
    if (!text) return;
    if (!this.levels.some((level) => level.member)) return this.text(text, text.first);
    if (kind === "group") return this.text(text, text.first.replace(/ #\d+$/, ""));
    const names = inCommon(nodes.map((i) => this.names[i] ?? ""));
    const symbols = nodes.length > 1 ? inCommon(nodes.map((i) => this.ops[this.op[i]][0])) : "";
    const name = text.first[0] === "%" ? `%${nodes[0]}` : names || symbols;
    const count = kind === "tag" && nodes.length > 1 ? ` ×${nodes.length}` : "";
    this.text(text, short(name) + count);
  }

  // An array in little: its cells of the node shown, and of its gradient once there is one.
  writeHeat({ element, shown }) {
    const array = this.arrays[shown],
      maps = element.querySelectorAll(".heat");
    if (!maps.length) return;
    let [data, grad] = ["data", "grad"].map((kind) => element.querySelector(`.heat.${kind}`));
    const cells = { data: this.state.known(shown) && array?.data, grad: this.gradients(shown) };
    if (!grad && cells.grad) {
      grad = data.cloneNode(true);
      grad.setAttribute("class", "heat grad");
      const frame = element.querySelector(".frame"),
        rect = data.querySelector("rect"),
        wide = rect.width.baseVal.value - 1;
      const inner =
        frame.x.baseVal.value +
        frame.width.baseVal.value -
        (rect.x.baseVal.value + 1 - frame.x.baseVal.value);
      grad.querySelector("rect").setAttribute("x", inner - wide - 1);
      data.after(grad);
    }
    for (const [map, values] of [
      [data, cells.data],
      [grad, cells.grad],
    ]) {
      if (!map) continue;
      const drawn = !array?.data && !this.levels.some((level) => level.member); // too large, but of this node
      map.setAttribute(
        "visibility",
        values || (drawn && (map === data ? this.state.known(shown) : this.asDrawn))
          ? "visible"
          : "hidden",
      );
      if (values) this.cells(map, values, array.shape);
    }
  }

  // As Python draws them: at most eight by eight, each the entry furthest from zero.
  cells(map, values, shape) {
    const wide = shape.at(-1),
      high = values.length / wide,
      shapes = {};
    const [columns, rows] = [wide, high].map((each) => Math.min(each, 8)),
      blocks = [];
    const part = (n, parts, count) => Math.floor((n * parts) / count);
    values.forEach((x, n) => {
      const place =
        part(Math.floor(n / wide), rows, high) * columns + part(n % wide, columns, wide);
      const most = Math.abs(blocks[place] ?? 0); // NaN, once it is there, stays
      if (Number.isNaN(x) || Math.abs(x) > most || x === most) blocks[place] = x;
    });
    const most = Math.max(0, ...blocks.filter(isFinite).map(Math.abs)) || 1;
    const frame = map.querySelector("rect"),
      [x, y] = ["x", "y"].map((each) => +frame.getAttribute(each) + 1);
    blocks.forEach((value, n) => {
      const level = Math.sign(value) * Math.ceil(Math.min(1, Math.abs(value) / most) * 4);
      const look = Number.isNaN(value) ? "nan" : level < 0 ? `below${-level}` : `above${level}`;
      const outline =
        look === "nan"
          ? "l2 2l2-2l1 1l-2 2l2 2l-1 1l-2-2l-2 2l-1-1l2-2l-2-2z"
          : level < 0
            ? "m0 1.5h5v2h-5z"
            : "h5v5h-5z";
      (shapes[look] ??= []).push(
        `M${tenth(x + 6 * (n % columns))} ${tenth(y + 6 * Math.floor(n / columns))}${outline}`,
      );
    });
    map.replaceChildren(
      frame,
      ...Object.entries(shapes)
        .filter(([look]) => look !== "above0")
        .map(([look, paths]) => {
          const path = document.createElementNS(SVG, "path");
          path.setAttribute("class", look);
          path.setAttribute("d", paths.join(""));
          return path;
        }),
    );
  }

  get asDrawn() {
    return true;
  }

  gradients(i) {
    return this.has[i] ? this.arrays[i]?.grad : null;
  }

  // The box is as wide as the text of the first part wants; a longer one is drawn narrower.
  text(element, text) {
    if (element.textContent === text) return;
    element.textContent = text;
    element.removeAttribute("textLength");
    const box = element.parentNode.querySelector(".frame").width.baseVal.value - 20;
    const beside = element.classList.contains("name")
      ? element.parentNode.querySelector(".symbol")
      : element.previousElementSibling?.matches(".label") && element.previousElementSibling;
    const room = box - (beside ? beside.getComputedTextLength() + 6 : 0);
    if (element.getComputedTextLength() > room) {
      element.setAttribute("textLength", room);
      element.setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
  }

  // --- colours ---------------------------------------------------------------------------------

  paint() {
    const mode = this.colour.value;
    this.svg.classList.toggle("coloured", mode !== "none");
    this.legend.replaceChildren();
    const ranges = mode === "none" ? [] : this.boxes.map((box) => this.range(box.nodes));
    const scale = mode === "none" ? null : this[`by_${mode}`](ranges);
    this.boxes.forEach((box, n) => {
      const fill = box.nodes.length && scale ? scale(ranges[n], box) : "";
      for (const rect of box.element.querySelectorAll(".frame, .card"))
        rect.style.fill = fill ?? "";
    });
  }

  key(look, text, kind = "") {
    this.legend.append(
      make("span", {}, make("i", { class: kind, style: `background: ${look}` }), text),
    );
  }

  // On one scale for all pictures, so that they can be compared.
  by_gradient() {
    let least = Infinity,
      most = 0;
    for (let i = 0; i < this.low.length; i++) {
      const size = this.state.has(i) ? this.state.peak(i) : 0;
      if (size > 0 && isFinite(size)) [least, most] = [Math.min(least, size), Math.max(most, size)];
    }
    const span = Math.log(most / least) || 1;
    const mix = (share) =>
      `color-mix(in oklab, var(--negative) ${(100 * share).toFixed(1)}%, var(--paper))`;
    this.legend.append("|gradient|, logarithmic:");
    if (most)
      this.key(
        `linear-gradient(90deg, ${mix(0.12)}, ${mix(1)})`,
        `${number(least)} … ${number(most)}`,
        "scale",
      );
    this.key("var(--paper)", "0 or never computed");
    this.key("var(--bad)", "inf or NaN");
    return ({ peak, has }) => {
      if (!has || peak === 0) return "var(--paper)";
      if (!isFinite(peak)) return "var(--bad)";
      return mix(0.12 + 0.88 * Math.max(0, Math.log(peak / least) / span));
    };
  }

  by_activation(ranges) {
    const sizes = ranges
      .filter((each) => each.known)
      .flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]);
    const most = Math.max(0, ...sizes.filter(isFinite)) || 1;
    const mix = (name, share) =>
      `color-mix(in oklab, var(--${name}) ${(100 * share).toFixed(1)}%, var(--paper))`;
    this.legend.append("value (of several, the largest):");
    this.key(
      `linear-gradient(90deg, var(--negative), var(--paper), var(--positive))`,
      `${number(-most)} … 0 … ${number(most)}`,
      "scale",
    );
    this.key("var(--bad)", "inf or NaN");
    return ({ low, high, known }) => {
      if (!known) return "var(--paper)";
      const value = -low > high ? low : high;
      return isFinite(value)
        ? mix(value < 0 ? "negative" : "positive", Math.abs(value) / most)
        : "var(--bad)";
    };
  }

  by_operation() {
    const seen = new Map();
    const kind = (box) => box.kind !== "group" && this.op[box.nodes[0]];
    for (const box of this.boxes) if (kind(box) && box.nodes.length === 1) seen.set(kind(box), 0);
    [...seen.keys()]
      .sort((a, b) => a - b)
      .forEach((op, n) => {
        seen.set(op, `var(--op${n % 8})`);
        this.key(seen.get(op), this.ops[op][1]);
      });
    if (!seen.size) this.legend.append("no single operation is in this picture; open a group");
    return (range, box) => seen.get(kind(box)) ?? "";
  }
}
