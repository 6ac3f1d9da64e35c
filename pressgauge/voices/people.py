"""Which names of different articles are the same person or organisation.

Wrong merges are worse than none. Across articles a last name alone is somebody only where all articles know
one person of that name; of two spellings of a full name, one may have a middle name or initial more. What
these rules miss or get wrong, `people.toml` merges, splits and hides by hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from pressgauge.settings.people import NameRule
from pressgauge.voices.names import fullest
from pressgauge.voices.tables import Tables

FEWEST_ARTICLES = 3
"""Articles that must call a person by the full name before a last name elsewhere is theirs."""
_LEGAL = re.compile(r",? (?:Inc|Corp|Corporation|Ltd|LLC|PLC|GmbH|AG|SA|Co)\.?$")


def bodies(rules: Iterable[NameRule]) -> frozenset[str]:
    """The names that rules know to be organisations."""
    return frozenset(
        name
        for rule in rules
        if rule.kind == "organisation" and not rule.hide
        for name in (rule.name, *rule.also)
    )


def resolve_names(tables: Tables, rules: Iterable[NameRule] = ()) -> Tables:
    """The tables with each name as it is called across all articles, without those that rules hide.

    A hidden speaker's quotations stay, as those of nobody known.
    """
    rules = list(rules)
    names = _rename_people(tables.names, rules, tables)
    quotations = _rename_people(tables.quotations, rules, tables)
    hidden = {rule.name for rule in rules if rule.hide}
    unknown = quotations["name"].isin(hidden)
    for column in ("name", "kind", "role"):
        quotations[column] = quotations[column].mask(unknown).cat.remove_unused_categories()
    names = names[~names["name"].isin(hidden)]
    groups = names.groupby(["id", "name"], observed=True, sort=False)
    names = groups.agg({"kind": "first", "role": "first", "times": "sum"}).reset_index()
    return Tables(quotations, names.astype({"times": "int32"}))


def _rename_people(table: pd.DataFrame, rules: list[NameRule], tables: Tables) -> pd.DataFrame:
    table = table.copy(deep=False)
    same = merges(tables.names)
    kinds = {rule.name: rule.kind for rule in rules if rule.kind}
    by_hand = {each: rule.name for rule in rules if not rule.role for each in (rule.name, *rule.also)}
    new_names = {name: by_hand.get(name) or by_hand.get(same.get(name, name)) or same.get(name, name)
              for name in table["name"].cat.categories}  # fmt: skip
    old_names = table["name"]
    name = old_names.astype(object).map(new_names)
    for rule in rules:
        if rule.role:
            fits = old_names.isin([rule.name, *rule.also]) & table["role"].astype(object).fillna(
                ""
            ).str.lower().str.contains("|".join(map(re.escape, rule.role)))
            name = name.mask(fits, rule.name)
    kind = table["kind"].astype(object)
    kind = name.map(kinds).where(name.isin(kinds.keys()), kind)
    return table.assign(name=name.astype("category"), kind=kind.astype("category"))


def merges(names: pd.DataFrame) -> dict[str, str]:
    """Name as an article calls it -> as all do, where these differ and it is sure; of a table of names."""
    articles = names.groupby(["name", "kind"], observed=True)["id"].nunique()
    people: dict[str, int] = {}
    singles: set[str] = set()
    same: dict[str, str] = {}
    firms = set(names.loc[(names["kind"] == "organisation").to_numpy(), "name"].unique())
    for name, kind, number in articles.reset_index().itertuples(index=False):
        if kind == "organisation":
            if (short := _LEGAL.sub("", name)) != name and short in firms:
                same[name] = short
        elif " " in name and kind == "person":
            people[name] = people.get(name, 0) + int(number)
        else:
            singles.add(name)
    same |= _other_spellings(people)
    full_names: dict[str, set[str]] = defaultdict(set)
    often: dict[str, int] = defaultdict(int)
    for name, number in people.items():
        person = same.get(name, name)
        full_names[name.rpartition(" ")[2]].add(person)
        often[person] += number
    for last in singles | set(names["name"].cat.categories[~names["name"].cat.categories.str.contains(" ")]):
        people_of = full_names.get(last, set())
        if len(people_of) == 1 and often[next(iter(people_of))] >= FEWEST_ARTICLES:
            same.setdefault(last, next(iter(people_of)))
    return same


def _other_spellings(people: Mapping[str, int]) -> dict[str, str]:
    """Full names that differ by a middle name or initial -> the form that most articles use."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in people:
        parts = name.split()
        groups[parts[0], parts[-1]].append(name)
    same: dict[str, str] = {}
    for forms in groups.values():
        middles = {" ".join(name.split()[1:-1]) for name in forms if len(name.split()) > 2}
        if len(forms) > 1 and len({middle[:1] for middle in middles}) == 1 and fullest(forms):
            usual = max(forms, key=lambda name: (people[name], name))
            same |= {name: usual for name in forms if name != usual}
    return same
