import ItemFilter
import Foundation
import TestSupport
import Testing
import WireProtocol

@testable import ServiceMethods

/// The declarations of methods against the texts and schemas in Protocol/: whoever adds a method is told here what is missing.
@Suite struct MethodTableTests {
    private static let names = MethodTable.names.all

    private static func schema(_ name: String) throws -> JSON {
        try JSON.parse(try Data(contentsOf: URL(filePath: PackageRoot.path("Protocol/Messages/\(name).schema.json"))))
    }

    @Test func everyMethodIsFoundByItsName() throws {
        #expect(Set(Self.names).count == Self.names.count)
        for (number, name) in Self.names.enumerated() {
            var seen: Int?
            let bytes = Array(#"{"id":1,"method":"\#(name)"}"#.utf8)
            try JSONParser().withRequest(in: unsafe bytes.span.bytes) { seen = $0.method }
            #expect(seen == number)
            #expect(!MethodTable.all[number].summary.isEmpty)
        }
    }

    @Test func theSpecificationNamesEveryMethodAndReservedName() throws {
        let text = try String(contentsOfFile: PackageRoot.path("Protocol/SPECIFICATION.md"), encoding: .utf8)
        for name in Self.names + MethodNames.reserved + MethodTable.parameterNames {
            #expect(text.contains("`\(name)`"), "\(name)")
        }
        for prefix in MethodNames.reservedPrefixes { #expect(text.contains("`\(prefix)*`"), "\(prefix)") }
        let list = Self.names.map { "\"\($0)\"" }.joined(separator: ",")
        let example = text.filter { !$0.isWhitespace }
        #expect(example.contains("\"methods\":[\(list)]"), "the example of hello lists other methods")
    }

    @Test func everyMethodHasItsSchemas() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: PackageRoot.path("Protocol/Messages"))
        let ownResults: Set = ["recommend.composite", "recommend.segments"]
        var expected: Set = ["request", "reply", "parameter.names", "recommend.result", "server.goingAway"]
        for method in Self.names {
            expected.insert(method + ".params")
            // Those that answer with one list share its schema.
            if !method.hasPrefix("recommend.") || ownResults.contains(method) { expected.insert(method + ".result") }
        }
        #expect(Set(names) == Set(expected.map { $0 + ".schema.json" }))
        for name in expected {
            let schema = try Self.schema(name)
            #expect(schema["$schema"] == .string("https://json-schema.org/draft/2020-12/schema"), "\(name)")
            #expect(schema["title"]?.text != nil, "\(name)")
        }
    }

    @Test func theNamesOfParametersAreThoseOfTheSchema() throws {
        #expect(try Self.schema("parameter.names")["enum"] == .array(MethodTable.parameterNames.map { .string($0) }))
    }

    @Test(arguments: MethodTable.all.indices) func theSchemaOfParametersIsWhatIsDeclared(_ number: Int) throws {
        let method = MethodTable.all[number]
        let schema = try Self.inOneOrder(Self.schema("\(method.name).params"))
        guard case .object(let skeleton) = Self.inOneOrder(.object(Self.skeleton(method.parameters))) else { return }
        for (keyword, expected) in skeleton {
            #expect(schema[keyword]?.contains(expected) == true, "\(method.name) \(keyword): \(expected)")
        }
        #expect(schema["required"] == skeleton["required"], "\(method.name)")
        #expect(schema["properties"]?.names == Set(method.parameters.map(\.name)), "\(method.name)")
    }

    /// The order of words that are allowed, and of names that are required, means nothing.
    private static func inOneOrder(_ schema: JSON) -> JSON {
        switch schema {
        case .array(let elements): return .array(elements.map(inOneOrder))
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        guard name == "enum" || name == "required", let texts = value.elements else {
                            return (name, inOneOrder(value))
                        }
                        return (name, .array(texts.compactMap(\.text).sorted().map { .string($0) }))
                    }))
        default: return schema
        }
    }

    // MARK: What the schemas must say

    private static func skeleton(_ parameters: [ParameterDescription]) -> [String: JSON] {
        let names = parameters.map { JSON.string($0.name) }
        let known = JSON.object(["not": .object(["$ref": .string("parameter.names.schema.json")])])
        var keywords: [String: JSON] = [
            "type": .string("object"),
            "properties": .object(
                Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, .object(skeleton($0.kind))) })),
            "propertyNames": names.isEmpty
                ? known : .object(["anyOf": .array([.object(["enum": .array(names)]), known])]),
        ]
        let required = parameters.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { keywords["required"] = .array(required) }
        return keywords
    }

    private static func skeleton(_ kind: ParameterKind) -> [String: JSON] {
        switch kind {
        case .string(let limit): return ["type": .string("string"), "maxLength": .number(Double(limit))]
        case .name(let limit):
            return [
                "type": .string("string"), "minLength": .number(1), "maxLength": .number(Double(limit)),
                "pattern": .string(#"^[^\u0000-\u001f\u007f-\u009f]+$"#),
            ]
        case .integer(let range, let value):
            return numeric(
                "integer", Double(range.lowerBound), Double(range.upperBound), value.map { .number(Double($0)) })
        case .number(let range): return numeric("number", range.lowerBound, range.upperBound, nil)
        case .boolean(let value): return ["type": .string("boolean"), "default": .boolean(value)]
        case .choice(let names, let value):
            var keywords = ["enum": JSON.array(names.map { .string($0) })]
            keywords["default"] = value.map { .string($0) }
            return keywords
        case .time:
            return [
                "oneOf": .array([.object(["format": .string("date-time")]), .object(["type": .string("integer")])])
            ]
        case .expression:
            let text = JSON.object(["type": .string("string"), "maxLength": .number(Double(FilterLimits.textBytes))])
            let others = ["object", "boolean"].map { JSON.object(["type": .string($0)]) }
            return ["oneOf": .array([text] + others)]
        case .requestId:
            return [
                "oneOf": .array([
                    .object(["type": .string("string"), "maxLength": .number(256)]),
                    .object([
                        "type": .string("integer"), "minimum": .number(Double(Int64.min)),
                        "maximum": .number(Double(UInt64.max)),
                    ]),
                ])
            ]
        case .requests(let limit):
            return [
                "type": .string("array"), "items": .object(["type": .string("object")]), "minItems": .number(1),
                "maxItems": .number(Double(limit)),
            ]
        case .list(let element, let limit):
            return [
                "type": .string("array"), "items": .object(skeleton(element)), "maxItems": .number(Double(limit)),
            ]
        case .either(let first, let second):
            return ["oneOf": .array([.object(skeleton(first)), .object(skeleton(second))])]
        case .object(let members): return skeleton(members)
        case .anyObject: return ["type": .string("object")]
        case .vector(let limit):
            return [
                "oneOf": .array([
                    .object([
                        "type": .string("array"), "items": .object(["type": .string("number")]), "minItems": .number(1),
                        "maxItems": .number(Double(limit)),
                    ]),
                    .object(["type": .string("object"), "required": .array([.string("f32b64")])]),
                ])
            ]
        }
    }

    private static func numeric(
        _ type: String, _ minimum: Double, _ maximum: Double, _ value: JSON?
    ) -> [String: JSON] {
        var keywords = ["type": JSON.string(type), "minimum": .number(minimum), "maximum": .number(maximum)]
        keywords["default"] = value
        return keywords
    }
}
