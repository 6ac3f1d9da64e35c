for (const div of document.querySelectorAll(".chart")) {
  const figure = JSON.parse(div.querySelector("script").textContent)
  await Plotly.newPlot(div, figure.data, figure.layout, {responsive: true, displaylogo: false})
}
// A sheet of A4 or letter paper, upright, has room for so many pixels; on screen a chart is as wide as the page.
const SHEET = 680
const charts = [...document.querySelectorAll(".chart")]
const wide = new Map()
window.addEventListener("beforeprint", () => {
  for (const div of charts) {
    wide.set(div, div._fullLayout.width)
    Plotly.relayout(div, {width: Math.min(SHEET, div._fullLayout.width)})
  }
})
window.addEventListener("afterprint", () => { for (const div of charts) Plotly.relayout(div, {width: wide.get(div)}) })
