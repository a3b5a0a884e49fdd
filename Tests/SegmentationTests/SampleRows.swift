import LinearAlgebra
import Segmentation
import TestSupport

/// `clusterCount` round clouds of rows around random places; row r is of cloud r % clusterCount.
func clouds(
    _ rowCount: Int, _ columnCount: Int, clusterCount: Int, spread: Double = 1, seed: UInt64 = 1
) -> DenseMatrix {
    var generator = SeededGenerator(seed: seed)
    let places = (0..<clusterCount * columnCount).map { _ in generator.unit() * 10 }
    var rows = DenseMatrix(zeros: rowCount, columnCount)
    for row in 0..<rowCount {
        for column in 0..<columnCount {
            rows[row, column] = Float(
                places[row % clusterCount * columnCount + column] + spread * generator.normal())
        }
    }
    return rows
}

func matrix(_ rows: [[Float]]) -> DenseMatrix {
    DenseMatrix(rowCount: rows.count, columnCount: rows.first?.count ?? 0, values: rows.flatMap { $0 })
}

func squaredDistance(_ a: DenseMatrix, _ row: Int, _ b: DenseMatrix, _ other: Int) -> Double {
    (0..<a.columnCount).reduce(0) { sum, column in
        let difference = Double(a[row, column]) - Double(b[other, column])
        return sum + difference * difference
    }
}

/// Lloyd's iterations by the definition, in Double, without bounds; centres rounded to Float as the product's are.
func plainLloyd(_ rows: DenseMatrix, from centres: DenseMatrix, iterations: Int) -> (DenseMatrix, labels: [Int]) {
    var centres = centres
    var labels: [Int] = []
    for _ in 0..<iterations {
        labels = (0..<rows.rowCount).map { row in
            (0..<centres.rowCount).min {
                squaredDistance(rows, row, centres, $0) < squaredDistance(rows, row, centres, $1)
            } ?? 0
        }
        for cluster in 0..<centres.rowCount {
            let members = labels.indices.filter { labels[$0] == cluster }
            guard !members.isEmpty else { continue }
            for column in 0..<rows.columnCount {
                let sum = members.reduce(0.0) { $0 + Double(rows[$1, column]) }
                centres[cluster, column] = Float(sum / Double(members.count))
            }
        }
    }
    return (centres, labels)
}

/// 60 rows of whole numbers in 3 columns, in 4 overlapping groups (row % 4), and random labels. The goldens of
/// scikit-learn and SciPy are for these rows; `Tools/benchmark-kmeans` compares the same measures on other data.
struct GoldenRows {
    let rows: DenseMatrix
    let groups: [Int32]
    let randomLabels: [Int32]

    init() {
        var generator = SeededGenerator(seed: 7)
        var rows = DenseMatrix(zeros: 60, 3)
        var randomLabels: [Int32] = []
        for row in 0..<60 {
            for column in 0..<3 {
                var value = Int(generator.next() >> 58)
                if column == 0 { value += 40 * (row % 4) }
                if column == 1 && row % 4 == 2 { value += 25 }
                rows[row, column] = Float(value)
            }
            randomLabels.append(Int32(generator.next() >> 62))
        }
        self.rows = rows
        self.randomLabels = randomLabels
        groups = (0..<60).map { Int32($0 % 4) }
    }
}
