"""Sound reports, printed from simulated answers with nonresponse: no cell is impossible."""

from __future__ import annotations

import pytest

from audit_builders import publish, simulate, write_study
from mobiliteit.audit import run_audit


def audit_of(study, folder, seed, spread):
    data, _ = simulate(study, seed, spread)
    cells = publish(study, data)
    result = run_audit(write_study(folder, cells))
    assert len(result.cells) == len(cells) > 350
    return result


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "spread"), [(1, 0.1), (2, 0.4)])
def test_no_false_alarm(study, tmp_path, seed, spread):
    result = audit_of(study, tmp_path / "study", seed, spread)
    wrong = result.verdicts[result.verdicts["verdict"] == "inconsistent"]
    assert wrong.empty, wrong.to_string()
    assert not (result.findings["kind"] == "onmogelijk").any()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 40))
def test_no_false_alarm_in_many(study, tmp_path, seed):
    result = audit_of(study, tmp_path / "study", seed, 0.02 + 0.03 * (seed % 15))
    wrong = result.verdicts[result.verdicts["verdict"] == "inconsistent"]
    assert wrong.empty, wrong.to_string()
