"""Lines that a program wrapped, put together to the paragraphs they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Runs of lines that are not blank."""
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def unwrap(lines: list[str], width: int) -> list[str]:
    """A block's paragraphs: a line ends one if the next line's first word would still have fitted in `width`
    characters, or if the next is indented."""
    paragraphs: list[list[str]] = []
    open_line = False
    before = ""
    all_indented = all(line[:1] in " \t" for line in lines)
    for line in lines:
        plain = line.strip()
        indented = not all_indented and line[:1] in " \t"
        word = plain.partition(" ")[0]
        fits = len(before.rstrip()) + 1 + len(word) <= width
        if open_line and not fits and not indented:
            paragraphs[-1].append(plain)
        else:
            paragraphs.append([plain])
        open_line, before = True, line
    return [" ".join(parts) for parts in paragraphs]


def width_of(lines: Iterable[str]) -> int:
    """The width at which lines were wrapped: that of four in five of the long ones, or endless."""
    lengths = sorted(len(line.rstrip()) for line in lines)
    longest = lengths[-1] if lengths else 0
    if longest > 120:
        return 10**6
    full = [length for length in lengths if 2 * length > longest]
    return max(50, full[len(full) * 4 // 5]) if full else 50


def tidy(text: str) -> str:
    """One line without doubled blanks."""
    return " ".join(text.split())
