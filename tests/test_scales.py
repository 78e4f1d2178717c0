"""Scale scores, reliability and derived variables: worked by hand, and against R and PSPP."""

import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.scales import Reliability, mean_of_answered, reliability, reverse, score
from mobiliteit.study import Study, load_study
from mobiliteit.study_schema import Codebook
from reference.values import data, printed, pspp_row, r_value

NaN = np.nan


# ---- mirroring: min + max - x


@pytest.mark.parametrize(
    ("low", "high", "answers", "mirrored"),
    [
        (1, 5, [1, 2, 3, 4, 5], [5, 4, 3, 2, 1]),
        (1, 3, [1, 2, 3], [3, 2, 1]),  # high - x would give 2, 1, 0
        (0, 4, [0, 1, 4], [4, 3, 0]),  # high + 1 - x would give 5, 4, 1
        (2, 7, [2, 7, 4], [7, 2, 5]),
        (1, 5, [NaN, 4], [NaN, 2]),
    ],
)
def test_mirrored_answers(low, high, answers, mirrored):
    result = reverse(pd.Series(answers, dtype="float64"), low, high)
    assert result.tolist() == pytest.approx(mirrored, nan_ok=True)


def test_mirroring_twice_changes_nothing():
    answers = pd.Series([1.0, 2, NaN, 3])
    pd.testing.assert_series_equal(reverse(reverse(answers, 1, 3), 1, 3), answers)


# ---- the mean of the answered items, and the share that must be answered


@pytest.mark.parametrize(
    ("items", "share", "expected"),
    [
        ([1, 2, 3, 5], 1.0, 2.75),
        ([1, 2, 3, NaN], 1.0, NaN),
        ([1, 2, NaN, NaN], 0.5, 1.5),  # exactly half is enough
        ([1, NaN, NaN, NaN], 0.5, NaN),
        ([1, 2, NaN], 0.5, 1.5),  # half of three items is two of them
        ([1, NaN, NaN], 0.5, NaN),
        ([4, NaN], 0.5, 4),
        ([NaN, NaN], 0.5, NaN),
        ([1, 2, NaN], 2 / 3, 1.5),  # two thirds is no binary fraction
        ([1, 2, 4, NaN, NaN], 0.6, 7 / 3),
        ([*[1] * 7, *[NaN] * 18], 0.28, 1),  # in binary, 0.28 * 25 = 7.000000000000001
        ([1, 2, NaN, NaN, NaN], 0.6, NaN),
        ([NaN], 1.0, NaN),
        ([3], 1.0, 3),
    ],
)
def test_mean_of_answered(items, share, expected):
    result = mean_of_answered(pd.DataFrame([items], dtype="float64"), share)
    assert result.tolist() == pytest.approx([expected], nan_ok=True, rel=1e-15)


def test_mean_of_answered_treats_each_respondent_alone():
    items = pd.DataFrame({"a": [1, NaN, 5], "b": [2, NaN, NaN]}, index=["r1", "r2", "r3"])
    expected = pd.Series([1.5, NaN, 5], index=["r1", "r2", "r3"])
    pd.testing.assert_series_equal(mean_of_answered(items, 0.5), expected)


# ---- reliability


@pytest.fixture
def textbook():
    return pd.DataFrame(
        {"i1": [1, 2, 3, 4], "i2": [2, 2, 4, 4], "i3": [1, 3, 3, 5]}, dtype="float64"
    )


def test_alpha_by_hand(textbook):
    # Item variances 5/3, 4/3 and 8/3, together 17/3; sums 4, 7, 10, 13 with variance 15.
    # alpha = 3/2 (1 - (17/3) / 15) = 3/2 * 28/45 = 14/15.
    result = reliability(textbook, "schaal")
    assert result.alpha == pytest.approx(14 / 15, rel=1e-14)
    assert (result.scale, result.n, result.n_missing) == ("schaal", 4, 0)


