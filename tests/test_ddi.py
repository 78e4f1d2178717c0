"""The codebook as DDI-Codebook XML: valid, complete, and with the right numbers.

The schema is ours (``tests/reference/ddi/README.md`` says what it is and what it is not).
"""

from __future__ import annotations

import copy
import dataclasses
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lxml import etree

from builders import SmallWave
from mobiliteit.replication import codebook_xml, describe_variables
from mobiliteit.replication.variables import Described
from mobiliteit.wave import Wave

REFERENCE = Path(__file__).parent / "reference" / "ddi"
NS = {"d": "ddi:codebook:2_5"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(REFERENCE / "codebook_parts.xsd"))


@pytest.fixture(scope="module")
def demo(practice: Wave) -> Wave:
    """The practice wave: weighted, one scale carried over, questions left out."""
    return practice


@pytest.fixture(scope="module")
def demo_text(demo: Wave) -> str:
    return codebook_xml(demo)


@pytest.fixture(scope="module")
def demo_xml(demo_text: str) -> etree._Element:
    return etree.fromstring(demo_text.encode())


@pytest.fixture(scope="module")
def loaded_variables(loaded: Wave) -> tuple[Described, ...]:
    return describe_variables(loaded)


@pytest.fixture(scope="module")
def loaded_xml(loaded: Wave, loaded_variables: tuple[Described, ...]) -> etree._Element:
    return parsed(loaded, loaded_variables)


def parsed(wave: Wave, variables: tuple[Described, ...] | None = None) -> etree._Element:
    return etree.fromstring(codebook_xml(wave, variables).encode())


def variable(root: etree._Element, name: str) -> etree._Element:
    (found,) = root.xpath("//d:var[@name=$name]", name=name, namespaces=NS)
    return found


def statistics(entry: etree._Element, weighted: str = "not-wgtd") -> dict[str, float]:
    found = entry.xpath("d:sumStat[@wgtd=$w]", w=weighted, namespaces=NS)
    return {one.get("type"): float(one.text) for one in found}


def frequencies(entry: etree._Element) -> dict[str, int]:
    return {
        one.xpath("string(d:catValu)", namespaces=NS): int(stat.text)
        for one in entry.xpath("d:catgry", namespaces=NS)
        for stat in one.xpath("d:catStat[@type='freq']", namespaces=NS)
    }


def test_it_is_valid(
    schema: etree.XMLSchema, demo_xml: etree._Element, loaded_xml: etree._Element
) -> None:
    for root in (demo_xml, loaded_xml):
        schema.assertValid(root)


@pytest.mark.parametrize(
    "damage",
    [
        lambda root: root.xpath("//d:sumStat", namespaces=NS)[0].set("type", "average"),
        lambda root: root.xpath("//d:var", namespaces=NS)[0].attrib.pop("name"),
        lambda root: root.xpath("//d:var", namespaces=NS)[0].set("files", "F9"),
        lambda root: root.xpath("//d:IDNo", namespaces=NS)[0].set("level", "wave"),
        lambda root: root.xpath("//d:catgry", namespaces=NS)[0].insert(
            0, root.xpath("//d:catgry/d:labl", namespaces=NS)[0]
        ),
        lambda root: root.remove(root.find("d:stdyDscr", NS)),
        lambda root: root.insert(0, root.find("d:dataDscr", NS)),
    ],
)
def test_the_schema_refuses_what_ddi_refuses(
    damage: object, schema: etree.XMLSchema, loaded_xml: etree._Element
) -> None:
    root = copy.deepcopy(loaded_xml)
    damage(root)  # type: ignore[operator]
    assert not schema.validate(root) or dangling(root)


def dangling(root: etree._Element) -> set[str]:
    """References to ids that are not there; libxml2 does not look at these itself."""
    ids = set(root.xpath("//@ID"))
    named = root.xpath("//@var | //@files | //@wgt-var")
    return {one for value in named for one in value.split()} - ids


