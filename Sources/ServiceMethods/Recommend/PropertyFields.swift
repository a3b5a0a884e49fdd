import RecommendationIndex
import WireProtocol

/// Writes the properties of an item that a request asked for, straight from the index's memory.
struct PropertyFields {
    private let index: RecommendationIndex
    /// By the number of the property's name; nil: all of them. Names are compared once for a request, not for each item.
    private let wanted: [Bool]?

    /// Nil where none is asked for.
    init?(_ index: RecommendationIndex, _ selection: FieldSelection) {
        self.index = index
        switch selection {
        case .none: return nil
        case .all: wanted = nil
        case .named(let names):
            let texts = Set(names.map(\.string))
            wanted = index.properties.names.map { texts.contains($0) }
        }
    }

    func write(ofItem item: Int, _ writer: inout JSONWriter) {
        writer.beginFields()
        index.properties.forEachProperty(ofItem: item) { nameIndex, value in
            guard wanted?[nameIndex] ?? true else { return }
            var name = index.properties.names[nameIndex]
            name.withUTF8 { name in unsafe Self.write(name, value, &writer) }
        }
        writer.endFields()
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
