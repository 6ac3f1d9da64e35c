const CONFIG = {responsive: false, displaylogo: false, displayModeBar: matchMedia("(hover: hover)").matches ? "hover" : false, scrollZoom: false,
  modeBarButtonsToRemove: ["zoom2d", "pan2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"]}

// On a phone the labels at the line ends would take a third of the plot: a legend below stands in for them.
const NARROW = 520
const narrow = (layout) => {
  const direct = (layout.annotations ?? []).filter((a) => a.name?.startsWith("series:"))
  layout.annotations = (layout.annotations ?? []).filter((a) => !direct.includes(a) && a.name !== "note")
  layout.showlegend = layout.showlegend || direct.length > 0
  layout.margin = {...layout.margin, r: 12, b: 64}
  layout.title = {...layout.title, font: {size: 13}}
  layout.legend = {orientation: "h", x: 0, y: -0.14, yanchor: "top"}
}

const point = (p) => ({series: p.data.name ?? null, x: p.x ?? null, y: p.y ?? null, customdata: p.customdata ?? null})

// Under a unified hover label every line is hovered at once: the one meant is the one nearest to the pointer.
const nearest = (div, e) => {
  const box = div.getBoundingClientRect()
  const away = (p) => Math.hypot(
    p.xaxis ? p.xaxis._offset + p.xaxis.d2p(p.x) - (e.event.clientX - box.left) : 0,
    p.yaxis ? p.yaxis._offset + p.yaxis.d2p(p.y) - (e.event.clientY - box.top) : 0)
  return e.points.length < 2 ? e.points[0] : e.points.reduce((a, b) => away(b) < away(a) ? b : a)
}

export function render({model}) {
  const div = document.createElement("div")
  div.className = "plot"
  div.style.width = "100%"
  div.setAttribute("role", "group")
  let drawn = Promise.resolve()
  const draw = () => {
    const figure = JSON.parse(model.figure)
    if (!figure.data) return
    div.setAttribute("aria-label", model.description)
    div.style.height = `${figure.layout.height ?? 360}px`
    const layout = {...figure.layout, width: div.clientWidth || undefined, autosize: true}
    layout.font = {...layout.font, family: getComputedStyle(div).fontFamily}
    if (div.clientWidth && div.clientWidth < NARROW) narrow(layout)
    const config = {...CONFIG, toImageButtonOptions: {format: model.image_format, filename: model.filename, scale: 2}}
    drawn = drawn.then(() => window.Plotly.react(div, figure.data, layout, config)).then(() => {
      div.removeAllListeners?.("plotly_click")
      div.removeAllListeners?.("plotly_selected")
      div.removeAllListeners?.("plotly_clickannotation")
      div.on("plotly_click", (e) => model.send_msg({kind: "click", ...point(nearest(div, e))}))
      div.on("plotly_selected", (e) => e?.range && model.send_msg({kind: "box", range: e.range}))
      div.on("plotly_clickannotation", (e) => model.send_msg({kind: "annotation", text: e.annotation.text,
        name: e.annotation.name ?? null}))
      div.dataset.drawn = String(Number(div.dataset.drawn ?? 0) + 1)
    })
  }
  const observer = new ResizeObserver(() => {
    if (div.clientWidth && div._fullLayout && Math.abs(div._fullLayout.width - div.clientWidth) > 1)
      window.Plotly.relayout(div, {width: div.clientWidth})
  })
  observer.observe(div)
  model.on("figure", draw)
  model.on("remove", () => { observer.disconnect(); window.Plotly.purge(div) })
  requestAnimationFrame(draw)
  return div
}