def test_every_column_is_described_once_and_every_reference_resolves(
    demo: Wave, demo_xml: etree._Element
) -> None:
    names = demo_xml.xpath("//d:var/@name", namespaces=NS)
    assert sorted(names) == sorted(map(str, demo.frame.columns))
    ids = demo_xml.xpath("//@ID")
    assert len(ids) == len(set(ids))
    assert not dangling(demo_xml)
    grouped = " ".join(demo_xml.xpath("//d:varGrp[@type='subject']/@var", namespaces=NS)).split()
    assert sorted(grouped) == sorted(demo_xml.xpath("//d:var/@ID", namespaces=NS))


def test_statistics_are_those_of_the_data(demo: Wave, demo_xml: etree._Element) -> None:
    for name in demo.frame.columns:
        values, entry = demo.frame[name], variable(demo_xml, name)
        found = statistics(entry)
        assert (found["vald"], found["invd"]) == (values.notna().sum(), values.isna().sum())
        if pd.api.types.is_float_dtype(values) and values.notna().any():
            assert found["mean"] == pytest.approx(values.mean(), rel=1e-12)
            assert found["stdev"] == pytest.approx(values.std(), rel=1e-10, abs=1e-12)
            assert (found["min"], found["max"]) == (values.min(), values.max())
        counted = frequencies(entry)
        if counted:
            assert sum(counted.values()) == found["vald"]


def test_frequencies_count_people(demo: Wave, demo_xml: etree._Element) -> None:
    group = demo.study.segments.group_variable.id
    expected = demo.frame[group].value_counts()
    assert frequencies(variable(demo_xml, group)) == expected.to_dict()


def test_weighted_numbers_are_flagged_and_name_the_weight(
    demo: Wave, demo_xml: etree._Element
) -> None:
    (weight,) = demo_xml.xpath("//d:var[@wgt='wgt']", namespaces=NS)
    assert weight.get("name") == "gewicht"
    assert {one.get("wgt-var") for one in demo_xml.xpath("//*[@wgtd='wgtd']")} == {weight.get("ID")}
    weights = demo.frame["gewicht"]
    for name in ("leeftijd", "netwerken"):
        values = demo.frame[name]
        used = values.notna()
        mean = np.average(values[used], weights=weights[used])
        assert statistics(variable(demo_xml, name), "wgtd")["mean"] == pytest.approx(mean)
    shares = variable(demo_xml, "geslacht").xpath(".//d:catStat[@type='percent']", namespaces=NS)
    assert sum(float(one.text) for one in shares) == pytest.approx(100)
    men = weights[demo.frame["geslacht"] == 1].sum() / weights[demo.frame["geslacht"].notna()].sum()
    assert float(shares[1].text) == pytest.approx(100 * men)


def test_an_unweighted_wave_has_no_weighted_number(loaded_xml: etree._Element) -> None:
    assert not loaded_xml.xpath("//*[@wgtd='wgtd' or @wgt-var or @wgt='wgt']")


def test_a_mirrored_item_keeps_the_answer_that_was_given(small: SmallWave) -> None:
    # The second item is mirrored on a scale of 1 to 5: who strongly agreed (5) has a 1 now.
    small.frame["q_loopbaantevredenheid_2"] = 5.0
    entry = variable(parsed(small.write().load()), "loopbaantevredenheid_2")
    counted = frequencies(entry)
    assert counted == {"1": len(small.frame), "2": 0, "3": 0, "4": 0, "5": 0}
    first = entry.xpath("d:catgry[d:catValu='1']/d:labl", namespaces=NS)
    assert {one.get(LANG): one.text for one in first} == {
        "nl": "helemaal mee eens",
        "en": "strongly agree",
    }


