"""Outlets: under which names and domains each is collected, so that every chart knows it as one.

Nothing of this is stored with an article: it is applied whenever articles are loaded or asked for, so an
edit of `outlets.toml` relabels all history.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from pressgauge.arguments import check_columns
from pressgauge.errors import ConfigError
from pressgauge.settings import editing, paths
from pressgauge.settings.toml import entries
from pressgauge.urls import registered_domain

_KEYS = ("name", "domains", "aliases", "country", "language")
_MOST_NAMES = 12
"""A domain with more names of outlets than that is an aggregator's or a platform's."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet: the `name` that is shown, its `domains` (those below them included), other names it goes
    by, its country (ISO 3166-1) and the language it writes in (ISO 639-1), or None."""

    name: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    country: str | None = None
    language: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """All that it is known by; in whatever case, each is one outlet's only."""
        return (self.name, *self.domains, *self.aliases)


class Outlets:
    """The known outlets, found by domain first and by name where no domain is known as anyone's."""

    def __init__(self, outlets: Sequence[Outlet] = ()) -> None:
        self.outlets = tuple(outlets)
        self._by_domain = {domain: at for at, each in enumerate(outlets) for domain in each.domains}
        self._by_name = {name.casefold(): at for at, each in enumerate(outlets) for name in each.labels}

    @cached_property
    def digest(self) -> str:
        """Other outlets have another."""
        return sha256(repr(self.outlets).encode()).hexdigest()

    def find(self, outlet: str | None, domain: str | None) -> Outlet | None:
        """The outlet of an article that came with this name and domain."""
        at = self._of_domain(domain) if domain else None
        if at is None and outlet:
            at = self._by_name.get(outlet.casefold())
        return None if at is None else self.outlets[at]

    def _of_domain(self, domain: str) -> int | None:
        labels = domain.casefold().split(".")
        for start in range(len(labels)):
            if (at := self._by_domain.get(".".join(labels[start:]))) is not None:
                return at
        return None

    def relabel(self, articles: pd.DataFrame) -> pd.DataFrame:
        """Articles (with outlet and domain; country and language if they are there) under the known names.

        A country or language is the outlet's where the article has none. Labels become categoricals.
        """
        if not self.outlets or not len(articles):
            return articles
        outlet, domain = (articles[name].astype("category") for name in ("outlet", "domain"))
        width = len(domain.cat.categories) + 1
        rows, keys = pd.factorize(
            outlet.cat.codes.to_numpy(np.int64) * width + domain.cat.codes.to_numpy() + 1
        )
        names = [*outlet.cat.categories, None]
        domains = [None, *domain.cat.categories]
        pairs = [(names[key // width], domains[key % width]) for key in keys]
        outlets = [self.find(*pair) for pair in pairs]
        names_known = [each.name if each else name for each, (name, _) in zip(outlets, pairs, strict=True)]
        columns = {"outlet": _to_categories(names_known, rows)}
        for column in ("country", "language"):
            if column in articles and articles[column].isna().any():
                defaults = _to_categories([getattr(each, column, None) for each in outlets], rows)
                columns[column] = _fill_labels(articles[column].astype("category").array, defaults)
        return articles.assign(**columns)


def _to_categories(values: Sequence[str | None], rows: np.ndarray) -> pd.Categorical:
    codes, names = pd.factorize(np.array([*values, None], dtype=object)[:-1], sort=True)
    return pd.Categorical.from_codes(codes[rows], pd.Index(names, dtype="str"))


def _fill_labels(labels: pd.Categorical, other: pd.Categorical) -> pd.Categorical:
    """The labels known, and where there is none the other."""
    names = labels.categories.union(other.categories)
    codes = [
        np.append(names.get_indexer(each.categories), -1)[np.asarray(each.codes)] for each in (labels, other)
    ]
    return pd.Categorical.from_codes(np.where(codes[0] < 0, codes[1], codes[0]), names)


def load_outlets(path: str | Path) -> list[Outlet]:
    """The outlets of an `outlets.toml`, in its order.

    Raises ConfigError with file, line and what was expected at the first entry that cannot be used, among
    them one with a name or domain that is another's.
    """
    outlets: list[Outlet] = []
    owner: dict[str, str] = {}
    for entry in entries(path, "outlet"):
        entry.only(_KEYS)
        name = " ".join(entry.name("name").split())
        if not name:
            raise entry.error('name = ""', "the name that is shown", "name")
        domains = tuple(
            domain.strip().casefold().removeprefix("www.") for domain in entry.texts("domains", [])
        )
        for domain in domains:
            if not re.fullmatch(r"[^\s/:@]+\.[^\s/:@.]+", domain):
                raise entry.error(f"domain {domain!r}", 'a domain such as "theguardian.com"', "domains")
        codes = {key: entry.code(key) for key in ("country", "language")}
        outlet = Outlet(name, domains, entry.texts("aliases", []), **codes)
        for each in {label.casefold() for label in outlet.labels}:
            if each in owner:
                raise entry.error(f"{each!r} is a name or domain of {owner[each]}, too", "it at one outlet")
            owner[each] = name
        outlets.append(outlet)
    return outlets


def save_outlet(path: str | Path, outlet: Outlet) -> None:
    """Add the outlet to the file, or its domains and aliases to the one of its name; comments and all else
    stay as they are. The name is kept on one line, and as it is given, by which articles came, as an alias.

    The file is replaced in one step. Raises ConfigError when it cannot be read, or when one of the names and
    domains is another outlet's already, and PressgaugeError for a name that is none.
    """
    import tomlkit

    file = Path(path)
    name = editing.single_line(outlet.name, "an outlet needs a name")
    outlet = replace(outlet, name=name, aliases=(*outlet.aliases, outlet.name))
    with editing.locked(file):
        outlets = load_outlets(file) if file.exists() else []
        owner = {label.casefold(): at for at, each in enumerate(outlets) for label in each.labels}
        at = owner.get(outlet.name.casefold(), len(outlets))
        for label in outlet.labels:
            if (other := owner.get(label.casefold(), at)) != at:
                raise ConfigError(
                    file, None, f"{label!r} is a name or domain of {outlets[other].name}", "it at one outlet"
                )
        document = tomlkit.parse(editing.text(file))
        if at == len(outlets):
            table = tomlkit.table()
            table["name"] = outlet.name
            editing.append(document, "outlet", table)
        labels_there = {label for label, of in owner.items() if of == at} | {outlet.name.casefold()}
        _complete_entry(cast("Any", document["outlet"])[at], outlet, labels_there)
        editing.write(file, tomlkit.dumps(document))


def _complete_entry(entry: Any, outlet: Outlet, labels_there: set[str]) -> None:
    """Add to an entry of the file what it lacks; `labels_there` are its names and domains, case folded."""
    for key in ("domains", "aliases"):
        more = {label.casefold(): label for label in getattr(outlet, key)}
        more = {plain: label for plain, label in more.items() if plain not in labels_there}
        if more:
            entry[key] = [*entry.get(key, []), *more.values()]
            labels_there |= more.keys()
    for key in ("country", "language"):
        if (code := getattr(outlet, key)) and key not in entry:
            entry[key] = code


def known_outlets() -> Outlets:
    """The outlets of the settings, read anew when the file changes; none where there is no file.

    Raises ConfigError when the file cannot be used.
    """
    try:
        status = paths.outlets_file().stat()
    except OSError:
        return _NONE
    return _load_cached(paths.outlets_file(), status.st_mtime_ns, status.st_size)


_NONE = Outlets()


@lru_cache(maxsize=4)
def _load_cached(path: Path, modified: int, size: int) -> Outlets:
    return Outlets(load_outlets(path))


def similar_outlets(articles: pd.DataFrame, outlets: Outlets | None = None) -> pd.DataFrame:
    """Names that look like one outlet's: a row a group, the largest first.

    name (str, the proposal: of the names that are no domain the one with the most articles), outlets and
    domains (tuples of str; of the domains those that no other
    outlet is on), articles (int64). Names are grouped that are the same but for case, accents,
    signs, "the" and a domain's ending ("techcrunch.com", "TechCrunch"), or that stand on a domain most of
    whose articles go by its own name ("UK homepage" on theguardian.com), or on which there is one name beside
    the domain itself ("heise online", "heise.de"). Nothing is joined by itself: such a name may be that of a
    section ("Internet" on thehackernews.com). Needs outlet and domain; outlets
    that the settings know already are left out, and so are domains with more than a dozen names, which are
    aggregators'.
    """
    check_columns("similar_outlets", articles, ("outlet", "domain"))
    catalogue = known_outlets() if outlets is None else outlets
    sizes = articles.groupby(["outlet", "domain"], observed=True, dropna=False).size()
    pairs = sizes.reset_index(name="articles").astype({"outlet": object, "domain": object})
    pairs = pairs[pairs["outlet"].notna()]
    names_on = pairs.groupby("domain")["outlet"].nunique()
    settled = [
        catalogue.find(*pair) for pair in zip(pairs["outlet"], pairs["domain"].fillna(""), strict=True)
    ]
    pairs = pairs[[each is None for each in settled]]
    group = {name: name.casefold() if _is_domain(name) else _name_key(name) for name in pairs["outlet"]}
    same_as: dict[str, str] = {}  # key of a name -> the domain, or the key, that it is the same as
    several = pairs.groupby("domain")["outlet"].transform("size") > 1
    for domain, rows in pairs[several].groupby("domain"):
        is_own = rows["outlet"].map(group).isin([domain, _domain_key(str(domain))])
        is_bare = len(rows) == 2 and (rows["outlet"].map(group) == domain).any()
        most = 2 * rows.loc[is_own, "articles"].sum() >= rows["articles"].sum()
        if (most and len(rows) <= _MOST_NAMES) or is_bare:
            same_as |= {group[name]: str(domain) for name in rows["outlet"] if group[name] != domain}
    group = {name: _last_key(same_as, key) for name, key in group.items()}
    rows_found = []
    pairs = pairs.assign(key=pairs["outlet"].map(group))
    several = pairs.groupby("key")["outlet"].transform("nunique") > 1
    for key, rows in pairs[several].groupby("key"):
        sums = rows.groupby("outlet")["articles"].sum().sort_values(ascending=False, kind="stable")
        names = [str(name) for name in sums.index]
        real_names = [name for name in names if not _is_domain(name)]
        best = (
            [name for name in real_names if _name_key(name) == _domain_key(str(key))] or real_names or names
        )
        own_names = rows.groupby("domain")["outlet"].nunique()
        domains = tuple(sorted(own_names.index[own_names == names_on.reindex(own_names.index)]))
        rows_found.append((best[0], tuple(names), domains, int(sums.sum())))
    table = pd.DataFrame(rows_found, columns=["name", "outlets", "domains", "articles"])
    return table.sort_values("articles", ascending=False, kind="stable", ignore_index=True)


def _last_key(same_as: dict[str, str], key: str) -> str:
    passed = {key}
    while (next_key := same_as.get(key, key)) not in passed:
        key = next_key
        passed.add(key)
    return key


def _is_domain(name: str) -> bool:
    return re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}", name) is not None


def _domain_key(domain: str) -> str:
    """What a domain says beside its public suffix, as `_name_key` has a name."""
    registered = registered_domain(f"https://{domain}/") or domain
    return _name_key(registered.partition(".")[0])


def _name_key(name: str) -> str:
    """What the spellings of one name have in common."""
    letters = re.findall(r"[^\W_]+", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(letters)
    return plain.removeprefix("the") if len(plain) > 6 else plain
