export function render({model}) {
  const here = () => window.location.search.replace(/^\?/, "")
  const push = () => {
    if (model.query !== here())
      window.history.pushState({}, "", `${window.location.pathname}${model.query ? `?${model.query}` : ""}`)
  }
  const back = () => { model.query = here() }
  window.addEventListener("popstate", back)
  model.on("query", push)
  // 600 px is where panel-material-ui lays the drawer over the page instead of beside it.
  const asked = {narrow: matchMedia("(max-width: 599.95px)"), dark: matchMedia("(prefers-color-scheme: dark)")}
  const hear = () => { for (const [name, media] of Object.entries(asked)) model[name] = media.matches }
  for (const media of Object.values(asked)) media.addEventListener("change", hear)
  hear()
  model.on("remove", () => {
    window.removeEventListener("popstate", back)
    for (const media of Object.values(asked)) media.removeEventListener("change", hear)
  })
  return document.createElement("span")
}
