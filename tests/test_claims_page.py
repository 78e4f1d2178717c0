"""The page and the CSV of the claims."""

import io
from html.parser import HTMLParser

import pandas as pd
import pytest

from builders import failure
from claims_builder import claim, draw, wave_of, write_study
from mobiliteit.claims.on_tables import judge_published
from mobiliteit.claims.on_wave import judge_wave
from mobiliteit.claims.page import claims_frame, claims_html, write_claims
from mobiliteit.errors import AnalysisError

SCORE, STIL = {"table": "2", "row": "score"}, {"table": "2", "row": "stil"}
CLAIMS = [
    claim(
        {"form": "order", "lines": [SCORE], "order": ["hoog", "midden", "laag"]},
        "volgorde",
        nl="Hoog boven <midden> & laag.",
        cites="9",
    ),
    claim(
        {"form": "no_difference", "lines": [STIL]},
        "stil",
        section="2",
        note={"nl": "Let op: 5% verschil.", "en": "Mind: 5% difference."},
    ),
    claim({"form": "differ", "lines": [STIL]}, "anders", section="2"),
    claim(
        {"form": "not_checkable", "reason": {"nl": "oorzaak", "en": "cause"}},
        "oorzaak",
        section="noot 1",
    ),
]


class Reader(HTMLParser):
    """Collects ids and text, and checks that tags close."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    study = write_study(tmp_path_factory.mktemp("study"), CLAIMS)
    published = judge_published(study)
    return published, judge_wave(wave_of(study, draw(60)), resamples=400)


def read(text):
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_the_page_has_every_claim_with_both_verdicts(verdicts):
    reader = read(claims_html(*verdicts))
    assert reader.ids == [entry["id"] for entry in CLAIMS]
    text = " ".join(reader.text)
    assert "Hoog boven <midden> & laag." in text
    assert "De tekst noemt tabel 9." in text
    assert "Noot: Let op: 5% verschil." in text
    assert "niet gesteund: niet getoetst" in text
    assert "✗ weersproken" in text
    assert "– niet toetsbaar" in text
    assert "Paragraaf 2" in text
    assert "Golf proef (synthetisch)" in text


def test_numbers_have_decimal_commas_in_dutch_and_points_in_english(verdicts):
    dutch, english = claims_html(*verdicts), claims_html(*verdicts, lang="en")
    assert "Hoog 3,0 &gt; Midden 2,0" in dutch
    assert "hoog 3.0 &gt; midden 2.0" in english
    assert "significantieniveau 0,05" in dutch
    assert "significance level 0.05" in english


def test_a_synthetic_wave_is_marked_and_called_no_evidence(verdicts):
    page = claims_html(*verdicts)
    assert 'class="mark"' in page
    assert "Getrokken door de tests." in page
    assert "geen oordeel erover is bewijs" in page
    assert "Drawn by the tests." in claims_html(*verdicts, lang="en")


def test_without_a_wave_there_is_no_mark(verdicts):
    page = claims_html(verdicts[0])
    read(page)
    assert 'class="mark"' not in page
    assert "Golf" not in page.split("</style>")[1].replace("een golf", "")


def test_nothing_comes_from_outside(verdicts):
    page = claims_html(*verdicts)
    assert "http" not in page
    assert "<script" not in page


def test_the_csv_has_both_verdicts_on_a_row(verdicts, tmp_path):
    paths = write_claims(*verdicts, tmp_path / "reports")
    assert [path.name for path in paths] == ["claims.html", "claims.csv"]
    text = paths[1].read_text(encoding="utf-8")
    frame = pd.read_csv(io.StringIO(text), keep_default_na=False, dtype=str).set_index("id")
    assert list(frame.index) == [entry["id"] for entry in CLAIMS]
    assert frame.loc["volgorde", "published_verdict"] == "not_supported"
    assert frame.loc["volgorde", "published_why"] == "untested"
    assert frame.loc["volgorde", "wave_verdict"] == "supported"
    assert frame.loc["anders", "published_verdict"] == "contradicted"
    assert set(frame["synthetic"]) == {"True"}
    assert set(frame["wave"]) == {"proef"}
    assert paths[0].read_text(encoding="utf-8") == claims_html(*verdicts)


def test_one_side_alone(verdicts, tmp_path):
    write_claims(verdicts[0], None, tmp_path)
    frame = claims_frame(verdicts[0])
    assert "wave_verdict" not in frame
    assert not frame["synthetic"].any()


def test_verdicts_on_other_claims_cannot_stand_beside_them(verdicts, tmp_path):
    study = write_study(tmp_path, CLAIMS[:1])
    failure(lambda: claims_html(verdicts[0], judge_published(study)), AnalysisError)


def test_an_unknown_language_is_an_error(verdicts):
    failure(lambda: claims_html(verdicts[0], lang="de"), AnalysisError)