def test_item_rest_by_hand(textbook):
    # i1 against i2 + i3 = 3, 5, 7, 9: a straight line. i2 against i1 + i3 = 2, 5, 6, 9: 8 /
    # sqrt(4 * 25). i3 against i1 + i2 = 3, 4, 7, 8: 10 / sqrt(8 * 17).
    item_rest = reliability(textbook, "schaal").item_rest
    assert item_rest == pytest.approx({"i1": 1, "i2": 0.8, "i3": 10 / math.sqrt(136)}, rel=1e-12)


def test_reliability_is_of_complete_respondents(textbook):
    # One lacks an item and one was not asked at all: neither changes alpha, only the first is
    # missing.
    more = pd.concat([textbook, pd.DataFrame([[5, NaN, 1], [NaN] * 3], columns=["i1", "i2", "i3"])])
    result = reliability(more, "schaal")
    assert result.alpha == pytest.approx(14 / 15, rel=1e-14)
    assert (result.n, result.n_missing) == (4, 1)


def test_an_item_that_should_have_been_mirrored_shows(textbook):
    turned = textbook.assign(i2=reverse(textbook["i2"], 1, 5))
    result = reliability(turned, "schaal")
    assert result.item_rest["i2"] == pytest.approx(-0.8, rel=1e-12)
    assert result.alpha < 0.5


@pytest.mark.parametrize(
    ("columns", "alpha", "item_rest"),
    [
        ({"a": [1, 2, 3]}, NaN, {"a": NaN}),  # one item
        ({"a": [1, 2], "b": [1, 3]}, NaN, {"a": NaN, "b": NaN}),  # two respondents
        ({"a": [NaN] * 3, "b": [NaN] * 3}, NaN, {"a": NaN, "b": NaN}),  # nobody was asked
        ({"a": [1, NaN, 3], "b": [NaN, 2, NaN]}, NaN, {"a": NaN, "b": NaN}),  # nobody complete
        ({"a": [2, 2, 2], "b": [3, 3, 3]}, NaN, {"a": NaN, "b": NaN}),  # everyone alike
        ({"a": [1, 2, 3], "b": [3, 2, 1]}, NaN, {"a": -1, "b": -1}),  # sums without variance
        # One item without variance: 2 (1 - 1/1) = 0, and it correlates with nothing.
        ({"a": [1, 2, 3], "b": [2, 2, 2]}, 0, {"a": NaN, "b": NaN}),
        # Three respondents are enough: identical items give 2 (1 - 2/4) = 1.
        ({"a": [1, 2, 3], "b": [1, 2, 3]}, 1, {"a": 1, "b": 1}),
    ],
)
def test_degenerate_scales(columns, alpha, item_rest):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it is seen before it is divided by
        result = reliability(pd.DataFrame(columns, dtype="float64"), "schaal")
    assert result.alpha == pytest.approx(alpha, nan_ok=True, abs=1e-15)
    assert result.item_rest == pytest.approx(item_rest, nan_ok=True)


def test_tidy_reliability():
    tidy = Reliability("schaal", 4, 1, 0.7, {"i1": 0.5, "i2": NaN}).tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert tidy["analysis"].eq("reliability").all() and tidy["column"].eq("schaal").all()
    assert tidy["row"].tolist() == ["schaal", "i1", "i2"]
    assert tidy["statistic"].tolist() == ["alpha", "item_rest", "item_rest"]
    assert tidy["value"].tolist() == pytest.approx([0.7, 0.5, NaN], nan_ok=True)
    assert tidy["n"].eq(4).all() and tidy["n_missing"].eq(1).all()


SCALES = {"s": (["s1", "s2", "s3", "s4"], "s3", 1, 5), "t": (["t1", "t2", "t3"], "t3", 1, 3)}


def mirrored_items(name):
    columns, turned, low, high = SCALES[name]
    items = data()[columns]
    return items.assign(**{turned: reverse(items[turned], low, high)})


