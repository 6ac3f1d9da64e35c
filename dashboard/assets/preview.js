// The picture of the page makes way for the page, when that is there and nobody is writing in the picture.
(() => {
  const picture = document.currentScript.previousElementSibling
  const field = picture.shadowRoot?.querySelector("input[name=query]")
  if (!field) return picture.remove()
  let last = 0
  field.addEventListener("input", () => { last = performance.now() })
  const roots = (root = document) => [root, ...[...root.querySelectorAll("*")].flatMap((e) => e.shadowRoot ? roots(e.shadowRoot) : [])]
  const written = () => last && performance.now() - last < 1500
  let idle = 0
  const live = () => {
    if (!window.Bokeh?.index?.roots?.[0]?.is_idle) return false
    idle ||= performance.now()
    return performance.now() - idle > 5000 || roots().some((root) => root.querySelector(".js-plotly-plot[data-drawn]"))
  }
  // Often, and at once: behind the first chart the others are drawn, for which what is there would wait.
  const wait = () => {
    if (written() || !live()) return setTimeout(wait, 50)
    if (field.value !== field.defaultValue) {
      const asked = new URLSearchParams(window.location.search)
      asked.delete("query")
      if (field.value.trim()) asked.set("query", field.value.trim())
      window.history.pushState({}, "", `${window.location.pathname}${asked.size ? `?${asked}` : ""}`)
      window.dispatchEvent(new PopStateEvent("popstate"))
    }
    picture.remove()
  }
  wait()
})()
