"""Weights of a wave: raking against R and by hand, margins as a file, and how weights travel."""

import importlib
import inspect
import pkgutil

import numpy as np
import pandas as pd
import pytest

import mobiliteit
from builders import SmallWave, failure, only, small_wave
from mobiliteit import inference
from mobiliteit.claims.on_wave import judge_wave
from mobiliteit.errors import AnalysisError, WaveError
from mobiliteit.margins import read_margins
from mobiliteit.raking import MISSING, rake
from mobiliteit.render.export import to_csv, to_markdown, to_xlsx, write_tables
from mobiliteit.render.scorecards import write_scorecard
from mobiliteit.render.tables import display
from mobiliteit.render.weights import show_weights
from mobiliteit.scorecard import score_wave
from mobiliteit.tables import compute_tables
from mobiliteit.wave import codebook_frame, write_clean
from mobiliteit.weights import DESIGN_COLUMNS, WEIGHT, carries_weights, with_design
from reference.survey_values import r_value, r_weights, survey_data

POPULATION = {
    "vrouw": [0.42, 0.58],
    "leeftijd": [0.2, 0.25, 0.3, 0.25],
    "groep": [0.5, 0.3, 0.2],
}


def margins() -> list[tuple[np.ndarray, np.ndarray]]:
    """The margins that survey.R rakes to; who has no age or group is MISSING."""
    data = survey_data()
    codes = {
        "vrouw": data["vrouw"].to_numpy(),
        "leeftijd": data["leeftijd"].cat.codes.to_numpy(),
        "groep": data["groep"].cat.codes.to_numpy(),
    }
    return [(codes[name].astype("int64"), np.array(goal)) for name, goal in POPULATION.items()]


# ---- raking


@pytest.mark.parametrize("name", ["rake", "rake_1"])
def test_raked_weights_are_those_of_r(name):
    data = survey_data()
    base = data["gewicht"].to_numpy() if name == "rake" else np.ones(len(data))
    found = rake(base, margins(), tolerance=1e-14, max_iterations=500)
    # Both stop within 1e-14 of the margins; a weight is then settled to some 1e-12.
    expected = r_weights(name).loc[data.index].to_numpy()
    assert found.weights == pytest.approx(expected, rel=1e-10)
    assert 1 + found.weights.var() == r_value(name, "", "", "design_effect")
    assert (np.diff(np.log(found.deviations[:6])) < 0).all()


def test_trimmed_weights_are_those_of_the_same_steps_in_r():
    data = survey_data()
    found = rake(
        data["gewicht"].to_numpy(), margins(), trim=(0.4, 2.2), tolerance=1e-13,
        max_iterations=2000,
    )  # fmt: skip
    expected = r_weights("trim").loc[data.index].to_numpy()
    assert found.weights == pytest.approx(expected, rel=1e-9)
    assert found.trimmed.sum() == r_value("trim", "", "", "trimmed")


def test_two_margins_by_hand():
    """Counts 20 30 | 30 20 to margins .6/.4 and .5/.5: symmetric columns, so one pass is enough."""
    rows = np.repeat([0, 0, 1, 1], [20, 30, 30, 20])
    columns = np.repeat([0, 1, 0, 1], [20, 30, 30, 20])
    half = np.array([0.5, 0.5])
    found = rake(np.ones(100), [(rows, np.array([0.6, 0.4])), (columns, half)], tolerance=1e-15)
    table = np.bincount(2 * rows + columns, found.weights)
    assert table.reshape(2, 2).sum(axis=1) == pytest.approx([60, 40])
    assert table.reshape(2, 2).sum(axis=0) == pytest.approx([50, 50])
    # raking leaves the odds ratio alone
    odds = table[0] * table[3] / (table[1] * table[2])
    assert odds == pytest.approx(20 * 20 / (30 * 30), rel=1e-12)


