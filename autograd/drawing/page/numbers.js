// The numbers of a graph's nodes, and which node stands where in which picture.
// A page holds each picture as Python laid it out, and the numbers of all nodes. Of equal parts
// only the first is drawn; for another one its numbers are put into the same picture.

const SVG = "http://www.w3.org/2000/svg";
const NEVER = "–";

function decode(text, Kind) {
  const raw = atob(text),
    bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Kind(bytes.buffer);
}

// Four significant digits, as Python writes them into the boxes.
function number(x) {
  if (Number.isNaN(x)) return "nan";
  if (!isFinite(x)) return x < 0 ? "−inf" : "inf";
  const [mantissa, power] = Math.abs(x).toExponential(3).split("e");
  const text =
    power < -4 || power > 3 ? `${+mantissa}e${+power}` : String(+Math.abs(x).toPrecision(4));
  return (x < 0 || Object.is(x, -0) ? "−" : "") + text;
}

// What names have in common, as Python writes it over several nodes in one box.
function inCommon(names) {
  if (names.length < 2) return names[0];
  const stems = [...new Set(names.map((name) => name.replace(/(\[\d+\]|\.?\d+)+$/, "")))];
  const sorted = [...stems].sort(),
    [first, last] = [sorted[0], sorted.at(-1)].map((each) => each.split("."));
  const differs = first.findIndex((part, n) => part !== last[n]);
  const few = stems.length < 3 ? stems.filter(Boolean).join(", ") : `${stems[0] || stems[1]}, …`;
  return first.slice(0, differs < 0 ? undefined : differs).join(".") || few;
}

const short = (name) => (name.length > 28 ? `${name.slice(0, 13)}…${name.slice(-14)}` : name);

class Picture {
  constructor({ path, trail, svg, count, members }) {
    Object.assign(this, { path, trail, svg, count });
    this.members = members && decode(members, Int32Array); // one equal part after the other
    this.size = members && this.members.length / count;
    this.opens = [...svg.matchAll(/ data-opens="([^"]+)"/g)].map((found) => found[1]);
  }

  get name() {
    return this.trail.at(-1) ?? "the whole";
  }

  // Where a node stands among the members; undefined for one from outside.
  find(i) {
    this.places ??= new Map(Array.from(this.members ?? [], (node, at) => [node, at]));
    return this.places.get(i);
  }
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const button = (label, content, onclick) =>
  make("button", { type: "button", "aria-label": label, title: label, onclick }, content);

function icon(path) {
  const svg = document.createElementNS(SVG, "svg"),
    line = document.createElementNS(SVG, "path");
  const looks = { width: 16, height: 16, fill: "currentColor", "aria-hidden": true };
  for (const [name, value] of Object.entries(looks)) svg.setAttribute(name, value);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

class Numbers {
  read({ low, high, grad, peak, has, starts, links, constants, op, ops, names, arrays, outputs }) {
    this.low = decode(low, Float64Array);
    this.high = high ? decode(high, Float64Array) : this.low;
    this.grads = decode(grad, Float64Array);
    this.peaks = peak ? decode(peak, Float64Array) : this.grads.map(Math.abs);
    this.has = decode(has, Uint8Array);
    this.starts = decode(starts, Int32Array);
    this.links = decode(links, Int32Array);
    this.op = decode(op, Uint16Array);
    Object.assign(this, { ops, names, arrays, outputs: new Set(outputs) });
    this.uses = new Int32Array(this.low.length);
    for (const j of this.links) if (j >= 0) this.uses[j]++;
    const values = decode(constants, Float64Array);
    this.constants = new Map();
    this.links.forEach((j, at) => j < 0 && this.constants.set(at, values[this.constants.size]));
    this.state = {
      known: () => true,
      has: (i) => this.has[i],
      grad: (i) => this.grads[i],
      peak: (i) => this.peaks[i],
    };
  }

  // The node that stands where node i of the parts drawn stands, in the parts that were chosen.
  chosen(i, depth = this.levels.length - 1) {
    while (depth >= 0 && !this.levels[depth].member) depth--;
    if (depth < 0) return i;
    const { path, member } = this.levels[depth],
      picture = this.pictures.get(path);
    const at = picture.find(i);
    if (at !== undefined)
      return this.chosen(picture.members[member * picture.size + at], depth - 1);
    const [user, place] = this.use(picture, i); // from outside: the same operand of the same node
    const node = this.chosen(user, depth);
    return this.links[this.starts[node] + place];
  }

  use(picture, i) {
    if (!picture.uses) {
      picture.uses = new Map();
      for (const user of picture.members.subarray(0, picture.size)) {
        for (let at = this.starts[user]; at < this.starts[user + 1]; at++) {
          const j = this.links[at];
          if (!picture.uses.has(j)) picture.uses.set(j, [user, at - this.starts[user]]);
        }
      }
    }
    return picture.uses.get(i);
  }

  // In which picture a node is drawn, and of which of its parts; and what is drawn in its place.
  locate(i) {
    const levels = [{ path: "", member: 0 }];
    for (;;) {
      const { opens } = this.pictures.get(levels.at(-1).path);
      const inside = opens.map((path) => this.pictures.get(path)).find((each) => each.find(i) >= 0);
      if (!inside?.svg) return { levels, node: i };
      const at = inside.find(i);
      levels.push({ path: inside.path, member: Math.floor(at / inside.size) });
      i = inside.members[at % inside.size];
    }
  }

  label(i) {
    return this.names[i] ?? (this.op[i] ? this.ops[this.op[i]][1] : "leaf");
  }

  range(nodes) {
    let low = Infinity,
      high = -Infinity,
      peak = 0,
      known = false,
      has = false;
    for (const i of nodes) {
      if (this.state.known(i)) {
        known = true;
        low = Math.min(low, this.low[i]);
        high = Math.max(high, this.high[i]);
      }
      if (this.state.has(i)) {
        has = true;
        peak = Math.max(peak, this.state.peak(i));
      }
    }
    return { low, high, peak, known, has };
  }
}
