import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.formats.plain_plate import read_plates
from littermate.plates.bca import quantify_bca
from littermate.plates.elisa import quantify_elisa
from littermate.plates.recovery import recovery
from littermate.plates.rules import ElisaRules
from littermate.simulate.plate import layout_path, write_bca, write_elisa


def names(count):
    return [f"C{number:02d}" for number in range(count)]


def test_a_written_plate_is_read_back(tmp_path):
    layout = write_bca(tmp_path / "a.csv", {"CX41": 1500.0, "DB07": 800.0}, seed=1)
    assert layout == layout_path(tmp_path / "a.csv")
    (plate,) = read_plates(tmp_path / "a.csv", kind="bca")
    used = [well for well in plate.wells if well.role != "empty"]
    assert len(plate.wells) == 96 and len(used) == 8 * 2 + 2 * 2
    assert {well.name for well in used if well.content == "CX41"} == {"A3", "A4"}
    assert {well.dilution for well in used if well.role == "sample"} == {2.0}


def test_the_seed_decides(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_bca(tmp_path / f"{name}.csv", {"X": 1000.0}, seed=seed)
    texts = [(tmp_path / f"{name}.csv").read_text(encoding="utf-8") for name in "abc"]
    assert texts[0] == texts[1] != texts[2]


def test_the_protein_assay_is_unbiased(tmp_path):
    random, errors = np.random.default_rng(3), []
    for seed in range(8):
        truth = dict(zip(names(32), random.uniform(700, 1950, 32).tolist(), strict=True))
        write_bca(tmp_path / "a.csv", truth, seed=seed)
        samples = quantify_bca(read_plates(tmp_path / "a.csv", kind="bca")[0]).samples
        assert all(sample.in_range for sample in samples)
        errors += [sample.concentration / truth[sample.name] - 1 for sample in samples]
    assert abs(np.mean(errors)) < 0.01
    assert np.std(errors) < 0.03


def test_elisa_and_recovery_are_unbiased(tmp_path):
    random, errors, differences = np.random.default_rng(4), [], []
    rules = ElisaRules(spike_volume_fraction=0.1)
    for seed in range(12):
        truth = dict(zip(names(16), random.uniform(40, 300, 16).tolist(), strict=True))
        share = dict(zip(names(16), random.uniform(0.85, 1.1, 16).tolist(), strict=True))
        write_elisa(tmp_path / "a.csv", truth, spike=250.0, recovery=share, seed=seed, spike_volume_fraction=0.1)
        result = quantify_elisa(read_plates(tmp_path / "a.csv", kind="elisa")[0], rules=rules)
        errors += [s.concentration / truth[s.name] - 1 for s in result.samples if not s.spiked]
        differences += [one.percent - 100 * share[one.sample] for one in recovery(result)]
    assert abs(np.mean(errors)) < 0.01
    assert abs(np.mean(differences)) < 1.0
    assert np.mean(np.abs(differences)) < 5.0


def test_strong_wells_overflow(tmp_path):
    write_bca(tmp_path / "a.csv", {"X": 5000.0}, seed=1, dilution=1.0)
    (sample,) = quantify_bca(read_plates(tmp_path / "a.csv", kind="bca")[0]).samples
    assert sample.concentration is None and sample.reason


def test_what_does_not_fit_is_refused(tmp_path):
    write_bca(tmp_path / "a.csv", dict.fromkeys(names(40), 1000.0), seed=1)
    write_elisa(tmp_path / "b.csv", dict.fromkeys(names(20), 100.0), spike=250.0, seed=1)
    with pytest.raises(UsageError, match="49: 8 standards and 41"):
        write_bca(tmp_path / "c.csv", dict.fromkeys(names(41), 1000.0), seed=1)
    with pytest.raises(UsageError, match="several plates"):
        write_elisa(tmp_path / "c.csv", dict.fromkeys(names(21), 100.0), spike=250.0, seed=1)
    assert not (tmp_path / "c.csv").exists()


def test_wrong_truths_are_refused(tmp_path):
    with pytest.raises(UsageError, match="less in X"):
        write_bca(tmp_path / "a.csv", {"X": -1.0}, seed=1)
    with pytest.raises(UsageError, match="none for X"):
        write_elisa(tmp_path / "a.csv", {"X": 1.0}, spike=250.0, recovery={}, seed=1)
