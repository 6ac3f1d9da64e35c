// plotly.js travels compressed: the file stays under 2 MB and unpacks itself in the browser.
const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent.trim()), (c) => c.charCodeAt(0))
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))
const script = document.createElement("script")
script.textContent = await new Response(unpacked).text()
document.head.append(script)
