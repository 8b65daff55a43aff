"use strict";
// Zoom, hover values and a legend that switches series off, over the drawing of Stackelberg.Figures.
(() => {
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const tip = document.getElementById("tip");
  const reset = document.getElementById("reset");
  const charts = [];
  const most = 40; // how many times a panel can be enlarged
  const reach = 30; // pixels of the screen within which a point answers the pointer

  const make = (parent, name, attributes, words) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (words !== undefined) element.textContent = words;
    parent.append(element);
    return element;
  };
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  // An axis is even in the number itself, in its logarithm, or in the logarithms on both sides of 0.
  const even = (axis, value) =>
    axis.log ? Math.log10(value)
    : axis.within > 0 ? Math.asinh(value / (2 * axis.within)) / Math.LN10
    : value;
  const number = (axis, place) =>
    axis.log ? 10 ** place
    : axis.within > 0 ? 2 * axis.within * Math.sinh(place * Math.LN10)
    : place;
  const part = (axis, value) =>
    (even(axis, value) - even(axis, axis.min)) / (even(axis, axis.max) - even(axis, axis.min));
  const at = (axis, share) =>
    number(axis, even(axis, axis.min) + share * (even(axis, axis.max) - even(axis, axis.min)));

  const minus = (words) => words.replace("-", "−");
  const raised = (power) => [...String(power)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
  const read = (value) => {
    const size = Math.abs(value);
    if (size === 0 || (size >= 1e-3 && size < 1e6)) return minus(String(Number(value.toPrecision(6))));
    const [digits, power] = value.toExponential(4).split("e");
    return `${minus(String(Number(digits)))}×10${raised(Number(power))}`;
  };

  // Round places between two values, with labels.
  const ticks = (axis, low, high, count) => {
    if (axis.own) return axis.own.filter(([value]) => value >= low && value <= high);
    if (axis.log && high / low >= 10) {
      const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
      const every = Math.max(1, Math.ceil((last - first + 1) / count));
      const found = [];
      for (let power = first; power <= last; power++)
        if (power % every === 0) found.push([10 ** power, `10${raised(power)}`]);
      if (found.length > 1) return found;
    }
    if (axis.within > 0 && Math.max(-low, high) > 20 * axis.within) {
      const last = Math.floor(Math.log10(Math.max(-low, high))), first = Math.ceil(Math.log10(axis.within)) + 1;
      const every = Math.max(1, Math.ceil((2 * (last - first) + 3) / count));
      const found = low <= 0 && high >= 0 ? [[0, "0"]] : [];
      for (let power = last; power >= first; power -= every)
        for (const sign of [-1, 1]) {
          const value = sign * 10 ** power;
          if (value >= low && value <= high) found.push([value, `${sign < 0 ? "−" : ""}10${raised(power)}`]);
        }
      if (found.length > 1) return found;
    }
    const raw = (high - low) / count, size = 10 ** Math.floor(Math.log10(raw));
    const step = size * ([1, 2, 5].find((times) => times * size >= raw * (1 - 1e-9)) ?? 10);
    const largest = Math.max(Math.abs(low), Math.abs(high));
    const power = largest >= 1e5 || largest < 1e-3 ? Math.floor(Math.log10(largest)) : 0;
    const decimals = clamp(Math.ceil(-Math.log10(step / 10 ** power) - 1e-9), 0, 12);
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
      const words = minus(((k * step) / 10 ** power).toFixed(decimals));
      found.push([k * step, power === 0 || k === 0 ? words : `${words}×10${raised(power)}`]);
    }
    return found;
  };

  class Panel {
    constructor(chart, element) {
      this.chart = chart;
      this.element = element;
      this.about = data.panels[Number(element.dataset.panel)];
      [this.left, this.top, this.right, this.bottom] = element.dataset.box.split(" ").map(Number);
      this.width = this.right - this.left;
      this.height = this.bottom - this.top;
      this.plot = element.querySelector(".plot");
      this.fixed = [...element.querySelectorAll(".plot .fixed")].map((mark) => [mark, mark.dataset.at]);
      this.grid = element.querySelector(".grid");
      this.ticks = [...element.querySelectorAll(".ticks")];
      this.places = this.about.series.map((series) => ({
        series,
        x: series.x.map((value) => (value === null ? null : this.left + this.width * part(this.about.x, value))),
        y: series.y.map((value) => (value === null ? null : this.bottom - this.height * part(this.about.y, value))),
      }));
      this.showAll();
    }

    holds(x, y) {
      return x >= this.left && x <= this.right && y >= this.top && y <= this.bottom;
    }

    showAll() {
      [this.sx, this.sy, this.tx, this.ty] = [1, 1, 0, 0];
      this.draw();
    }

    // Enlarges around a place that stays where it is.
    enlarge(timesX, timesY, x, y) {
      const toX = clamp(this.sx * timesX, 1, most), toY = clamp(this.sy * timesY, 1, most);
      this.tx = x - this.left - ((x - this.left - this.tx) * toX) / this.sx;
      this.ty = y - this.top - ((y - this.top - this.ty) * toY) / this.sy;
      [this.sx, this.sy] = [toX, toY];
      this.draw();
    }

    move(x, y) {
      this.tx += x;
      this.ty += y;
      this.draw();
    }

    show(x1, y1, x2, y2) {
      const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)], [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
      const from = [(left - this.left - this.tx) / this.sx, (top - this.top - this.ty) / this.sy];
      this.sx = clamp((this.sx * this.width) / (right - left), 1, most);
      this.sy = clamp((this.sy * this.height) / (bottom - top), 1, most);
      [this.tx, this.ty] = [-from[0] * this.sx, -from[1] * this.sy];
      this.draw();
    }

    draw() {
      this.tx = clamp(this.tx, -(this.sx - 1) * this.width, 0);
      this.ty = clamp(this.ty, -(this.sy - 1) * this.height, 0);
      const moved = this.sx > 1 || this.sy > 1;
      const { sx, sy } = this;
      this.plot.setAttribute(
        "transform",
        `translate(${this.left * (1 - sx) + this.tx} ${this.top * (1 - sy) + this.ty}) scale(${sx} ${sy})`,
      );
      for (const [mark, place] of this.fixed) {
        const [x, y] = place.split(" ").map(Number);
        mark.setAttribute("transform", `translate(${x} ${y}) scale(${1 / sx} ${1 / sy}) translate(${-x} ${-y})`);
      }
      this.element.classList.toggle("moved", moved);
      this.grid?.classList.toggle("hidden", moved);
      for (const drawn of this.ticks) drawn.classList.toggle("hidden", moved);
      this.drawTicks(moved);
      this.chart.changed();
    }

    drawTicks(moved) {
      this.newGrid?.remove();
      this.newTicks?.remove();
      if (!moved) return;
      const { x, y } = this.about;
      const low = [at(x, -this.tx / this.sx / this.width), at(y, 1 - (this.height - this.ty) / this.sy / this.height)];
      const high = [at(x, (this.width - this.tx) / this.sx / this.width), at(y, 1 + this.ty / this.sy / this.height)];
      const px = (value) => this.left + this.width * part(x, value) * this.sx + this.tx;
      const py = (value) => this.top + this.height * (1 - part(y, value)) * this.sy + this.ty;
      this.newGrid = make(this.element, "g", {});
      this.newTicks = make(this.element, "g", {});
      if (this.grid) this.grid.after(this.newGrid);
      const line = (to, x1, y1, x2, y2, stroke) => make(to, "line", { x1, y1, x2, y2, stroke, "stroke-width": 1 });
      const words = { "font-size": 11.5, fill: "#1A1A1A" };
      for (const [value, label] of ticks(x, low[0], high[0], Math.max(2, Math.floor(this.width / 70)))) {
        const place = px(value);
        if (this.grid) line(this.newGrid, place, this.top, place, this.bottom, "#E4E4E4");
        line(this.newTicks, place, this.bottom, place, this.bottom + 4, "#333333");
        make(this.newTicks, "text", { ...words, x: place, y: this.bottom + 18.5, "text-anchor": "middle" }, label);
      }
      for (const [value, label] of ticks(y, low[1], high[1], Math.max(2, Math.floor(this.height / 40)))) {
        const place = py(value);
        if (this.grid) line(this.newGrid, this.left, place, this.right, place, "#E4E4E4");
        line(this.newTicks, this.left - 4, place, this.left, place, "#333333");
        make(this.newTicks, "text", { ...words, x: this.left - 7, y: place + 4, "text-anchor": "end" }, label);
      }
    }

    // The point nearest to the pointer, or the cell under it.
    nearest(x, y, within) {
      const fromX = this.left + (x - this.left - this.tx) / this.sx, fromY = this.top + (y - this.top - this.ty) / this.sy;
      let best = null, least = within * within;
      for (const { series, x: xs, y: ys } of this.places) {
        if (series.key >= 0 && this.chart.off.has(series.key)) continue;
        for (let k = 0; k < xs.length; k++) {
          if ((xs[k] === null && ys[k] === null) || Number.isNaN(xs[k] + ys[k])) continue;
          const dx = ((xs[k] ?? fromX) - fromX) * this.sx, dy = ((ys[k] ?? fromY) - fromY) * this.sy;
          const apart = dx * dx + dy * dy;
          if (apart < least) {
            least = apart;
            best = { series, x: x + dx, y: y + dy, lines: this.lines(series.x[k], series.y[k]) };
          }
        }
      }
      return best ?? this.cell(fromX, fromY, x, y);
    }

    lines(x, y) {
      const { x: first, y: second } = this.about;
      return [
        ...(x === null ? [] : [`${first.label || "x"}: ${read(x)}`]),
        ...(y === null ? [] : [`${second.label || "y"}: ${read(y)}`]),
      ];
    }

    cell(fromX, fromY, x, y) {
      const first = at(this.about.x, (fromX - this.left) / this.width);
      const second = at(this.about.y, (this.bottom - fromY) / this.height);
      for (const series of this.about.series) {
        if (!series.grid) continue;
        const { values, left, right, low, high } = series.grid;
        const row = Math.round(((second - low) / (high - low)) * (values.length - 1));
        const column = Math.round(((first - left) / (right - left)) * (values[0].length - 1));
        const value = values[row]?.[column];
        if (value === undefined || value === null) continue;
        return { series: { label: "" }, lines: [...this.lines(first, second), `${series.label || "value"}: ${read(value)}`] };
      }
      return null;
    }
  }

  class Chart {
    constructor(svg) {
      this.svg = svg;
      this.off = new Set();
      this.panels = [];
      this.pointers = new Map();
      for (const element of svg.querySelectorAll(".panel")) this.panels.push(new Panel(this, element));
      for (const key of svg.querySelectorAll(".key")) this.answer(key);
      svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
      svg.addEventListener("pointerdown", (event) => this.down(event));
      svg.addEventListener("pointermove", (event) => this.moved(event));
      svg.addEventListener("pointerup", (event) => this.up(event));
      svg.addEventListener("pointercancel", (event) => this.up(event));
      svg.addEventListener("pointerleave", () => this.tell(null));
      svg.addEventListener("dblclick", () => this.showAll());
      svg.addEventListener("keydown", (event) => this.typed(event));
    }

    showAll() {
      for (const panel of this.panels) panel.showAll();
    }

    changed() {
      const moved = this.panels.some((panel) => panel.sx > 1 || panel.sy > 1);
      this.svg.classList.toggle("moved", moved);
      reset.disabled = !charts.some((chart) => chart.svg.classList.contains("moved")) && !moved;
      this.tell(null);
    }

    answer(key) {
      const label = Number(key.dataset.key);
      const change = () => {
        this.off.has(label) ? this.off.delete(label) : this.off.add(label);
        const isOff = this.off.has(label);
        key.classList.toggle("off", isOff);
        key.setAttribute("aria-pressed", String(!isOff));
        for (const series of this.svg.querySelectorAll(`.series[data-key="${label}"]`))
          series.classList.toggle("hidden", isOff);
      };
      key.addEventListener("click", change);
      key.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        change();
      });
    }

    place(event) {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      return [x, y];
    }

    under(event) {
      if (event.target.closest(".key")) return undefined;
      const [x, y] = this.place(event);
      return this.panels.find((panel) => panel.holds(x, y));
    }

    wheel(event) {
      const panel = this.under(event);
      if (!panel) return;
      event.preventDefault();
      const times = Math.exp(clamp(-event.deltaY, -100, 100) / 250);
      panel.enlarge(event.altKey ? 1 : times, event.shiftKey ? 1 : times, ...this.place(event));
    }

    down(event) {
      const panel = this.under(event);
      if (!panel || event.button !== 0) return;
      this.pointers.set(event.pointerId, this.place(event));
      this.panel = panel;
      this.from = this.place(event);
      this.pans = event.shiftKey || event.pointerType === "touch";
    }

    moved(event) {
      const place = this.place(event);
      const before = this.pointers.get(event.pointerId);
      if (!before) return this.tell(this.under(event), event);
      this.pointers.set(event.pointerId, place);
      if (this.pointers.size === 2) return this.pinch(event.pointerId, before, place);
      if (this.pans && !this.svg.classList.contains("moved")) return this.tell(this.under(event), event);
      this.tell(null);
      if (this.pans) return this.panel.move(place[0] - before[0], place[1] - before[1]);
      if (Math.hypot(place[0] - this.from[0], place[1] - this.from[1]) < 4) return;
      this.svg.setPointerCapture(event.pointerId);
      const { left, right, top, bottom } = this.panel;
      this.to = [clamp(place[0], left, right), clamp(place[1], top, bottom)];
      this.selection ??= make(this.svg, "rect", { class: "selection" });
      for (const [name, value] of [
        ["x", Math.min(this.from[0], this.to[0])],
        ["y", Math.min(this.from[1], this.to[1])],
        ["width", Math.abs(this.from[0] - this.to[0])],
        ["height", Math.abs(this.from[1] - this.to[1])],
      ]) this.selection.setAttribute(name, value);
    }

    pinch(moving, before, now) {
      const [, still] = [...this.pointers].find(([id]) => id !== moving);
      const apart = (place) => Math.max(10, Math.hypot(place[0] - still[0], place[1] - still[1]));
      const times = apart(now) / apart(before);
      this.panel.enlarge(times, times, ...still);
    }

    up(event) {
      this.pointers.delete(event.pointerId);
      if (!this.selection) return;
      this.selection.remove();
      this.selection = undefined;
      if (event.type === "pointerup" && Math.abs(this.to[0] - this.from[0]) > 5 && Math.abs(this.to[1] - this.from[1]) > 5)
        this.panel.show(...this.from, ...this.to);
    }

    typed(event) {
      if (event.target !== this.svg) return;
      const step = 40;
      const ways = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
      const times = { "+": 1.5, "-": 1 / 1.5 }[event.key];
      if (event.key === "0" || event.key === "Escape") this.showAll();
      else if (times)
        for (const panel of this.panels)
          panel.enlarge(times, times, (panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2);
      else if (ways[event.key]) for (const panel of this.panels) panel.move(...ways[event.key]);
      else return;
      event.preventDefault();
    }

    // Says what is at the pointer; nothing without a panel.
    tell(panel, event) {
      this.ring?.remove();
      this.ring = undefined;
      const scale = panel ? this.svg.getScreenCTM().a : 1;
      const found = panel?.nearest(...this.place(event), reach / scale);
      tip.style.visibility = found ? "visible" : "hidden";
      if (!found) return;
      if (found.x !== undefined)
        this.ring = make(this.svg, "circle", { class: "ring", cx: found.x, cy: found.y, r: 5 });
      tip.replaceChildren();
      if (found.series.label) {
        const name = document.createElement("strong");
        name.textContent = found.series.label;
        tip.append(name);
      }
      for (const words of found.lines) {
        const line = document.createElement("div");
        line.textContent = words;
        tip.append(line);
      }
      const { width, height } = tip.getBoundingClientRect();
      const beside = event.clientX + 14 + width < innerWidth ? event.clientX + 14 : event.clientX - 14 - width;
      tip.style.left = `${Math.max(4, beside)}px`;
      tip.style.top = `${clamp(event.clientY - height - 10, 4, innerHeight - height - 4)}px`;
    }
  }

  for (const svg of document.querySelectorAll("svg.chart")) charts.push(new Chart(svg));
  reset.addEventListener("click", () => charts.forEach((chart) => chart.showAll()));
})();
