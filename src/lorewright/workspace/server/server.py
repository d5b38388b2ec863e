"""What a server keeps open: one domain, its records and keys, and the engines that callers share."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any

from lorewright.access import Keys
from lorewright.access.attempts import Attempts
from lorewright.access.groups import Groups
from lorewright.access.moving_windows import SharedWindows
from lorewright.access.rate_limits import RateLimiter
from lorewright.access.sessions import Sessions, signing_key
from lorewright.access.users import Users
from lorewright.errors import UnknownName
from lorewright.jobs import Job, Work
from lorewright.models import READER, Engine, EngineKey, EnginePool, open_engine
from lorewright.models.threads import n_processors, threads_for
from lorewright.storage import Blobs, Records
from lorewright.workspace.domain.memory import available_bytes
from lorewright.workspace.domain.model_key import model_key
from lorewright.workspace.domain.tuned_elsewhere import tuned_there
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.hosts import ABILITIES, this_process
from lorewright.workspace.jobs.kinds import JOB_KINDS, imported
from lorewright.workspace.jobs.runner import Workers
from lorewright.workspace.jobs.shared_runner import SharedWorkers
from lorewright.workspace.server.ledger import KIND as USAGE
from lorewright.workspace.server.ledger import Ledger
from lorewright.workspace.server.live_answers import LiveAnswers
from lorewright.workspace.server.resumable_work import ResumableWork
from lorewright.workspace.server.shadow_queue import ShadowQueue

KV_BYTES_A_TOKEN = 50_000
"""What a token of context takes, about: 46 kB measured for SmolLM2-135M in F16."""
REMOTE_BYTES = 1_000_000


class Server:
    """A domain that is served; whoever opens it closes it. `open_one` opens engines in another way.

    Its engines keep conversations, unless what they answer is measured and must be `is_repeatable`.

    Of `n_processes` that serve it together each takes its part of the memory, all count what is
    used together, and the jobs are seen to by another one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        open_one: Callable[[EngineKey], Engine] | None = None,
        n_processes: int = 1,
        is_repeatable: bool = False,
        workspace: Workspace | None = None,
    ) -> None:
        """Take the folder of a domain, or with it the `workspace` that somebody opened and closes."""
        self.can: Collection[str] = ABILITIES
        """Which jobs are done here where the database is shared, and no worker can do them."""
        self.workspace = workspace or Workspace(folder)
        self._is_workspace_ours = workspace is None
        self._open_one = open_one
        self._n_processes = n_processes
        self._is_repeatable = is_repeatable
        self.n_domains = 1
        """How many domains this process serves: each takes its part of the memory."""
        is_shared = n_processes > 1 or bool(self.workspace.settings.storage.url)
        shared = SharedWindows(self.workspace.database) if is_shared else None
        self.gate = RateLimiter(shared)
        self.attempts = Attempts(shared)

    @property
    def accounts_lock(self) -> AbstractContextManager[None]:
        """Held while accounts change by what the others are: names are unique, one administrator stays."""
        return self.workspace.database.alone("accounts")

    @property
    def name(self) -> str:
        """The name of the domain: that of its folder."""
        return self.workspace.folder.name

    @cached_property
    def keys(self) -> Keys:
        """Who may call."""
        return Keys(self.workspace.database)

    @cached_property
    def users(self) -> Users:
        """The people who may log in."""
        return Users(self.workspace.database)

    @cached_property
    def groups(self) -> Groups:
        """Who shares which models and stores."""
        return Groups(self.workspace.database)

    @cached_property
    def signing_key(self) -> bytes:
        """What sessions, and logins under way, are signed with."""
        return signing_key(self.workspace.state_folder / "session.key", self.workspace.database)

    @cached_property
    def sessions(self) -> Sessions:
        """Who has logged in."""
        return Sessions(
            self.workspace.database,
            self.signing_key,
            lasts_seconds=self.workspace.settings.serve.session_hours * 3600,
        )

    @cached_property
    def ledger(self) -> Ledger:
        """What was asked of models, by whom, and what it cost."""
        return Ledger(self.keys, self.records(USAGE), self.gate, self.workspace.settings.prices)

    @cached_property
    def blobs(self) -> Blobs:
        """The bytes of uploaded files."""
        here, address = self.workspace.state_folder / "blobs", self.workspace.settings.storage.blobs
        if not address:
            return Blobs(here)
        from lorewright.storage.remote_blobs import RemoteBlobs

        return RemoteBlobs(address, here, self.workspace.database.alone)

    @cached_property
    def pool(self) -> EnginePool:
        """The engines that callers share."""
        settings = self.workspace.settings.serve
        return EnginePool(
            self._open_one or self._open_engine,
            self._size_of if self._open_one is None else lambda _: 0,
            memory_bytes=(int(settings.memory_gb * 1e9) or available_bytes() // 2)
            // (self._n_processes * self.n_domains),
            n_slots=settings.n_slots,
            max_waiting=settings.max_waiting,
            meter=self.ledger,
        )

    @cached_property
    def workers(self) -> Workers | SharedWorkers:
        """The jobs that go on while requests are answered."""
        # Only this process can open engines in that other way.
        here = self._asking() if self._open_one else None
        if self.workspace.database.is_shared:
            host = this_process(can=self.can, is_server=True)
            is_seeing_to = self._n_processes == 1
            return SharedWorkers(self.workspace, host, here=here, is_seeing_to=is_seeing_to)
        return Workers(self.workspace, here=here, is_seeing_to=self._n_processes == 1)

    @cached_property
    def shadow_queue(self) -> ShadowQueue:
        """What is done when the caller is answered already."""
        return ShadowQueue()

    @cached_property
    def resumable_work(self) -> ResumableWork:
        """What is made when the caller is answered already, and fetched later."""
        return ResumableWork(self.workspace.database.names(self.workspace.state_folder / "at-work"))

    @cached_property
    def live(self) -> LiveAnswers:
        """The answers of chats that are being written."""
        return LiveAnswers()

    def start(self, kind: str, order: Mapping[str, Any]) -> Job:
        """Return the job for this order, begun in the background: whoever wants to know asks for it again."""
        return self.workers.start(kind, order)

    def resume(self) -> list[Job]:
        """Go on with the jobs that the last server left, and return them."""
        return self.workers.resume()

    def records(self, kind: str) -> Records:
        """Return the records of one kind."""
        return Records(self.workspace.database, kind)

    def engine_key(self, adapter: str = "") -> EngineKey:
        """Return the key of the chat model ('', or with its reader) or of the base with an adapter."""
        settings = self.workspace.settings
        if adapter in ("", READER):
            path = self.workspace.reader.path if adapter else None
            return EngineKey(settings.models.chat, str(path or ""))
        run = self.workspace.runs.latest(adapter)
        if run is None:
            raise UnknownName(
                f"The {adapter} adapter is not trained yet.", hint="Train it with: lorewright tune"
            )
        if run.kind == "full":
            return EngineKey(f"file:{run.path}")
        if there := tuned_there(run.kind, run.path):
            return there
        return EngineKey(self.workspace.tuning_base(), run.path)

    def close(self, *, patience_seconds: float | None = None) -> None:
        """End workers, whose jobs go on at the next start, and close engines and the database.

        With `patience_seconds` an engine that is at work for longer is left to the end of this process.
        """
        if "workers" in self.__dict__:
            self.workers.close()
        if "resumable_work" in self.__dict__:
            self.resumable_work.close()
        if "live" in self.__dict__:
            self.live.close()
        if "shadow_queue" in self.__dict__:
            self.shadow_queue.close()
        if "pool" in self.__dict__:
            self.pool.close(patience_seconds=patience_seconds)
        if self._is_workspace_ours:
            self.workspace.close()

    @property
    def _prompt_cache_mb(self) -> int:
        """Return the memory of each engine for conversations beside those that it answers."""
        return 0 if self._is_repeatable else self.workspace.settings.serve.prompt_cache_mb

    def _asking(self) -> dict[str, Work]:
        """Return how to do the jobs that ask models, in this process."""

        def work(target: str) -> Work:
            return lambda order, steps: imported(target)(self, order, steps)

        return {name: work(kind.run_in_server) for name, kind in JOB_KINDS.items() if kind.run_in_server}

    def _open_engine(self, key: EngineKey) -> Engine:
        models, serve = self.workspace.settings.models, self.workspace.settings.serve
        share = max(1, n_processors() // self._n_processes)
        threads = threads_for(share, writing=serve.n_threads, reading=serve.n_prompt_threads)
        return open_engine(
            key.uri,
            store=self.workspace.store,
            adapter=key.adapter_path,
            context_tokens=models.context_tokens,
            n_threads=threads.writing,
            n_prompt_threads=threads.reading,
            gpu_layers=serve.gpu_layers,
            n_slots=serve.n_slots,
            prompt_cache_mb=self._prompt_cache_mb,
            api_key=model_key(self.workspace.settings, self.workspace.state_folder, key.uri),
            adapters_at=serve.adapters_at,
        )

    def _size_of(self, key: EngineKey) -> int:
        """Return about how many bytes an engine takes: weights, adapter and context."""
        if key.is_remote or (key.adapter and self.workspace.settings.serve.adapters_at):
            return REMOTE_BYTES
        store = self.workspace.store
        model = store.pull(key.uri)
        path = store.runnable(model)
        weights = model.size_bytes if path.is_dir() else path.stat().st_size
        adapter = key.adapter_path.stat().st_size if key.adapter_path else 0
        settings = self.workspace.settings
        n_tokens = settings.models.context_tokens * settings.serve.n_slots
        return weights + adapter + n_tokens * KV_BYTES_A_TOKEN + self._prompt_cache_mb * 2**20
