"""Things in portions: as many at a time as are large enough together."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def portions(
    things: Iterable[T], size_of: Callable[[T], int], *, size: int, n: int | None = None
) -> Iterator[list[T]]:
    """Yield things in their order, by the list: a list ends with what makes it `size` large, or the `n`th."""
    portion: list[T] = []
    so_far = 0
    for thing in things:
        portion.append(thing)
        so_far += size_of(thing)
        if so_far >= size or len(portion) == n:
            yield portion
            portion, so_far = [], 0
    if portion:
        yield portion
