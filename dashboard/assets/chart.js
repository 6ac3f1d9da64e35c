const CONFIG = {responsive: false, displaylogo: false, displayModeBar: false, scrollZoom: false}
const TOUCH = !matchMedia("(hover: hover)").matches

const point = (p) => ({series: p.data.name ?? null, x: p.x ?? null, y: p.y ?? null, customdata: p.customdata ?? null})

// Under a unified hover label every line is hovered at once: the one meant is the one nearest to the pointer.
const nearest = (div, e) => {
  const box = div.getBoundingClientRect()
  const away = (p) => Math.hypot(
    p.xaxis ? p.xaxis._offset + p.xaxis.d2p(p.x) - (e.event.clientX - box.left) : 0,
    p.yaxis ? p.yaxis._offset + p.yaxis.d2p(p.y) - (e.event.clientY - box.top) : 0)
  return e.points.length < 2 ? e.points[0] : e.points.reduce((a, b) => away(b) < away(a) ? b : a)
}

const save = (href, name) => {
  const link = document.createElement("a")
  link.href = href
  link.download = name
  link.click()
}

// The picture stands on a ground of its own and says below itself what was counted and where it comes from.
const LINE = 14, BELOW = 44, TITLED = 66
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
// How far below the plot a legend there ends; plotly breaks it into rows where it is too wide.
const legendEnd = (data, layout, width) => {
  if (!layout.showlegend || !(layout.legend?.y < 0)) return 0
  const names = data.filter((trace) => trace.name && trace.showlegend !== false).map((trace) => trace.name)
  const across = Math.max(1, Math.floor((width - 80) / (60 + 7 * Math.max(...names.map((name) => name.length)))))
  const plot = (layout.height ?? 380) - (layout.margin?.t ?? 56) - (layout.margin?.b ?? 44)
  return -layout.legend.y * plot + 26 * Math.ceil(names.length / across) + 16
}
const picture = async (model, div, format) => {
  const host = getComputedStyle(div)
  const ground = host.getPropertyValue("--panel-surface-color") || "#fff"
  const {data, layout: whole} = JSON.parse(model.figure)
  const width = Math.max(div.clientWidth, 900)
  const isNote = (a) => a.name === "note"
  const layout = fit({...whole, annotations: (whole.annotations ?? []).filter((a) => !isNote(a))}, data, width)
  const lines = (text) => wrapped(text, Math.floor((width - 80) / 5.4))
  const notes = (whole.annotations ?? []).filter(isNote).flatMap((a) => lines(a.text))
  const text = [...notes, ...model.caption.split("\n").flatMap(lines).map(escaped)]
  const below = Math.max(layout.xaxis?.title ? TITLED : BELOW, legendEnd(data, layout, width))
  const caption = {text: text.join("<br>"), align: "left", x: 0, y: 0, xref: "paper", yref: "paper", xanchor: "left",
    yanchor: "top", yshift: -below, showarrow: false, font: {size: 10.5}}
  const bottom = below + LINE * text.length + 12
  const href = await window.Plotly.toImage({data, layout: {...layout, paper_bgcolor: ground, plot_bgcolor: ground,
    margin: {...layout.margin, b: bottom},
    annotations: [...layout.annotations, caption]}},
    {format, width, height: (layout.height ?? 380) - (layout.margin?.b ?? 44) + bottom, scale: format === "png" ? 2 : 1})
  save(href, `${model.filename}.${format}`)
}

const toolbar = (model, div) => {
  const bar = document.createElement("div")
  bar.className = "save"
  bar.append("Save as ")
  const names = {png: "PNG", svg: "SVG", html: "HTML", csv: "CSV", "wide.csv": "wide CSV", parquet: "Parquet"}
  for (const kind of ["png", "svg", "html", ...(model.tabular ? ["csv", "wide.csv", "parquet"] : [])]) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = names[kind]
    button.setAttribute("aria-label", `${model.description}: save as ${button.textContent}`)
    button.onclick = () => ["png", "svg"].includes(kind) ? picture(model, div, kind)
      : model.send_msg(kind === "html" ? {kind: "snippet"} : {kind: "table", format: kind})
    bar.append(button)
  }
  if (document.querySelector("link[type='application/json+oembed']")) bar.append(embed(model))
  return bar
}

