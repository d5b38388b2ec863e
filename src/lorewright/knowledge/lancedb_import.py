"""LanceDB without the REST client that it imports: 1.3 of the 2 CPU-seconds of a search, and never used here.

LanceDB imports `lance_namespace_urllib3_client`, 300 generated modules, to name their classes in type
annotations and to talk to catalogues on other servers. An index in a folder or a bucket needs neither.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

CLIENT = "lance_namespace_urllib3_client"


@contextmanager
def without_rest_client() -> Iterator[None]:
    """Import LanceDB in here: its REST client is replaced by empty classes, and forgotten afterwards."""
    if CLIENT in sys.modules:  # somebody else uses it
        yield
        return
    finder = _EmptyModules()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == CLIENT]:
            del sys.modules[name]  # whoever wants the real one later shall get it


class _EmptyModules(MetaPathFinder, Loader):
    """Finds every module of the client, empty."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] == CLIENT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Run nothing."""


class _EmptyModule(ModuleType):
    """Holds an empty class under every name that is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})
