"""A question as a search query, in the words of the domain's chat model."""

from lorewright.access import Key
from lorewright.errors import BadParameter
from lorewright.messages import Message
from lorewright.models import PooledEngine, Sampling
from lorewright.workspace.home import Home
from lorewright.workspace.served import base_name

INSTRUCTION = (
    "Rewrite the user's text as one short search query. Keep names and numbers as they are. "
    "Answer with the query alone."
)
MAX_TOKENS = 48


def rewrite(home: Home, caller: Key, query: str) -> str:
    """Return a query to search with instead; the given one where the model has nothing to say."""
    caller.need("chat")
    name = base_name(home.workspace.settings.models.chat)
    if not caller.may_use_model(name):
        raise BadParameter(
            "rewrite_query", f"rewrite_query needs the model {name!r}, which this key may not use."
        )
    engine = PooledEngine(home.pool, home.engine_key(), who=caller.id)
    messages = [Message("system", INSTRUCTION), Message("user", query)]
    pieces = engine.stream(messages, sampling=Sampling(max_tokens=MAX_TOKENS))
    said = "".join(piece.text for piece in pieces).strip()
    return said.splitlines()[0].strip().strip('"') if said else query
