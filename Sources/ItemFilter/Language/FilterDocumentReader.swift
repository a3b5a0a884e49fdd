import Spelling

/// Reads an expression from JSON.
package struct FilterDocumentReader {
    package static func parse(_ document: FilterDocument) throws(FilterError) -> FilterNode {
        let node = try read(document, "", depth: 1)
        guard node.text.utf8.count <= FilterLimits.textBytes else {
            throw FilterError(
                .member(""), "The filter's text would have more than \(FilterLimits.textBytes) bytes of UTF-8.")
        }
        return node
    }

    private static let operators =
        ["all", "any", "not", "property", "context", "user", "now", "time", "duration"]
        + ComparisonOperator.allCases.map(\.memberName) + ArithmeticOperator.allCases.map(\.rawValue)
        + FilterFunction.allCases.map(\.rawValue)

    private static func read(
        _ document: FilterDocument, _ path: String, depth: Int
    ) throws(FilterError) -> FilterNode {
        let place = FilterPlace.member(path)
        guard depth <= FilterLimits.depth else {
            throw FilterError(place, "More than \(FilterLimits.depth) parts stand inside one another.")
        }
        switch document {
        case .null: return try FilterNode(.value(.null), at: place)
        case .boolean(let boolean): return try FilterNode(.value(.boolean(boolean)), at: place)
        case .number(let number): return try FilterNode(.value(.number(number)), at: place)
        case .string(let text): return try FilterNode(.value(.string(text)), at: place)
        case .list(let values): return try FilterNode(.list(try read(list: values, path)), at: place)
        case .object(let members):
            guard members.count == 1 else {
                throw FilterError(
                    place, "The object has \(members.count) members.",
                    expected: #"one member, the operator's name, as in {"<": [{"property": "price"}, 50]}"#)
            }
            return try read(members[0], path, depth)
        }
    }

    private static func read(
        _ member: FilterDocument.Member, _ path: String, _ depth: Int
    ) throws(FilterError) -> FilterNode {
        let (name, value) = (member.name, member.value)
        let own = path.isEmpty ? name : "\(path).\(name)"
        let place = FilterPlace.member(own)
        func parts(_ count: ClosedRange<Int>) throws(FilterError) -> [FilterNode] {
            guard case .list(let elements) = value, count.contains(elements.count) else {
                let expected =
                    count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) or more"
                throw FilterError(place, "'\(name)' takes a list.", expected: "a list of \(expected) parts")
            }
            var read: [FilterNode] = []
            for (index, element) in elements.enumerated() {
                read.append(try self.read(element, "\(own)[\(index)]", depth: depth + 1))
            }
            return read
        }
        switch name {
        case "all": return try FilterNode.all(try parts(0...FilterLimits.operators), at: place)
        case "any": return try FilterNode.any(try parts(0...FilterLimits.operators), at: place)
        case "not": return try FilterNode(.not(try read(value, own, depth: depth + 1)), at: place)
        case "property": return try FilterNode(.property(.item, try propertyName(value, place)), at: place)
        case "context": return try FilterNode(.property(.context, try propertyName(value, place)), at: place)
        case "user": return try FilterNode(.property(.user, try propertyName(value, place)), at: place)
        case "now":
            _ = try parts(0...0)
            return try FilterNode(.now, at: place)
        case "time", "duration": return try FilterNode(.value(try scalar(member, place)), at: place)
        default: break
        }
        if let comparison = ComparisonOperator.allCases.first(where: { $0.memberName == name }) {
            let sides = try parts(2...2)
            return try FilterNode(.comparison(comparison, sides[0], sides[1]), at: place)
        }
        if let arithmetic = ArithmeticOperator(rawValue: name) {
            let sides = try parts(arithmetic == .subtract ? 1...2 : 2...2)
            if sides.count == 1 { return try FilterNode.negated(sides[0], at: place) }
            return try FilterNode(.arithmetic(arithmetic, sides[0], sides[1]), at: place)
        }
        if let function = FilterFunction(rawValue: name) {
            return try FilterNode(.function(function, try parts(function.argumentCount)), at: place)
        }
        throw FilterError(
            place, "There is no operator \(FilterText.string(name)).",
            expected: "one of " + operators.joined(separator: ", "),
            nearest: EditDistance.nearest(to: name, among: operators))
    }

    private static func propertyName(_ value: FilterDocument, _ place: FilterPlace) throws(FilterError) -> String {
        guard case .string(let name) = value, !name.isEmpty, !name.contains("`") else {
            throw FilterError(place, "This is no name.", expected: "a property's name as a string")
        }
        return name
    }

    private static func scalar(
        _ member: FilterDocument.Member, _ place: FilterPlace
    ) throws(FilterError) -> FilterValue {
        guard case .string(let text) = member.value else {
            throw FilterError(place, "'\(member.name)' takes a string.")
        }
        if member.name == "time" { return .time(try FilterHints.time(text, at: place)) }
        guard text.utf8.count <= 64, let duration = FilterText.milliseconds(ofDuration: text) else {
            throw FilterError(place, "This is no duration.", expected: "a number and a unit, such as 30d")
        }
        return .duration(duration)
    }

    private static func read(
        list values: [FilterDocument], _ path: String
    ) throws(FilterError) -> [FilterValue] {
        guard values.count <= FilterLimits.listValues else {
            throw FilterError(.member(path), "The list has more than \(FilterLimits.listValues) values.")
        }
        var read: [FilterValue] = []
        for (index, value) in values.enumerated() {
            let place = FilterPlace.member("\(path)[\(index)]")
            let found: FilterValue
            switch value {
            case .number(let number): found = .number(number)
            case .string(let text): found = .string(text)
            case .object(let members) where members.count == 1 && ["time", "duration"].contains(members[0].name):
                found = try scalar(members[0], place)
            case .object, .list, .null, .boolean: found = .null
            }
            read.append(try FilterHints.listValue(found, isNegative: false, at: place))
        }
        return read
    }
}
