"""Swift: structures of parameters and results, and the wrappers as an extension of the client."""

from .types import ListOf, MapOf, Nullable, Record, Scalar, camel, plain

NAMES = {"string": "String", "integer": "Int", "number": "Double", "boolean": "Bool", "any": "JSONValue"}
KEYWORDS = {
    "as", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
    "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "var", "where", "while",
}


def type_name(type_):
    type_ = plain(type_)
    if isinstance(type_, Nullable):
        return type_name(type_.inner) + "?"
    if isinstance(type_, Scalar):
        return NAMES[type_.kind]
    if isinstance(type_, ListOf):
        return f"[{type_name(type_.element)}]"
    if isinstance(type_, MapOf):
        return f"[String: {type_name(type_.element)}]"
    return type_.name if isinstance(type_, Record) else "String"


def member_type(member):
    name = type_name(member.type)
    return name if member.is_required or name.endswith("?") else name + "?"


def identifier(name):
    found = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in name)
    return f"`{found}`" if found in KEYWORDS else found


def files(protocol, mark):
    folder = "Swift/Sources/ForetasteClient/Generated/"
    return {
        folder + "Parameters.swift": types_file(protocol, mark, True),
        folder + "Results.swift": types_file(protocol, mark, False),
        folder + "Client+Methods.swift": methods_file(protocol, mark),
        folder + "MethodTable.swift": table_file(protocol, mark),
    }


def types_file(protocol, mark, is_parameters):
    out = [f"// Types of {'parameters' if is_parameters else 'results'}. {mark} from Protocol/Messages: do not edit.\n"]
    for definition in protocol.definitions.values():
        if definition.is_parameters == is_parameters:
            out.append("\n" + (parameters(definition) if is_parameters else result(definition)))
    return "".join(out)


def parameters(definition):
    members = definition.ordered()
    arguments = ", ".join(f"{identifier(member.name)}: {member_type(member)}" + ("" if member.is_required else " = nil") for member in members)
    out = [f"public struct {definition.name}: Sendable, JSONWritable {{\n"]
    for member in definition.fields:
        out.append(f"    public var {identifier(member.name)}: {member_type(member)}\n")
    out.append(f"\n    public init({arguments}) {{\n")
    out += [f"        self.{identifier(member.name)} = {identifier(member.name)}\n" for member in members]
    out.append("    }\n\n    var json: JSONValue {\n")
    out.append(f"        {'var' if definition.fields else 'let'} members: [String: JSONValue] = [:]\n")
    for member in definition.fields:
        name = identifier(member.name)
        out.append(f'        members["{member.name}"] = {name}{"" if member.is_required else "?"}.json\n')
    out.append("        return .object(members)\n    }\n}\n")
    return "".join(out)


def result(definition):
    out = [f"public struct {definition.name}: Sendable, Equatable, JSONReadable {{\n"]
    for member in definition.fields:
        if member.text:
            out.append(f"    /// {member.text}\n")
        out.append(f"    public let {identifier(member.name)}: {member_type(member)}\n")
    out.append("\n    init(json: JSONValue) throws {\n")
    binding = "let members" if definition.fields else "_"
    # With `self.` before what is assigned, a member of the same name does no harm.
    out.append(f'        {binding} = try Members(json, of: "{definition.name}")\n')
    for member in definition.fields:
        reader = "optional" if member_type(member).endswith("?") else "required"
        out.append(f'        self.{identifier(member.name)} = try members.{reader}("{member.name}")\n')
    out.append("    }\n}\n")
    return "".join(out)


def methods_file(protocol, mark):
    out = [f"// The methods of the protocol. {mark} from Protocol/Messages: do not edit.\n\nextension Client {{\n"]
    wrappers = []
    for method in protocol.methods:
        default = "" if any(member.is_required for member in method.params.fields) else " = .init()"
        result_name = plain(method.result).name
        wrappers.append(
            f"    /// `{method.name}`. {method.text}\n"
            f"    public func {identifier(camel(method.name))}(\n        _ params: {method.params.name}{default}, options: CallOptions = CallOptions()\n"
            f"    ) async throws -> {result_name} {{\n"
            f'        try {result_name}(json: await call("{method.name}", params.json, options: options))\n    }}\n'
        )
    return "".join(out) + "\n".join(wrappers) + "}\n"


def table_file(protocol, mark):
    out = [f"// What the client knows of each method. {mark} from Protocol/Messages: do not edit.\n\n"]
    out.append("/// Whether a request may be sent again after a failure, and where in its parameters ids stand.\n")
    out.append("struct MethodTraits: Sendable {\n    let isIdempotent: Bool\n    let idPaths: [[String]]\n\n    static let table: [String: MethodTraits] = [\n")
    for method in protocol.methods:
        paths = ", ".join("[" + ", ".join(f'"{part}"' for part in path.split(".")) + "]" for path in method.id_paths)
        out.append(f'        "{method.name}": MethodTraits(isIdempotent: {str(method.is_idempotent).lower()}, idPaths: [{paths}]),\n')
    out.append("    ]\n}\n")
    return "".join(out)
