"""TypeScript: interfaces of parameters and results, and a class of wrappers."""

from .types import Choice, Either, ListOf, MapOf, Nullable, Scalar, camel

NAMES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "any": "unknown"}


def type_name(type_, prefix=""):
    if isinstance(type_, Scalar):
        return NAMES[type_.kind]
    if isinstance(type_, Choice):
        return " | ".join(f'"{value}"' for value in type_.values)
    if isinstance(type_, ListOf):
        inner = type_name(type_.element, prefix)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if isinstance(type_, MapOf):
        return f"{{ [name: string]: {type_name(type_.element, prefix)} }}"
    if isinstance(type_, Either):
        return " | ".join(type_name(option, prefix) for option in type_.options)
    if isinstance(type_, Nullable):
        return f"{type_name(type_.inner, prefix)} | null"
    return prefix + type_.name


def files(protocol, mark):
    folder = "TypeScript/src/generated/"
    return {
        folder + "types.ts": types_file(protocol, mark),
        folder + "methods.ts": methods_file(protocol, mark),
        folder + "table.ts": table_file(protocol, mark),
    }


def header(mark, text):
    return f"// {text} {mark} from Protocol/Messages: do not edit.\n\n"


def types_file(protocol, mark):
    out = [header(mark, "Types of parameters and results.")]
    for definition in protocol.definitions.values():
        out.append(f"export interface {definition.name} {{\n")
        for member in definition.fields:
            if member.text:
                out.append(f"  /** {member.text} */\n")
            name = member.name if member.name.isidentifier() else f'"{member.name}"'
            mark_ = "" if member.is_required else "?"
            # Under exactOptionalPropertyTypes a caller may still pass undefined for what is not sent.
            absent = " | undefined" if definition.is_parameters and not member.is_required else ""
            out.append(f"  {name}{mark_}: {type_name(member.type)}{absent};\n")
        out.append("}\n\n")
    return "".join(out).rstrip("\n") + "\n"


def methods_file(protocol, mark):
    out = [header(mark, "The methods of the protocol.")]
    out.append('import type { CallOptions } from "../options.js";\nimport type * as types from "./types.js";\n\n')
    out.append("/** One function a method. A member that is undefined is not sent. */\nexport abstract class Methods {\n")
    out.append("  abstract call<Result>(method: string, params?: object, options?: CallOptions): Promise<Result>;\n")
    for method in protocol.methods:
        needed = any(member.is_required for member in method.params.fields)
        mark_ = "" if needed else "?"
        out.append(f"\n  /** `{method.name}`. {method.text} */\n")
        out.append(f"  {camel(method.name)}(params{mark_}: types.{method.params.name}, options?: CallOptions): Promise<types.{method.result.name}> {{\n")
        out.append(f'    return this.call("{method.name}", params, options);\n  }}\n')
    out.append("}\n")
    return "".join(out)


def table_file(protocol, mark):
    out = [header(mark, "What the client knows of each method.")]
    out.append("/** Whether a request may be sent again after a failure, and where in its parameters ids stand. */\n")
    out.append("export const methodTable: ReadonlyMap<string, { readonly isIdempotent: boolean; readonly idPaths: readonly string[] }> = new Map([\n")
    for method in protocol.methods:
        paths = ", ".join(f'"{path}"' for path in method.id_paths)
        out.append(f'  ["{method.name}", {{ isIdempotent: {str(method.is_idempotent).lower()}, idPaths: [{paths}] as string[] }}],\n')
    out.append("]);\n")
    return "".join(out)
