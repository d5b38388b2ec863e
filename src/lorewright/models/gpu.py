"""Whether there is a GPU, and what of Lorewright uses it."""

from dataclasses import dataclass
from pathlib import Path

_DRIVER = Path("/dev/nvidiactl")


@dataclass(frozen=True, slots=True)
class Gpu:
    """Whether a driver serves a GPU, and the devices that this build of llama.cpp computes on."""

    has_driver: bool
    devices: tuple[str, ...]

    @property
    def finding(self) -> str:
        """What runs where, and why."""
        if self.devices:
            return f"llama.cpp computes on {', '.join(self.devices)} (serve.gpu_layers says how much)."
        if self.has_driver:
            return "There is a GPU, but this build of llama.cpp does not use it: models answer on the CPU."
        return "No GPU was found: models answer and are tuned on the CPU."

    @property
    def remedy(self) -> str:
        """What a user can do about it, '' where there is nothing to do."""
        if self.has_driver and not self.devices:
            return (
                "Serve the model with vLLM and name it as openai:name@http://host:8000/v1, or install a "
                "build of xllamacpp for the GPU. Tuning uses the GPU where torch sees it."
            )
        return ""


def find_gpu(*, driver: Path = _DRIVER) -> Gpu:
    """Return what there is, without loading torch."""
    try:
        import xllamacpp  # 100 MB, and only two commands ask
    except ImportError:
        return Gpu(driver.exists(), ())
    devices = tuple(
        str(device["description"] or device["name"])
        for device in xllamacpp.get_device_info()
        if "GPU" in str(device["type"]).upper()
    )
    return Gpu(driver.exists(), devices)
