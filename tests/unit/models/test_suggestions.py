"""Which models are suggested for a machine."""

from lorewright.models.suggestions import OPEN_MODELS, Trial, suggest, usual_trial

GB = 10**9


def names(memory_gb: float, *, disk_gb: float = 500, trial: Trial | None = None) -> list[str]:
    found = suggest(free_memory_bytes=int(memory_gb * GB), free_disk_bytes=int(disk_gb * GB), trial=trial)
    return [one.model.uri.rpartition("/")[2] for one in found]


def test_a_small_machine_is_shown_what_fits_largest_first() -> None:
    """Four free gigabytes: nobody should download what cannot be loaded."""
    assert names(4) == ["Qwen2.5-1.5B-Instruct", "Qwen2.5-0.5B-Instruct", "SmolLM2-360M-Instruct"]
    assert names(0.5) == []


def test_the_disk_bounds_what_is_suggested() -> None:
    """A model takes the room of its download and of what it is converted to."""
    assert names(64, disk_gb=1.2) == ["SmolLM2-360M-Instruct"]


def test_what_would_write_too_slowly_is_left_out() -> None:
    """60 tokens a second with 135 million parameters are 2 with 4 billion."""
    trial = Trial(135e6, 60.0, 10.0)
    assert names(64, trial=trial)[0] == "granite-3.3-2b-instruct"
    assert names(64, trial=Trial(135e6, 600.0, 10.0))[0] == "phi-4"


def test_without_a_measurement_two_processors_are_not_sent_to_a_model_of_eight_billion() -> None:
    """It would fit into 64 GB, and write one word a second."""
    trial = usual_trial(2)
    assert not trial.is_measured
    assert names(64, trial=trial) == [
        "granite-3.3-2b-instruct", "Qwen2.5-1.5B-Instruct", "Qwen2.5-0.5B-Instruct",
    ]  # fmt: skip
    assert names(64, trial=usual_trial(8))[0] == "granite-3.3-8b-instruct"


def test_where_all_are_slow_the_smallest_is_named() -> None:
    assert names(64, trial=Trial(135e6, 1.0, 10.0)) == ["SmolLM2-360M-Instruct"]


def test_every_listed_model_is_free_to_use_and_its_sizes_agree() -> None:
    """Weights in 16 bits take two bytes a parameter; a wrong figure would send people astray."""
    for model in OPEN_MODELS:
        assert model.licence in ("Apache-2.0", "MIT")
        assert 1.95 <= model.download_bytes / model.n_parameters <= 2.05
