"""Arithmetic, exact and bounded: what a small model gets wrong."""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext
from typing import Any

from lorewright.agents.tool import AgentTool, tool_from
from lorewright.errors import BadParameter

_MOST_CHARACTERS, _MOST_EXPONENT, _DIGITS = 1000, 1000, 28
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?![\d,])")
_SIGNS = re.compile(r"[$€£¥]")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%(?!\s*[\d(])")

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def calculator_tool() -> AgentTool:
    """Return the tool that calculates."""
    return tool_from(calculate, is_source=True)


def calculate(expression: str) -> str:
    """Calculate an expression exactly, such as (1,250 - 980) / 980 * 100.

    Knows + - * / // % **, brackets, and min, max, sum, mean, abs, round, sqrt, change(old, new) in percent.

    Args:
        expression: Numbers and signs only; look the numbers up first.
    """
    return f"{' '.join(expression.split())} = {written(evaluate(expression))}"


def evaluate(expression: str) -> Decimal:
    """Return the value of an expression; raise `BadParameter` for one that is none, or too large."""
    if len(expression) > _MOST_CHARACTERS:
        raise _wrong(expression[:80], f"is longer than {_MOST_CHARACTERS} characters")
    plain = _GROUPED.sub(lambda match: match.group().replace(",", ""), _SIGNS.sub("", expression))
    plain = _PERCENT.sub(r"(\1/100)", plain)
    try:
        tree = ast.parse(plain.strip(), mode="eval")
        with localcontext() as context:
            context.prec = _DIGITS
            return _value(tree.body, expression)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _wrong(expression, "is no expression of numbers and signs") from error
    except DivisionByZero as error:
        raise _wrong(expression, "divides by zero") from error
    except InvalidOperation as error:
        raise _wrong(expression, "has no value that can be written down") from error


def written(value: Decimal) -> str:
    """Return a number without needless zeros, rounded to ten places."""
    rounded = round(value, 10)
    text = format(rounded.normalize(), "f")
    return "0" if text in ("-0", "0") else text


def _value(node: ast.expr, expression: str) -> Decimal:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ):
        return Decimal(repr(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand, expression)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, expression), _value(node.right, expression)
        if isinstance(node.op, ast.Pow):
            return _power(left, right, expression)
        if type(node.op) in _BINARY:
            return Decimal(_BINARY[type(node.op)](left, right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, [_value(item, expression) for item in _items(node)], expression)
    raise _wrong(expression, "holds something that is neither a number nor a sign")


def _items(node: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call; those of one list count as arguments."""
    if len(node.args) == 1 and isinstance(node.args[0], ast.List | ast.Tuple):
        return list(node.args[0].elts)
    return list(node.args)


def _called(name: str, values: list[Decimal], expression: str) -> Decimal:
    if name in ("min", "max", "sum", "mean", "average") and values:
        total = sum(values, Decimal(0))
        return {"min": min(values), "max": max(values), "sum": total}.get(name, total / len(values))
    if name == "abs" and len(values) == 1:
        return abs(values[0])
    if name == "sqrt" and len(values) == 1 and values[0] >= 0:
        return values[0].sqrt()
    if name == "round" and 1 <= len(values) <= 2:
        n_places = int(values[1]) if len(values) == 2 else 0
        return round(values[0], max(-20, min(n_places, 20))) + Decimal(0)
    if name == "change" and len(values) == 2:
        return (values[1] - values[0]) / abs(values[0]) * 100
    raise _wrong(expression, f"calls {name!r} with {len(values)} numbers")


def _power(base: Decimal, exponent: Decimal, expression: str) -> Decimal:
    if abs(exponent) > _MOST_EXPONENT or (base and abs(exponent * Decimal(math.log10(abs(base) + 1))) > 200):
        raise _wrong(expression, "is too large")
    return Decimal(base**exponent)


def _wrong(expression: str, why: str) -> BadParameter:
    return BadParameter(
        "expression",
        f"{expression[:200]!r} {why}. Give numbers and signs, such as (120 - 96) / 96 * 100, or a function: "
        "min, max, sum, mean, abs, round, sqrt, change(old, new).",
    )
