import Embeddings
import Foundation
import LinearAlgebra
import Segmentation
import TestSupport
import Testing

/// Values of float64 that lie far from each other. Expected inertias are those of sums over the float64 values.
struct CutLossTests {
    private func npy(_ rows: [[Double]]) -> Data {
        let zeros = DenseMatrix(zeros: rows.count, rows[0].count)
        // An origin of zeros makes it a file of float64, whose values then take their places.
        var data = VectorFile.npy(zeros, origins: [Double](repeating: 0, count: rows[0].count))
        data.removeLast(rows.count * rows[0].count * 8)
        for value in rows.joined() {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                data.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
            }
        }
        return data
    }

    private func fit(_ rows: [[Double]], _ count: Int) throws -> (model: KMeansModel, loss: CutLoss) {
        let data = npy(rows)
        let (matrix, origins) = try VectorFile.parseNpy(data, name: "x", centres: true)
        let model = try KMeans.fit(matrix, KMeansConfiguration(clusterCount: count).fitting(matrix))
        let exact = try VectorFile.doubles(ofNpy: data, name: "x")
        #expect(exact == Array(rows.joined()))
        return (model, CutLoss(exact: exact, rows: matrix, origins: try #require(origins), labels: model.labels))
    }

    private static let epochs: [Double] = [1, 2, 3, 4, 100, 101, 102, 103, 104].map { (second: Double) -> Double in
        1.7e9 + second
    }

    private func column(_ values: [Double]) -> [[Double]] { values.map { (value: Double) -> [Double] in [value] } }

    @Test func oneFarValueTakesNoDigitsFromTheOthers() throws {
        let times = column([0] + Self.epochs)
        let (model, loss) = try fit(times, 3)
        #expect(model.sizes == [5, 4, 1] && abs(model.inertia - 15) < 1e-3, "\(model.inertia)")
        try loss.check()
        let all = try fit(times, 20).model
        #expect(all.clusterCount == 10)
        // Half a unit about 0 and about 10, and one value a million millions away.
        let near = (0..<120).map { (number: Int) -> Double in
            let crowd: Double = number % 2 == 0 ? 0 : 10
            return crowd + Double(number % 12) / 12
        }
        let (far, farLoss) = try fit(column([1e12] + near), 3)
        #expect(far.sizes == [60, 60, 1])
        try farLoss.check()
        let alone = try fit(column(near), 2).model
        #expect(abs(far.inertia - alone.inertia) < 1e-3 * alone.inertia, "\(far.inertia) \(alone.inertia)")
    }

    /// Two crowds a thousand millions apart, whose own differences no float32 holds.
    @Test func whatNoFloat32HoldsIsRefused() throws {
        let rows = column(
            (0..<50).map { (number: Int) -> Double in
                let crowd: Double = number < 25 ? 1e9 : -1e9
                return crowd + Double(number % 5)
            })
        let (_, loss) = try fit(rows, 2)
        let error = #expect(throws: SegmentationError.self) { try loss.check() }
        #expect(error?.description.contains("differences that float32 keeps") == true, "\(loss.share)")
        let more = try fit(rows, 10).loss
        #expect(throws: SegmentationError.self) { try more.check() }
    }

    @Test func roundingOfFloat64IsNoLoss() throws {
        let (_, computed) = try fit([[0.3], [0.1 + 0.2], [7], [7.000_000_000_000_001]], 2)
        try computed.check()
        let (_, constant) = try fit([[5], [5], [5]], 2)
        try constant.check()
        let usual = (0..<1000).map { (number: Int) -> [Double] in
            let wide: Double = cos(Double(number * number)) * 1e6
            return [sin(Double(number)), wide]
        }
        let (_, loss) = try fit(usual, 8)
        #expect(loss.share < 1e-9)
    }
}
