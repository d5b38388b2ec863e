"""Whether a GPU is used, and why not."""

from lorewright.models.gpu import Gpu


def test_a_gpu_that_is_not_used_says_what_to_do() -> None:
    """Whoever paid for one must not find out by waiting."""
    gpu = Gpu(has_driver=True, devices=())
    assert "does not use it" in gpu.finding
    assert "vLLM" in gpu.remedy


def test_a_machine_without_one_has_nothing_to_do() -> None:
    assert Gpu(has_driver=False, devices=()).remedy == ""


def test_a_device_of_llama_cpp_is_named() -> None:
    gpu = Gpu(has_driver=True, devices=("NVIDIA H200",))
    assert "NVIDIA H200" in gpu.finding
    assert gpu.remedy == ""
