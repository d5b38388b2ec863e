"""Whether the default model calls a function where one helps, and answers in words where none does.

    python -m benchmarks.tool_choice
    python -m benchmarks.tool_choice --tools 4 --calls

Every message is asked with the functions it was written for, four at once. Prints, for thresholds of the
likeness of message and function, how many of the messages that need a function get one, how many of the
others do, and how often it is the right one. With `--calls` the default model answers as in a chat.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.models.embedders import open_embedder
from lorewright.models.joined_calls import calls_in
from lorewright.models.opening import open_engine
from lorewright.models.store import ModelStore
from lorewright.models.tool_relevance import ToolRelevance
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder

Tool = dict[str, Any]


def _tool(name: str, description: str, **parameters: str) -> Tool:
    properties = {key: {"type": "string", "description": text} for key, text in parameters.items()}
    schema = {"type": "object", "properties": properties, "required": list(parameters)}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": schema},
    }


WEATHER = _tool("get_weather", "Get the current weather for a location", location="The city and state")
ORDERS = _tool("search_orders", "Look up a customer's orders", query="e-mail address or order number")
SUMS = _tool("calculator", "Evaluate an arithmetic expression", expression="for example 2*(3+4)")
TICKET = _tool("create_ticket", "Open a support ticket", title="a short title", text="what is wrong")
HANDBOOK = _tool("search_handbook", "Search the employee handbook of our company", query="what to look for")
MAIL = _tool("send_email", "Send an e-mail", to="address", subject="subject", body="text")
MONEY = _tool("convert_currency", "Convert an amount of money", amount="amount", source="from", target="to")
CALENDAR = _tool("add_event", "Add an event to the calendar", title="title", date="date")
STOCK = _tool("get_stock_price", "Return the latest price of a share", symbol="ticker symbol")
FLIGHTS = _tool("search_flights", "Find flights between two airports", origin="from", destination="to")
LIGHTS = _tool("switch_light", "Turn a light in the house on or off", room="room", state="on or off")
TRANSLATE = _tool("translate_text", "Translate a text into another language", text="text", language="into")
TOOLS = (
    WEATHER, ORDERS, SUMS, TICKET, HANDBOOK, MAIL, MONEY, CALENDAR, STOCK, FLIGHTS, LIGHTS, TRANSLATE,
)  # fmt: skip

NEEDED: tuple[tuple[Tool, str], ...] = (
    (WEATHER, "What's the weather like in San Francisco?"),
    (WEATHER, "Will I need an umbrella in Oslo today?"),
    (WEATHER, "How warm is it in Cairo right now?"),
    (WEATHER, "Is it raining in Hamburg?"),
    (ORDERS, "Where is my order 48213?"),
    (ORDERS, "Has ann@example.org ordered anything this month?"),
    (ORDERS, "Please check the status of order A-77."),
    (ORDERS, "Which orders did customer 31 place?"),
    (SUMS, "What is 38 times 417?"),
    (SUMS, "How much is 15 % of 2300?"),
    (SUMS, "Add 12.5, 13.7 and 99."),
    (SUMS, "Work out (17 + 4) * 3 for me."),
    (TICKET, "My printer is broken, please report it to support."),
    (TICKET, "Open a ticket: the door of room 4 does not close."),
    (TICKET, "The login page shows an error, tell the support team."),
    (HANDBOOK, "What does our handbook say about parental leave?"),
    (HANDBOOK, "How many days of holiday do employees of our company get?"),
    (HANDBOOK, "Find the company's rules on working from home."),
    (MAIL, "Write to bob@example.org that the meeting is moved to Monday."),
    (MAIL, "Send Carla an e-mail with the minutes."),
    (MAIL, "Mail the team that lunch is at noon."),
    (MONEY, "How many euros are 250 dollars?"),
    (MONEY, "Convert 80 pounds to yen."),
    (MONEY, "What do I get in francs for 100 euros?"),
    (CALENDAR, "Put the dentist on my calendar for 3 May."),
    (CALENDAR, "Schedule lunch with Tom on Friday."),
    (CALENDAR, "Add my flight on 12 June to the calendar."),
    (STOCK, "What does a share of ACME cost right now?"),
    (STOCK, "How is the stock of Siemens doing?"),
    (STOCK, "Latest price of AAPL, please."),
    (FLIGHTS, "Find me a flight from Vienna to Lisbon."),
    (FLIGHTS, "When can I fly from Boston to Denver?"),
    (FLIGHTS, "Are there direct connections from Rome to Tokyo by plane?"),
    (LIGHTS, "Turn off the light in the kitchen."),
    (LIGHTS, "It's too dark in the living room."),
    (LIGHTS, "Switch the bedroom lamp on."),
    (TRANSLATE, "How do I say 'good night' in Spanish?"),
    (TRANSLATE, "Translate 'the shop is closed' into Polish."),
    (TRANSLATE, "What is the French for 'thank you for your help'?"),
)
NOT_NEEDED = (
    "Hello!", "Thanks, that was all.", "Who wrote Hamlet?", "Write a short poem about the sea.",
    "My name is Alice.", "What is the capital of France?", "Good morning, how are you?",
    "Explain photosynthesis in one sentence.", "Tell me a joke.", "What is your name?",
    "Thank you very much!", "What colour is the sky?", "Hi there", "Say hello in exactly 3 words.",
    "Give me three names for a cat.", "Who was the first president of the United States?",
    "How do birds fly?", "Write a haiku about winter.", "Can you help me?", "Why is the sea salty?",
    "Summarise the plot of Romeo and Juliet.", "What is a prime number?", "Count from 1 to 5.",
    "Name two rivers in Africa.", "I am bored.", "What does the word 'ubiquitous' mean?",
    "List three fruits.", "How old is the universe?", "Please be brief.", "Who are you?",
    "What is the difference between a crocodile and an alligator?", "Recommend a book.",
    "How do I boil an egg?", "What is the meaning of life?", "Repeat after me: blue house.",
    "Which planet is the largest?", "Great, bye!", "Write a birthday wish for my sister.",
)  # fmt: skip


QUERIES = (
    "How much notice do I have to give when I leave?", "Who pays for a taxi late at night?",
    "Can I carry holidays over into the next year?", "What happens if I fall ill on a journey?",
    "Which expenses need a receipt?", "May I bring my dog to the office?",
    "How do I report a lost badge?", "Do part-time employees get the same bonus?",
    "When is overtime paid out?", "Who approves training abroad?", "What is the limit for gifts?",
    "How long is the probation period?",
)  # fmt: skip
"""Questions that a search is to be called with."""


def main() -> None:
    """Measure the thresholds, and with `--calls` the default model."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tools", type=int, default=4, help="functions in every request")
    parser.add_argument("--calls", action="store_true", help="let the default model answer")
    parser.add_argument("--queries", action="store_true", help="see what it searches for")
    given = parser.parse_args()
    draw = random.Random(7)
    messages: list[tuple[Tool | None, str]] = [*NEEDED, *((None, text) for text in NOT_NEEDED)]
    asked = [(tool, text, _among(tool, given.tools, draw)) for tool, text in messages]
    store = ModelStore(cache_folder())
    relevance = ToolRelevance(lambda: open_embedder("minilm", store=store))
    likeness = [relevance.likeness(text, tools) for _, text, tools in asked]
    print("| called from | needed, called | needed, the right one is the likeliest | not needed, called |")
    print("|---|---|---|---|")
    for threshold in (0.1, 0.15, 0.2, 0.22, 0.25, 0.3, 0.4):
        called = [max(values) >= threshold for values in likeness]
        right = [
            is_called and tools[values.index(max(values))] is tool
            for is_called, values, (tool, _, tools) in zip(called, likeness, asked, strict=True)
        ]
        print(f"| {threshold} | {_counts(called, right, asked)}")
    if given.queries:
        print(f"queries of the default model: {_queries(store)}")
    if given.calls:
        print(f"| the default model | {_calls(asked, store)}")


