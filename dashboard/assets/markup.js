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
  // What is pressed stays until it is let go: the browser clicks nothing that has been swapped in between.
  let pressed = false, waits = false
  const show = () => {
    waits = pressed
    if (pressed) return
    const at = focused()
    div.innerHTML = model.html
    const opened = div.querySelector("[data-opened]")
    if (opened) requestAnimationFrame(() => {
      if (!opened.isConnected) return
      reveal(opened)
      if ("at" in opened.dataset) opened.querySelector("mark")?.scrollIntoView({block: "nearest"})
    })
    focus(at)
  }
  const focused = () => div.getRootNode().activeElement?.dataset ?? {}
  const focus = ({go, key}) => {
    const same = go && div.querySelector(`[data-go="${CSS.escape(go)}"]`)
    const alike = key && div.querySelector(`[data-key="${CSS.escape(key)}"]`)
    ;(same || alike || undefined)?.focus()
  }
  // Nobody has read, in so many milliseconds, what a swap has put under the pointer or the key Enter.
  const UNREAD = 300
  let swapped = -Infinity
  // What comes next lies in a template that names its action: it is shown before the session has answered.
  const send = (button) => {
    model.send_msg(button.dataset.go)
    const next = div.querySelector("template[data-next]")
    if (!next?.content.firstChild || JSON.parse(button.dataset.go)[0] !== next.dataset.next) return
    const at = focused()
    div.replaceChildren(next.content)
    swapped = performance.now()
    focus(at)
    if (div.getBoundingClientRect().top < 0) div.scrollIntoView({block: "start"})
  }
  div.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-go], [data-copy]")
    // a second press of a double click has detail 2, one of a key detail 0
    if (event.detail !== 1 && performance.now() - swapped < UNREAD) return
    if (button?.dataset.go) send(button)
    else if (button) {
      await copy(window.location.href)
      const said = button.textContent
      button.textContent = "Copied"
      setTimeout(() => { button.textContent = said }, 1500)
    }
  })
  // A key that is held down presses the next article's button as well.
  div.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest("[data-go]")) event.preventDefault()
  })
  const press = (event) => {
    const at = event.composedPath()[0]
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !div.isConnected) return
    if (at.closest?.("input, textarea, select, [contenteditable]")) return
    const button = div.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)
    if (!button?.checkVisibility()) return
    event.preventDefault()
    send(button)
  }
  if (model.keys) {
    document.addEventListener("keydown", press)
    model.on("remove", () => document.removeEventListener("keydown", press))
  }
  const release = () => setTimeout(() => { // behind the click that the release makes
    pressed = false
    if (waits) show()
  })
  div.addEventListener("pointerdown", () => {
    pressed = true
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, release, {once: true, capture: true})
  })
  model.on("html", show)
  show()
  return div
}
