"""What a site was seen to offer, as plain values that JSON can carry."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class OfferedEntry:
    """An entry of a feed or sitemap: `published` is an ISO date in UTC; what is not said is None."""

    url: str
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What extraction makes of one article; `refused` is the reason when it makes nothing of it."""

    url: str
    title: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    characters: int = 0
    beginning: str = ""
    partial: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed or sitemap that can be collected: `where` says how it was come by, `entries` are its newest ten
    of `total`, `language` and `site` what it says of itself."""

    kind: str
    url: str
    where: str
    title: str | None = None
    total: int = 0
    entries: tuple[OfferedEntry, ...] = ()
    language: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """What was learnt of the site behind an address: `offers`, the best first; `samples` of the first offer;
    `robots` and `notes` are sentences for a person. `local` says that private addresses were allowed."""

    address: str
    name: str
    domain: str
    language: str | None = None
    country: str | None = None
    local: bool = False
    offers: tuple[Offer, ...] = ()
    samples: tuple[Sample, ...] = ()
    robots: str = ""
    notes: tuple[str, ...] = field(default=())

    def settings(self, offer: Offer, **changes: Any) -> dict[str, Any]:
        """The values of the `[[source]]` that collects an offer; `changes` replace what was learnt."""
        values = {
            "name": self.name,
            "domain": self.domain,
            "country": self.country,
            "language": self.language,
            "kind": offer.kind,
            "url": offer.url,
            "local": self.local or None,
            **{key: value for key, value in changes.items() if value},
        }
        return {key: value for key, value in values.items() if value is not None}

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        offers = (
            Offer(**{**each, "entries": tuple(OfferedEntry(**entry) for entry in each["entries"])})
            for each in values["offers"]
        )
        samples = (Sample(**{**each, "authors": tuple(each["authors"])}) for each in values["samples"])
        return cls(
            **{**values, "offers": tuple(offers), "samples": tuple(samples), "notes": tuple(values["notes"])}
        )
