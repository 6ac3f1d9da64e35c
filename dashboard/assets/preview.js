// The picture of the page makes way for the page, when that is there and nobody is writing in the picture.
(() => {
  const picture = document.currentScript.previousElementSibling
  const field = picture.shadowRoot?.querySelector("input[name=query]")
  if (!field) return picture.remove()
  let written = 0
  field.addEventListener("input", () => { written = performance.now() })
  const roots = (root = document) => [root, ...[...root.querySelectorAll("*")].flatMap((e) => e.shadowRoot ? roots(e.shadowRoot) : [])]
  let idle = 0
  const live = () => {
    if (!window.Bokeh?.index?.roots?.[0]?.is_idle) return false
    idle ||= performance.now()
    return performance.now() - idle > 5000 || roots().some((root) => root.querySelector(".js-plotly-plot .main-svg"))
  }
  const wait = () => {
    if (!live() || (written && performance.now() - written < 1500)) return setTimeout(wait, 100)
    if (field.value !== field.defaultValue) {
      const asked = new URLSearchParams(window.location.search)
      asked.delete("query")
      if (field.value.trim()) asked.set("query", field.value.trim())
      window.history.pushState({}, "", `${window.location.pathname}${asked.size ? `?${asked}` : ""}`)
      window.dispatchEvent(new PopStateEvent("popstate"))
    }
    // the frame after next, when what is live has been drawn
    requestAnimationFrame(() => requestAnimationFrame(() => picture.remove()))
  }
  wait()
})()
