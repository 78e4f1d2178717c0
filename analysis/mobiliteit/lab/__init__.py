"""The lab: putting questions to a wave with a mouse, on a local page or in a notebook.

``mb.lab("2006")`` shows it in a notebook: the package has the name of what it does, and can be
called. ``mobiliteit lab`` serves the page.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Lab(ModuleType):
    """A package that can be called, since it and its function share a name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Show the lab: :func:`mobiliteit.lab.notebook.lab`."""
        from mobiliteit.lab.notebook import lab

        return lab(*args, **kwargs)


sys.modules[__name__].__class__ = _Lab
