"""Frozen dataclasses as plain JSON and back, for values that are stored whole.

Knows dataclasses, enums, dates, tuples, and text, whole numbers, yes or no, and None. What is not
in the JSON takes its default, so that a shape may grow; what the shape does not know is refused.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return a value as JSON can hold it. Raises TypeError for what cannot be read back."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [to_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} is not plain data")


def from_plain(shape: type[T], data: Any) -> T:
    """Return the value of this shape that `to_plain` gave. Raises ValueError when it is not one."""
    return cast(T, _read(shape, data))


def _read(shape: Any, data: Any) -> Any:
    origin = get_origin(shape)
    if origin in (Union, types.UnionType):
        return _read_optional(shape, data)
    if origin is tuple:
        return _read_tuple(shape, data)
    if is_dataclass(shape):
        return _read_dataclass(shape, data)
    if isinstance(shape, type) and issubclass(shape, (Enum, date)):
        return shape.fromisoformat(data) if issubclass(shape, date) else shape(data)
    if shape in (str, int, bool) and type(data) is shape:
        return data
    raise ValueError(f"{type(data).__name__} where {shape} is expected")


def _read_optional(shape: Any, data: Any) -> Any:
    if data is None:
        return None
    (inner,) = [one for one in get_args(shape) if one is not type(None)]
    return _read(inner, data)


def _read_tuple(shape: Any, data: Any) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise TypeError(f"{type(data).__name__} where a list is expected")
    kinds = get_args(shape)
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], one) for one in data)
    return tuple(_read(kind, one) for kind, one in zip(kinds, data, strict=True))


def _read_dataclass(shape: Any, data: Any) -> Any:
    known = _hints(shape)
    if not isinstance(data, Mapping) or not data.keys() <= known.keys():
        raise ValueError(f"not a {shape.__name__}")
    return shape(**{name: _read(known[name], data[name]) for name in data})


@cache
def _hints(shape: type) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {f.name: hints[f.name] for f in fields(shape)}  # pyright: ignore[reportArgumentType]
