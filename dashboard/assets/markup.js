export function render({model}) {
  const div = document.createElement("div")
  div.className = "markup"
  const show = () => {
    const at = div.getRootNode().activeElement?.dataset?.go
    div.innerHTML = model.html
    if (at) div.querySelector(`[data-go="${CSS.escape(at)}"]`)?.focus()
  }
  div.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]")
    if (button) model.send_msg(button.dataset.go)
  })
  model.on("html", show)
  show()
  return div
}
