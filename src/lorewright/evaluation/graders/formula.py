"""Formulas over named numbers: arithmetic and a few functions, and nothing else of Python."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from lorewright.errors import UserError

_MAX_LENGTH = 1000
_OPERATORS: Mapping[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: math.pow, ast.UAdd: operator.pos, ast.USub: operator.neg,
}  # fmt: skip
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "min": min, "max": max, "abs": abs, "floor": math.floor, "ceil": math.ceil, "exp": math.exp,
    "sqrt": math.sqrt, "log": math.log,
}  # fmt: skip


class InvalidFormula(UserError):
    """A formula that cannot be understood or computed."""


def names_in(formula: str) -> set[str]:
    """Return the names of the numbers that a formula needs, or raise `InvalidFormula`."""
    names: set[str] = set()

    class _Any(dict[str, float]):
        def __missing__(self, name: str) -> float:
            names.add(name)
            return 1.0

    tree = _parsed(formula)
    try:
        _value(tree, _Any())
    except RecursionError as error:
        raise InvalidFormula("The formula is nested too deeply.") from error
    except (ArithmeticError, ValueError):  # it depends on the numbers: not a fault of the formula
        names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(_FUNCTIONS)
    return names


def compute(formula: str, numbers: Mapping[str, float]) -> float:
    """Return the value of a formula, or raise `InvalidFormula`."""
    try:
        value = float(_value(_parsed(formula), numbers))
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise InvalidFormula(f"{formula} cannot be computed: {error}.") from error
    if not math.isfinite(value):
        raise InvalidFormula(f"{formula} evaluates to {value}, not to a finite number.")
    return value


def _parsed(formula: str) -> ast.expr:
    if len(formula) > _MAX_LENGTH:
        raise InvalidFormula(f"The formula has {len(formula)} characters; the limit is {_MAX_LENGTH}.")
    try:
        return ast.parse(formula.replace("^", "**").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InvalidFormula(f"{formula!r} is not a valid formula.") from error


def _value(node: ast.expr, numbers: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name):
            try:
                return numbers[name]
            except KeyError:
                raise InvalidFormula(f"The formula names an unknown grader {name!r}.") from None
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, numbers), _value(right, numbers))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(operand, numbers))
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as given, keywords=[]) if name in _FUNCTIONS:
            return _called(name, [_value(argument, numbers) for argument in given])
        case _:
            raise InvalidFormula(
                f"{ast.unparse(node)!r} is not supported: a formula may contain numbers, names of graders, "
                f"+ - * / ^ and {', '.join(_FUNCTIONS)}."
            )


def _called(name: str, values: list[float]) -> float:
    if name in ("min", "max") and len(values) == 1:
        return values[0]
    try:
        return float(_FUNCTIONS[name](*values))
    except TypeError as error:
        raise InvalidFormula(f"{name} does not accept {len(values)} values.") from error
