// Makes a player of the picture: what differs from frame to frame is set in the very same SVG.
(() => {
  "use strict";
  const recording = "RECORDING";
  const { frames, curve, groups, scales } = recording;
  const last = frames.length - 1, weights = groups.length;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const decoded = frames.map((frame) => {
    const bytes = Uint8Array.from(atob(frame.numbers), (c) => c.charCodeAt(0));
    return new Float32Array(bytes.buffer);
  });
  const sign = (x) => (x < 0 ? "negative" : "positive");
  const share = (x, scale) => (isFinite(x) ? Math.min(1, Math.abs(x) / scale) : +(Math.abs(x) === Infinity));

  // As `short` in scene.py.
  function short(x) {
    if (!isFinite(x)) return isNaN(x) ? "–" : x < 0 ? "−inf" : "inf";
    if (!x) return "0";
    const size = Math.abs(x), [mantissa, exponent] = size.toExponential(0).split("e");
    const text = 0.005 <= size && size < 999.5
      ? size.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
      : `${mantissa}e${+exponent}`.replace("-", "−");
    return (x < 0 ? "−" : "") + text;
  }

  // For each number the largest size in its group, as `_largest` in scene.py.
  function largest(numbers) {
    const sizes = [];
    groups.forEach((group, i) => {
      const size = isFinite(numbers[i]) ? Math.abs(numbers[i]) : 0;
      sizes[group] = Math.max(sizes[group] ?? 1e-30, size);
    });
    return groups.map((group) => sizes[group]);
  }

  function make(tag, attributes, text = "") {
    const element = Object.assign(document.createElement(tag), attributes);
    element.textContent = text;
    return element;
  }

  const icon = (path) =>
    `<svg width="16" height="16" aria-hidden="true" fill="currentColor"><path d="${path}"/></svg>`;

  function start(root) {
    const source = root.querySelector("img").src.split(",")[1];
    const bytes = Uint8Array.from(atob(source), (c) => c.charCodeAt(0));
    const parsed = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml");
    const svg = document.importNode(parsed.documentElement, true);
    const find = (selector) => [...svg.querySelectorAll(selector)];
    const lines = find("path[data-i]"), rings = find("circle[data-i]"), biases = find("text[data-i]");
    const tints = find("circle[data-o]"), outputs = find("text[data-o]"), norms = find("[data-norm]");
    let at = last, gradients = false, timer = 0;

    function stroke(element, x, scale, least, most) {
      element.setAttribute("class", sign(x));
      element.setAttribute("stroke-width", isNaN(x) ? 0 : least + (most - least) * share(x, scale));
      if (x < 0) element.setAttribute("stroke-dasharray", "5 4");
      else element.removeAttribute("stroke-dasharray");
    }

    function draw() {
      const frame = frames[at], given = decoded[at].subarray(2 * weights);
      const numbers = decoded[at].subarray(gradients ? weights : 0);
      const sizes = gradients ? largest(numbers) : scales[0];
      for (const line of lines) {
        const i = +line.dataset.i, x = numbers[i], scale = sizes[i];
        stroke(line, x, scale, 0.3, +line.parentNode.dataset.widest);
        line.setAttribute("stroke-opacity", 0.2 + 0.8 * share(x, scale));
        line.firstChild.textContent = String(+x.toPrecision(6));
      }
      for (const ring of rings) stroke(ring, numbers[+ring.dataset.i], sizes[+ring.dataset.i], 1, 4);
      for (const bias of biases) bias.textContent = short(numbers[+bias.dataset.i]);
      for (const tint of tints) {
        const i = +tint.dataset.o;
        tint.setAttribute("class", `tint ${sign(given[i])}`);
        tint.setAttribute("fill-opacity", 0.25 * share(given[i], scales[1][i]));
      }
      for (const text of outputs) text.textContent = short(given[+text.dataset.o]);
      for (const text of norms) {
        const [part, k] = text.dataset.norm.split(" ");
        text.textContent = `${["|w|", "|grad|"][k]} ${frame.norms[part][k]}`;
      }
      find(".head").forEach((text) => (text.textContent = frame.head));
      find(".mode").forEach((text) => (text.textContent = text.textContent.replace(
        /^\w+/, gradients ? "gradients" : "weights")));
      svg.classList.toggle("gradients", gradients);
      if (frame.surface) {
        find(".map").forEach((map) => map.setAttribute("href", frame.surface[0]));
        find(".line").forEach((line) => line.setAttribute("d", frame.surface[1]));
      }
      find(".marker").forEach((marker) => {
        marker.setAttribute("display", curve[at] ? "inline" : "none");
        marker.setAttribute("transform", curve[at] ? `translate(${curve[at].join(" ")})` : "");
      });
      const focused = document.activeElement;
      first.disabled = previous.disabled = at === 0;
      end.disabled = next.disabled = at === last;
      // A button that is off hears no keys, so the player keeps listening in its place.
      if (root.contains(focused) && focused.disabled) root.focus({ preventScroll: true });
      slider.value = at;
      slider.setAttribute("aria-valuetext", frame.head);
      play.innerHTML = icon(timer ? "M4 2h3v12H4zM9 2h3v12H9z" : "M4 2l9 6l-9 6z");
      play.ariaLabel = play.title = timer ? "pause" : "play";
      toggle.ariaPressed = String(gradients);
      if (!timer) said.textContent = `${frame.head}, frame ${at + 1} of ${frames.length}`;
    }

    function go(to) {
      at = Math.max(0, Math.min(last, to));
      draw();
    }
    function stop() {
      clearInterval(timer);
      timer = 0;
    }
    function jump(to) {
      stop();
      go(to);
    }
    function turn() {
      if (timer) return jump(at);
      if (at === last) at = 0;
      // The whole recording in about ten seconds; slowly for those who want little motion.
      timer = setInterval(() => (at === last ? jump(at) : go(at + 1)),
        calm.matches ? 1000 : Math.max(40, Math.min(400, 10000 / frames.length)));
      draw();
    }
    function swap() {
      gradients = !gradients;
      draw();
    }

    const button = (label, path, onclick) => {
      const made = make("button", { type: "button", ariaLabel: label, title: label, onclick });
      made.innerHTML = icon(path);
      return made;
    };
    const first = button("first", "M3 2h2v12H3zM13 2v12l-8-6z", () => jump(0));
    const previous = button("previous", "M11 3v10l-6-5z", () => jump(at - 1));
    const play = button("play", "", turn);
    const next = button("next", "M5 3l6 5l-6 5z", () => jump(at + 1));
    const end = button("last", "M11 2h2v12h-2zM3 2l8 6l-8 6z", () => jump(last));
    const slider = make("input", { type: "range", min: 0, max: last, step: 1, ariaLabel: "frame",
      oninput: () => jump(+slider.value) });
    const toggle = make("button", { type: "button", title: "gradients instead of weights",
      onclick: swap }, "gradients");
    const said = make("span", { className: "said" });
    said.setAttribute("aria-live", "polite");
    const controls = make("div", { className: "controls" });
    controls.append(first, previous, play, next, end, slider, toggle, said);

    const keys = { ArrowLeft: () => jump(at - 1), ArrowRight: () => jump(at + 1),
      Home: () => jump(0), End: () => jump(last), " ": turn, g: swap };
    root.onkeydown = (event) => {
      const own = event.key === " " && event.target.tagName === "BUTTON"; // it presses the button
      if (own || !(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation(); // a notebook has keys of its own
      keys[event.key]();
    };
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "training, frame by frame; arrow keys, space and g");
    root.replaceChildren(svg, controls);
    draw();
  }

  for (const root of document.querySelectorAll(".NAME")) if (root.querySelector("img")) start(root);
})();
