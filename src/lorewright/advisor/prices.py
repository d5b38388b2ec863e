"""What a remote model's tokens cost, from the genai-prices list."""

from dataclasses import dataclass
from functools import cache

from genai_prices import Usage, calc_price


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenPrice:
    """US dollars per million tokens, and whose price that is."""

    prompt_usd: float
    completion_usd: float
    source: str


@cache  # whoever tries out many assumptions asks for the same price each time
def find_token_price(model: str) -> TokenPrice | None:
    """Return the list price of a model by its provider's name for it, if it is listed."""
    try:
        prompt = calc_price(Usage(input_tokens=1_000_000, output_tokens=0), model_ref=model)
        completion = calc_price(Usage(input_tokens=0, output_tokens=1_000_000), model_ref=model)
    except LookupError:
        return None
    return TokenPrice(
        prompt_usd=float(prompt.total_price),
        completion_usd=float(completion.total_price),
        source=f"genai-prices, {prompt.provider.name}",
    )
