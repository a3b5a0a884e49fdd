import Interactions
import ItemFilter
import TestSupport

/// Expressions that fit a catalogue of made-up items, and the items.
struct RandomExpressions {
    var generator: SeededGenerator

    static let types: [String: FilterType] = [
        "price": .number, "margin": .number, "brand": .string, "title": .string, "tags": .strings, "moods": .strings,
        "adult": .boolean, "launch": .time, "unit price": .number, "not": .boolean,
    ]
    private static let words = ["a", "b", "ab", "shoe", "shoes", "Schuhe", "é", "\"q\"", "\\", "日本"]

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[generator.index(below: elements.count)] }

    mutating func items(_ count: Int) -> [[Item.Property]] { (0..<count).map { _ in item() } }

    mutating func item() -> [Item.Property] {
        var properties: [Item.Property] = []
        for name in Self.types.keys.sorted() where generator.unit() < 0.8 {
            // Now and then a value of another type, as files have them.
            let type = generator.unit() < 0.05 ? pick(FilterType.allCases) : Self.types[name] ?? .string
            properties.append(Item.Property(name, value(type)))
        }
        return properties
    }

    mutating func value(_ type: FilterType) -> PropertyValue {
        switch type {
        case .string: .string(pick(Self.words))
        case .strings: .strings((0..<generator.index(below: 4)).map { _ in pick(Self.words) })
        case .number: .number(pick([0, 1, -1, 2.5, 50, 1e9]))
        case .boolean: .boolean(generator.unit() < 0.5)
        case .time: .time(pick([0, 1_700_000_000_000, 1_715_938_200_123, -86_400_000]))
        }
    }

    mutating func bindings() -> FilterBindings {
        var context: [String: PropertyValue] = [:]
        for property in item() { context[property.name] = property.value }
        context["id"] = .string("item-1")
        return FilterBindings(
            now: 1_715_938_234_567, context: context, user: generator.unit() < 0.5 ? [:] : ["id": .string("a")])
    }

    private mutating func node(_ form: FilterNode.Form) throws -> FilterNode { try FilterNode(form, at: .member("")) }

    private mutating func property(_ type: FilterType) throws -> FilterNode {
        if type == .string, generator.unit() < 0.1 { return try node(.property(.user, "id")) }
        if type == .string, generator.unit() < 0.1 { return try node(.property(pick([.item, .context]), "id")) }
        let names = Self.types.keys.sorted().filter { Self.types[$0] == type }
        return try node(.property(generator.unit() < 0.25 ? .context : .item, pick(names)))
    }

    mutating func condition(_ depth: Int) throws -> FilterNode {
        guard depth > 0 else {
            return generator.unit() < 0.7
                ? try property(.boolean) : try node(.value(.boolean(generator.unit() < 0.5)))
        }
        switch generator.index(below: 11) {
        case 0: return try .all(try parts(depth), at: .member(""))
        case 1: return try .any(try parts(depth), at: .member(""))
        case 2: return try node(.not(try condition(depth - 1)))
        case 3:
            return try node(.comparison(pick([.equal, .notEqual]), try condition(depth - 1), try condition(depth - 1)))
        case 4:
            return try node(.comparison(pick([.equal, .notEqual]), try anything(depth - 1), try node(.value(.null))))
        case 5, 6: return try numberComparison(depth)
        default: return try textComparison(depth)
        }
    }

    private mutating func parts(_ depth: Int) throws -> [FilterNode] {
        var parts: [FilterNode] = []
        for _ in 0..<generator.index(below: 4) { parts.append(try condition(depth - 1)) }
        return parts
    }

    private mutating func anything(_ depth: Int) throws -> FilterNode {
        switch generator.index(below: 4) {
        case 0: try condition(depth)
        case 1: try number(depth)
        case 2: try property(.string)
        default: try property(.strings)
        }
    }

    private mutating func numberComparison(_ depth: Int) throws -> FilterNode {
        let comparison = pick([
            ComparisonOperator.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual,
        ])
        switch generator.index(below: 4) {
        case 0: return try node(.comparison(comparison, try time(depth - 1), try time(depth - 1)))
        case 1:
            let values = (0..<generator.index(below: 4)).map { _ in FilterValue.number(pick([0, 1, -1, 2.5])) }
            return try node(.comparison(.isIn, try number(depth - 1), try node(.list(values))))
        default: return try node(.comparison(comparison, try number(depth - 1), try number(depth - 1)))
        }
    }

    private mutating func textComparison(_ depth: Int) throws -> FilterNode {
        switch generator.index(below: 5) {
        case 0: return try node(.comparison(.isIn, try text(), try texts()))
        case 1: return try node(.comparison(.contains, try property(.strings), try text()))
        case 2: return try node(.comparison(.overlaps, try texts(), try texts()))
        case 3: return try node(.comparison(pick([.equal, .notEqual]), try text(), try text()))
        default: return try node(.comparison(pick([.contains, .startsWith, .endsWith]), try text(), try text()))
        }
    }

    private mutating func text() throws -> FilterNode {
        generator.unit() < 0.5 ? try property(.string) : try node(.value(.string(pick(Self.words))))
    }

    private mutating func texts() throws -> FilterNode {
        if generator.unit() < 0.5 { return try property(.strings) }
        return try node(.list((0..<generator.index(below: 4)).map { _ in .string(pick(Self.words)) }))
    }

    mutating func number(_ depth: Int) throws -> FilterNode {
        guard depth > 0 else {
            return generator.unit() < 0.5
                ? try property(.number)
                : try node(.value(.number(pick([0, 1, -1, 0.5, 3, 1e16, .leastNonzeroMagnitude]))))
        }
        switch generator.index(below: 6) {
        case 0:
            return try node(.arithmetic(.multiply, try condition(depth - 1), try number(depth - 1)))
        case 1: return try .negated(try number(depth - 1), at: .member(""))
        case 2:
            let function = pick(FilterFunction.allCases)
            let parts = function == .min || function == .max ? 2 : 1
            return try node(.function(function, try (0..<parts).map { _ in try number(depth - 1) }))
        case 3: return try node(.arithmetic(.divide, try duration(depth - 1), try duration(depth - 1)))
        default:
            return try node(
                .arithmetic(pick(ArithmeticOperator.allCases), try number(depth - 1), try number(depth - 1)))
        }
    }

    private mutating func duration(_ depth: Int) throws -> FilterNode {
        guard depth > 0 else { return try node(.value(.duration(pick([0, 1, 1_500, 86_400_000, -3_600_000])))) }
        if generator.unit() < 0.5 {
            return try node(.arithmetic(.subtract, try time(depth - 1), try time(depth - 1)))
        }
        return try node(.arithmetic(.multiply, try number(depth - 1), try duration(depth - 1)))
    }

    private mutating func time(_ depth: Int) throws -> FilterNode {
        guard depth > 0 else {
            switch generator.index(below: 3) {
            case 0: return try node(.now)
            case 1: return try node(.value(.time(pick([0, 1_715_938_200_123, -1, 253_402_300_799_999]))))
            default: return try property(.time)
            }
        }
        return try node(.arithmetic(pick([.add, .subtract]), try time(depth - 1), try duration(depth - 1)))
    }
}
