// Every root of the page: the document and the shadow roots below it.
const roots = (root = document) => [root, ...[...root.querySelectorAll("*")].flatMap((e) => e.shadowRoot ? roots(e.shadowRoot) : [])]
const found = (selector) => roots().map((root) => root.querySelector(selector)).find(Boolean)

// On screen the page is one frame that scrolls inside; on paper it is as long as it is.
const PAPER = `div, main { overflow: visible !important; }
  html, body, main, .main-content, .page, .mui-light, .mui-dark { height: auto !important; max-height: none !important; }
  header, nav, .MuiDrawer-root, .sidebar, [role=tablist], .MuiTabs-root, .act, .save, .pager, .skip, .controls, details.bells, .MuiToggleButtonGroup-root { display: none !important; }
  .dot, mark, .hit, .chip.on { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .paper { display: block !important; }
  table, tr, .card, .plot { break-inside: avoid; }
  table { break-inside: auto; }`
const unroll = () => {
  for (const root of roots()) {
    if (root.querySelector(":scope > style[data-paper], head > style[data-paper]")) continue
    const style = document.createElement("style")
    style.media = "print"
    style.dataset.paper = ""
    style.textContent = PAPER
    ;(root.head ?? root).append(style)
  }
}

// A keyboard comes to the page's content without passing through all of its filters.
const skip = () => {
  const link = document.createElement("a")
  link.href = "#content"
  link.className = "skip"
  link.textContent = "Skip to the content"
  Object.assign(link.style, {position: "fixed", top: "8px", left: "8px", zIndex: 2000, padding: "8px 14px", background: "#fff",
    color: "#0B3954", borderRadius: "6px", font: "500 15px system-ui, sans-serif", transform: "translateY(-200%)"})
  link.onfocus = () => { link.style.transform = "none" }
  link.onblur = () => { link.style.transform = "translateY(-200%)" }
  link.onclick = (event) => {
    event.preventDefault()
    const main = found("main")
    if (!main) return
    main.tabIndex = -1
    main.focus()
  }
  document.body.prepend(link)
  return link
}

// MUI names the choices of a list as if they were commands of a menu.
const choices = () => {
  for (const choice of roots().flatMap((root) => [...root.querySelectorAll("[role=listbox] > [role=menuitem], [role=listbox] > [role=option]")])) {
    choice.setAttribute("role", "option")
    choice.setAttribute("aria-selected", String(choice.classList.contains("Mui-selected")))
  }
}

// MUI leaves it open which list a tab is in and which panel it opens. Says which tabs are open.
const tabs = () => {
  const opened = []
  for (const [at, group] of roots().flatMap((root) => [...root.querySelectorAll(".MuiTabsPanel")]).entries()) {
    const list = group.querySelector("[role=tablist]")
    if (!list) continue
    const inside = group.getRootNode().host?.parentNode?.getRootNode().querySelector?.("[role=tab][aria-selected=true]")
    list.setAttribute("aria-label", inside ? `Views of ${inside.textContent}` : "Views")
    const panel = list.closest(".MuiTabs-root").nextElementSibling
    panel.id = `panel-${at}`
    panel.setAttribute("role", "tabpanel")
    for (const [number, tab] of [...list.querySelectorAll("[role=tab]")].entries()) {
      tab.id = `tab-${at}-${number}`
      const open = tab.getAttribute("aria-selected") === "true"
      if (open) {
        panel.setAttribute("aria-labelledby", tab.id)
        opened.push(tab.textContent)
      }
      open ? tab.setAttribute("aria-controls", panel.id) : tab.removeAttribute("aria-controls")
    }
  }
  return opened
}
const opened = () => { for (const wait of [50, 350]) setTimeout(() => { choices(); tabs() }, wait) }
// A view comes when it comes: its tabs are named once they are there.
const TRIES = 120
const named = (title, left = TRIES) => {
  if (!tabs().some((tab) => title.startsWith(`${tab} · `)) && left) setTimeout(() => named(title, left - 1), 250)
}

// Without its server the page is a picture: say so, and come back with it.
const AGAIN = 3000
const lost = () => {
  if (document.getElementById("lost")) return
  const bar = document.createElement("div")
  bar.id = "lost"
  bar.setAttribute("role", "alert")
  bar.textContent = "The connection to the server is lost: nothing here can be changed. This page comes back with the server."
  Object.assign(bar.style, {position: "fixed", bottom: 0, left: 0, right: 0, zIndex: 2000, padding: "12px 20px", background: "#8A1C12",
    color: "#fff", font: "500 15px system-ui, sans-serif"})
  document.body.append(bar)
  const health = new URL("health", document.baseURI.replace(/[?#].*/, "").replace(/[^/]*$/, ""))
  const ask = async () => {
    try {
      if ((await fetch(health, {cache: "no-store"})).ok) return window.location.reload()
    } catch { /* still gone */ }
    setTimeout(ask, AGAIN)
  }
  setTimeout(ask, AGAIN)
}

// The server made the page for the scheme that it guessed. Where the system prefers the other one, all that is not
// drawn yet is told here: to hear it from the server takes seconds on a busy machine, in which a dark page would
// stand with the tabs of a light one. The server is told by `dark` of the model, and needs no message about each.
function settle(dark) {
  if (new URLSearchParams(window.location.search).has("theme")) return
  for (const made of window.Bokeh?.documents?.[0]?.all_models ?? [])
    if (made.data?.dark_theme === !dark) made.data.setv({dark_theme: dark}, {sync: false})
}

export function render({model}) {
  const here = () => window.location.search.replace(/^\?/, "")
  const push = () => {
    if (model.query !== here())
      window.history.pushState({}, "", `${window.location.pathname}${model.query ? `?${model.query}` : ""}`)
  }
  const back = () => { model.query = here() }
  window.addEventListener("popstate", back)
  window.addEventListener("beforeprint", unroll)
  for (const event of ["mousedown", "mouseup", "keyup"]) document.addEventListener(event, opened)
  model.on("query", push)
  const entitle = () => {
    document.title = model.title
    named(model.title)
  }
  model.on("title", entitle)
  entitle()
  // 600 px is where panel-material-ui lays the drawer over the page instead of beside it.
  const asked = {narrow: matchMedia("(max-width: 599.95px)"), dark: matchMedia("(prefers-color-scheme: dark)")}
  const hear = () => { for (const [name, media] of Object.entries(asked)) model[name] = media.matches }
  for (const media of Object.values(asked)) media.addEventListener("change", hear)
  if (model.dark !== asked.dark.matches) settle(asked.dark.matches)
  hear()
  const link = skip()
  window.Bokeh?.documents?.[0]?.on_event?.("connection_lost", lost)
  model.on("remove", () => {
    window.removeEventListener("popstate", back)
    window.removeEventListener("beforeprint", unroll)
    for (const event of ["mousedown", "mouseup", "keyup"]) document.removeEventListener(event, opened)
    link.remove()
    for (const media of Object.values(asked)) media.removeEventListener("change", hear)
  })
  return document.createElement("span")
}
