const place = document.querySelector(".chart")
const {data, layout} = JSON.parse(place.querySelector("script").textContent)
const least = layout.meta?.least_width ?? 0
const font = {...layout.font, family: getComputedStyle(document.body).fontFamily}
const draw = () => {
  const width = Math.max(place.clientWidth, least)
  const drawn = {...structuredClone(layout), width, font, dragmode: false}
  if (width < NARROW) narrow(drawn, data, width)
  else if (place.clientWidth < least) head(drawn, place.clientWidth)
  else Object.assign(drawn, fit(drawn, data, width))
  if (width < NARROW && layout.meta?.panels) stack(drawn)
  return Plotly.react(place, data, drawn, {displayModeBar: false, displaylogo: false, responsive: false})
}
await draw()
new ResizeObserver(() => { if (Math.abs(place._fullLayout.width - Math.max(place.clientWidth, least)) > 1) draw() }).observe(place)
