"""One thing to learn: what is said to the model, and what it should say."""

from dataclasses import dataclass

from lorewright.messages import Conversation


@dataclass(frozen=True, slots=True)
class Row:
    """A prompt, exactly as an arm sends it, and the completion to learn."""

    messages: Conversation
    completion: str

    @property
    def n_characters(self) -> int:
        """How many characters are read to learn from it."""
        return self._n_prompt + len(self.completion)

    @property
    def _n_prompt(self) -> int:
        return sum(len(turn.content) for turn in self.messages)


@dataclass(frozen=True, slots=True)
class Preference(Row):
    """A row whose completion is preferred to another one, `rejected`."""

    rejected: str

    @property
    def n_characters(self) -> int:
        """How many characters are read to learn from it: the prompt with each of its answers."""
        return 2 * self._n_prompt + len(self.completion) + len(self.rejected)


@dataclass(frozen=True, slots=True)
class RatedRow(Row):
    """A row whose completion somebody called good or bad, without another one to compare it with."""

    is_good: bool

    @property
    def n_characters(self) -> int:
        """About how many characters are read: the prompt also with the answer of another row."""
        return 2 * (self._n_prompt + len(self.completion))
