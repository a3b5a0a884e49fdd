"""Python: wrappers for both clients, typed dictionaries for parameters and results."""

import keyword

from .types import Choice, Either, ListOf, MapOf, Nullable, Record, Scalar, pascal, snake

NAMES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "any": "Any"}


def type_name(type_, prefix=""):
    if isinstance(type_, Scalar):
        return NAMES[type_.kind]
    if isinstance(type_, Choice):
        return "Literal[" + ", ".join(f'"{value}"' for value in type_.values) + "]"
    if isinstance(type_, ListOf):
        return f"list[{type_name(type_.element, prefix)}]"
    if isinstance(type_, MapOf):
        return f"dict[str, {type_name(type_.element, prefix)}]"
    if isinstance(type_, Either):
        return " | ".join(type_name(option, prefix) for option in type_.options)
    if isinstance(type_, Nullable):
        return f"{type_name(type_.inner, prefix)} | None"
    return prefix + type_.name


def files(protocol, mark):
    return {
        "Python/foretaste/types.py": types_file(protocol, mark),
        "Python/foretaste/_methods.py": methods_file(protocol, mark, False),
        "Python/foretaste/_async_methods.py": methods_file(protocol, mark, True),
        "Python/foretaste/_table.py": table_file(protocol, mark),
    }


def header(mark, text):
    return f'"""{text} {mark} from Protocol/Messages: do not edit."""\n\nfrom __future__ import annotations\n\n'


def types_file(protocol, mark):
    out = [header(mark, "Types of results and of objects in parameters."), "from typing import Any, Literal, NotRequired, TypedDict\n"]
    skipped = {method.params.name for method in protocol.methods}
    exported = []
    for definition in protocol.definitions.values():
        if definition.name in skipped:
            continue
        exported.append(definition.name)
        out.append("\n")
        if any(keyword.iskeyword(member.name) or not member.name.isidentifier() for member in definition.fields):
            members = ", ".join(f'"{member.name}": {quoted(member)}' for member in definition.fields)
            out.append(f'{definition.name} = TypedDict("{definition.name}", {{{members}}})\n')
            continue
        out.append(f"class {definition.name}(TypedDict):\n")
        for member in definition.fields:
            out.append(f"    {member.name}: {wrapped(member)}\n")
        if not definition.fields:
            out.append("    pass\n")
        out.append("\n")
    out.append("\n__all__ = [" + ", ".join(f'"{name}"' for name in exported) + "]\n")
    return "".join(out)


def wrapped(member):
    name = type_name(member.type)
    return name if member.is_required else f"NotRequired[{name}]"


def quoted(member):
    # Evaluated when the class is made, so a name of a later class stands in quotes.
    return f'"{wrapped(member)}"'


def parameter_name(name):
    found = snake(name)
    return found + "_" if keyword.iskeyword(found) or found == "self" else found


def methods_file(protocol, mark, is_async):
    kind = "AsyncMethods" if is_async else "Methods"
    out = [header(mark, "The methods of the protocol."), "from collections.abc import Mapping, Sequence\nfrom typing import Any, Literal\n\nfrom . import types\n\n\n"]
    out.append(f"class {kind}:\n")
    out.append('    """One wrapper a method. An argument that is None is not sent."""\n\n')
    prefix = "async " if is_async else ""
    out.append(f"    {prefix}def _typed(\n        self, method: str, params: dict[str, Any], deadline_ms: int | None, timeout: float | None, traceparent: str | None\n    ) -> Any:\n        raise NotImplementedError\n")
    for method in protocol.methods:
        out.append("\n" + wrapper(method, is_async))
    return "".join(out)


def wrapper(method, is_async):
    members = method.params.ordered()
    positional = [member for member in members if member.is_required]
    if not positional and members and members[0].name in ("userId", "customerId", "echo"):
        positional = members[:1]
    arguments = ["self"]
    for member in positional:
        arguments.append(argument(member))
    arguments.append("*")
    arguments += [argument(member) for member in members if member not in positional]
    arguments += ["deadline_ms: int | None = None", "timeout: float | None = None", "traceparent: str | None = None"]
    pairs = ", ".join(f'"{member.name}": {parameter_name(member.name)}' for member in members)
    listed = "".join(f"        {argument_},\n" for argument_ in arguments)
    prefix, wait = ("async ", "await ") if is_async else ("", "")
    return (
        f"    {prefix}def {snake(method.name)}(\n{listed}    ) -> types.{method.result.name}:\n"
        f'        """`{method.name}`. {method.text}"""\n'
        f'        return {wait}self._typed(  # type: ignore[no-any-return]\n            "{method.name}", {{{pairs}}}, deadline_ms, timeout, traceparent\n        )\n'
    )


def argument(member):
    name = argument_type(member.type)
    if member.is_required:
        return f"{parameter_name(member.name)}: {name}"
    return f"{parameter_name(member.name)}: {name} | None = None"


def argument_type(type_):
    """What is only read may be any sequence or mapping."""
    if isinstance(type_, ListOf):
        return f"Sequence[{argument_type(type_.element)}]"
    if isinstance(type_, MapOf):
        return f"Mapping[str, {argument_type(type_.element)}]"
    if isinstance(type_, Either):
        return " | ".join(argument_type(option) for option in type_.options)
    return type_name(type_, "types.")


def table_file(protocol, mark):
    out = [header(mark, "What the client knows of each method.")]
    out.append("# Whether a request may be sent again after a failure, and where in its parameters ids stand.\n")
    out.append("METHODS: dict[str, tuple[bool, tuple[str, ...]]] = {\n")
    for method in protocol.methods:
        paths = "".join(f'"{path}", ' for path in method.id_paths).rstrip()
        out.append(f'    "{method.name}": ({method.is_idempotent}, ({paths})),\n')
    out.append("}\n")
    return "".join(out)


__all__ = ["files", "pascal"]
