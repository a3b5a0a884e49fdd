/// A file of JSON Lines that is scored without an index.
struct ListFile: Sendable {
    let members: [ListLineReader.Member]
    /// What the lines should hold, as a phrase.
    let expectation: String
    /// "the lists".
    let name: String
    let remedy: String

    static let lists = ListFile(
        members: [
            .init("ranked", .wholeNumbers, isRequired: true), .init("relevant", .wholeNumbers, isRequired: true),
            .init("history", .wholeNumbers),
        ], expectation: "the members \"ranked\" and \"relevant\", each once", name: "the lists",
        remedy: "Write one object a line, such as {\"ranked\":[3,1,2],\"relevant\":[1]}.")

    static let items = ListFile(
        members: [
            .init("count", .wholeNumber, isRequired: true), .init("categories", .wholeNumbers),
            .init("vector", .numbers),
        ], expectation: "the member \"count\", and \"categories\" and \"vector\" where there are any",
        name: "the items",
        remedy: "Write one object an item, in the order of their numbers from 0, such as "
            + "{\"count\":5,\"categories\":[0,2],\"vector\":[0.5,-1]}; vectors are all of one length.")

    /// `line` counts from 1.
    func error(line: Int, expected: String, found: String) -> EvaluationError {
        EvaluationError(
            .invalidList, operation: "reading line \(line) of \(name)", expected: expected, found: found, remedy: remedy
        )
    }

    /// Gives the number and members of every line that is not blank.
    func read(
        _ bytes: [UInt8], each body: (Int, [String: [Double]]) throws(EvaluationError) -> Void
    ) throws(EvaluationError) {
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var reader = ListLineReader(line, number: number, file: self)
            if let values = try reader.read() { try body(number, values) }
        }
    }
}

/// What a file of items says: all of them are the catalogue.
package struct ScoredItems: Sendable {
    package let trainingCounts: [Int32]
    package let descriptions: ItemDescriptions

    /// Reads `{"count":5,"categories":[0,2],"vector":[0.5,-1]}` a line, for the items 0, 1, 2 ...: training interactions,
    /// and where there are any, categories and the vector.
    package init(jsonLines bytes: [UInt8]) throws(EvaluationError) {
        var counts: [Int32] = []
        var categories: [[Int32]] = []
        var vectors: [[Float]] = []
        var dimension = 0
        var numbers: [Double: Int32] = [:]
        try ListFile.items.read(bytes) { line, values throws(EvaluationError) in
            let vector = (values["vector"] ?? []).map { Float($0) }
            if !vector.isEmpty, dimension > 0, vector.count != dimension {
                throw ListFile.items.error(
                    line: line, expected: "a vector of \(dimension) numbers", found: "\(vector.count)")
            }
            dimension = max(dimension, vector.count)
            counts += (values["count"] ?? []).map { Int32($0) }
            // Whatever numbers the file uses, what is kept of them is dense.
            categories.append(
                (values["categories"] ?? []).map { value in
                    let number = numbers[value] ?? Int32(numbers.count)
                    numbers[value] = number
                    return number
                })
            vectors.append(vector)
        }
        trainingCounts = counts
        let zero = [Float](repeating: 0, count: dimension)
        descriptions = ItemDescriptions(
            categoryName: nil, categories: categories, vectors: vectors.flatMap { $0.isEmpty ? zero : $0 },
            dimension: dimension)
    }
}