def _among(tool: Tool | None, n: int, draw: random.Random) -> list[Tool]:
    others = draw.sample([one for one in TOOLS if one is not tool], n - (tool is not None))
    tools = [*others, *([tool] if tool else [])]
    draw.shuffle(tools)
    return tools


def _counts(called: Sequence[bool], right: Sequence[bool], asked: Sequence[tuple[Any, str, Any]]) -> str:
    needed = [tool is not None for tool, _, _ in asked]
    n = sum(needed)
    n_called = sum(one for one, is_needed in zip(called, needed, strict=True) if is_needed)
    n_wrongly = sum(called) - n_called
    return f"{n_called} of {n} | {sum(right)} | {n_wrongly} of {len(asked) - n} |"


def _calls(asked: Sequence[tuple[Tool | None, str, Sequence[Tool]]], store: ModelStore) -> str:
    engine = open_engine(DEFAULT_CHAT_MODEL, store=store)
    called, right = [], []
    for tool, text, tools in asked:
        request: Mapping[str, Any] = {
            "messages": [{"role": "user", "content": text}], "tools": tools, "max_tokens": 60,
        }  # fmt: skip
        calls = list(calls_in(list(engine.chat(request))))
        called.append(bool(calls))
        right.append(bool(calls) and tool is not None and calls[0][0] == tool["function"]["name"])
    engine.close()
    return _counts(called, right, asked)


def _queries(store: ModelStore) -> str:
    """Return how many of the words of questions stand in the queries that a search is called with."""
    engine = open_engine(DEFAULT_CHAT_MODEL, store=store)
    n_words, n_held, n_called = 0, 0, 0
    for text in QUERIES:
        request: Mapping[str, Any] = {
            "messages": [{"role": "user", "content": text}], "tools": [HANDBOOK, WEATHER, MAIL],
            "tool_choice": {"type": "function", "function": {"name": "search_handbook"}}, "max_tokens": 90,
        }  # fmt: skip
        calls = list(calls_in(list(engine.chat(request))))
        words = {word.strip("?").lower() for word in text.split() if len(word) > 3}
        query = calls[0][1].lower() if calls else ""  # it may be cut off
        print(f"  {text} -> {query}")
        n_called, n_words = n_called + bool(calls), n_words + len(words)
        n_held += sum(word in query for word in words)
    engine.close()
    return f"{n_called} of {len(QUERIES)} called, {n_held} of {n_words} words of the question in the query"


if __name__ == "__main__":
    main()