def test_who_has_no_value_keeps_the_share_of_the_base_weight():
    base = np.array([2.0, 1.0, 1.0, 1.0, 1.0])
    codes = np.array([MISSING, 0, 0, 0, 1])
    found = rake(base, [(codes, np.array([0.5, 0.5]))])
    share = found.weights / found.weights.sum()
    assert share[0] == pytest.approx(2 / 6)
    assert share[codes == 0].sum() == pytest.approx(4 / 6 / 2)
    assert share[codes == 1].sum() == pytest.approx(4 / 6 / 2)


@pytest.mark.parametrize("seed", range(20))
def test_margins_and_limits_hold_together(seed):
    rng = np.random.default_rng(seed)
    n, limits = 500, (0.3, 2.5)
    codes = [rng.integers(-1, 4, n), rng.integers(-1, 3, n)]
    goals = [rng.dirichlet(np.full(4, 12)), rng.dirichlet(np.full(3, 12))]
    base = np.exp(rng.normal(scale=0.5, size=n))
    pairs = list(zip(codes, goals, strict=True))
    found = rake(base, pairs, trim=limits, tolerance=1e-9, max_iterations=2000)
    weights = found.weights
    assert weights.mean() == pytest.approx(1, abs=1e-8)
    assert limits[0] <= weights.min()
    assert weights.max() <= limits[1]
    for code, goal in pairs:
        valued = code != MISSING
        share = np.bincount(code[valued], weights[valued]) / weights[valued].sum()
        assert share == pytest.approx(goal, abs=1e-7)
    on_limit = (weights <= limits[0]) | (weights >= limits[1])
    assert (found.trimmed == on_limit).all()


@pytest.mark.parametrize("trim", [None, (0.8, 1.2)])
def test_margins_that_cannot_hold_are_one_clear_error(trim):
    """Nobody is 0 on one variable and 1 on the other, so these two margins contradict."""
    codes = np.array([0, 0, 1, 1, 0, 1])
    goals = [(codes, np.array([0.5, 0.5])), (codes, np.array([0.6, 0.4]))]
    error = failure(lambda: rake(np.ones(6), goals, trim=trim), AnalysisError)
    problem = only(error)
    assert "200 iterations" in problem.what
    assert ("trim" in problem.remedy) == (trim is not None)


# ---- the file of margins


def write_margins(wave: SmallWave, text: str, **options: object) -> SmallWave:
    """Put a file of margins beside the sidecar and ask for raking."""
    (wave.folder / "marges.csv").write_bytes(text.encode("utf-8"))
    rake = {"margins": "marges.csv", "source": "Bedacht voor de tests", **options}
    wave.sidecar["weights"] = {"rake": rake}
    return wave.write_sidecar()


MARGES = """variable,category,share
geslacht,0,0.7
geslacht,1,0.3
mobiliteitsgroep,mobielen,0.5
mobiliteitsgroep,overwegers,0.25
mobiliteitsgroep,blijvers,0.25
"""
DUTCH = """variable;category;share\r
Geslacht;Vrouw;0,7\r
geslacht;man;0,3\r
mobiliteitsgroep;mobielen;5000\r
mobiliteitsgroep;overwegers;2500\r
mobiliteitsgroep;blijvers;2500\r
""".replace("Geslacht", "geslacht")


@pytest.mark.parametrize("text", [MARGES, DUTCH, "\ufeff" + DUTCH], ids=["en", "nl", "bom"])
def test_margins_hold_among_the_kept_respondents(brief, text):
    wave = write_margins(brief, text).load()
    frame, weights = wave.frame, wave.weights
    assert weights.source == "Bedacht voor de tests"
    for variable, goals in {
        "geslacht": {0: 0.7, 1: 0.3},
        "mobiliteitsgroep": {"mobielen": 0.5, "overwegers": 0.25, "blijvers": 0.25},
    }.items():
        valued = frame[frame[variable].notna()]
        sums = valued[WEIGHT].groupby(valued[variable], observed=True).sum()
        for value, goal in goals.items():
            assert sums[value] / sums.sum() == pytest.approx(goal, abs=1e-7)
    table = weights.margins
    assert table["weighted"].to_numpy() == pytest.approx(table["target"].to_numpy(), abs=1e-7)
    assert table["n"].sum() == frame[["geslacht", "mobiliteitsgroep"]].notna().sum().sum()
    assert weights.n == len(frame)
    cv2 = frame[WEIGHT].var(ddof=0) / frame[WEIGHT].mean() ** 2
    assert weights.design_effect == pytest.approx(1 + cv2)
    assert weights.effective_n == pytest.approx(len(frame) / (1 + cv2))
    assert (weights.lowest, weights.highest) == (frame[WEIGHT].min(), frame[WEIGHT].max())
    assert weights.deviations[-1] <= 1e-8


