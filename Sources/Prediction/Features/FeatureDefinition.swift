/// One column of a declared table of features: what it is called, what it is, and how it is measured.
package struct FeatureDefinition<Subject>: Sendable {
    package enum Value: Sendable, Equatable {
        /// NaN where there is nothing to measure.
        case number(Double)
        /// "" where there is none.
        case word(String)
    }

    package let name: String
    /// `events`, `days`, `share` ...
    package let unit: String
    /// One sentence for the dictionary.
    package let meaning: String
    package let value: @Sendable (Subject) -> Value

    init(_ name: String, _ unit: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> Double) {
        self.name = name
        self.unit = unit
        self.meaning = meaning
        self.value = { .number(value($0)) }
    }

    init(word name: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> String) {
        self.name = name
        unit = "word"
        self.meaning = meaning
        self.value = { .word(value($0)) }
    }
}

/// Shares of nothing are unknown.
func share(_ part: Double, of whole: Double) -> Double { whole > 0 ? part / whole : .nan }
