"""LanceDB without what it imports and never uses here: most of the CPU time of a cold search.

Its classes are not compared with those that they override, which takes a tenth of a second. And LanceDB
imports `lance_namespace_urllib3_client`, 300 generated modules, to name their classes in type
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
OVERRIDES = "overrides"


@contextmanager
def lightened() -> Iterator[None]:
    """Import LanceDB in here: its REST client and its checks are replaced, and the replacements forgotten."""
    with _without_checks(), _without_rest_client():
        yield


@contextmanager
def _without_checks() -> Iterator[None]:
    """Replace the package that compares methods with those that they override, as type checkers do."""
    if OVERRIDES in sys.modules:
        yield
        return
    module = ModuleType(OVERRIDES)
    module.__dict__.update(override=lambda method: method, EnforceOverrides=type("EnforceOverrides", (), {}))
    sys.modules[OVERRIDES] = module
    try:
        yield
    finally:
        sys.modules.pop(OVERRIDES, None)


@contextmanager
def _without_rest_client() -> Iterator[None]:
    if CLIENT in sys.modules:  # somebody else uses it
        yield
        return
    finder = _EmptyModules()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in list(sys.modules) if name.partition(".")[0] == CLIENT]:
            sys.modules.pop(name, None)  # whoever wants the real one later shall get it


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
