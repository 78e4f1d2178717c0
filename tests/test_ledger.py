"""The ledger adds up, or says so."""

from __future__ import annotations

import numpy as np
import pytest

from mobiliteit.ledger import COLUMNS, Ledger


@pytest.fixture
def ledger():
    ledger = Ledger("2031")
    ledger.add("ingest", "in", 10, reason="geleverd")
    ledger.add("clean", "excluded", 2, reason="screen_out", label="uitgescreend")
    ledger.add("clean", "missing", 4, column="pop", reason="weet_niet")
    ledger.add("classify", "excluded", np.int64(1), reason="niet_in_te_delen")
    ledger.add("classify", "kept", 7, reason="behouden")
    return ledger


def test_rows_in_are_rows_kept_and_excluded(ledger):
    ledger.check()
    assert (ledger.total("in"), ledger.total("excluded"), ledger.total("kept")) == (10, 3, 7)
    assert (ledger.total("missing"), ledger.total("recoded")) == (4, 0)


@pytest.mark.parametrize("kind", ["in", "excluded", "kept"])
def test_one_row_too_many_is_noticed(ledger, kind):
    ledger.add("classify", kind, 1)
    with pytest.raises(ValueError, match=r"ledger of wave 2031 does not add up: 1[01] rows in"):
        ledger.check()


def test_values_do_not_count_as_rows(ledger):
    for kind in ("missing", "not_asked", "corrected", "recoded", "reversed"):
        ledger.add("clean", kind, 5)
    ledger.check()


def test_nothing_is_recorded_for_nobody(ledger):
    before = list(ledger.entries)
    ledger.add("clean", "excluded", 0, reason="onvolledig")
    assert ledger.entries == before


def test_the_frame_keeps_the_order_of_the_steps(ledger):
    frame = ledger.frame()
    assert tuple(frame.columns) == COLUMNS
    assert frame["kind"].tolist() == ["in", "excluded", "missing", "excluded", "kept"]
    assert frame["wave"].eq("2031").all()
    assert frame.loc[1].to_dict() == {
        "wave": "2031",
        "stage": "clean",
        "kind": "excluded",
        "column": "",
        "reason": "screen_out",
        "label_nl": "uitgescreend",
        "n": 2,
    }
    assert frame["n"].tolist() == [10, 2, 4, 1, 7]


def test_an_empty_ledger_has_its_columns_and_adds_up():
    empty = Ledger("2031")
    empty.check()
    assert tuple(empty.frame().columns) == COLUMNS
    assert len(empty.frame()) == 0


def test_two_ledgers_do_not_share_entries(ledger):
    assert Ledger("2032").entries == []
