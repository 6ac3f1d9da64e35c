// A message may have 2 MB, and base64 makes four bytes of three.
const PIECE = 768 * 1024

const base64 = (blob) => new Promise((resolve, reject) => {
  const reader = new FileReader()
  reader.onload = () => resolve(reader.result.split(",")[1] ?? "")
  reader.onerror = () => reject(reader.error)
  reader.readAsDataURL(blob)
})

export function render({model}) {
  const zone = document.createElement("label")
  zone.className = "drop"
  const said = document.createElement("span")
  const idle = model.invitation
  said.textContent = idle
  const input = document.createElement("input")
  input.type = "file"
  input.multiple = true
  zone.append(said, input)

  let arrived = null
  model.on("taken", () => { arrived?.(); arrived = null })
  const send = (message) => new Promise((resolve) => {
    arrived = resolve
    model.send_msg(JSON.stringify(message))
  })

  const give = async (list) => {
    const files = [...list]
    if (!files.length) return
    input.disabled = true
    await send({kind: "begin", files: files.map((file) => ({name: file.name}))})
    for (const [number, file] of files.entries()) {
      for (let at = 0; at < file.size && !model.problem; at += PIECE) {
        said.textContent = `Sending ${file.name}: ${Math.round(100 * at / file.size)} %`
        await send({kind: "piece", file: number, data: await base64(file.slice(at, at + PIECE))})
      }
    }
    if (!model.problem) await send({kind: "end"})
    said.textContent = model.problem || idle
    input.disabled = false
    input.value = ""
  }

  input.addEventListener("change", () => give(input.files))
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over") })
  zone.addEventListener("dragleave", () => zone.classList.remove("over"))
  zone.addEventListener("drop", (event) => {
    event.preventDefault()
    zone.classList.remove("over")
    give(event.dataTransfer.files)
  })
  return zone
}
