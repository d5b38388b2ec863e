"""A tuned adapter on a running vLLM server: loaded there when it is first asked, unloaded when it is closed.

vLLM must have been started with the same base model, `--enable-lora` and
VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, and must see the adapter's folder under the same path.
"""

from contextlib import suppress
from pathlib import Path

import httpx2

from lorewright.errors import Permanent, Transient
from lorewright.models.engines.openai import OpenAICompatible

_SECONDS = 120.0


class VllmAdapter(OpenAICompatible):
    """A base model with an adapter that vLLM has loaded under the name of the adapter's run."""

    def __init__(self, adapter: Path, *, base_url: str, api_key: str = "") -> None:
        """Load the adapter whose GGUF file is `adapter`: its safetensors lie beside it, in `adapter/`.

        Raises `Permanent` where they do not, or where the server takes no adapters, and `Transient`
        where it cannot be reached.
        """
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        folder = adapter.parent / "adapter"
        if not (folder / "adapter_config.json").is_file():
            raise Permanent(
                f"No safetensors found next to {adapter}; vLLM needs them.", hint="Run the tuning again."
            )
        name = adapter.parent.name
        self._call("load_lora_adapter", {"lora_name": name, "lora_path": str(folder)})
        super().__init__(name, base_url=base_url, api_key=api_key)

    def close(self) -> None:
        """Let the server forget the adapter, and close the connections."""
        with suppress(Permanent, Transient):  # it is gone with its server, or somebody else unloaded it
            self._call("unload_lora_adapter", {"lora_name": self.name})
        super().close()

    def _call(self, what: str, body: dict[str, str]) -> None:
        try:
            response = httpx2.post(
                f"{self._base_url}/{what}", json=body, headers=self._headers, timeout=_SECONDS
            )
        except httpx2.HTTPError as error:
            raise Transient(
                f"{self._base_url} cannot be reached: {error}.", hint="Is vLLM running?"
            ) from error
        is_there = response.status_code == 400 and "already" in response.text
        if response.is_error and not is_there:
            raise Permanent(
                f"{self._base_url} could not {what.replace('_', ' ')}: {response.status_code} "
                f"{response.text[:200]}",
                hint="Start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True; "
                "Ollama and llama-server cannot load adapters: leave serve.adapters_at empty there.",
            )
