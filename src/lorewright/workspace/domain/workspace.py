"""One domain, opened: its settings, its state, and its parts, each made when first asked for."""

from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lorewright.errors import NoDocuments
from lorewright.settings import AUTOMATIC, AUTOMATIC_MODEL, Settings, cache_folder, read_settings
from lorewright.workspace.domain.fitted_weight import read_fitted
from lorewright.workspace.domain.folder import (
    DATABASE,
    DOCUMENTS,
    EXAMPLES,
    QUESTIONS,
    SETTINGS_FILE,
    STATE,
    UPDATE,
)
from lorewright.workspace.domain.model_key import model_key
from lorewright.workspace.domain.scratch import remove_abandoned

if TYPE_CHECKING:  # commands that need none of these must not wait for them
    from collections.abc import Sequence

    from lorewright.access.readable import Readable
    from lorewright.documents import DocumentRepository
    from lorewright.evaluation import ComparisonRepository
    from lorewright.jobs import Queue
    from lorewright.knowledge import Collection
    from lorewright.knowledge.hit import Hit
    from lorewright.knowledge.index import Home
    from lorewright.knowledge.reader_view import ReaderView
    from lorewright.models import EmbeddingModel, Engine, ModelStore, Reader
    from lorewright.storage import Database
    from lorewright.tuning import RunRepository, TrainingMetrics
    from lorewright.workspace.domain.vector_cache import RememberedVectors


