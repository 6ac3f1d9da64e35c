"""Makes the README's pictures from the running app: `python -m dashboard.screenshots`.

Serves the demo on a free port and photographs it in Chromium (Playwright, a development dependency).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

_IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
_DESKTOP: ViewportSize = {"width": 1440, "height": 900}
_PHONE: ViewportSize = {"width": 390, "height": 844}
_MOBILE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile"
_PICTURES = (
    ("overview-light", _DESKTOP, ""),
    ("overview-dark", _DESKTOP, "?theme=dark"),
    ("outlets", _DESKTOP, "?tab=outlets&share=1"),
    ("terms", _DESKTOP, "?tab=terms&topics=open_source_ai&topics=deepseek&terms=%22open+weights%22"),
    ("articles", _DESKTOP, "?tab=articles&query=deepseek"),
    ("events", _DESKTOP, "?tab=events&query=australia"),
    ("phone", _PHONE, ""),
)
_START_SECONDS = 120
_LARGEST = 300_000


@contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--demo", "--no-browser", "--port", str(port)]
    server = subprocess.Popen(command)
    url = f"http://127.0.0.1:{port}/"
    try:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{url}health").read()  # noqa: S310 (a loopback address)
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Write docs/images/*.png; exits with a message without Chromium or when one is too large."""
    if shutil.which("chromium") is None:
        sys.exit("Chromium is not installed. On Debian: sudo apt install chromium")
    _IMAGES.mkdir(parents=True, exist_ok=True)
    with _server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        for name, viewport, query in _PICTURES:
            agent = _MOBILE if viewport is _PHONE else None
            page = browser.new_context(viewport=viewport, user_agent=agent).new_page()
            page.set_default_timeout(1_000 * _START_SECONDS)
            page.goto(url + query)
            page.wait_for_selector("#preview", state="detached")
            page.wait_for_selector(".markup h1, .markup table, .plot[data-drawn], [data-count]")
            if name == "articles":
                page.locator("button.headline").first.click()
                page.wait_for_selector("aside")
            if name == "events":
                page.get_by_role("table").get_by_role("button").first.click()
                page.wait_for_selector(".plot[data-drawn]")
            page.wait_for_timeout(1500)
            page.screenshot(path=_IMAGES / f"{name}.png")
            page.context.close()
    for picture in _IMAGES.glob("*.png"):
        if picture.stat().st_size > _LARGEST:
            sys.exit(f"{picture} is larger than {_LARGEST:,} bytes")


if __name__ == "__main__":
    main()
