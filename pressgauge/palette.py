"""The colours of every chart: Okabe and Ito (2008) first, then Tol's muted scheme (2021), for readers of all
colour vision.

A series keeps its colour in every chart. Beyond what colours can tell apart, dashes and markers do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How one series is drawn: colour "#rrggbb", plotly dash and marker symbol."""

    color: str
    dash: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Theme:
    """The neutral colours of a page in light or dark mode. Both leave the background to the page."""

    ink: str
    quiet: str
    grid: str
    paper: str


LIGHT = Theme(ink="#1F2933", quiet="#52606D", grid="rgba(82,96,109,0.18)", paper="#FFFFFF")
DARK = Theme(ink="#E4E7EB", quiet="#B0BAC5", grid="rgba(203,210,217,0.18)", paper="#121212")

# Each colour for light pages beside its stand-in for dark pages, with 3:1 contrast on #FFFFFF and #121212
# (WCAG 1.4.11).
_PAIRS: tuple[tuple[str, str], ...] = (
    ("#0072B2", "#56B4E9"),  # blue
    ("#D55E00", "#F0803C"),  # vermillion
    ("#00855F", "#2CC295"),  # bluish green
    ("#B0568A", "#CC79A7"),  # reddish purple
    ("#A87400", "#E69F00"),  # orange
    ("#332288", "#9D8FE8"),  # indigo
    ("#7A7A00", "#F0E442"),  # yellow
    ("#882255", "#E0709F"),  # wine
    ("#2A8A9E", "#88CCEE"),  # cyan
    ("#616A72", "#BBC3CB"),  # grey
    ("#8C4A2F", "#C9977E"),  # brown
    ("#AA4499", "#E08FD4"),  # purple
    ("#661100", "#D98880"),  # maroon
    ("#4A6FA5", "#A9BCE0"),  # steel
    ("#5F6B00", "#B7C46A"),  # olive
    ("#117733", "#6CC070"),  # green, the last: it is the nearest to another
)
COLORS: tuple[str, ...] = tuple(light for light, _ in _PAIRS)
_ON_DARK = dict(_PAIRS)
_ALIKE: tuple[tuple[int, int], ...] = (
    (0, 8), (0, 13), (2, 15), (3, 7), (3, 11), (6, 14), (8, 13), (9, 13), (10, 12),
)  # fmt: skip
"""Colours nearer than 20 to each other on light or dark pages (CIE 1976, L*a*b*), by their places."""
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")

_FIXED = (
    "open_source_ai", "proprietary_ai", "meta", "mistral", "google", "deepseek", "xai", "anthropic", "openai",
    "microsoft", "hugging_face", "qwen", "safety", "regulation", "ai",
)  # fmt: skip
_SLOT = {name: slot for slot, name in enumerate(_FIXED)}


def color_of(name: str, *, taken: Collection[str] = (), dark: bool = False) -> str:
    """The colour "#rrggbb" of a series: the same wherever its name is the same, unless it is `taken` already
    or, where it is not one of the topics that come with us, looks like one that is.

    >>> color_of("open_source_ai"), color_of("open_source_ai", dark=True)
    ('#0072B2', '#56B4E9')
    """
    digest = int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=4).digest(), "big")
    slot = _SLOT.get(name, digest % len(COLORS))
    used_colors = {on(color, dark=False) for color in taken}
    order = [COLORS[(slot + step) % len(COLORS)] for step in range(len(COLORS))]
    free_colors = [color for color in order if color not in used_colors]
    if name not in _SLOT:
        free_colors.sort(key=lambda color: not used_colors.isdisjoint(_similar_colors(color)))
    return on(free_colors[0] if free_colors else COLORS[slot], dark=dark)


def _similar_colors(color: str) -> set[str]:
    """The colours of the palette that look like one of it."""
    at = COLORS.index(color)
    return {COLORS[one + other - at] for one, other in _ALIKE if at in (one, other)}


def on(color: str, *, dark: bool) -> str:
    """A colour of the palette, light or dark, as it is drawn on a light or dark page; other colours stay as
    they are."""
    light = next((pair[0] for pair in _PAIRS if color.upper() in pair), color)
    return _ON_DARK.get(light, light) if dark else light


def styles(
    names: Iterable[str], *, colors: dict[str, str] | None = None, dark: bool = False
) -> dict[str, Style]:
    """A style for each name. `colors` overrides colours by name; series that must share one differ in dash
    and marker."""
    result: dict[str, Style] = {}
    own_colors = {name: on(color, dark=dark) for name, color in (colors or {}).items() if color}
    uses: dict[str, int] = {}
    for name in names:
        color = own_colors.get(name) or color_of(name, taken={*own_colors.values(), *uses}, dark=dark)
        nth = uses.get(color, 0)
        uses[color] = nth + 1
        result[name] = Style(color, _DASHES[nth % len(_DASHES)], _SYMBOLS[len(result) % len(_SYMBOLS)])
    return result


def translucent(color: str, alpha: float) -> str:
    """A "#rrggbb" colour as plotly's rgba(), for bands and fills."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"
