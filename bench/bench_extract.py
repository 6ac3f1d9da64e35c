"""`python -m bench.bench_extract`: our extraction beside other libraries on judged pages, in one run.

Scores by the program beside the gold; a page on which a library fails counts as zero.
"""

from __future__ import annotations

import logging
import multiprocessing
import re
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bench import gold
from bench.__main__ import machine
from collectors.extraction.article import READER_VERSION

RESULT = Path(__file__).parent / "EXTRACTION.md"
HEADING = "## Publishers not seen before"
NOT_SEEN = re.compile(rf"\n{HEADING}\n.*?(?=\n## |\Z)", re.S)
"""The section of RESULT that `bench.reliability` writes."""
MEASURES = {
    "text token F1": ("tokF1", "body_n"),
    "text shingle F1": ("shF1", "body_n"),
    "title": ("title", "title_n"),
    "date": ("date", "date_n"),
    "authors F1": ("authF1", "auth_n"),
}
"""By column: its key, and the key of the number of pages it was judged on, in the scores."""
ENOUGH = 20
"""Judged pages that a language or publisher must have to be compared on."""
NAMES = ("reader", *MEASURES, "pages/s a core")
HEADER = f"| {' | '.join(NAMES)} |\n{'|---' * len(NAMES)}|"
# Judged by hand: the page shows what the reader found, and the gold says otherwise.
DOUBTFUL = {
    "soft hyphens of the page are kept inside words": (
        "fundus-Taz_2024_10_23-da3ed2",
        "fundus-WAZ_2023_06_29-fd266f",
        "fundus-Morgunbladid_2025_04_16-c01a2c",
    ),
    "day and month are exchanged": ("fundus-KlasseGegenKlasse_2026_01_07-9fbc4f",),
    "the author is the outlet or a role, not a person": (
        "fundus-ChunichiShimbun_2025_01_13-c82557",
        "fundus-ORF_2024_11_22-28de2e",
        "fundus-NDR_2025_06_18-3be8cb",
        "fundus-Morgunbladid_2025_04_16-c01a2c",
        "fundus-Haberturk_2024_07_03-90a2b1",
        "fundus-Landesspiegel_2025_06_30-938970",
        "fundus-TheGuardian_2024_02_24-720aed",
        "fundus-BR_2024_08_27-97b6a8",
        "fundus-IsraelNachrichten_2025_04_16-93ee3b",
        "fundus-NTVTR_2025_11_10-ddf744",
        "trafilatura-eval-autosprint.ch-pistenstopp-38e81b",
        "trafilatura-eval-blog.teufel.de.leistung-89994f",
        "trafilatura-eval-erfolg-magazin.de.konfliktkultur-112e3e",
        "trafilatura-eval-pawszilla.com.celine-8498f2",
    ),
    "the outlet or its desk stands beside the person or agency": (
        "fundus-AFPFaktencheck_2026_05_24-6e8f3f",
        "fundus-MDR_2026_07_08-a9ed89",
        "fundus-MallorcaMagazin_2025_04_16-233199",
        "trafilatura-eval-maenner.media-church-37dc4a",
    ),
    "the author is another than the person whom the page names": (
        "trafilatura-eval-brandeins.de.wahresIch-bd58b9",
        "trafilatura-eval-greator.com.innerezufriedenheit-81ae62",
        "trafilatura-eval-she-works.de.sport-d63006",
    ),
    "the place of a report stands among its authors": ("fundus-JungeWelt_2026_05_18-477327",),
    "the author's name holds 'and one other'": ("fundus-HankookIlbo_2026_07_12-64f256",),
    "the date is that of the last change": (
        "trafilatura-eval-jagdleben.de-waldwege-d08201",
        "wcxb-0183-e0d6dd",
        "wcxb-0332-bf3497",
        "wcxb-1837-eb2010",
        "wcxb-4193-cd4a98",
        "wcxb-4271-f23b0a",
        "wcxb-4430-e1f8f0",
        "wcxb-4574-6a67ed",
        "wcxb-5324-34d6ca",
        "wcxb-5654-340fdc",
        "postlight-people.com-c08a81",
    ),
    "lists of the article are left out of its text": (
        "fundus-Gamestar_2024_04_28-30363f",
        "fundus-RuhrNachrichten_2024_05_03-0f8791",
    ),
    "the text is not the page's": ("fundus-eval-Reuters_3-9b4468",),
    "teasers of other stories are part of the text": ("aeb-51d066b0602c-995a8d",),
}


Results = dict[str, tuple[dict[str, gold.Prediction], float]]
"""By reader: its predictions by page id, and the CPU seconds they took."""