// Where the server says that its charts may stand in other pages, the element that shows this one there.
const embed = (model) => {
  const button = element("button", "Copy embed code", {type: "button", onclick: async () => {
    const address = new URL("embed", document.baseURI.replace(/[?#].*/, "").replace(/[^/]*$/, ""))
    address.search = window.location.search
    address.searchParams.set("chart", model.filename)
    const frame = element("iframe", "", {src: address.href, title: model.description, width: "100%",
      height: (JSON.parse(model.figure).layout?.height ?? 360) + 150})
    frame.setAttribute("sandbox", "allow-scripts allow-popups")
    frame.setAttribute("style", "border:0;max-width:100%")
    await copied(frame.outerHTML)
    button.textContent = "Copied"
    setTimeout(() => { button.textContent = "Copy embed code" }, 1500)
  }})
  button.setAttribute("aria-label", `${model.description}: copy embed code`)
  return button
}

// The very numbers of the figure as a table: text only, sorted by its heads, copied for a spreadsheet, in which no cell
// may become a formula.
const shownValue = (value) => typeof value === "number" && !Number.isInteger(value) ? value.toFixed(4) : value ?? ""
const cellOf = (value) => typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "")
const byValue = (at, down) => ({0: a, 1: i}, {0: b, 1: j}) => {
  const x = a[at], y = b[at]
  if (x === null || y === null) return (x === null) - (y === null) || i - j
  const less = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y))
  return (down ? -less : less) || i - j
}
const copied = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text)
  const box = document.createElement("textarea")
  box.value = text
  document.body.append(box)
  box.select()
  document.execCommand("copy")
  box.remove()
}
const element = (name, text = "", values = {}) => Object.assign(document.createElement(name), {textContent: text, ...values})

const numbers = (model) => {
  const place = element("div", "", {className: "numbers", hidden: true, tabIndex: 0})
  place.setAttribute("role", "region")
  place.setAttribute("aria-label", `${model.description}: table`)
  let held = null, sorted = -1, down = false
  const ordered = () => {
    const rows = held.rows.map((row, at) => [row, at])
    return (sorted < 0 ? rows : rows.sort(byValue(sorted, down))).map(([row]) => row)
  }
  const draw = (focus = -1) => {
    const copy = element("button", "Copy table", {type: "button", onclick: async () => {
      await copied([held.columns, ...ordered()].map((row) => row.map(cellOf).join("\t")).join("\n"))
      copy.textContent = "Copied"
      setTimeout(() => { copy.textContent = "Copy table" }, 1500)
    }})
    const left = held.total - held.rows.length
    const head = element("tr")
    held.columns.forEach((name, at) => {
      const th = element("th", "", {scope: "col", className: held.numbers[at] ? "n" : ""})
      th.setAttribute("aria-sort", at !== sorted ? "none" : down ? "descending" : "ascending")
      const mark = at !== sorted ? "" : down ? " ▼" : " ▲"
      th.append(element("button", name + mark, {type: "button", onclick: () => {
        down = at === sorted && !down
        sorted = at
        draw(at)
      }}))
      head.append(th)
    })
    const body = element("tbody")
    for (const row of ordered()) {
      const tr = element("tr")
      row.forEach((value, at) => tr.append(element("td", shownValue(value), {className: held.numbers[at] ? "n" : ""})))
      body.append(tr)
    }
    const table = element("table"), top = element("thead")
    top.append(head)
    table.append(top, body)
    const note = element("p", left > 0 ? `The first ${held.rows.length} of ${held.total} rows; a file has all of them.` : "")
    place.replaceChildren(copy, note, table)
    if (focus >= 0) head.children[focus].firstChild.focus()
  }
  return {place, show: (table) => {
    if (sorted >= 0 && held?.columns[sorted] !== table.columns[sorted]) sorted = -1
    held = table
    draw()
  }}
}

// The points that tell something and open it, line by line, for those who have no mouse.
const told = (trace, at) => {
  const all = trace.hovertext ?? trace.text
  return String((Array.isArray(all) ? all[at] : all) ?? "").replace(/<[^>]*>/g, " ").replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("&#36;", "$")
}
// plotly keeps the numbers of a trace packed; what it has made of them is its calcdata.
const drawn = (made, at) => made[at] && (made[at].s !== undefined || Number.isFinite(made[at].y) || typeof made[at].y === "string")
const stops = (div) => (div.data ?? []).map((trace, curve) => ({curve, points: (trace.customdata ?? []).map((_, at) => at)
  .filter((at) => trace.type !== "heatmap" && drawn(div.calcdata?.[curve] ?? [], at))})).filter(({points}) => points.length)
const byKeyboard = (model, div, say) => {
  let line = 0, at = -1
  div.tabIndex = 0
  div.addEventListener("keydown", (event) => {
    const lines = stops(div)
    const moves = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}
    if (!lines.length || event.target !== div) return
    if (event.key in moves) {
      event.preventDefault()
      const [down, right] = moves[event.key]
      line = (line + down + lines.length) % lines.length
      const {curve, points} = lines[line]
      at = Math.min(points.length - 1, Math.max(0, at + right))
      const trace = div.data[curve], period = div.layout.xaxis?.type === "date" ? `${trace.x[points[at]]}: ` : ""
      window.Plotly.Fx.hover(div, [{curveNumber: curve, pointNumber: points[at]}], `${trace.xaxis ?? "x"}${trace.yaxis ?? "y"}`)
      say.textContent = period + told(trace, points[at])
    } else if (event.key === "Enter" && at >= 0) {
      const trace = div.data[lines[line].curve], n = lines[line].points[Math.min(at, lines[line].points.length - 1)]
      model.send_msg({kind: "click", series: trace.name ?? null, x: trace.x?.[n] ?? null, y: trace.y?.[n] ?? null,
        customdata: trace.customdata[n]})
    } else if (event.key === "Escape") window.Plotly.Fx.unhover(div)
  })
}

