"""Java: records of results, classes of parameters, and a class of wrappers."""

from .types import ListOf, MapOf, Nullable, Record, Scalar, camel, plain

NAMES = {"string": "String", "integer": "long", "number": "double", "boolean": "boolean", "any": "Object"}
BOXES = {"String": "String", "long": "Long", "double": "Double", "boolean": "Boolean", "Object": "Object"}
READERS = {"String": "text", "long": "integer", "double": "number", "boolean": "flag", "Object": "any"}
# Words of the language, and methods that every object or record has.
TAKEN = {
    "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue", "default", "do", "double",
    "else", "enum", "extends", "final", "finally", "float", "for", "goto", "if", "implements", "import", "instanceof", "int", "interface",
    "long", "native", "new", "package", "private", "protected", "public", "return", "short", "static", "strictfp", "super", "switch",
    "synchronized", "this", "throw", "throws", "transient", "try", "void", "volatile", "while", "true", "false", "null", "clone",
    "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait", "members", "from",
}


def type_name(type_, is_boxed=False):
    type_ = plain(type_)
    if isinstance(type_, Nullable):
        return type_name(type_.inner, True)
    if isinstance(type_, Scalar):
        name = NAMES[type_.kind]
        return BOXES[name] if is_boxed else name
    if isinstance(type_, ListOf):
        return f"List<{type_name(type_.element, True)}>"
    if isinstance(type_, MapOf):
        return f"Map<String, {type_name(type_.element, True)}>"
    return type_.name if isinstance(type_, Record) else "String"


def identifier(name):
    found = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in name)
    return found + "_" if found in TAKEN or found[0].isdigit() else found


def files(protocol, mark):
    folder = "Java/src/main/java/foretaste/"
    return {
        folder + "Types.java": types_file(protocol, mark),
        folder + "Methods.java": methods_file(protocol, mark),
        folder + "MethodTable.java": table_file(protocol, mark),
    }


def header(mark, text, *imports):
    lines = "".join(f"import {name};\n" for name in imports)
    return f"// {text} {mark} from Protocol/Messages: do not edit.\npackage foretaste;\n\n{lines}\n"


def types_file(protocol, mark):
    out = [header(mark, "Types of parameters and results.", "java.util.List", "java.util.Map")]
    out.append("/** Parameters are built member by member; of results, what the server did not send is null. */\npublic final class Types {\n    private Types() {}\n")
    for definition in protocol.definitions.values():
        out.append("\n" + (parameters(definition) if definition.is_parameters else record(definition)))
    out.append("}\n")
    return "".join(out)


def parameters(definition):
    required = [member for member in definition.fields if member.is_required]
    arguments = ", ".join(f"{type_name(member.type)} {identifier(member.name)}" for member in required)
    out = [f"    public static final class {definition.name} extends Parameters {{\n"]
    out.append(f"        public {definition.name}({arguments}) {{\n")
    out += [f'            put("{member.name}", {identifier(member.name)});\n' for member in required]
    out.append("        }\n")
    for member in definition.fields:
        if member.is_required:
            continue
        out.append(f"\n        public {definition.name} {identifier(member.name)}({type_name(member.type)} value) {{\n")
        out.append(f'            put("{member.name}", value);\n            return this;\n        }}\n')
    out.append("    }\n")
    return "".join(out)


def record(definition):
    components = ", ".join(f"{type_name(member.type, not member.is_required)} {identifier(member.name)}" for member in definition.fields)
    values = ",\n                ".join(reading(definition, member) for member in definition.fields)
    values = f"\n                {values}" if values else ""
    return (
        f"    public record {definition.name}({components}) {{\n"
        f"        static {definition.name} from(Object value) {{\n"
        f'            Members members = new Members("{definition.name}", value);\n'
        f"            return new {definition.name}({values});\n        }}\n    }}\n"
    )


def reading(definition, member):
    type_ = plain(member.type)
    is_required = member.is_required and not isinstance(type_, Nullable)
    type_ = type_.inner if isinstance(type_, Nullable) else type_
    found = f'members.find("{member.name}", {str(is_required).lower()})'
    if is_required and isinstance(type_, Scalar) or not isinstance(type_, (ListOf, MapOf, Record, Scalar)):
        return f'{reader(type_)}.apply({found})'
    return f"Members.read({found}, {reader(type_)})"


def reader(type_):
    """A function from a JSON value."""
    type_ = plain(type_)
    if isinstance(type_, ListOf):
        return f"Members.list({reader(type_.element)})"
    if isinstance(type_, MapOf):
        return f"Members.map({reader(type_.element)})"
    if isinstance(type_, Record):
        return f"{type_.name}::from"
    if isinstance(type_, Scalar):
        return f"Members.{READERS[NAMES[type_.kind]].upper()}"
    return "Members.TEXT"


def methods_file(protocol, mark):
    out = [header(mark, "The methods of the protocol.", "java.util.concurrent.CompletableFuture", "java.util.function.Function")]
    out.append("/** One function a method, with and without options of the call. */\npublic abstract class Methods {\n    Methods() {}\n\n")
    out.append("    abstract <Result> CompletableFuture<Result> typed(\n            String method, Parameters params, CallOptions options, Function<Object, Result> read);\n")
    for method in protocol.methods:
        out.append("\n" + wrapper(method))
    out.append("}\n")
    return "".join(out)


def wrapper(method):
    name, params, result = identifier(camel(method.name)), f"Types.{method.params.name}", f"Types.{plain(method.result).name}"
    text = f"    /** {{@code {method.name}}}. {method.text} */\n"
    out = [text]
    if not any(member.is_required for member in method.params.fields):
        out.append(f"    public CompletableFuture<{result}> {name}() {{\n        return {name}(new {params}(), CallOptions.DEFAULT);\n    }}\n\n{text}")
    out.append(f"    public CompletableFuture<{result}> {name}({params} params) {{\n        return {name}(params, CallOptions.DEFAULT);\n    }}\n\n{text}")
    out.append(f"    public CompletableFuture<{result}> {name}({params} params, CallOptions options) {{\n")
    out.append(f'        return typed("{method.name}", params, options, {result}::from);\n    }}\n')
    return "".join(out)


def table_file(protocol, mark):
    out = [header(mark, "What the client knows of each method.", "java.util.List", "java.util.Map")]
    out.append("/** Whether a request may be sent again after a failure, and where in its parameters ids stand. */\nfinal class MethodTable {\n")
    out.append("    record Entry(boolean isIdempotent, List<String> idPaths) {}\n\n    static final Entry UNKNOWN = new Entry(false, List.of());\n\n")
    out.append("    static final Map<String, Entry> ENTRIES = Map.ofEntries(\n")
    rows = []
    for method in protocol.methods:
        paths = ", ".join(f'"{path}"' for path in method.id_paths)
        rows.append(f'            Map.entry("{method.name}", new Entry({str(method.is_idempotent).lower()}, List.of({paths})))')
    out.append(",\n".join(rows) + ");\n\n    private MethodTable() {}\n}\n")
    return "".join(out)