def test_everything_wrong_with_margins_is_said_at_once(brief, study):
    text = """variable,category,share
geslacht,0,0.7
geslacht,2,0.2
geslacht,0,0.1
onbekend,a,0.5
leeftijd,30,1
branche,ziekenhuizen,-3
mobiliteitsgroep,mobielen,0.5
mobiliteitsgroep,blijvers,0.2
opleiding_klasse,lager,1.137
sector,1,0.5
"""
    error = failure(write_margins(brief, text).load, WaveError)
    for part in (
        "'2' is no category of geslacht",
        "'0' is given twice",
        "onbekend is no variable of the study",
        "leeftijd has no categories",
        "-3 is no share or count",
        "1.137 may be thousands",
        "the shares sum to 0.7, not to 1",
        "the shares sum to 0.5, not to 1",
    ):
        assert part in str(error), part
    assert all(problem.file == "marges.csv" for problem in error.problems)
    assert "line 4" in str(error)


def test_categories_and_respondents_must_match(brief):
    gone = """variable,category,share
mobiliteitsgroep,mobielen,60
mobiliteitsgroep,overwegers,0
"""
    error = failure(write_margins(brief, gone).load, WaveError)
    assert "not in the margins: blijvers (4 respondents)" in str(error)
    assert "overwegers has respondents and a share of 0" in str(error)
    loaded = brief
    keep = loaded.frame.index % 8 != 7  # nobody stays
    loaded.frame = loaded.frame[keep].reset_index(drop=True)
    loaded.write()
    error = failure(write_margins(loaded, MARGES).load, WaveError)
    assert only(error).what == "blijvers has a share and no respondents"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "names the columns nothing"),
        (b"variable,category,share\n", "holds no margins"),
        (b"variabele,categorie,aandeel\ngeslacht,0,1\n", "variabele, categorie, aandeel"),
        (b"variable,category,share\ngeslacht,vrouw\n", "does not hold a variable"),
        (b"variable,category,share\ngeslacht,\xe9,1\n", "is not UTF-8"),
        (b"variable,category,share\ngeslacht,0,0\n", "sum to 0"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_file_of_margins(brief, content, part):
    write_margins(brief, MARGES)
    path = brief.folder / "marges.csv"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    error = failure(brief.load, WaveError)
    assert part in str(error)
    assert "marges.csv" in str(error)


def test_a_label_of_two_categories_names_neither(brief, study):
    wave = brief.load()
    book = study.codebook.variables["geslacht"]
    same = book.model_copy(
        update={"values": {k: v.model_copy(update={"en": "x"}) for k, v in book.values.items()}}
    )
    variables = {**wave.study.codebook.variables, "geslacht": same}
    codebook = wave.study.codebook.model_copy(update={"variables": variables})
    twin = type(wave.study)(**{**vars(wave.study), "codebook": codebook})
    path = brief.folder / "m.csv"
    path.write_text("variable,category,share\ngeslacht,x,0.5\ngeslacht,man,0.5\n", encoding="utf-8")
    _, problems = read_margins(path, twin, wave.frame, "2031")
    assert any("'x' is no category" in problem.what for problem in problems)


def test_limits_that_cannot_hold_are_an_error_of_the_wave(brief):
    error = failure(write_margins(brief, MARGES, trim=[0.99, 1.01]).load, WaveError)
    assert "weights kept between 0.99 and 1.01" in str(error)


# ---- a column of weights, strata and clusters


@pytest.fixture
def designed(brief: SmallWave) -> SmallWave:
    """A wave with a column of weights, and strata and clusters."""
    n = len(brief.frame)
    brief.frame["weeg"] = np.linspace(0.5, 3.0, n)
    brief.frame["laag"] = np.arange(n) % 2 + 1.0
    brief.frame["groepje"] = np.arange(n) // 2 % 8 + 1.0
    brief.sidecar["weights"] = {"column": "weeg", "stratum": "laag", "cluster": "groepje"}
    return brief.write()


def test_a_column_of_weights(designed):
    wave = designed.load()
    raw = designed.frame["weeg"].to_numpy()
    assert wave.frame[WEIGHT].to_numpy() == pytest.approx(raw / raw.mean())
    assert (wave.weights.strata, wave.weights.clusters) == (2, 16)
    assert (wave.weights.column, wave.weights.deviations) == ("weeg", ())
    assert wave.provenance()["weighted"] is True


def test_raking_starts_from_the_column(designed):
    plain = designed.load()
    columns = designed.sidecar["weights"]
    write_margins(designed, MARGES)
    designed.sidecar["weights"] |= columns
    both = designed.write_sidecar().load()
    assert (both.weights.column, both.weights.clusters) == ("weeg", 16)
    # within a cell of the margins, raking multiplies the base weights by one factor
    cells = [both.frame["geslacht"], both.frame["mobiliteitsgroep"]]
    factors = (both.frame[WEIGHT] / plain.frame[WEIGHT]).groupby(cells, observed=True)
    assert factors.nunique().size > 3
    assert (factors.max() / factors.min() - 1).max() < 1e-9
    assert not np.allclose(both.frame[WEIGHT], plain.frame[WEIGHT], rtol=0.01)


@pytest.fixture
def trimmed(designed: SmallWave) -> SmallWave:
    """A wave with base weights, raked within limits that some reach."""
    columns = designed.sidecar["weights"]
    text = "variable,category,share\n" + "".join(
        f"mobiliteitsgroep,{name},{share}\n"
        for name, share in {"mobielen": 0.7, "overwegers": 0.15, "blijvers": 0.15}.items()
    )
    write_margins(designed, text, trim=[0.5, 1.5])
    designed.sidecar["weights"] |= columns
    return designed.write_sidecar()


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan])
def test_weights_that_cannot_be(designed, value):
    designed.frame.loc[3, "weeg"] = value
    designed.frame.loc[4, "laag"] = np.nan
    error = failure(designed.write().load, WaveError)
    assert [problem.column for problem in error.problems] == ["weeg", "laag"]
    assert [problem.rows for problem in error.problems] == [(designed.id(3),), (designed.id(4),)]


