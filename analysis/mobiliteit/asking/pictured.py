"""The data of pictures: which frames a :class:`~mobiliteit.asking.answer.Picture` holds.

Per kind, the frames of ``Picture.data`` by name, with their columns. Labels are columns too, in
both languages, so that a picture can be drawn from its data alone. Values of a yes-or-no outcome
are shares between 0 and 1; ``Picture.labels["unit"]`` is then ``%``, and another unit is shown
behind the title of the axis. Besides ``unit`` there are the labels ``x`` and ``y`` of the axes
(``x`` alone for ``coefficients``), and for ``paths`` one per name of a variable. What is NaN is not
drawn.
"""

from __future__ import annotations

# Jittered points in the units of the axes, at most 2,000, and the line over a grid of x.
SCATTER = {"points": ("x", "y"), "line": ("x", "y", "low", "high")}
# One row per group in the order shown; points lie `offset` (-1 to 1) beside their group.
GROUPS = {
    "groups": ("id", "label_nl", "label_en", "value", "low", "high", "n"),
    "points": ("group", "offset", "y"),
}
# One row per group and category; `share` adds up to 1 per group, `n` is the size of the group.
SHARES = {
    "shares": (
        "group",
        "group_nl",
        "group_en",
        "category",
        "category_nl",
        "category_en",
        "share",
        "n",
    )
}
# One row per level of the moderator (or wave) and point of the grid of x.
SLOPES = {"lines": ("level", "level_nl", "level_en", "x", "y", "low", "high")}
# Standardized coefficients of the paths `a` (predictor to mediator), `b` (mediator to outcome) and
# `direct` (predictor to outcome beside the mediator); `source` and `target` are names.
PATHS = {"paths": ("path", "source", "target", "value", "low", "high", "p")}
# One row per estimate, in the measure of the main one.
COEFFICIENTS = {"coefficients": ("id", "label_nl", "label_en", "value", "low", "high")}

FRAMES = {
    "scatter": SCATTER,
    "groups": GROUPS,
    "shares": SHARES,
    "slopes": SLOPES,
    "paths": PATHS,
    "coefficients": COEFFICIENTS,
}
