// The Clipboard API needs a secure context; a page served to other machines over plain HTTP has none.
const copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text)
  const box = document.createElement("textarea")
  box.value = text
  document.body.append(box)
  box.select()
  document.execCommand("copy")
  box.remove()
}

// What was opened is brought to where the visitor looks: beside what was clicked, or above it on a phone.
const HEAD = 80
const reveal = (opened) => {
  const around = opened.parentElement.getBoundingClientRect()
  if (getComputedStyle(opened).position === "static") return opened.scrollIntoView({block: "start"})
  opened.style.marginTop = `${Math.max(0, HEAD - around.top)}px`
  opened.style.maxHeight = `${window.innerHeight - HEAD - 24}px`
}

export function render({model}) {
  const div = document.createElement("div")
  div.className = "markup"
  const show = () => {
    const at = div.getRootNode().activeElement?.dataset?.go
    div.innerHTML = model.html
    const opened = div.querySelector("[data-opened]")
    if (opened) requestAnimationFrame(() => {
      if (!opened.isConnected) return
      reveal(opened)
      if ("at" in opened.dataset) opened.querySelector("mark")?.scrollIntoView({block: "nearest"})
    })
    if (at) div.querySelector(`[data-go="${CSS.escape(at)}"]`)?.focus()
  }
  div.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-go], [data-copy]")
    if (button?.dataset.go) model.send_msg(button.dataset.go)
    else if (button) {
      await copy(window.location.href)
      const said = button.textContent
      button.textContent = "Copied"
      setTimeout(() => { button.textContent = said }, 1500)
    }
  })
  const press = (event) => {
    const at = event.composedPath()[0]
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !div.isConnected) return
    if (at.closest?.("input, textarea, select, [contenteditable]")) return
    const button = div.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)
    if (!button?.checkVisibility()) return
    event.preventDefault()
    model.send_msg(button.dataset.go)
  }
  if (model.keys) {
    document.addEventListener("keydown", press)
    model.on("remove", () => document.removeEventListener("keydown", press))
  }
  model.on("html", show)
  show()
  return div
}
