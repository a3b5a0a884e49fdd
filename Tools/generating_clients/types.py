"""What the schemas say, in the few kinds of types that every language has."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scalar:
    kind: str  # string, integer, number, boolean, any


@dataclass(frozen=True)
class Choice:
    """One of these strings."""

    values: tuple


@dataclass(frozen=True)
class ListOf:
    element: object


@dataclass(frozen=True)
class MapOf:
    element: object


@dataclass(frozen=True)
class Either:
    options: tuple


@dataclass(frozen=True)
class Nullable:
    inner: object


@dataclass(frozen=True)
class Record:
    """A `Definition` by its name."""

    name: str


ANY = Scalar("any")


@dataclass
class Field:
    name: str
    type: object
    is_required: bool
    text: str = ""

    def shape(self):
        return (self.name, self.type, self.is_required)


@dataclass
class Definition:
    name: str
    fields: list
    text: str = ""
    is_parameters: bool = False

    def shape(self):
        return tuple(field.shape() for field in self.fields)

    def ordered(self):
        """Required members first; else as the schema has them."""
        return sorted(self.fields, key=lambda member: not member.is_required)


@dataclass
class Method:
    name: str
    params: object  # a Definition without fields where there are none
    result: object  # Record
    text: str
    is_idempotent: bool
    id_paths: list = field(default_factory=list)


def pascal(text):
    """recommend.user and recommend_user as RecommendUser."""
    parts = [part for part in re.split(r"[^0-9A-Za-z]+", text) if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


def camel(text):
    name = pascal(text)
    return name[0].lower() + name[1:]


def snake(text):
    """userId and explain.whyNot as user_id and explain_why_not."""
    text = re.sub(r"[^0-9A-Za-z]+", "_", text)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


def singular(text):
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ses", "s"), ("ss", "ss"), ("s", "")):
        if text.endswith(ending) and len(text) > len(ending):
            return text[: len(text) - len(ending)] + replacement
    return text


def plain(type_):
    """For languages without unions: a value or a list of it is the list, text or an object is the object, else anything."""
    if isinstance(type_, Nullable):
        return Nullable(plain(type_.inner))
    if isinstance(type_, ListOf):
        return ListOf(plain(type_.element))
    if isinstance(type_, MapOf):
        return MapOf(plain(type_.element))
    if not isinstance(type_, Either):
        return type_
    options = [plain(option) for option in type_.options]
    lists = [option for option in options if isinstance(option, ListOf)]
    if len(lists) == 1 and len(options) == 2:
        other = next(option for option in options if option != lists[0])
        if other == lists[0].element:
            return lists[0]
    records = [option for option in options if isinstance(option, Record)]
    if len(records) == 1 and len(options) == 2 and Scalar("string") in options:
        return records[0]
    return ANY