@pytest.mark.parametrize("name", SCALES)
def test_scales_agree_with_r(name):
    items = mirrored_items(name)
    scores = mean_of_answered(items, 0.5)
    assert scores.count() == r_value("score", name, "", "n")
    assert scores.mean() == r_value("score", name, "", "mean")
    assert scores.std() == r_value("score", name, "", "sd")
    result = reliability(items, name)
    for statistic in ("alpha", "n", "n_missing"):
        assert getattr(result, statistic) == r_value("reliability", name, name, statistic)
    for item, value in result.item_rest.items():
        assert value == r_value("reliability", item, name, "item_rest")


@pytest.mark.parametrize(("name", "table"), [("s", 0), ("t", 1)])
def test_scales_agree_with_pspp(name, table):
    result = reliability(mirrored_items(name), name)
    summary = [pspp_row("Case Processing Summary", row, table=table) for row in ("Valid", "Total")]
    assert result.n == int(summary[0][0])
    # PSPP prints alpha as the first cell of a row without a label.
    alpha = {"s": ".6972386364", "t": ".5470244929"}[name]
    assert pspp_row("Reliability Statistics", alpha, table=table) == [str(len(result.item_rest))]
    assert result.alpha == printed(alpha)
    for item, value in result.item_rest.items():
        assert value == printed(pspp_row("Item-Total Statistics", item, table=table)[2])


# ---- from answers to scores


def label(**more):
    return {"nl": "…", "en": "…", **more}


def codebook():
    """A codebook with one of everything that `score` makes."""
    about = {"role": "rol", "label_nl": "…", "label_en": "…", "source": {"page": 1}}
    five = {code: label() for code in range(1, 6)}
    number = {**about, "level": "interval", "range": [0, 100]}
    variables = {
        "houding": {
            **about,
            "scale": "vijf",
            "items": {"h1": label(), "h2": label(reversed=True), "h3": label()},
            "min_answered": 0.5,
        },
        "streng": {
            **about,
            "scale": "drie",
            "items": {"d1": label(), "d2": label(reversed=True)},
        },
        "thermometer": {**number, "items": {"g1": label(reversed=True), "g2": label()}},
        "leeftijd": number,
        "opleiding": {**about, "level": "ordinal", "values": five},
        "soort": {
            **about,
            "level": "nominal",
            "values": {1: label(id="vast"), 2: label(id="los"), 3: label(id="anders")},
        },
    }
    derived = {
        "gesprek": {**about, "kind": "mean", "of": ["houding", "streng"], "min_answered": 0.5},
        "beide": {**about, "kind": "mean", "of": ["houding", "streng"]},
        "leeftijd_klasse": {
            **about,
            "kind": "classes",
            "of": ["leeftijd"],
            "classes": {
                "jong": label(**{"from": 15, "to": 25}),
                "oud": label(**{"from": 25, "to": 65}),
            },
        },
        "opleiding_klasse": {
            **about,
            "kind": "recode",
            "of": ["opleiding"],
            "classes": {"laag": label(**{"from": [1, 2]}), "hoog": label(**{"from": [4, 5]})},
        },
        "vast": {
            **about,
            "kind": "recode",
            "of": ["soort"],
            "classes": {
                "nee": label(**{"from": ["los"], "code": 0}),
                "ja": label(**{"from": ["vast"], "code": 1}),
            },
        },
        "dertiger": {
            **about,
            "kind": "classes",
            "of": ["leeftijd"],
            "classes": {
                "nee": label(**{"from": 0, "to": 30, "code": 0}),
                "ja": label(**{"from": 30, "to": 40, "code": 1}),
            },
        },
    }
    return Codebook.model_validate(
        {
            "study": {
                "id": "proef",
                "title_nl": "…",
                "title_en": "…",
                "source": "…",
                "source_en": "…",
                "population_nl": "…",
                "population_en": "…",
            },
            "roles": {"rol": {"nl": "rol", "en": "role"}},
            "missing_reasons": {},
            "scales": {
                "vijf": {"level": "ordinal", "values": five},
                "drie": {"level": "ordinal", "values": {c: label() for c in (1, 2, 3)}},
            },
            "variables": variables,
            "derived": derived,
        }
    )


