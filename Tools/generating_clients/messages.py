"""Reads Protocol/: which methods there are, what each takes and answers."""

import json
import os
import re

from .types import (
    ANY, Choice, Definition, Either, Field, ListOf, MapOf, Method, Nullable, Record, Scalar, pascal, singular,
)

# By the last part of a method's name. A client sends a request again after a failure only where this is true of its method:
# asking, or setting something to a value, twice is the same as once. Each new part is put here by a person.
SENT_AGAIN = {
    "hello": True, "ping": True, "health": True, "info": True, "metrics": True, "explain": True, "whyNot": True,
    "user": True, "item": True, "session": True, "popular": True, "basket": True, "again": True, "rank": True, "next": True,
    "users": True, "segments": True, "composite": True, "search": True,
    "list": True, "get": True, "of": True, "query": True, "top": True, "members": True, "predict": True, "trends": True,
    "conversion": True, "bounce": True, "purchase": True, "churn": True, "value": True, "highValue": True, "atRisk": True, "models": True,
    "funnels": True, "cohorts": True, "visitors": True, "acknowledge": True, "summary": True,
    "diff": True, "verify": True, "export": True, "status": True, "describe": True, "stats": True, "count": True,
    "auth": False, "cancel": False, "batch": False, "put": False, "delete": False, "upsert": False, "merge": False, "erase": False,
    "activate": False, "rollback": False, "create": False, "drain": False, "revoke": False, "rotate": False, "set": False,
    "reset": False, "reload": False,
}

# What concerns one connection and not a pool of them: a client shows its key, and gives requests up, by itself.
OF_CONNECTIONS = {"auth", "cancel"}

# Names that the clients, or their languages, have for other things.
TAKEN_NAMES = {
    "Array", "Bool", "Boolean", "Call", "CallOptions", "Client", "ClientOptions", "Connection", "ConnectionFailed", "Dictionary", "Double",
    "Duration", "Engine", "Error", "Function", "Int", "InvalidRequest", "JSONValue", "List", "Long", "Map", "Members", "MethodTraits",
    "Methods", "Object", "Opening", "OpenSSL", "Options", "Parameters", "Record", "Reply", "ReplyDecoder", "Request", "RequestFrame",
    "Result", "ServerAddress", "ServerError", "Set", "String", "SystemSocket", "Task", "TimedOut", "Timers", "TLSOptions",
}

# Parameters that hold ids of users or items: a number there is refused before it is sent.
ID_NAME = re.compile(r"^(?:id|ids|.*Id|.*Ids|items|recentItems)$")
ID_TEXT = "1 to 256 bytes of UTF-8 without control characters."


class ProtocolError(Exception):
    pass


