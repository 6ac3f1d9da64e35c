"""What our own parts of a page have in common: they are plain JavaScript."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param


class Component(pn.custom.JSComponent):
    """Is drawn by the module `_esm`, which the browser runs as it stands.

    Panel (1.9.4) translates modules that are in no bundle from TypeScript, in the browser, for each component
    of a page anew, although it keeps one of a kind.
    """

    _bundle_path: ClassVar[None] = None
    """No file that Panel would have to look for."""

    __abstract = True

    def _get_properties(self, doc: Any) -> dict[str, Any]:
        return {**super()._get_properties(doc), "bundle": type(self).__name__}

    @classmethod
    def _patch_datamodel_ref(cls, props: Any, ref: str) -> None:
        """Tag its own data for the page's end. Panel (1.9.4) looks with each change through all that these
        refer to, which for the script that opens the drawer is the whole page: a fifth of an update."""
        if (tag := f"__ref:{ref}") not in props.tags:
            props.tags.append(tag)

    def _update_properties(self, *events: param.parameterized.Event, doc: Any) -> dict[str, Any]:
        """What to tell the page of a change. Panel (1.9.4) looks up its whole theme for each, of which
        nothing but stylesheets is used."""
        changes = {event.name: event.new for event in events}
        if "stylesheets" in changes:
            return super()._update_properties(*events, doc=doc)
        return self._process_param_change(changes)
