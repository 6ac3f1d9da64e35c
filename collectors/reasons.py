"""Why something brought no article: every word that a ledger counts, whose fault it is, and what follows.

One table feeds the back-off of sources, the outcome of pages, `pressgauge why`, the Sources view and
`docs/reasons.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Fault = Literal["publisher", "network", "limits", "settings", "pressgauge", "nobody"]
"""Who would have to change something: the publisher; the way there; nobody, since our limits are meant so;
whoever wrote the settings; Pressgauge itself; nobody at all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A word of the ledger; `passes` says that waiting may help, `sentence` what a person is told."""

    word: str
    fault: Fault
    passes: bool
    sentence: str

    @property
    def by_hand(self) -> bool:
        """Whether only a person can change it: waiting would not help, and the change should show at once."""
        return self.fault in ("settings", "pressgauge") and not self.passes


_TABLE: tuple[tuple[str, Fault, bool, str], ...] = (
    # the way there
    ("dns", "network", True, "The name of the host could not be resolved."),
    ("unreachable", "network", True, "There was no way to the host."),
    ("connect", "network", True, "The host accepted no connection."),
    ("reset", "network", True, "The host closed the connection."),
    ("timeout", "network", True, "No complete answer came in time."),
    ("tls", "network", True, "No trusted connection could be made: the certificate is not valid."),
    ("truncated", "network", True, "The answer was cut short."),
    ("captive_portal", "network", True, "A network's log-in page answered in place of the site."),
    ("offline", "network", True, "This computer has no network."),
    ("interrupted", "nobody", True, "The refresh was stopped before it came to this."),
    ("host_paused", "publisher", True, "The host asked to be left alone for a while."),
    # what a publisher answers
    ("http_400", "publisher", True, "The server did not understand the request (400)."),
    ("http_401", "publisher", False, "The server wants a log-in (401)."),
    ("http_403", "publisher", True, "The server refuses us (403)."),
    ("http_404", "publisher", False, "There is nothing at this address (404)."),
    ("http_410", "publisher", False, "The server says that this address is gone for good (410)."),
    ("http_429", "publisher", True, "The server was asked too often (429)."),
    ("http_451", "publisher", False, "The server may not show this for legal reasons (451)."),
    ("http_500", "publisher", True, "The server failed (500)."),
    ("http_503", "publisher", True, "The server is overloaded or under repair (503)."),
    ("no_content", "publisher", True, "The answer is empty."),
    ("bad_answer", "publisher", True, "The answer is no HTTP that can be read."),
    ("content_encoding", "publisher", True, "The answer is packed in a way that cannot be undone."),
    ("bad_redirect", "publisher", False, "It redirects to what is no address of the web."),
    ("too_many_redirects", "publisher", False, "It redirects without end."),
    ("not_a_feed", "publisher", False, "What came is no feed."),
    ("not_a_sitemap", "publisher", False, "What came is no sitemap."),
    ("not_json", "publisher", False, "What came is no JSON."),
    (
        "schema_changed",
        "publisher",
        False,
        "The service answers in another form than documented.",
    ),
    ("service_fault", "publisher", True, "The service cannot answer for now: its message says why."),
    ("no_articles", "publisher", False, "No link to an article was seen on the page."),
    ("not_html", "publisher", False, "What came is no web page."),
    ("soft_404", "publisher", False, "The page says that there is nothing at this address."),
    ("blocked", "publisher", True, "The page asks for a human in place of showing the article."),
    ("index_page", "publisher", False, "The page is a list of articles."),
    ("empty", "publisher", False, "The page holds no text that could be an article's."),
    ("no_title", "publisher", False, "The entry names no title, and its page is not wanted."),
    ("title_only", "settings", True, "Only its title was wanted; a refresh that fetches completes it."),
    ("no_entries", "publisher", False, "The list answers and holds no entry."),
    ("no_url", "publisher", False, "The entry names no address."),
    ("bad_url", "publisher", False, "The address is none of the web."),
    ("address_only", "publisher", False, "The entry of a file has an address and neither headline nor text."),
    ("same_address", "publisher", False, "Another article of the same file has this address, and stays."),
    ("bad_row", "publisher", False, "The row is not of the form that the file has."),
    ("bad_warc", "publisher", False, "The archive is damaged from here on."),
    ("bad_gzip", "publisher", False, "The gzip file is damaged."),
    ("bad_zip", "publisher", False, "The zip file is damaged."),
    ("few_points", "nobody", False, "The story has fewer points than the settings ask for."),
    ("repeated_sitemap", "publisher", False, "The sitemap was already read in this refresh."),
    ("repeated_page", "publisher", True, "The service gave the same page of answers twice."),
    ("duplicate", "nobody", False, "The article is in the dataset under another address."),
    # our limits
    ("robots", "limits", True, "The site's robots.txt does not allow it."),
    ("too_large", "limits", False, "It is larger than may be read."),
    ("too_deep", "limits", False, "The page is nested deeper than may be read."),
    ("over_limit", "limits", True, "It lies beyond what one refresh takes of this source."),
    ("out_of_time", "limits", True, "Its source kept this refresh waiting for too long; it comes later."),
    ("outside_window", "limits", True, "It was not published in the time that was asked for."),
    ("dry_run", "nobody", True, "Nothing was fetched: it was a dry run."),
    # what only a person can change
    ("bad_option", "settings", False, "An option of this source in sources.toml is wrong."),
    ("bad_request", "settings", False, "The service does not accept what it was asked: see its message."),
    ("missing_key", "settings", False, "The key of the service is not in the environment."),
    ("bad_key", "settings", False, "The service does not accept the key."),
    ("no_file", "settings", False, "The file cannot be read."),
    ("bad_file", "settings", False, "The file is not of a form that is known."),
    ("bad_json", "settings", False, "The file holds no JSON of a form that is known."),
    ("bad_xml", "settings", False, "The file is not well-formed XML: some of it may be missing."),
    ("entities", "settings", False, "The file defines XML entities, which no export needs."),
    ("no_column", "settings", False, "The file has no such column."),
    ("outside_folder", "settings", False, "The path leads out of its folder."),
    ("blocked_address", "settings", False, "The address is private; only a source with `local` may ask it."),
    ("cluster_lost", "settings", False, "The scheduler of the cluster is gone."),
    # ours
    ("parser_timeout", "pressgauge", True, "It took the reader too much time."),
    ("parser_memory", "pressgauge", True, "It took the reader too much memory."),
    ("parser_crashed", "pressgauge", True, "The reader ended on it."),
    ("parser_error", "pressgauge", True, "The reader failed on it."),
    ("error", "pressgauge", True, "Something in Pressgauge failed on it."),
    ("worker_died", "pressgauge", True, "It ended the workers of the cluster that tried it."),
    ("not_staged", "pressgauge", True, "What a worker of the cluster read of it was lost."),
    ("not_stored", "pressgauge", True, "It was read, and could not be written to the dataset."),
    ("bug", "pressgauge", False, "A collector failed: please report it."),
)
REASONS = {word: Reason(word, fault, passes, sentence) for word, fault, passes, sentence in _TABLE}
_HTTP = re.compile(r"http_([1-5])\d\d")


def reason_of(word: str) -> Reason:
    """The reason behind a word of a ledger, "parser_error:ValueError" and the like included.

    A word that is not in the table counts as passing and the publisher's: it is asked for again.
    """
    word = word.partition(":")[0]
    if word in REASONS:
        return REASONS[word]
    if status := _HTTP.fullmatch(word):
        passes = status[1] != "4"
        return Reason(word, "publisher", passes, f"The server answered with status {word[5:]}.")
    return Reason(word, "publisher", True, f"It could not be had ({word}).")


def as_markdown() -> str:
    """The table of `docs/reasons.md`."""
    rows = [
        f"| `{one.word}` | {one.fault} | {'yes' if one.passes else 'no'} | {one.sentence} |"
        for one in REASONS.values()
    ]
    return "\n".join(["| reason | whose | may pass | what it means |", "|---|---|---|---|", *rows])