class Protocol:
    def __init__(self, folder):
        self.folder = folder
        self.documents = {}
        self.definitions = {}
        self.references = {}
        self.sentences = first_sentences(os.path.join(folder, "SPECIFICATION.md"))
        names = self.method_names()
        self.check_complete(names)
        self.methods = [self.method(name) for name in names if name not in OF_CONNECTIONS]

    def method_names(self):
        with open(os.path.join(self.folder, "Vectors", "methods.json"), encoding="utf-8") as stream:
            vectors = json.load(stream)["vectors"]
        for vector in vectors:
            if vector["id"] == "hello":
                return vector["expect"]["reply"]["result"]["methods"]
        raise ProtocolError("Protocol/Vectors/methods.json has no vector named hello")

    def check_complete(self, names):
        found = sorted(name[: -len(".params.schema.json")] for name in os.listdir(os.path.join(self.folder, "Messages")) if name.endswith(".params.schema.json"))
        if found != sorted(names):
            odd = sorted(set(found) ^ set(names))
            raise ProtocolError(f"the vector hello and Protocol/Messages differ about these methods: {', '.join(odd)}")

    def method(self, name):
        last = name.split(".")[-1]
        if last not in SENT_AGAIN:
            raise ProtocolError(f"say in SENT_AGAIN of Tools/generating_clients/messages.py whether {name} may be sent twice")
        file = f"{name}.params.schema.json"
        params = self.record(self.document(file), file, pascal(name) + "Params", True, pascal(name))
        params.text = f"Parameters of {name}."
        result_file = f"{name}.result.schema.json"
        if not os.path.exists(self.path(result_file)):
            result_file = f"{name.split('.')[0]}.result.schema.json"
        if not os.path.exists(self.path(result_file)):
            raise ProtocolError(f"Protocol/Messages has no schema of the result of {name}")
        result = self.reference(result_file, "", pascal(result_file[: -len(".schema.json")]), False)
        text = self.sentences.get(name, "See the specification.")
        return Method(name, params, result, text, SENT_AGAIN[last], sorted(id_paths(self, self.document(file), file)))

    def path(self, file):
        return os.path.join(self.folder, "Messages", file)

    def document(self, file):
        if file not in self.documents:
            with open(self.path(file), encoding="utf-8") as stream:
                self.documents[file] = json.load(stream)
        return self.documents[file]

    def resolve(self, node, file):
        """The node a `$ref` leads to, with its file and its pointer there."""
        target, _, pointer = node["$ref"].partition("#")
        file = target or file
        found = self.document(file)
        for part in [part for part in pointer.split("/") if part]:
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found, file, pointer

    def reference(self, file, pointer, name, is_parameters):
        """A schema that has a name of its own; one that refers to itself ends here."""
        key = (file, pointer)
        if key not in self.references:
            node = self.document(file) if not pointer else self.resolve({"$ref": f"{file}#{pointer}"}, file)[0]
            self.references[key] = Record(name)
            self.references[key] = self.type_of(node, file, name, is_parameters, name)
        return self.references[key]

    def type_of(self, node, file, name, is_parameters, scope):
        if "$ref" in node:
            _, target, pointer = self.resolve(node, file)
            last = pointer.split("/")[-1] or target.removesuffix(".schema.json")
            named = pascal(last)
            return self.reference(target, pointer, named + "Message" if named in TAKEN_NAMES else named, is_parameters)
        if "enum" in node or "const" in node:
            values = node.get("enum", [node.get("const")])
            if all(isinstance(value, str) for value in values):
                return Choice(tuple(values)) if len(values) > 1 else Scalar("string")
            return scalar_of(values[0])
        if "oneOf" in node or ("anyOf" in node and "type" not in node):
            return self.union(node.get("oneOf") or node.get("anyOf"), node, file, name, is_parameters, scope)
        kind = node.get("type")
        if isinstance(kind, list):
            inner = [self.type_of({**node, "type": one}, file, name, is_parameters, scope) for one in kind if one != "null"]
            joined = inner[0] if len(inner) == 1 else Either(tuple(inner))
            return Nullable(joined) if "null" in kind else joined
        if kind == "array":
            return ListOf(self.type_of(node.get("items", {}), file, singular(name), is_parameters, scope))
        if kind == "object":
            return self.object_type(node, file, name, is_parameters, scope)
        return Scalar(kind) if kind in ("string", "integer", "number", "boolean") else ANY

    def object_type(self, node, file, name, is_parameters, scope):
        extra = node.get("additionalProperties")
        if not node.get("properties") and name != scope:
            return MapOf(self.type_of(extra, file, singular(name), is_parameters, scope)) if isinstance(extra, dict) else MapOf(ANY)
        return Record(self.record(node, file, name, is_parameters, scope).name)

    def union(self, options, node, file, name, is_parameters, scope):
        if node.get("type") == "object":
            # Members with conditions about which of them belong together: the conditions are the server's to check.
            return self.object_type(node, file, name, is_parameters, scope)
        is_nullable = any(option.get("type") == "null" for option in options)
        options = [option for option in options if option.get("type") != "null"]
        if len(options) > 1 and all(option.get("type") == "object" for option in options):
            joined = self.object_type(merged(options), file, name, is_parameters, scope)
        else:
            found = []
            for option in options:
                type_ = self.type_of(option, file, name, is_parameters, scope)
                if type_ not in found:
                    found.append(type_)
            joined = found[0] if len(found) == 1 else Either(tuple(found))
        return Nullable(joined) if is_nullable else joined

    def record(self, node, file, name, is_parameters, scope):
        fields = []
        required = node.get("required", [])
        for key, value in node.get("properties", {}).items():
            # Objects below params are named by their member, those of results by the path to them.
            below = pascal(key) if is_parameters else name.removesuffix("Result") + pascal(key)
            fields.append(Field(key, self.type_of(value, file, below, is_parameters, scope), key in required, value.get("description", "")))
        return self.define(Definition(name, fields, node.get("title", ""), is_parameters), scope)

    def define(self, definition, scope):
        known = self.definitions.get(definition.name)
        if definition.name in TAKEN_NAMES or known is not None and known.shape() != definition.shape():
            definition.name = scope + definition.name
            known = self.definitions.get(definition.name)
            if known is not None and known.shape() != definition.shape():
                raise ProtocolError(f"two objects would both be named {definition.name}")
        return self.definitions.setdefault(definition.name, definition)


def scalar_of(value):
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return Scalar(kinds.get(type(value), "any"))


def merged(options):
    """One object for several: a member is required where all require it, and any where they differ."""
    properties = {}
    for option in options:
        for key, value in option.get("properties", {}).items():
            before = properties.get(key)
            properties[key] = value if before in (None, value) else {"enum": words(before) + words(value)} if words(before) and words(value) else {}
    required = set(options[0].get("required", []))
    for option in options[1:]:
        required &= set(option.get("required", []))
    return {"type": "object", "properties": properties, "required": sorted(required)}


def words(node):
    return list(node.get("enum", [node["const"]] if "const" in node else []))


def id_paths(protocol, node, file, path=""):
    """Where in the parameters an id stands: userId, excludeIds[], recentItems[].itemId."""
    found = set()
    for key, value in node.get("properties", {}).items():
        place = f"{path}{key}"
        for option in alternatives(protocol, value, file):
            if is_id(option) and ID_NAME.match(key):
                found.add(place)
            for element in alternatives(protocol, option.get("items", {}), file) if option.get("type") == "array" else []:
                if is_id(element) and ID_NAME.match(key):
                    found.add(place + "[]")
                if element.get("type") == "object":
                    found |= id_paths(protocol, element, file, place + "[].")
            if option.get("type") == "object":
                found |= id_paths(protocol, option, file, place + ".")
    return found


def alternatives(protocol, node, file, depth=0):
    if depth > 4:
        return []
    if "$ref" in node:
        return alternatives(protocol, protocol.resolve(node, file)[0], file, depth + 1)
    if node.get("oneOf") and node.get("type") != "object":
        return [found for option in node["oneOf"] for found in alternatives(protocol, option, file, depth + 1)]
    return [node]


def is_id(node):
    return node.get("type") == "string" and node.get("description", "").startswith(ID_TEXT[:20])


def first_sentences(path):
    """Of the section of each method."""
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    found = {}
    for match in re.finditer(r"^### `([\w.]+)`\n\n?([^|`\n#][^\n]*)", text, re.MULTILINE):
        for sentence in re.split(r"(?<=[.])\s", match.group(2).replace("`", "")):
            if sentence.endswith(".") and sentence[0].isupper() and not sentence.startswith(("No param", "Parameter", "Optional.")):
                found[match.group(1)] = sentence
                break
    return found
