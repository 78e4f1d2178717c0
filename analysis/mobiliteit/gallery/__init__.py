"""The gallery: every figure of the study by its name, with caption and alternative text.

>>> import mobiliteit as mb
>>> mb.figure("profiel", "2006")
>>> gallery = mb.open_gallery("2008-demo")
>>> mb.figure("overgangen", gallery, lang="en")

Names and captions are in ``study/figures.yaml`` (:mod:`.catalogue`); :mod:`.kinds` knows how each
kind is drawn, :mod:`.alt` tells what is to be seen.
"""

from __future__ import annotations

from mobiliteit.gallery.shown import (
    GalleryFigure,
    WrittenFigures,
    earlier_wave,
    figure,
    figure_names,
    open_gallery,
    write_figures,
)
from mobiliteit.gallery.source import Gallery

__all__ = [
    "Gallery",
    "GalleryFigure",
    "WrittenFigures",
    "earlier_wave",
    "figure",
    "figure_names",
    "open_gallery",
    "write_figures",
]