class Workspace:
    """One domain, opened. Close it, or use it in a `with` statement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: Settings = read_settings(folder / SETTINGS_FILE)
        self.documents_folder = folder / DOCUMENTS
        self.examples_folder = folder / EXAMPLES
        self.questions_folder = folder / QUESTIONS
        self.update_folder = folder / UPDATE
        self.state_folder = folder / STATE
        self.keeps_prompts = False
        """Whether engines opened from now on keep conversations; what is measured must not."""
        self._engines: dict[str, Engine] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def reload(self) -> None:
        """Read the settings again; what was opened with the old ones is opened again when asked for."""
        self.settings = read_settings(self.folder / SETTINGS_FILE)
        for name in ("collection", "embedder", "cached_embedder", "_multilingual"):
            self.__dict__.pop(name, None)

    def reopen(self) -> None:
        """Close the database: from now on it is the one that the settings name."""
        if "database" in self.__dict__:
            self.database.close()
        for name in ("database", "queue", "documents", "runs", "comparisons"):
            self.__dict__.pop(name, None)

    @cached_property
    def database(self) -> "Database":
        """The workspace database, made or migrated where needed."""
        from lorewright.storage import open_database, sqlite_url  # loads SQLAlchemy

        self._keep_state_private()
        remove_abandoned(self.state_folder)
        url = self.settings.storage.database_url()
        return open_database(url or sqlite_url(self.state_folder / DATABASE))

    @cached_property
    def queue(self) -> "Queue":
        """The background work of this domain."""
        from lorewright.jobs import Queue

        return Queue(self.database)

    @cached_property
    def documents(self) -> "DocumentRepository":
        """The documents as they were read."""
        from lorewright.documents import DocumentRepository

        return DocumentRepository(self.database)

    @cached_property
    def runs(self) -> "RunRepository":
        """The tuning runs."""
        from lorewright.tuning import RunRepository

        return RunRepository(self.database, self.state_folder)

    @cached_property
    def comparisons(self) -> "ComparisonRepository":
        """The comparisons measured so far."""
        from lorewright.evaluation import ComparisonRepository

        return ComparisonRepository(self.database)

    @cached_property
    def store(self) -> "ModelStore":
        """The models on this machine, shared by all domains."""
        from lorewright.models import ModelStore

        return ModelStore(cache_folder())

    @cached_property
    def embedder(self) -> "EmbeddingModel":
        """The embedding model of this domain."""
        from lorewright.models import open_embedder

        return open_embedder(self.settings.models.embedding, store=self.store)

    @cached_property
    def cached_embedder(self) -> "RememberedVectors":
        """The embedding model for texts that are asked for again and again: those of the dataset."""
        from lorewright.workspace.domain.vector_cache import RememberedVectors

        return RememberedVectors(self.embedder.embed)

    @cached_property
    def collection(self) -> "Collection":
        """The documents of this domain, indexed together."""
        return self.open_collection(self.state_folder / "index")

    def open_collection(self, folder: Path, *, chunk_tokens: int | None = None) -> "Collection":
        """Return the collection in `folder`, with this domain's embedding models and settings.

        Its chunks may have another size.
        """
        from lorewright.knowledge import Collection
        from lorewright.models.embedding import OpenedLater

        retrieval, chunker = self.settings.retrieval, self.settings.documents.chunker
        if chunk_tokens is not None:
            retrieval = replace(retrieval, chunk_tokens=chunk_tokens)
        other = self.find_multilingual if self.settings.models.embedding == AUTOMATIC_MODEL else None
        return Collection(
            folder, OpenedLater(lambda: self.embedder), retrieval, chunker=chunker, other=other,
            usual_weight=lambda: self.usual_dense_weight, home=self._home,
        )  # fmt: skip

    def _home(self, place: Path) -> "Home":
        """Return where the index of a place is kept: the domain's own may be elsewhere."""
        from lorewright.knowledge.index import home_at

        index = self.state_folder / "index"
        is_own = place == index or place.parent == index
        return home_at(self.settings.retrieval.index if is_own else "", place.name, place)

    @property
    def usual_dense_weight(self) -> float:
        """The share of the vector side: as it is set, or as it was fitted on this domain's examples."""
        fitted = read_fitted(self.state_folder) if self.settings.retrieval.dense_weight == AUTOMATIC else None
        return fitted.weight if fitted else self.settings.retrieval.usual_dense_weight

    def find_multilingual(self) -> "EmbeddingModel | None":
        """Return the model that embeds what is not in English, or `None` until it is fetched."""
        from lorewright.models.embedders import E5_SOURCE

        is_here = "_multilingual" in self.__dict__ or self.store.find(E5_SOURCE) is not None
        return self._multilingual if is_here else None

    @cached_property
    def _multilingual(self) -> "EmbeddingModel":
        from lorewright.models import open_embedder

        return open_embedder("e5", store=self.store)

    def searchable_by(self, readable: "Readable") -> "ReaderView":
        """Return the collection as somebody may read it; raise `NoDocuments` where nothing is in it for them.

        Documents that they may not read are not there: then nothing was added.
        """
        from lorewright.knowledge.reader_view import ReaderView

        if self.collection.count(readable) == 0 and self.documents.count(readable) == 0:
            raise NoDocuments(
                f"{self.folder.name} has no documents yet.",
                hint="Put documents into documents/ and run: lorewright add --sync",
            )
        return ReaderView(self.collection, readable, reorder=self._by_parts if self.reranks else None)

    @property
    def reranks(self) -> bool:
        """Whether hits come in the order of their best parts: as set, or as examples proved it better."""
        retrieval = self.settings.retrieval
        if retrieval.rerank != "auto" or retrieval.dense_weight != AUTOMATIC:
            return retrieval.rerank == "parts"
        fitted = read_fitted(self.state_folder)
        return fitted is not None and fitted.reranks

    def _by_parts(self, question: str, hits: "Sequence[Hit]") -> "list[Hit]":
        from lorewright.knowledge.part_ranking import ordered_by_parts
        from lorewright.workspace.domain.judge import find_judge

        judge = find_judge(self.settings).judge
        return ordered_by_parts(question, hits, likeness=self.collection.likeness, judge=judge)

    def tuned(self, adapter: str) -> "TrainingMetrics | None":
        """Return what tuning an adapter took, or `None` where it was not trained (or is '')."""
        run = self.runs.latest(adapter) if adapter else None
        return run.metrics if run else None

    def tuning_seconds(self, adapter: str, *, of_cpu: bool = False) -> float:
        """Return how long tuning an adapter took, 0 without one; `context` may have started from `bare`.

        With `of_cpu` it is the time of the processors.
        """
        from lorewright.tuning.reader_start import FOLDER

        tuned, start = self.tuned(adapter), self.tuned("bare")
        seconds = [(one.cpu_seconds if of_cpu else one.seconds) if one else 0.0 for one in (tuned, start)]
        run = self.runs.latest(adapter) if adapter else None
        is_from_reader = run is not None and (Path(run.path).parent / FOLDER).is_dir()
        is_continued = adapter == "context" and self.settings.tuning.recipe != "full" and not is_from_reader
        return seconds[0] + (seconds[1] if is_continued else 0.0)

    def tuning_base(self) -> str:
        """Return the source of the model that tuning starts from."""
        return self.settings.tuning.base or self.settings.models.chat

    @property
    def reader(self) -> "Reader":
        """The adapter that ships for the chat model, unless it is off, for another one, or runs elsewhere."""
        from lorewright.models import Reader, find_reader

        if self.settings.serve.adapters_at:
            return Reader(None, "")
        return find_reader(self.settings.models.chat, self.settings.models.reader)

    def engine(self, adapter: str = "") -> "Engine":
        """Return a running engine: the chat model ('') or the base with an adapter (its kind).

        Without a reader the chat model itself answers in its place.
        """
        from lorewright.models import READER, open_engine
        from lorewright.workspace.domain.tuned_elsewhere import tuned_there

        if adapter == READER and self.reader.path is None:
            return self.engine()
        is_reader = adapter == READER
        run = self.runs.latest(adapter) if adapter and not is_reader else None
        key = f"{adapter} {run.id}" if run else adapter  # tuned again, it is another engine
        if key not in self._engines:
            is_whole = run is not None and run.kind == "full"  # a model of its own, not an adapter
            base = self.tuning_base() if adapter and not is_reader else self.settings.models.chat
            there = tuned_there(run.kind, run.path) if run else None
            worn = Path(run.path) if run and not is_whole and not there else None
            self._engines[key] = open_engine(
                there.uri if there else f"file:{run.path}" if run and is_whole else base,
                store=self.store,
                adapter=self.reader.path if is_reader else worn,
                context_tokens=self.settings.models.context_tokens,
                n_threads=self.settings.serve.n_threads,
                n_prompt_threads=self.settings.serve.n_prompt_threads,
                gpu_layers=self.settings.serve.gpu_layers,
                prompt_cache_mb=self.settings.serve.prompt_cache_mb if self.keeps_prompts else 0,
                api_key=model_key(self.settings, self.state_folder, base),
            )
        return self._engines[key]

    def close_engines(self) -> None:
        """Stop every running engine; the next question starts it again."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def _keep_state_private(self) -> None:
        """Make the state folder where there is none, and close it to other users of the machine."""
        self.state_folder.mkdir(mode=0o700, exist_ok=True)
        if self.state_folder.stat().st_mode & 0o077:
            with suppress(PermissionError):  # the folder of another user, who shares it on purpose
                self.state_folder.chmod(0o700)

    def close(self) -> None:
        """Stop engines and close the database."""
        self.close_engines()
        if "database" in self.__dict__:
            self.database.close()