def test_unweighted_leaves_the_weights_out_on_purpose(designed):
    wave = designed.load()
    bare = wave.unweighted()
    assert carries_weights(wave)
    assert not carries_weights(bare)
    assert not carries_weights(bare.frame)
    assert bare.weights is None
    assert bare.weights_left_out
    assert "Ongewogen" in bare.mark()
    assert "Unweighted" in bare.mark("en")
    assert "Ongewogen" not in wave.mark()
    assert bare.unweighted() is bare
    assert list(bare.frame.columns) == [c for c in wave.frame.columns if c not in DESIGN_COLUMNS]


def test_a_sample_keeps_the_design_of_the_whole(designed):
    wave = designed.load()
    part = wave.sample({"mobiliteitsgroep": ["blijvers"]})
    assert set(DESIGN_COLUMNS) <= set(part)
    pd.testing.assert_frame_equal(
        part[list(DESIGN_COLUMNS)], wave.frame.loc[part.index, list(DESIGN_COLUMNS)]
    )


def test_clean_files_say_how_the_wave_is_weighted(trimmed, tmp_path):
    wave = trimmed.load()
    paths = {path.name: path for path in write_clean(wave, tmp_path / "uit")}
    tidy = pd.read_csv(paths["2031_weights.csv"])
    facts = tidy[tidy["row"].isna()].set_index("statistic")["value"]
    assert facts["design_effect"] == pytest.approx(wave.weights.design_effect)
    assert facts["effective_n"] == pytest.approx(wave.weights.effective_n)
    assert facts["trimmed"] == wave.weights.trimmed > 0
    path = tidy.query("statistic == 'largest_deviation'")["value"]
    assert path.tolist() == pytest.approx(wave.weights.deviations)
    trimmed = wave.ledger.frame().query("kind == 'trimmed'")
    assert trimmed["n"].tolist() == [wave.weights.trimmed]
    frame = pd.read_parquet(paths["2031.parquet"])
    assert frame[WEIGHT].to_numpy() == pytest.approx(wave.frame[WEIGHT].to_numpy())
    assert set(pd.read_csv(paths["2031_reliability.csv"])["note"]) == {"ongewogen"}
    roles = codebook_frame(wave).set_index("column")["role"]
    assert (roles[list(DESIGN_COLUMNS)] == "weging").all()


