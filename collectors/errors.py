"""Why a source, or a request, brought nothing; and how an error is shown without the keys it may quote."""

from __future__ import annotations

import re

from pressgauge.errors import PressgaugeError, one_line

_KEY_IN_ADDRESS = re.compile(
    r"(?i)((?:key|key_?id|app_?id|session(?:_?id)?|token|secret|pass(?:wd|word)?|pwd|auth|sig|signature|jwt"
    r"|credentials?)(?:=|%(?:25)*3d))[^&\s'\"]*[^&\s'\":]"
)
_USERINFO = re.compile(r"(?<=//)[^/?#\s'\"]+@")
_LONGEST_ADDRESS = 150
_LONGEST_DETAIL = 300


class CollectError(PressgaugeError):
    """A source as a whole gave nothing usable.

    `reason` is a word of `collectors.reasons` that the ledger counts; `detail` is one sentence for a person.
    Neither ever holds a key.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class FetchError(CollectError):
    """A request that brought nothing usable.

    `url` is the address that was asked for, `retry_after` how many seconds its host asks to be left alone,
    `answer` the beginning of what a service sent with its refusal.
    The detail begins with the address; both are scrubbed, since either may hold a key or quote the server.
    """

    def __init__(self, reason: str, url: str, detail: str, retry_after: float | None = None) -> None:
        self.url = url
        self.retry_after = retry_after
        self.answer = b""
        message = f"{scrub(url)[:_LONGEST_ADDRESS]}: {scrub(detail)}"
        super().__init__(reason, one_line(message)[:_LONGEST_DETAIL])


def scrub(text: str, key: str | None = None) -> str:
    """`text` without the key, however it was written into a URL, and without what looks like one."""
    if key:
        text = re.sub("".join(map(_encoded_pattern, key)), "***", text)
    return _KEY_IN_ADDRESS.sub(r"\1***", _USERINFO.sub("***@", text))


def _encoded_pattern(character: str) -> str:
    """A pattern of a character in all its percent-encodings, also repeated ones (`%252B`)."""
    if character in " +":
        return r"(?:[ +]|%(?:25)*(?:20|2[Bb]))"
    bytes_pattern = "".join(f"%(?:25)*(?i:{byte:02x})" for byte in character.encode("utf-8", "surrogatepass"))
    return f"(?:{bytes_pattern}|{re.escape(character)})"