// Charts are drawn one after the other, each on screen before the next: a visitor sees the first at once.
const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)))
let turn = Promise.resolve()
const queue = (draw) => {
  const next = turn.then(draw)
  turn = next.catch(() => {}).then(frame)
}

export function render({model}) {
  const whole = document.createElement("div")
  const div = document.createElement("div")
  div.className = "plot"
  whole.style.width = div.style.width = "100%"
  div.setAttribute("role", "group")
  const bar = toolbar(model, div)
  const say = document.createElement("div")
  say.setAttribute("aria-live", "polite")
  say.className = "said"
  byKeyboard(model, div, say)
  const sideways = element("div", "Wider than the page: scroll the chart sideways →", {className: "sideways", hidden: true})
  whole.append(sideways, div, say, bar)
  const table = numbers(model)
  if (model.tabular) {
    const shown = element("button", "Show table", {type: "button", onclick: () => {
      table.place.hidden = !table.place.hidden
      shown.textContent = table.place.hidden ? "Show table" : "Hide table"
      shown.setAttribute("aria-expanded", String(!table.place.hidden))
      if (!table.place.hidden) model.send_msg({kind: "rows"})
    }})
    shown.setAttribute("aria-expanded", "false")
    shown.setAttribute("aria-label", `${model.description}: table`)
    bar.prepend(shown)
    whole.append(table.place)
  }
  let least = 0, tight = false, removed = false
  // A figure that is no use below some width is drawn at that width and scrolled.
  const room = () => Math.max(div.clientWidth, least) || undefined
  const sign = () => { sideways.hidden = !div.clientWidth || div.clientWidth >= least }
  const listen = () => {
    for (const event of ["plotly_click", "plotly_selected", "plotly_clickannotation"]) div.removeAllListeners?.(event)
    div.on("plotly_click", (e) => model.send_msg({kind: "click", ...point(nearest(div, e))}))
    div.on("plotly_selected", (e) => {
      if (!e?.range?.x) return
      model.send_msg({kind: "box", x: e.range.x})
      window.Plotly.relayout(div, {selections: []})
    })
    div.on("plotly_clickannotation", (e) => model.send_msg({kind: "annotation", text: e.annotation.text,
      name: e.annotation.name ?? null}))
  }
  const draw = () => {
    const figure = JSON.parse(model.figure)
    if (!figure.data || removed) return
    div.setAttribute("aria-label", `${model.description}. Arrow keys go from point to point, Enter opens its articles.`)
    least = figure.layout.meta?.least_width ?? 0
    sign()
    tight = div.clientWidth && room() < NARROW
    Object.assign(div.style, {overflowX: least ? "auto" : "", overflowY: least ? "hidden" : ""})
    const layout = {...figure.layout, width: room(), autosize: true,
      dragmode: model.boxes && !TOUCH ? "select" : false, selectdirection: "h"}
    layout.font = {...layout.font, family: getComputedStyle(div).fontFamily}
    if (tight) {
      narrow(layout, figure.data, room())
      if (layout.meta?.panels) stack(layout)
    } else if (div.clientWidth < least) head(layout, div.clientWidth)
    else Object.assign(layout, fit(layout, figure.data, room()))
    div.style.height = `${layout.height ?? 360}px`
    return window.Plotly.react(div, figure.data, layout, CONFIG).then(() => {
      listen()
      bar.hidden = !figure.data.length
      div.dataset.drawn = String(Number(div.dataset.drawn ?? 0) + 1)
    })
  }
  const observer = new ResizeObserver(() => {
    sign()
    if (!div.clientWidth || !div._fullLayout || Math.abs(div._fullLayout.width - room()) <= 1) return
    if (tight !== room() < NARROW) return queue(draw)
    const {data, layout} = JSON.parse(model.figure)
    const {title, margin, annotations} = tight || least ? {} : fit(layout, data, room())
    window.Plotly.relayout(div, {width: room(), ...(title && {title, margin, annotations})})
  })
  observer.observe(div)
  model.on("figure", () => {
    queue(draw)
    if (!table.place.hidden) model.send_msg({kind: "rows"})
  })
  model.on("msg:custom", ({name, data, table: rows}) => rows ? table.show(rows) : save(`data:application/octet-stream;base64,${data}`, name))
  model.on("remove", () => { removed = true; observer.disconnect(); window.Plotly.purge(div) })
  requestAnimationFrame(() => queue(draw))
  return whole
}