def test_columns_of_a_design_are_not_added_twice():
    frame = with_design(pd.DataFrame({"y": [1.0, 2.0]}), np.ones(2))
    error = failure(lambda: with_design(frame, np.ones(2)), AnalysisError)
    assert "are there already" in str(error)


# ---- functions with and without a weighted form

WEIGHTED = {"count_groups", "compare_means", "compare_shares", "standardized_regression"}
FROM_TABLES = {"compute_table", "compute_tables", "score_wave", "count_tests"}
# They weigh; test_against and test_trends hold that.
AGAINST_OTHERS = {"follow", "score_against"}
# They leave weights out, as every answer does, and say so; test_hypotheses holds that.
UNWEIGHTED = {"run_hypotheses"}
# They say who answered what, or how the wave came about, and estimate nothing.
ABOUT_THE_WAVE = {
    *("asked", "raw_file", "show_ledger", "show_planted", "show_wave", "show_weights"),
}


def public_functions() -> dict[str, object]:
    """Public functions of the package and of `inference` that take respondents or a wave first."""
    found = {name: getattr(mobiliteit, name) for name in mobiliteit.__all__}
    for info in pkgutil.iter_modules(inference.__path__):
        module = importlib.import_module(f"{inference.__name__}.{info.name}")
        for name, value in vars(module).items():
            if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__:
                found[name] = value
    found["judge_wave"] = judge_wave
    taking = {}
    for name, value in found.items():
        if not inspect.isfunction(value):
            continue
        first = next(iter(inspect.signature(value).parameters.values()), None)
        kind = str(first.annotation) if first else ""
        if first and (kind in ("Wave", "pd.DataFrame") or first.name in ("frame", "wave")):
            taking[name] = value
    return taking


@pytest.fixture(scope="module")
def weighted_wave(tmp_path_factory):
    wave = small_wave(tmp_path_factory.mktemp("gewogen"), per_segment=12)
    n = len(wave.frame)
    wave.frame["weeg"] = np.linspace(0.5, 3.0, n)
    wave.frame["laag"] = np.arange(n) % 2 + 1.0
    wave.sidecar["weights"] = {"column": "weeg", "stratum": "laag"}
    return wave.write().load()


