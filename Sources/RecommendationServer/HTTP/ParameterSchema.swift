import ServiceMethods
import WireProtocol

/// JSON Schema of parameters that Protocol/Messages has no file for, from their declaration.
enum ParameterSchema {
    static func object(_ parameters: [ParameterDescription]) -> JSONDocument {
        [
            "type": "object",
            "properties": .object(
                parameters.map { parameter in
                    let schema = schema(parameter.kind)
                    return (parameter.name, parameter.isRequired ? schema : ["anyOf": [schema, ["type": "null"]]])
                }),
            "required": .list(parameters.filter(\.isRequired).map { .text($0.name) }),
            "propertyNames": [
                "anyOf": [
                    ["enum": .list(parameters.map { .text($0.name) })],
                    ["not": ["$ref": "#/components/schemas/parameter.names"]],
                ]
            ],
        ]
    }

    static func schema(_ kind: ParameterKind) -> JSONDocument {
        switch kind {
        case .string(let limit): ["type": "string", "maxLength": .integer(limit)]
        case .name(let limit):
            [
                "type": "string", "minLength": 1, "maxLength": .integer(limit),
                "pattern": #"^[^\u0000-\u001f\u007f-\u009f]+$"#,
            ]
        case .integer(let range, _):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number(let range):
            [
                "type": "number", "minimum": .source(range.lowerBound.description),
                "maximum": .source(range.upperBound.description),
            ]
        case .boolean: ["type": "boolean"]
        case .choice(let names, _): ["enum": .list(names.map { .text($0) })]
        case .time: ["oneOf": [["type": "string", "format": "date-time"], ["type": "integer"]]]
        // Protocol/Messages says more of these.
        case .expression, .vector: .object([])
        case .requestId: ["type": ["string", "integer"]]
        case .requests(let limit): ["type": "array", "items": ["type": "object"], "maxItems": .integer(limit)]
        case .anyObject: ["type": "object"]
        case .list(let element, let limit):
            ["type": "array", "items": schema(element), "maxItems": .integer(limit)]
        case .either(let first, let second): ["anyOf": [schema(first), schema(second)]]
        case .object(let members): object(members)
        }
    }
}
