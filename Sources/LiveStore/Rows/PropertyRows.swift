internal import Interactions

// Properties within a row: their count, then of each name | kind u8 | value.
// Kinds: 0 removed, 1 text, 2 texts (count, then each), 3 number, 4 false, 5 true, 6 time.
extension RowWriter {
    mutating func properties(_ properties: [ItemChange.Property]) {
        count(properties.count)
        for property in properties {
            text(property.name)
            switch property.value {
            case nil: byte(0)
            case .string(let value):
                byte(1)
                text(value)
            case .strings(let values):
                byte(2)
                count(values.count)
                for value in values { text(value) }
            case .number(let value):
                byte(3)
                number(value)
            case .boolean(let value): byte(value ? 5 : 4)
            case .time(let value):
                byte(6)
                time(value)
            }
        }
    }
}

extension RowReader {
    mutating func properties() throws(DamagedRow) -> [ItemChange.Property] {
        // A name's length, one byte of it, a kind.
        let count = try count(elementByteCount: 3)
        var properties: [ItemChange.Property] = []
        properties.reserveCapacity(count)
        for _ in 0..<count { properties.append(ItemChange.Property(try text(), try propertyValue())) }
        return properties
    }

    private mutating func propertyValue() throws(DamagedRow) -> PropertyValue? {
        switch try byte() {
        case 0: return nil
        case 1: return .string(try text())
        case 2:
            var values: [String] = []
            for _ in 0..<(try count()) { values.append(try text()) }
            return .strings(values)
        case 3: return .number(try number())
        case 4: return .boolean(false)
        case 5: return .boolean(true)
        case 6: return .time(try time())
        case let kind: throw DamagedRow(text: "a property of kind \(kind)")
        }
    }
}