def test_every_function_has_a_weighted_form_or_refuses(weighted_wave):
    functions = public_functions()
    takes_text = {"load_wave", "reproduce", "correct_table"}
    takes_text |= {"open_gallery", "open_scorecard", "open_session"}
    other = set(functions) - WEIGHTED - FROM_TABLES - AGAINST_OTHERS - ABOUT_THE_WAVE - takes_text
    other -= UNWEIGHTED
    assert {"welch_anova", "infer_regression", "mediate", "compare_beyond", "judge_wave"} <= other
    silent = []
    for name in sorted(other):
        parameters = list(inspect.signature(functions[name]).parameters.values())
        needed = [
            p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        ]
        of_wave = parameters[0].annotation == "Wave"
        data = weighted_wave if of_wave else weighted_wave.frame
        try:
            functions[name](data, *["3.7"] * (len(needed) - 1))
        except AnalysisError as error:
            refused = "has no weighted form" in str(error)
        except Exception:  # whatever else it complains about, it did not look at the weights
            refused = False
        else:
            refused = False
        if not refused:
            silent.append(name)
    assert not silent, f"these neither use weights nor refuse them: {silent}"


# ---- all tables of a weighted wave


def test_all_tables_are_weighted_and_say_so(weighted_wave, tmp_path):
    results = compute_tables(weighted_wave)
    plain = compute_tables(weighted_wave.unweighted())
    for number, result in results.items():
        assert not result.cells["value"].equals(plain[number].cells["value"]), number
        assert result.cells["n"].equals(plain[number].cells["n"]), number
        tests = set(result.cells["statistic"])
        assert not tests & {"F", "chi2"}, number
        for lang, word in (("nl", "Gewogen"), ("en", "Weighted")):
            notes = display(result, None, lang=lang).notes()
            assert sum(word in note for note in notes) == 1, (number, lang)
        assert not any("Gewogen" in note for note in display(plain[number], None).notes())
        assert "Ongewogen" in display(plain[number], None).mark
    views = [display(result, None) for result in results.values()]
    effective = f"{weighted_wave.weights.effective_n:.0f}"
    assert f"Effectief n van de golf = {effective} van 96" in to_markdown(views)
    assert "weighted" in to_csv(views).splitlines()[0]
    assert to_xlsx(views)
    few = {number: results[number] for number in ("3.3", "3.7")}
    (page,) = write_tables(few, None, tmp_path, ["html"])
    assert page.read_text("utf-8").count("Effectief n van de golf") == len(few)


def test_a_weighted_cell_is_the_weighted_mean(weighted_wave):
    result = compute_tables(weighted_wave)["3.3"]
    frame = weighted_wave.frame
    cells = result.cells.query("statistic == 'mean'")
    for cell in cells.head(12).to_dict("records"):
        part = frame[frame[result.definition.by] == cell["column"]].dropna(subset=cell["row"])
        expected = np.average(part[cell["row"]], weights=part[WEIGHT])
        assert cell["value"] == pytest.approx(expected)


def test_the_scorecard_of_a_weighted_wave_says_so(weighted_wave, tmp_path):
    scorecard = score_wave(weighted_wave)
    # the tests of the tables are recognized as such
    tested = scorecard.frame[scorecard.frame["published"].isin(["Ja", "Nee"])]
    assert set(tested["computed"]) <= {"Ja", "Nee", "–"}
    assert "exact" in set(tested["verdict"])
    for path in write_scorecard(scorecard, tmp_path, ["html", "markdown"]):
        assert "Effectief n van de golf" in path.read_text("utf-8")


def test_weights_as_people_read_them(trimmed, weighted_wave):
    wave = trimmed.load()
    shown = show_weights(wave)
    assert shown.rows[0][1:] == ("Mobielen", "24", "75,0%", "70,0%", "70,0%")
    html = shown._repr_html_()
    for part in ("Bedacht voor de tests", "ontwerpeffect", "effectief n", "grens"):
        assert part in html
    english = show_weights(wave, "en")
    assert english.rows[0][-1] == "70.0%"
    assert not show_weights(weighted_wave).rows
    bare = weighted_wave.unweighted()
    failure(lambda: show_weights(bare), AnalysisError)


@pytest.mark.slow
def test_claims_are_judged_without_weights_on_purpose(weighted_wave):
    failure(lambda: judge_wave(weighted_wave), AnalysisError)
    verdicts = judge_wave(weighted_wave.unweighted(), resamples=200)
    assert "Ongewogen" in verdicts.mark_nl
    assert verdicts.synthetic
