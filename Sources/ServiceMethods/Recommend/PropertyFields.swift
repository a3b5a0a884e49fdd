import RecommendationIndex
import RecommendationService
import WireProtocol

/// Writes the properties of an item that a request asked for, straight from where they are kept.
struct PropertyFields {
    private let view: CatalogView
    private let names: [String]
    /// By the number of the property's name; nil: all of them. Names are compared once for a request, not for each item.
    private let wanted: [Bool]?

    /// Nil where none is asked for.
    init?(_ view: CatalogView, _ selection: FieldSelection) {
        self.view = view
        names = view.propertyNames
        switch selection {
        case .none: return nil
        case .all: wanted = nil
        case .named(let selected):
            let texts = Set(selected.map(\.string))
            wanted = names.map { texts.contains($0) }
        }
    }

    func write(of item: ItemNumber, _ writer: inout JSONWriter) {
        writer.beginFields()
        view.forEachProperty(of: item) { nameIndex, value in
            guard wanted?[nameIndex] ?? true else { return }
            var name = names[nameIndex]
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