def test_missing_codes_and_filters(loaded_xml: etree._Element) -> None:
    income = variable(loaded_xml, "inkomen")
    assert income.xpath("d:invalrng/d:item/@VALUE", namespaces=NS) == ["98", "99"]
    gone = income.xpath("d:catgry[@missing='Y']", namespaces=NS)
    assert [one.get("missType") for one in gone] == ["does not know", "prefers not to say"]
    assert not income.xpath("d:universe", namespaces=NS)
    asked = variable(loaded_xml, "nut_pop").xpath(
        "d:universe[@xml:lang='en']/text()", namespaces=NS
    )
    assert asked == ["Has a personal development plan (POP) = yes"]


def test_who_was_not_asked_is_counted(demo: Wave, demo_xml: etree._Element) -> None:
    def note(name: str) -> list[str]:
        path = "d:notes[@type='not asked']/text()"
        return list(variable(demo_xml, name).xpath(path, namespaces=NS))

    plan = demo.frame["pop"]
    empty = demo.frame["nut_pop"].isna().sum()
    assert note("nut_pop") == [f"Not asked: {(plan == 0).sum()} of the {empty} without a value."]
    assert note("leeftijd") == []


def test_carried_over_and_absent_questions_say_so(demo_xml: etree._Element) -> None:
    carried = variable(demo_xml, "uitdagende_taken_1")
    assert not carried.xpath("d:catgry/d:catStat", namespaces=NS)
    notes = carried.xpath("d:notes[@type='wave' and @xml:lang='en']/text()", namespaces=NS)
    assert notes == ["carried over from a scale of 1-7"]
    absent = variable(demo_xml, "werkgelegenheid_jaar_geleden")
    assert statistics(absent)["vald"] == 0
    assert set(statistics(absent)) == {"vald", "invd"}
    assert any("niet meer gevraagd" in one for one in absent.xpath(".//text()"))


def test_it_says_that_the_wave_is_synthetic_and_a_real_one_says_nothing(
    demo: Wave, demo_xml: etree._Element
) -> None:
    use = demo_xml.xpath("string(//d:useStmt/d:disclaimer)", namespaces=NS)
    assert use == demo.mark("en")
    assert demo_xml.xpath("string(//d:dataKind)", namespaces=NS).startswith("synthetic")
    notes = {"synthetic": False, "synthetic_note_nl": "", "synthetic_note_en": ""}
    descriptor = demo.descriptor.model_copy(update=notes)
    real = parsed(dataclasses.replace(demo, descriptor=descriptor))
    assert not real.xpath("//d:disclaimer", namespaces=NS)
    assert real.xpath("string(//d:dataKind)", namespaces=NS) == "survey data"


def test_it_names_no_respondent(demo: Wave, demo_text: str) -> None:
    words = set(re.findall(r"\w+", demo_text))
    assert not words & set(map(str, demo.frame.index))


def test_labels_of_a_supplier_cannot_break_the_xml(
    loaded: Wave, loaded_variables: tuple[Described, ...]
) -> None:
    odd = loaded.descriptor.model_copy(update={"producer": 'A & B <x> "y"\x1b[31m\x00'})
    root = parsed(dataclasses.replace(loaded, descriptor=odd), loaded_variables)
    assert root.xpath("string(//d:producer[last()])", namespaces=NS) == "mobiliteit"
    assert root.xpath("string(//d:AuthEnty)", namespaces=NS) == 'A & B <x> "y"[31m'


def test_derived_variables_name_their_sources(
    loaded_xml: etree._Element, loaded_variables: tuple[Described, ...]
) -> None:
    root = loaded_xml
    names = dict(zip(root.xpath("//d:var/@ID", namespaces=NS),
                     root.xpath("//d:var/@name", namespaces=NS), strict=True))  # fmt: skip
    for entry in loaded_variables:
        listed = variable(root, entry.name).xpath("d:derivation/@var", namespaces=NS)
        assert [names[one] for one in " ".join(listed).split()] == list(entry.of)
    made = variable(root, "leeftijd_klasse").xpath("string(.//d:drvdesc)", namespaces=NS)
    assert "25-34 years: 25 to below 35" in made
