"""What every test leaves behind is taken away."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _no_models_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forget the models that lay in folders of tests: people's own lists would show them."""
    yield
    from lorewright.models import ModelStore
    from lorewright.settings import cache_folder

    store = ModelStore(cache_folder())
    for model in store.all():
        if model.uri.startswith(f"file:{tmp_path_factory.getbasetemp()}"):
            store.remove(model.uri)
