"""A second browser, spoken to in the protocol that it brings: WebDriver BiDi (w3.org/TR/webdriver-bidi)."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import websocket

PROGRAM = shutil.which("firefox") or shutil.which("firefox-esr")
_NOWHERE = {
    "network.proxy.type": 1,
    **{f"network.proxy.{kind}": "127.0.0.1" for kind in ("http", "ssl")},
    **{f"network.proxy.{kind}_port": 9 for kind in ("http", "ssl")},
}
"""A proxy that nobody runs, for all but loopback: the browser's own calls home stay here."""


class Firefox:
    """`with Firefox(profile folder) as firefox:` one page; `prompts` are the texts of its alerts so far."""

    def __init__(self, profile: Path) -> None:
        assert PROGRAM
        self.prompts: list[str] = []
        self._numbers = count()
        self._profile = profile
        set_ = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in _NOWHERE.items())
        (profile / "user.js").write_text("".join(set_))
        self._process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        written, deadline = self._profile / "WebDriverBiDiServer.json", time.monotonic() + 60
        while not (written.exists() and (said := written.read_text())):
            assert time.monotonic() < deadline, "Firefox did not start"
            time.sleep(0.05)
        at = json.loads(said)
        self._socket = websocket.create_connection(
            f"ws://{at['ws_host']}:{at['ws_port']}/session", timeout=120, suppress_origin=True
        )
        wanted = {"unhandledPromptBehavior": {"default": "dismiss"}}
        self._ask("session.new", capabilities={"alwaysMatch": wanted})
        self._ask("session.subscribe", events=["browsingContext.userPromptOpened"])
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)

    def goto(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """What an expression, or the promise that it gives, is in the page, by way of JSON."""
        done = self._ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))",
            target={"context": self._context},
            awaitPromise=True,
        )
        if done["type"] != "success":
            raise RuntimeError(done["exceptionDetails"]["text"])
        return json.loads(done["result"]["value"])

    def _ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("method") == "browsingContext.userPromptOpened":
                self.prompts.append(said["params"]["message"])
            elif said.get("id") == number:
                if said["type"] != "success":
                    raise RuntimeError(f"{method}: {said['message']}")
                return said["result"]
