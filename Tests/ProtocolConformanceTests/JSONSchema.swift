import Foundation
import Synchronization
import TestSupport

/// The keywords of JSON Schema (2020-12) that Protocol/Messages uses. A keyword that is not known here is a finding, so a
/// schema cannot ask for more than is checked.
struct JSONSchema {
    private let root: JSON

    init(file name: String) throws { root = try Self.read(name + ".schema.json") }

    /// The file of a method's result: its own, or that which the methods of its family share.
    static func ofResult(_ method: String) -> String {
        let own = method + ".result"
        let hasOwn = FileManager.default.fileExists(atPath: PackageRoot.path("Protocol/Messages/\(own).schema.json"))
        return hasOwn ? own : "\(method.prefix { $0 != "." }).result"
    }

    /// By file name: each is read once.
    private static let files = Mutex<[String: JSON]>([:])

    private static func read(_ name: String) throws -> JSON {
        if let known = files.withLock({ $0[name] }) { return known }
        let path = PackageRoot.path("Protocol/Messages/" + name)
        let schema = try JSON.parse(try Data(contentsOf: URL(filePath: path)))
        files.withLock { $0[name] = schema }
        return schema
    }

    init(_ text: String) throws { root = try JSON.parse(Array(text.utf8)) }

    /// What is wrong with the value; empty where it is valid.
    func findings(in value: JSON) -> [String] { Self.findings(value, root, at: "$") }

    private static func findings(_ value: JSON, _ schema: JSON, at path: String) -> [String] {
        guard case .object(let keywords) = schema else { return ["\(path): the schema is no object"] }
        return keywords.keys.sorted().flatMap { keyword -> [String] in
            guard let argument = keywords[keyword] else { return [] }
            switch keyword {
            case "$schema", "title", "description", "default": return []
            case "$ref": return referred(value, argument, at: path)
            case "properties", "required", "additionalProperties", "propertyNames":
                return members(value, keyword, argument, of: keywords, at: path)
            case "items", "minItems", "maxItems", "uniqueItems": return elements(value, keyword, argument, at: path)
            case "minLength", "maxLength", "pattern", "format": return text(value, keyword, argument, at: path)
            case "oneOf", "anyOf", "not": return combined(value, keyword, argument, at: path)
            default: return single(value, keyword, argument, at: path)
            }
        }
    }

    /// To another file, by its name alone.
    private static func referred(_ value: JSON, _ argument: JSON, at path: String) -> [String] {
        do {
            return findings(value, try read(argument.text ?? ""), at: path)
        } catch {
            return ["\(path): \(argument) could not be read: \(error)"]
        }
    }

    private static func single(_ value: JSON, _ keyword: String, _ argument: JSON, at path: String) -> [String] {
        let isRight: Bool
        switch keyword {
        case "type": isRight = hasType(value, argument)
        case "const": isRight = value == argument
        case "enum": isRight = argument.elements?.contains(value) ?? false
        case "minimum": isRight = value.number.map { $0 >= argument.number ?? .nan } ?? true
        case "maximum": isRight = value.number.map { $0 <= argument.number ?? .nan } ?? true
        default: return ["\(path): this checker does not know \(keyword)"]
        }
        return isRight ? [] : ["\(path): \(keyword) \(argument) does not hold for \(value)"]
    }

    private static func hasType(_ value: JSON, _ type: JSON) -> Bool {
        if let types = type.elements { return types.contains { hasType(value, $0) } }
        return switch (value, type.text) {
        case (.null, "null"), (.boolean, "boolean"), (.number, "number"), (.string, "string"), (.array, "array"),
            (.object, "object"):
            true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }

    private static func members(
        _ value: JSON, _ keyword: String, _ argument: JSON, of keywords: [String: JSON], at path: String
    ) -> [String] {
        guard case .object(let members) = value else { return [] }
        switch (keyword, argument) {
        case ("properties", .object(let properties)):
            return properties.keys.sorted().flatMap { name in
                guard let member = members[name], let schema = properties[name] else { return [String]() }
                return findings(member, schema, at: "\(path).\(name)")
            }
        case ("required", .array(let names)):
            return names.compactMap(\.text).filter { members[$0] == nil }.map { "\(path): \($0) is missing" }
        case ("propertyNames", let schema):
            return members.keys.sorted().flatMap { findings(.string($0), schema, at: "\(path), the name \($0)") }
        case ("additionalProperties", let schema):
            guard schema != .boolean(true) else { return [] }
            return members.keys.sorted().flatMap { name in
                guard keywords["properties"]?[name] == nil, let member = members[name] else { return [String]() }
                if schema == .boolean(false) { return ["\(path): \(name) is one too many"] }
                return findings(member, schema, at: "\(path).\(name)")
            }
        default: return ["\(path): \(keyword) has an argument that it cannot have"]
        }
    }

    private static func elements(_ value: JSON, _ keyword: String, _ argument: JSON, at path: String) -> [String] {
        guard let elements = value.elements else { return [] }
        switch keyword {
        case "items":
            return elements.enumerated().flatMap { findings($1, argument, at: "\(path)[\($0)]") }
        case "uniqueItems":
            let hasRepetition = elements.indices.contains { elements[..<$0].contains(elements[$0]) }
            return hasRepetition ? ["\(path): an element stands twice"] : []
        default:
            let limit = argument.number ?? .nan
            let isRight = keyword == "minItems" ? Double(elements.count) >= limit : Double(elements.count) <= limit
            return isRight ? [] : ["\(path): \(elements.count) elements, \(keyword) \(limit)"]
        }
    }

    private static func text(_ value: JSON, _ keyword: String, _ argument: JSON, at path: String) -> [String] {
        guard let text = value.text else { return [] }
        let isRight: Bool
        switch (keyword, argument) {
        case ("minLength", .number(let limit)): isRight = Double(text.unicodeScalars.count) >= limit
        case ("maxLength", .number(let limit)): isRight = Double(text.unicodeScalars.count) <= limit
        case ("pattern", .string(let pattern)):
            isRight = text.range(of: pattern, options: .regularExpression) != nil
        case ("format", .string("date-time")): isRight = text.contains("T")
        default: return ["\(path): this checker does not know \(keyword) \(argument)"]
        }
        return isRight ? [] : ["\(path): \(keyword) \(argument) does not hold for \"\(text)\""]
    }

    private static func combined(_ value: JSON, _ keyword: String, _ argument: JSON, at path: String) -> [String] {
        if keyword == "not" {
            return findings(value, argument, at: path).isEmpty ? ["\(path): is what it must not be"] : []
        }
        let count = (argument.elements ?? []).count { findings(value, $0, at: path).isEmpty }
        let isRight = keyword == "oneOf" ? count == 1 : count > 0
        return isRight ? [] : ["\(path): \(count) of the schemas of \(keyword) hold for \(value)"]
    }
}
