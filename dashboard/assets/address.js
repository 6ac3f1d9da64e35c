export function render({model}) {
  const here = () => window.location.search.replace(/^\?/, "")
  const push = () => {
    if (model.query !== here())
      window.history.pushState({}, "", `${window.location.pathname}${model.query ? `?${model.query}` : ""}`)
  }
  const back = () => { model.query = here() }
  window.addEventListener("popstate", back)
  model.on("query", push)
  model.on("remove", () => window.removeEventListener("popstate", back))
  return document.createElement("span")
}
