import RecommendationIndex
import WireProtocol

/// Writes the properties of an item that a request asked for, straight from the index's memory.
struct PropertyFields {
    let index: RecommendationIndex
    let selection: FieldSelection

    func write(ofItem item: Int, _ writer: inout JSONWriter) {
        guard selection != .none else { return }
        writer.beginFields()
        index.properties.forEachProperty(ofItem: item) { nameIndex, value in
            var name = index.properties.names[nameIndex]
            guard isWanted(name) else { return }
            name.withUTF8 { name in unsafe Self.write(name, value, &writer) }
        }
        writer.endFields()
    }

    private func isWanted(_ name: String) -> Bool {
        switch selection {
        case .none: false
        case .all: true
        case .named(let names): names.contains { $0.string == name }
        }
    }

    private static func write(
        _ name: UnsafeBufferPointer<UInt8>, _ value: LentPropertyValue, _ writer: inout JSONWriter
    ) {
        switch value {
        case .string(let text): unsafe writer.field(name, text: text)
        case .number(let number): unsafe writer.field(name, number: number)
        case .boolean(let boolean): unsafe writer.field(name, boolean: boolean)
        case .time(let milliseconds): unsafe writer.field(name, time: milliseconds)
        case .strings(let list):
            unsafe writer.beginListField(name)
            unsafe list.forEach { text in unsafe writer.string(text) }
            writer.endArray()
        }
    }
}
