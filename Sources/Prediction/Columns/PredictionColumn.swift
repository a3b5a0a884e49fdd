/// A column of a table from which, or of which, something is predicted.
package struct PredictionColumn: Sendable, Equatable {
    package enum Values: Sendable, Equatable {
        /// NaN where the row has none; else finite.
        case numbers([Double])
        /// Indexes of `names`, -1 where the row has none.
        case words([Int32], names: [String])
    }

    package let name: String
    package let values: Values

    package init(_ name: String, _ values: Values) {
        self.name = name
        self.values = values
    }

    package init(_ name: String, numbers: [Double]) { self.init(name, .numbers(numbers)) }

    package init(_ name: String, words: [String]) {
        var names: [String] = []
        var places: [String: Int32] = [:]
        let indexes = words.map { word -> Int32 in
            if word.isEmpty { return -1 }
            if let place = places[word] { return place }
            names.append(word)
            places[word] = Int32(names.count - 1)
            return Int32(names.count - 1)
        }
        self.init(name, .words(indexes, names: names))
    }

    package var count: Int {
        switch values {
        case .numbers(let numbers): numbers.count
        case .words(let indexes, _): indexes.count
        }
    }

    /// The rows named, in their order.
    package func rows(_ rows: [Int]) -> PredictionColumn {
        switch values {
        case .numbers(let numbers): PredictionColumn(name, .numbers(rows.map { numbers[$0] }))
        case .words(let indexes, let names): PredictionColumn(name, .words(rows.map { indexes[$0] }, names: names))
        }
    }
}
