"""What holds for every test: a cache of their own, and nothing left behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("LOREWRIGHT_TEST_CACHE") or Path(__file__).parents[1] / ".test-cache")
"""Where tests keep models between runs; never the cache of whoever runs them."""
os.environ["LOREWRIGHT_CACHE"] = str(CACHE)  # before anything asks, and for every process that is started


@pytest.fixture(scope="session", autouse=True)
def _no_models_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forget the models that lay in folders of tests: the next run has other folders."""
    yield
    from lorewright.models import ModelStore
    from lorewright.settings import cache_folder

    store = ModelStore(cache_folder())
    for model in store.all():
        if model.uri.startswith(f"file:{tmp_path_factory.getbasetemp()}"):
            store.remove(model.uri)


@pytest.fixture(scope="session", autouse=True)
def _postgres() -> Iterator[None]:
    """With LOREWRIGHT_TEST_DATABASE=postgres: what is opened is on a server of this run, see the fixture."""
    from tests.fixtures import postgres

    if not postgres.WANTED:
        yield
        return
    import lorewright.storage.opening

    root = Path(__file__).parents[1]
    processes = root / "tests" / "fixtures" / "postgres_processes"
    with postgres.running_postgres() as server:
        os.environ[postgres.SOCKETS] = str(server.folder)
        os.environ["PYTHONPATH"] = os.pathsep.join(
            [str(processes), str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        postgres.redirect(lorewright.storage.opening, str(server.folder))
        yield


@pytest.fixture(autouse=True)
def _no_databases_of_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """With LOREWRIGHT_TEST_DATABASE=postgres: remove a test's databases once all else of it is over."""
    from tests.fixtures import postgres

    if not postgres.WANTED or "tmp_path" not in request.fixturenames:
        yield
        return
    folder: Path = request.getfixturevalue("tmp_path")
    yield
    postgres.drop_below(folder, os.environ[postgres.SOCKETS])
