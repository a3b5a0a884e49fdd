internal import CScoringKernels

// Products of one vector with every row of a large matrix, in whole numbers: rows have 8 bits and a scale each, the vector as
// many of 16 bits as keep every sum within 32. The sums are exact, so they are the same on every processor.

/// How rows are kept.
package enum QuantizedRows {
    /// Appends `values` as whole numbers from -127 to 127 and returns what 1 is worth.
    package static func append(_ values: ArraySlice<Float>, to rows: inout [Int8]) -> Float {
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        guard largest > 0, largest.isFinite else {
            rows += Array(repeating: 0, count: values.count)
            return 0
        }
        let scale = largest / 127
        for value in values { rows.append(Int8(max(-127, min(127, (value / scale).rounded())))) }
        return scale
    }

    /// output[firstRow + row] = row . vector, for `scales.count` rows of the vector's length.
    /// - Parameters:
    ///   - rows: `scales.count` times the vector's length of numbers.
    ///   - output: has room for `firstRow + scales.count` items.
    package static func multiply(
        _ rows: UnsafeBufferPointer<Int8>, scales: UnsafeBufferPointer<Float>, by vector: QuantizedVector,
        into output: PaddedScores, firstRow: Int
    ) {
        precondition(rows.count == scales.count * vector.values.count)
        precondition(firstRow >= 0 && firstRow + scales.count <= output.capacity)
        guard let rowStart = rows.baseAddress, let scaleStart = scales.baseAddress else { return }
        unsafe ft_multiply_rows(
            rowStart, scaleStart, scales.count, vector.values.count, vector.values, vector.unit,
            output.start + firstRow)
    }

    /// output[place] = row . vector, to the last bit what it were as a row of a matrix.
    package static func multiply(
        _ row: QuantizedRow, by vector: QuantizedVector, into output: PaddedScores, at place: Int
    ) {
        unsafe row.values.withUnsafeBufferPointer { values in
            unsafe withUnsafePointer(to: row.scale) { scale in
                unsafe multiply(
                    values, scales: UnsafeBufferPointer(start: scale, count: 1), by: vector, into: output,
                    firstRow: place)
            }
        }
    }
}

/// One row, kept as a matrix keeps its rows.
package struct QuantizedRow: Sendable, Equatable {
    fileprivate private(set) var values: [Int8] = []
    fileprivate let scale: Float

    package init(_ values: [Float]) { scale = QuantizedRows.append(values[...], to: &self.values) }

    /// What is kept of each value.
    package var kept: [Float] { values.map { scale * Float($0) } }
}

/// A vector of whole numbers, and what 1 is worth.
package struct QuantizedVector: Sendable {
    package private(set) var values: [Int16]
    package private(set) var unit: Float = 0

    package init(dimension: Int) { values = Array(repeating: 0, count: dimension) }

    /// - Parameter vector: finite, as many as the dimension.
    package mutating func take(_ vector: [Float]) {
        precondition(vector.count == values.count)
        let largest = vector.reduce(0) { max($0, $1.magnitude) }
        // 127 times the limit, `dimension` times, is below 2^31.
        let limit = Float(min(Int(Int16.max), Int(Int32.max) / (127 * max(vector.count, 1))))
        unit = largest / limit
        guard unit > 0, unit.isFinite else {
            unit = 0
            for index in values.indices { values[index] = 0 }
            return
        }
        for index in values.indices { values[index] = Int16(max(-limit, min(limit, (vector[index] / unit).rounded()))) }
    }
}
