// On a phone the labels at the line ends would take a third of the plot: a legend below stands in for them.
const NARROW = 520
const narrow = (layout, data, width) => {
  const named = (a, ...kinds) => kinds.some((kind) => a.name?.startsWith(kind))
  const direct = (layout.annotations ?? []).some((a) => named(a, "series:"))
  layout.annotations = (layout.annotations ?? []).filter((a) => !named(a, "series:", "event:", "outlet:", "note"))
  // the numbers at bursts in one row
  const inRow = layout.annotations.map((a) => named(a, "burst:") ? {...a, yshift: 0} : a)
  layout.annotations = apart({annotations: inRow}, data, width - layout.margin.l - 12)
  layout.showlegend = layout.showlegend || direct
  head(layout, width)
  // an axis' title in lines as long as there is room for below the plot
  const title = layout.xaxis?.title
  const lines = (title?.text ?? "").split(/ *· */).flatMap((part) => wrapped(part, Math.floor(0.6 * width / 6.6)))
  const more = 16 * Math.max(0, lines.length - 2)
  layout.margin = {...layout.margin, r: 12, b: 64 + more}
  layout.height = (layout.height ?? 380) + more
  layout.legend = {orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom"}
  if (title) layout.xaxis.title = {...title, text: lines.join("<br>"), font: {size: 12}}
}
// Panels that stand beside each other stand below each other on a phone.
const stack = (layout) => {
  const {count, row, head: above, foot} = layout.meta.panels, whole = count * row
  for (let at = 0; at < count; at++) {
    const n = at ? at + 1 : ""
    layout[`xaxis${n}`] = {...layout[`xaxis${n}`], domain: [0, 1]}
    layout[`yaxis${n}`] = {...layout[`yaxis${n}`], automargin: true,
      domain: [1 - ((at + 1) * row - foot) / whole, 1 - (at * row + above) / whole]}
  }
  layout.height = layout.margin.t + layout.margin.b + whole
}
// The title in lines of that width, from the edge of the page on.
const head = (layout, width) => {
  const lines = wrapped(layout.title?.text ?? "", Math.floor(width / 6.6))
  layout.margin = {...layout.margin, t: 18 + 17 * lines.length}
  layout.title = {...layout.title, text: lines.join("<br>"), font: {size: 13}, xref: "container",
    y: 1, yref: "container", yanchor: "top", pad: {t: lines.length > 1 ? 18 : 8}}
}
// On a page that is wider than a phone and narrower than a desk, on paper too: title and note in lines that fit, and of
// the labels of events and bursts those that do not lie on each other.
const DESK = 1000
// The width of a character, in pixels, and of one of a label as a part of its font size.
const CHARACTER = {title: 7.4, note: 5.4, label: 0.54}
const fit = (layout, data, width) => {
  if (width >= DESK) return layout
  const {l, r, t, b} = layout.margin
  const lines = wrapped(layout.title?.text ?? "", Math.floor((width - l) / CHARACTER.title))
  const title = {...layout.title, text: lines.join("<br>")}
  if (lines.length > 1) Object.assign(title, {y: 1, yref: "container", yanchor: "top", pad: {t: 12}})
  let below = 1
  const annotations = apart(layout, data, width - l - r).map((a) => {
    if (a.name !== "note") return a
    const rows = wrapped(a.text, Math.floor((width - l) / CHARACTER.note))
    below = Math.max(rows.length, 1)
    return {...a, text: rows.join("<br>"), align: "left"}
  })
  const margin = {...layout.margin, t: t + 18 * (lines.length - 1), b: b + 14 * (below - 1)}
  return {...layout, title, margin, annotations}
}
// Of the labels of events and bursts, the most important first, those that do not lie on another of their row.
const apart = (layout, data, width) => {
  const {first, last} = span(data), places = []
  return (layout.annotations ?? []).filter((a) => {
    const kind = ["event:", "burst:"].find((name) => a.name?.startsWith(name))
    if (!kind) return true
    const at = (Date.parse(a.x) - first) / (last - first) * width
    const length = CHARACTER.label * a.font.size * (a.text.length + 2)
    const left = a.xanchor === "right" ? at - length : at, place = {row: kind + a.yshift, left, right: left + length}
    const free = places.every(({row, left, right}) => row !== place.row || place.right < left || place.left > right)
    if (free) places.push(place)
    return free
  })
}
// The first and the last moment that traces have.
const span = (data) => {
  const moments = data.flatMap((trace) => trace.x ?? []).map((x) => Date.parse(x)).filter(Number.isFinite)
  return {first: Math.min(...moments), last: Math.max(...moments)}
}
const wrapped = (text, most) => (text.match(new RegExp(`.{1,${most}}(?: |$)|.+`, "g")) ?? []).map((line) => line.trim())