@pytest.fixture
def scored():
    columns = {
        "h1": [1, 5, NaN, NaN],
        "h2": [1, 2, 4, NaN],  # mirrored on 1-5: 5, 4, 2
        "h3": [3, NaN, NaN, NaN],
        "d1": [3, 1, NaN, NaN],
        "d2": [3, NaN, 2, NaN],  # mirrored on 1-3: 1, -, 2
        "g1": [0, 100, 30, NaN],  # mirrored on 0-100: 100, 0, 70
        "g2": [50, 50, 50, NaN],
        "leeftijd": [24, 25, 14.5, NaN],
        "opleiding": [2, 3, 4, NaN],
    }
    answers = pd.DataFrame(columns, dtype="float64", index=["r1", "r2", "r3", "r4"])
    soort = pd.Categorical(["vast", "los", "anders", None], categories=["vast", "los", "anders"])
    answers["soort"] = soort
    before = answers.copy(deep=True)
    study = Study(Path(), codebook(), segments=None, tables=None)
    frame, reliabilities = score(answers, study)
    pd.testing.assert_frame_equal(answers, before)
    return frame, reliabilities


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("h1", [1, 5, NaN, NaN]),
        ("h2", [5, 4, 2, NaN]),
        ("d2", [1, NaN, 2, NaN]),
        ("g1", [100, 0, 70, NaN]),
        ("houding", [3, 4.5, NaN, NaN]),  # (1+5+3)/3; (5+4)/2; one of three is less than half
        ("streng", [2, NaN, NaN, NaN]),  # by default all items must be answered
        ("thermometer", [75, 25, 60, NaN]),
        ("gesprek", [2.5, 4.5, NaN, NaN]),  # one of two is half
        ("beide", [2.5, NaN, NaN, NaN]),
        ("vast", [1, 0, NaN, NaN]),  # `anders` is in neither class
        ("dertiger", [0, 0, 0, NaN]),
    ],
)
def test_scores_by_hand(scored, column, expected):
    frame, _ = scored
    assert frame[column].dtype == "float64"
    assert frame[column].tolist() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("column", "classes", "ordered", "expected"),
    [
        ("leeftijd_klasse", ["jong", "oud"], True, ["jong", "oud", None, None]),
        ("opleiding_klasse", ["laag", "hoog"], False, ["laag", None, "hoog", None]),
    ],
)
def test_classes_by_hand(scored, column, classes, ordered, expected):
    frame, _ = scored
    assert frame[column].cat.categories.tolist() == classes
    assert frame[column].cat.ordered is ordered
    assert [None if pd.isna(value) else value for value in frame[column]] == expected


def test_scores_keep_the_respondents_and_every_answer(scored):
    frame, reliabilities = scored
    assert frame.index.tolist() == ["r1", "r2", "r3", "r4"]
    assert set(codebook().derived) | set(codebook().variables) <= set(frame.columns)
    assert [entry.scale for entry in reliabilities] == ["houding", "streng", "thermometer"]
    # Three complete: g1 mirrored 100, 0, 70 and g2 constant, so alpha is 2 (1 - 1) = 0. Without
    # mirroring it would be the same; the item scores above tell the two apart.
    thermometer = reliabilities[2]
    assert (thermometer.n, thermometer.n_missing) == (3, 0)
    assert thermometer.alpha == pytest.approx(0, abs=1e-12)
    assert math.isnan(reliabilities[1].alpha)


def test_reliability_is_of_mirrored_items():
    # h2 runs against the others as asked, with them once mirrored: 1, 2, 3, 4 and 1, 2, 3, 4.
    study = Study(Path(), codebook(), segments=None, tables=None)
    answers = pd.DataFrame({column.name: [NaN] * 4 for column in study.codebook.columns()})
    answers["h1"] = answers["h3"] = [1.0, 2, 3, 4]
    answers["h2"] = [5.0, 4, 3, 2]
    frame, reliabilities = score(answers, study)
    assert reliabilities[0].alpha == pytest.approx(1)
    assert frame["houding"].tolist() == [1, 2, 3, 4]


