#!/bin/sh
# A Panel server sends a visitor whose websocket comes late to Panel's public host for its stylesheets: panel 1.9.4.
#
# One would guess: a server that serves its own files names only these, to whoever opens one of its pages.
# Seen: a page's stylesheets are rewritten to the server's own while the page is written. A session that the
# websocket makes, since the page's own had ended (15 s without a visitor), keeps those of cdn.holoviz.org.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet panel==1.9.4 bokeh==3.9.2
"$folder/env/bin/python" - <<'PYTHON'
import json
import re
import threading
import time
import urllib.request

import bokeh
import panel as pn
from tornado.httpclient import HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect

loops, FOREIGN = [], re.compile(r"https://cdn\.holoviz\.org/[^\"\s]*\.css")


def serve() -> None:
    server = pn.serve(
        lambda: pn.widgets.Button(name="Refresh"), port=5117, show=False, start=False,
        unused_session_lifetime_milliseconds=200, check_unused_sessions_milliseconds=100,
    )
    server.start()
    loops.append(server.io_loop)
    server.io_loop.start()


async def pulled(token: str) -> str:
    """What the server says stands on the page of a token."""
    asked = HTTPRequest("ws://localhost:5117/ws", headers={"Sec-WebSocket-Protocol": f"bokeh, {token}"})
    socket = await websocket_connect(asked, subprotocols=["bokeh", token])

    async def heard(kind: str) -> str:
        while True:
            header, _, content = [str(await socket.read_message()) for _ in range(3)]
            if kind in header:
                return content

    await heard("ACK")
    for part in ({"msgid": "1", "msgtype": "PULL-DOC-REQ"}, {}, {}):
        await socket.write_message(json.dumps(part))
    return await heard("PULL-DOC-REPLY")


threading.Thread(target=serve, daemon=True).start()
while not loops:
    time.sleep(0.1)
time.sleep(1)
counts = {}
for name, pause in (("at once", 0), ("late", 2)):
    page = urllib.request.urlopen("http://localhost:5117/").read().decode()
    token = json.loads(re.findall(r'"token": ?("[^"]+")', page)[0])
    time.sleep(pause)
    counts[name] = len(FOREIGN.findall(IOLoop(make_current=False).run_sync(lambda token=token: pulled(token))))
print("panel", pn.__version__, "bokeh", bokeh.__version__)
print("stylesheets of cdn.holoviz.org on the page of a visitor:", counts)
raise SystemExit(0 if counts["at once"] == 0 < counts["late"] else "both visitors get the same now")
PYTHON