def run(name: str, pages: list[tuple[str, str, bytes]]) -> tuple[dict[str, gold.Prediction], float]:
    """What one reader says of the pages, by id, and the CPU seconds that took."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    reader = gold.READERS[name]
    reader(pages[0][2], pages[0][1])
    predictions: dict[str, gold.Prediction] = {}
    start = time.process_time()
    for identifier, url, html in pages:
        try:
            predictions[identifier] = reader(html, url)
        except Exception as error:  # noqa: BLE001 - a library's failure is its score
            predictions[identifier] = {"error": type(error).__name__}
    return predictions, time.process_time() - start


def table(records: list[dict[str, Any]], results: Results) -> list[str]:
    """One line a reader, ours first, scored on these records."""
    score = gold.scorer().score
    lines = [HEADER]
    for name, (predictions, seconds) in results.items():
        figures, _ = score(records, {record["id"]: predictions[record["id"]] for record in records})
        cells = [
            f"{figures[column]:.3f}" if figures[column] is not None else "" for column, _ in MEASURES.values()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {len(predictions) / seconds:.0f} |")
    return lines


def by_language_and_publisher(record: dict[str, Any], results: Results) -> tuple[str, ...]:
    """Its language, as we detect it, and its domain."""
    ours, _ = results["pressgauge"]
    return ours[record["id"]].get("language") or "no language", record["domain"]


def by_source(record: dict[str, Any], results: Results) -> tuple[str, ...]:
    return (record["source"],)


def by_group(
    records: list[dict[str, Any]],
    results: Results,
    groups_of: Callable[[dict[str, Any], Results], tuple[str, ...]],
) -> list[str]:
    """A line for each measure of each group of pages that is judged on enough of them: ours beside the best
    of the other readers.
    """
    score = gold.scorer().score
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        for group in groups_of(record, results):
            groups.setdefault(group, []).append(record)
    lines = ["| pages in or of | measure | pages | pressgauge | best other reader |", "|---|---|---|---|---|"]
    for group, members in sorted(groups.items()):
        if len(members) < ENOUGH:
            continue
        figures = {
            name: score(members, {record["id"]: predictions[record["id"]] for record in members})[0]
            for name, (predictions, _) in results.items()
        }
        own = figures.pop("pressgauge")
        for measure, (column, count) in MEASURES.items():
            if own[count] >= ENOUGH:
                best = max(figures, key=lambda name: figures[name][column] or 0.0)
                line = (
                    group,
                    measure,
                    own[count],
                    f"{own[column]:.3f}",
                    f"{figures[best][column]:.3f} {best}",
                )
                lines.append(f"| {' | '.join(map(str, line))} |")
    return lines


@click.command()
@click.option("--save/--no-save", default=True, show_default=True, help="Write bench/EXTRACTION.md.")
@click.option("--processes", default=2, show_default=True, help="Readers timed at once.")
def main(save: bool, processes: int) -> None:
    """Compare extraction on the judged pages that lie beside the checkout.

    \b
    Example:
      python -m bench.bench_extract --no-save
    """
    if not gold.SHARED.is_dir():
        click.echo("The judged pages are not beside this checkout; there is nothing to compare on.", err=True)
        sys.exit(1)
    records = gold.records()
    others = [record for record in gold.records(name="gold2") if record["source"] not in gold.PROGRAMS]
    pages = [(record["id"], record["url"], gold.html(record)) for record in (*records, *others)]
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=1) as pool:
        jobs = {name: pool.apply_async(run, (name, pages)) for name in gold.READERS}
        results = {name: job.get() for name, job in jobs.items()}
    sections = [
        f"# Extraction\n\n{datetime.now(UTC):%Y-%m-%d}, {machine()}, reader version {READER_VERSION}. "
        "`make bench-extract` makes this file, all rows in one run. The pages taught the trees that are "
        "shipped, so our scores are better than on publishers that nobody has seen: for those "
        "the last section has figures.",
        f"{len(records)} judged pages (`gold/dev`). Rules were written on the pages of half of the domains "
        "(first byte of the domain's MD5 even) and checked on the rest, but for those for authors and for "
        "the notes around a text: there the errors of both halves were looked at, so that only other "
        "publishers' pages can check them. None names a publisher. A failure counts as zero. Pages/s are of "
        "CPU time over all pages.",
    ]
    sources = dict.fromkeys(record["source"] for record in records)
    for source in (gold.NEUTRAL, *((name,) for name in sources)):
        members = [record for record in records if record["source"] in source]
        heading = f"## {', '.join(source)} ({len(members)} pages)"
        sections.append("\n".join([heading, "", *table(members, results)]))
    for heading, lines in (
        ("Languages and publishers of 20 pages", by_group(records, results, by_language_and_publisher)),
        ("Sources of 20 pages in `gold2/dev`", by_group(others, results, by_source)),
    ):
        sections.append("\n".join([f"## {heading}", "", *lines]))
    doubts = [f"- {why}: {', '.join(f'`{name}`' for name in names)}" for why, names in DOUBTFUL.items()]
    sections.append("\n".join(["## Where the gold itself seems wrong", "", *doubts]))
    text = "\n\n".join(sections) + "\n"
    click.echo(text)
    if save:
        not_seen = NOT_SEEN.search(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else None
        RESULT.write_text(text + (not_seen[0] if not_seen else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
