"""Phrases that the sentence of an answer is put together from, Dutch and English.

``..._whether`` follows "cannot tell whether"; ``..._clear`` and ``..._none`` are main clauses after
"In wave ...," (Dutch has the verb first there). Parts such as ``held`` bring their own space.
"""

from __future__ import annotations

PHRASES: dict[str, dict[str, str]] = {
    "nl": {
        "and": "en",
        "quote": "‘{}’",
        "in_wave": "In golf {wave}",
        "among": "Onder {who} in golf {wave}",
        "who": " onder {who}",
        "held_one": " als {held} gelijk is",
        "held_many": " als {held} gelijk zijn",
        "clear": "{lead} {clause}{size}{effect}{after}.",
        "size": "; dat {noun} heet {size}",
        "rule": "; vuistregel: {convention}",
        "none": "{lead} {clause}, want het hele interval ligt binnen wat verwaarloosbaar"
        " heet{effect}{after}.",
        "none_plain": "{lead} {clause}{effect}{after}.",
        "unclear": "Deze golf ({wave}) kan niet zeggen of {whether}: bij deze antwoorden past"
        " zowel geen {noun} als een {noun} dat ertoe doet{effect}{after}.",
        "inestimable": "Deze golf ({wave}) kan niet zeggen of {whether}: met deze antwoorden is het"
        " niet te schatten{effect}.",
        "withheld": "Deze golf ({wave}) kan niet zeggen of {whether}. {why}",
        "synthetic": " (synthetische antwoorden: geen bevinding)",
        "others": " In hetzelfde model: {others}.",
        "association": "verband",
        "contrast": "verschil",
        "up": "hoger",
        "down": "lager",
        "more": "vaker",
        "less": "minder vaak",
        # a number, and an outcome that is a number or a yes
        "number_whether": "{a} samenhangt met {y}{who}{held}",
        "number_clear": "hangt {a} samen met {y}{held}: hoe hoger het een, hoe {updown} het ander",
        "number_none": "is er geen verband van betekenis tussen {a} en {y}{held}",
        "chance_clear": "hangt {a} samen met {y}{held}: hoe hoger het een, hoe {often} het ander",
        # a category
        "category_clear": "hangt {a} samen met {y}{held}: gemiddeld {updown} bij {label}",
        "category_chance_clear": "hangt {a} samen met {y}{held}: {often} bij {label}",
        "than": "{first} dan bij {second}",
        # several categories together
        "block_clear": "hangt {a} samen met {y}{held}{extremes}",
        "highest": ": gemiddeld het hoogst bij {high} en het laagst bij {low}",
        "most": ": het vaakst bij {high} en het minst vaak bij {low}",
        # difference between groups
        "difference_whether": "{y} verschilt naar {by}{who}{held}",
        "difference_none": "verschilt {y} niet van betekenis naar {by}{held}",
        "pair_clear": "verschilt {y} naar {by}{held}: gemiddeld {updown} bij {label}",
        "pair_chance_clear": "verschilt {y} naar {by}{held}: {often} bij {label}",
        "pair_rank_clear": "verschilt {y} naar {by}{held}: meestal {updown} bij {label}",
        "groups_clear": "verschilt {y} naar {by}{held}{extremes}",
        # mediation
        "mediation_whether": "er een indirect verband is tussen {a} en {y} via {m}{who}{held}",
        "mediation_clear": "is er een {sign} indirect verband tussen {a} en {y} via {m}{held}",
        "mediation_none": "is er geen indirect verband van betekenis tussen {a} en {y} via"
        " {m}{held}",
        "direct_same": "; daarnaast is er een direct verband in dezelfde richting, {value}",
        "direct_opposite": "; daarnaast is er een direct verband in de andere richting, {value}",
        "direct_open": "; of er daarnaast een direct verband is, blijft open",
        "positive": "positief",
        "negative": "negatief",
        # moderation
        "moderation_whether": "het verband tussen {a} en {y} verschilt naar {m}{who}{held}",
        "moderation_clear": "verschilt het verband tussen {a} en {y} naar {m}{held}",
        "moderation_none": "verschilt het verband tussen {a} en {y} niet van betekenis naar"
        " {m}{held}",
        "slopes": "; bij {one} is het verband {first} en bij {other} {second}",
        # change
        "change_whether": "{y} anders is dan in golf {since}{who}{held}",
        "change_clear": "is {y} gemiddeld {updown} dan in golf {since}{held}",
        "change_chance_clear": "komt {y} {often} voor dan in golf {since}{held}",
        "change_none": "is {y} niet noemenswaardig anders dan in golf {since}{held}",
        "trend_whether": "het verband tussen {a} en {y} anders is dan in golf {since}{who}{held}",
        "trend_clear": "is het verband tussen {a} en {y} anders dan in golf {since}{held}: meer"
        " {sign}",
        "trend_none": "is het verband tussen {a} en {y} niet noemenswaardig anders dan in golf"
        " {since}{held}",
    },
    "en": {
        "and": "and",
        "quote": "‘{}’",
        "in_wave": "In wave {wave},",
        "among": "Among {who} in wave {wave},",
        "who": " among {who}",
        "held_one": " when {held} is held constant",
        "held_many": " when {held} are held constant",
        "clear": "{lead} {clause}{size}{effect}{after}.",
        "size": "; that {noun} is called {size}",
        "rule": "; rule of thumb: {convention}",
        "none": "{lead} {clause}, since the whole interval lies within what is called"
        " negligible{effect}{after}.",
        "none_plain": "{lead} {clause}{effect}{after}.",
        "unclear": "This wave ({wave}) cannot tell whether {whether}: these answers fit with"
        " both no {noun} and one that matters{effect}{after}.",
        "inestimable": "This wave ({wave}) cannot tell whether {whether}: it cannot be estimated"
        " from these answers{effect}.",
        "withheld": "This wave ({wave}) cannot tell whether {whether}. {why}",
        "synthetic": " (synthetic answers: not a finding)",
        "others": " In the same model: {others}.",
        "association": "association",
        "contrast": "difference",
        "up": "higher",
        "down": "lower",
        "more": "more often",
        "less": "less often",
        "number_whether": "{a} goes with {y}{who}{held}",
        "number_clear": "{a} goes with {y}{held}: the higher the one, the {updown} the other",
        "number_none": "there is no association that matters between {a} and {y}{held}",
        "chance_clear": "{a} goes with {y}{held}: the higher the one, the {often} the other",
        "category_clear": "{a} goes with {y}{held}: {updown} on average for {label}",
        "category_chance_clear": "{a} goes with {y}{held}: {often} for {label}",
        "than": "{first} than for {second}",
        "block_clear": "{a} goes with {y}{held}{extremes}",
        "highest": ": highest on average for {high} and lowest for {low}",
        "most": ": most often for {high} and least often for {low}",
        "difference_whether": "{y} differs by {by}{who}{held}",
        "difference_none": "{y} does not differ by {by} in a way that matters{held}",
        "pair_clear": "{y} differs by {by}{held}: {updown} on average for {label}",
        "pair_chance_clear": "{y} differs by {by}{held}: {often} for {label}",
        "pair_rank_clear": "{y} differs by {by}{held}: mostly {updown} for {label}",
        "groups_clear": "{y} differs by {by}{held}{extremes}",
        "mediation_whether": "there is an indirect association between {a} and {y} via"
        " {m}{who}{held}",
        "mediation_clear": "there is a {sign} indirect association between {a} and {y} via"
        " {m}{held}",
        "mediation_none": "there is no indirect association that matters between {a} and {y} via"
        " {m}{held}",
        "direct_same": "; besides, there is a direct association in the same direction, {value}",
        "direct_opposite": "; besides, there is a direct association in the other direction,"
        " {value}",
        "direct_open": "; whether there is a direct association besides remains open",
        "positive": "positive",
        "negative": "negative",
        "moderation_whether": "the association between {a} and {y} differs by {m}{who}{held}",
        "moderation_clear": "the association between {a} and {y} differs by {m}{held}",
        "moderation_none": "the association between {a} and {y} does not differ by {m} in a way"
        " that matters{held}",
        "slopes": "; for {one} the association is {first} and for {other} {second}",
        "change_whether": "{y} is different from wave {since}{who}{held}",
        "change_clear": "{y} is, on average, {updown} than in wave {since}{held}",
        "change_chance_clear": "{y} is found {often} than in wave {since}{held}",
        "change_none": "{y} is hardly different from wave {since}{held}",
        "trend_whether": "the association between {a} and {y} is different from wave"
        " {since}{who}{held}",
        "trend_clear": "the association between {a} and {y} is different from wave {since}{held}:"
        " more {sign}",
        "trend_none": "the association between {a} and {y} is hardly different from wave"
        " {since}{held}",
    },
}
