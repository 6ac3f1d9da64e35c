// On a phone the labels at the line ends would take a third of the plot: a legend below stands in for them.
const NARROW = 520
const narrow = (layout, data, width) => {
  const named = (a, ...kinds) => kinds.some((kind) => a.name?.startsWith(kind))
  const direct = (layout.annotations ?? []).some((a) => named(a, "series:"))
  layout.annotations = (layout.annotations ?? []).filter((a) => !named(a, "series:", "event:", "outlet:", "note"))
  thin(layout, data, width)
  layout.showlegend = layout.showlegend || direct
  head(layout, width)
  layout.margin = {...layout.margin, r: 12, b: 64}
  layout.legend = {orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom"}
  const title = layout.xaxis?.title
  if (title) layout.xaxis.title = {...title, text: title.text.replace(/ *· */, "<br>"), font: {size: 12}}
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
const wrapped = (text, most) => (text.match(new RegExp(`.{1,${most}}(?: |$)|.+`, "g")) ?? []).map((line) => line.trim())

// Of the numbers at bursts, the strongest first, only those stay that have room. Their bands all do.
const LABEL = 66
const thin = (layout, data, width) => {
  const bursts = layout.annotations.filter((a) => a.name?.startsWith("burst:"))
  if (!bursts.length) return
  const days = data.flatMap((trace) => trace.x ?? []).map((x) => Date.parse(x)).filter(Number.isFinite)
  const first = Math.min(...days), last = Math.max(...days)
  const at = (a) => (Date.parse(a.x) - first) / (last - first) * (width - layout.margin.l - 12)
    - (a.xanchor === "right" ? LABEL : 0)
  const kept = []
  for (const a of bursts) if (kept.every((other) => Math.abs(at(other) - at(a)) >= LABEL)) kept.push({...a, yshift: 0})
  layout.annotations = layout.annotations.filter((a) => !bursts.includes(a)).concat(kept)
}