# ---- the classes and recodes of the 2006 study


def scored_study(column, values):
    study = load_study()
    answers = pd.DataFrame(
        {entry.name: [NaN] * len(values) for entry in study.codebook.columns()}, dtype="float64"
    )
    answers[column] = values
    frame, _ = score(answers, study)
    return frame


def test_age_classes():
    expected = {
        15: "15_24",
        24: "15_24",
        24.9: "15_24",
        25: "25_34",
        34: "25_34",
        35: "35_44",
        44: "35_44",
        45: "45_54",
        54: "45_54",
        55: "55_64",
        64: "55_64",
    }
    classes = scored_study("leeftijd", [*expected, 14, 65, NaN])["leeftijd_klasse"]
    assert dict(zip(expected, classes, strict=False)) == expected
    assert classes[-3:].isna().all()


def test_age_classes_agree_with_r():
    counts = scored_study("leeftijd", data()["leeftijd"].tolist())["leeftijd_klasse"].value_counts()
    for name in ("15_24", "25_34", "35_44", "45_54", "55_64"):
        assert counts[name] == r_value("classes", "leeftijd", name, "count")


def test_hours_classes():
    expected = {
        0: "minder_dan_12",
        11: "minder_dan_12",
        12: "12_19",
        19: "12_19",
        20: "20_34",
        34: "20_34",
        35: "35_of_meer",
        60: "35_of_meer",
    }
    classes = scored_study("uren", list(expected))["uren_klasse"]
    assert dict(zip(expected, classes, strict=True)) == expected


def test_education_recode():
    # 1 lager onderwijs, 2 LBO | 3 MAVO/VMBO, 4 HAVO/VWO, 5 MBO | 6 HBO, 7 academisch
    frame = scored_study("opleidingsniveau", [1, 2, 3, 4, 5, 6, 7, NaN])
    classes = frame["opleiding_klasse"]
    assert classes.tolist()[:7] == ["lager"] * 2 + ["middelbaar"] * 3 + ["hoger"] * 2
    assert pd.isna(classes.iloc[7])
    assert classes.cat.categories.tolist() == ["lager", "middelbaar", "hoger"]
    expected = [0] * 5 + [1] * 2 + [NaN]
    assert frame["hoger_opgeleid"].tolist() == pytest.approx(expected, nan_ok=True)


def test_contract_recode():
    contracts = ["vast", "uitzicht_op_vast", "tijdelijk", "oproep_uitzend", None]
    frame = scored_study("dienstverband", pd.Categorical(contracts))
    assert frame["dienstverband_klasse"].tolist()[:4] == ["vast"] * 2 + ["tijdelijk"] * 2
    assert frame["vast_dienstverband"].tolist() == pytest.approx([1, 1, 0, 0, NaN], nan_ok=True)


@pytest.mark.parametrize(
    ("column", "derived", "classes"),
    [
        ("geslacht", "geslacht_klasse", ["vrouw", "man"]),
        ("zorgtaken", "zorgtaken_klasse", ["geen", "wel"]),
    ],
)
def test_recodes_of_binary_variables(column, derived, classes):
    assert scored_study(column, [0, 1])[derived].tolist() == classes


@pytest.mark.parametrize(
    ("column", "scale"),
    [("loopbaantevredenheid_2", "loopbaantevredenheid"), ("employability_4", "employability")],
)
def test_reversed_items_of_the_study(column, scale):
    # 2 on 1-5 becomes 4.
    frame = scored_study(column, [2])
    assert frame[column].tolist() == [4]
    assert [c.variable for c in load_study().codebook.columns() if c.name == column] == [scale]


def test_dialogue_takes_one_of_its_two_talks():
    frame = scored_study("nut_functionering", [4, NaN])
    assert frame["dialoog"].tolist() == pytest.approx([4, NaN], nan_ok=True)
