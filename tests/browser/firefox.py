"""A second browser, spoken to in the protocol that it brings: WebDriver BiDi (w3.org/TR/webdriver-bidi)."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import websocket

PROGRAM = shutil.which("firefox") or shutil.which("firefox-esr")


class Firefox:
    """`with Firefox(profile folder) as firefox:` one page; `prompts` are the texts of its alerts so far."""

    def __init__(self, profile: Path) -> None:
        assert PROGRAM
        self.prompts: list[str] = []
        self._numbers = count()
        self._process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self._process.stderr
        said = next(line for line in self._process.stderr if "WebDriver BiDi listening on" in line)
        self._socket = websocket.create_connection(
            f"{said.split()[-1]}/session", timeout=120, suppress_origin=True
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
