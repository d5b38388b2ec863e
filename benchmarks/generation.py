"""What makes a small model answer faster on a processor, and what it costs.

    python benchmarks/generation.py --questions 6

Answers the same questions, each after the same instruction and examples, in one process per
setting, and prints wall and processor seconds, tokens, and whether the text is that of the first
setting. Compare rows of one run: on a busy machine wall seconds say little, processor seconds more.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field

from lorewright.messages import Message
from lorewright.models import Completion, ModelStore, Sampling, complete
from lorewright.models.engines.llama_cpp import LlamaCpp
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder

SHOTS = (
    Message("system", "You answer questions about software support in the house style, in one line."),
    Message("user", "Is Halcyon 3.1 still supported?"),
    Message("assistant", "Support status: Halcyon 3.1 ended on 2024-03-01. Next step: upgrade to 4.0."),
    Message("user", "Is Merlin 12 still supported?"),
    Message("assistant", "Support status: Merlin 12 is supported until 2027-05-15. Next step: none."),
    Message("user", "Is Osprey 0.9 still supported?"),
    Message("assistant", "Support status: Osprey 0.9 ended on 2022-11-30. Next step: upgrade to 1.2."),
)
PAGE = "{0}.{1} was released on 20{1}-02-{0} and is supported until 20{2}-08-{0}, security fixes included. "


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to run the model; `environment` is set before the process starts."""

    label: str
    n_prompt_threads: int = 2
    n_engines: int = 1
    is_copy: bool = True
    shares_beginning: bool = True
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """What answering the questions took, and what the answers say."""

    wall_seconds: float
    cpu_seconds: float
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    texts: list[str]


SETTINGS = (
    Setting("as shipped"),
    Setting("waiting threads spin", environment={"OMP_WAIT_POLICY": "ACTIVE"}),
    Setting("one thread reads prompts", n_prompt_threads=1),
    Setting("Q4_1 as it came", is_copy=False),
    Setting("examples in the last message", shares_beginning=False),
    Setting("two engines, one thread each", n_prompt_threads=1, n_engines=2),
)


def main() -> None:
    """Measure every setting in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=6)
    parser.add_argument("--setting", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.setting:
        print(json.dumps(asdict(measure(Setting(**json.loads(arguments.setting)), arguments.questions))))
        return
    print(f"{arguments.questions} questions, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':30}{'wall s':>8}{'cpu s':>8}{'prompt':>8}{'cached':>8}{'written':>8}  text")
    first: list[str] = []
    for setting in SETTINGS:
        row = measured_apart(setting, arguments.questions)
        first = first or row.texts
        n_same = sum(left == right for left, right in zip(first, row.texts, strict=True))
        numbers = f"{row.wall_seconds:8.2f}{row.cpu_seconds:8.2f}{row.prompt_tokens:8}{row.cached_tokens:8}"
        print(
            f"{setting.label:30}{numbers}{row.completion_tokens:8}  {n_same} of {len(first)} the same",
            flush=True,
        )


def measured_apart(setting: Setting, n_questions: int) -> Measured:
    """Return what `measure` returns in a new process: OpenMP reads its settings once."""
    command = [sys.executable, __file__, "--questions", str(n_questions)]
    done = subprocess.run(
        [*command, "--setting", json.dumps(asdict(setting))],
        env={**os.environ, **setting.environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return Measured(**json.loads(done.stdout))


def measure(setting: Setting, n_questions: int) -> Measured:
    """Return what answering the questions takes with one setting."""
    store = ModelStore(cache_folder())
    model = store.pull(DEFAULT_CHAT_MODEL)
    path = store.runnable(model) if setting.is_copy else model.path
    engines = [
        LlamaCpp(path, sha256=model.sha256, n_prompt_threads=setting.n_prompt_threads)
        for _ in range(setting.n_engines)
    ]
    asked = [prompt(n, shares_beginning=setting.shares_beginning) for n in range(n_questions)]
    answers: dict[int, Completion] = {}

    def answer(engine: LlamaCpp, numbers: range) -> None:
        for n in numbers:
            answers[n] = complete(engine, asked[n], sampling=Sampling(max_tokens=32))

    threads = [
        threading.Thread(target=answer, args=(engine, range(n, n_questions, len(engines))))
        for n, engine in enumerate(engines)
    ]
    wall, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    for engine in engines:
        engine.close()
    usages = [answers[n].usage for n in range(n_questions)]
    return Measured(
        wall_seconds=wall,
        cpu_seconds=cpu,
        prompt_tokens=sum(usage.prompt_tokens for usage in usages),
        cached_tokens=sum(usage.cached_tokens for usage in usages),
        completion_tokens=sum(usage.completion_tokens for usage in usages),
        texts=[answers[n].text for n in range(n_questions)],
    )


def prompt(n: int, *, shares_beginning: bool) -> list[Message]:
    """Return the nth question after the examples, as turns of their own or all in one message."""
    page = "".join(PAGE.format(i + 1, n + 10, n + 14) for i in range(3))
    question = Message("user", f"{page}\n\nIs release {n % 3 + 1}.{n + 10} still supported?")
    turns = [*SHOTS, question]
    if shares_beginning:
        return turns
    return [Message("user", "\n".join(f"{turn.role}: {turn.content}" for turn in turns))]


if __name__ == "__main__":
    main()
