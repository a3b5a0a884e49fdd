import Interactions
import LinearAlgebra

/// A model as a row of numbers, for files that know nothing of segments:
///
///     reference time | 3 means | 3 deviations | 3 x 4 bounds of scores
///     | per segment: 3 of the centre, customers, share, revenue share, 3 x (mean, median, least, greatest)
///
/// A statistic of a segment without customers is 0, as files hold finite numbers.
extension RFMModel {
    private static let headCount = 1 + 3 + 3 + 12
    private static let segmentCount = 3 + 3 + 12

    package var numbers: [Double] {
        var numbers = [Double(referenceTime)] + scaling.means + scaling.deviations + scores.bounds.flatMap(\.self)
        for (row, profile) in profiles.enumerated() {
            numbers += (0..<3).map { Double(centres[row, $0]) }
            numbers += [Double(profile.customerCount), profile.share, profile.revenueShare]
            for statistics in profile.statistics {
                numbers += [statistics.mean, statistics.median, statistics.least, statistics.greatest].map {
                    $0.isFinite ? $0 : 0
                }
            }
        }
        return numbers
    }

    /// Nil where `numbers` are none that a model wrote for as many segments as there are names.
    package init?(numbers: [Double], names: [String]) {
        guard !names.isEmpty, numbers.count == Self.headCount + names.count * Self.segmentCount,
            numbers.allSatisfy({ $0.isFinite }), NumberLimits.holds(numbers[0]),
            RFMScaling.isPossible(means: Array(numbers[1..<4]), deviations: Array(numbers[4..<7])),
            names.indices.allSatisfy({ segment in
                numbers[(Self.headCount + segment * Self.segmentCount)...].prefix(4).allSatisfy {
                    NumberLimits.holds($0)
                }
            })
        else { return nil }
        var centres = DenseMatrix(zeros: names.count, 3)
        let profiles = names.indices.map { segment in
            let part = Array(numbers[(Self.headCount + segment * Self.segmentCount)...].prefix(Self.segmentCount))
            for column in 0..<3 { centres[segment, column] = Float(part[column]) }
            return SegmentProfile(
                name: names[segment], title: names[segment], customerCount: Int(part[3].magnitude.rounded()),
                share: part[4], revenueShare: part[5],
                statistics: stride(from: 6, to: 18, by: 4).map {
                    .init(mean: part[$0], median: part[$0 + 1], least: part[$0 + 2], greatest: part[$0 + 3])
                })
        }
        self.init(
            scaling: RFMScaling(means: Array(numbers[1..<4]), deviations: Array(numbers[4..<7])),
            scores: RFMScores(bounds: stride(from: 7, to: 19, by: 4).map { Array(numbers[$0..<$0 + 4]) }),
            centres: centres, profiles: profiles, referenceTime: Int64(numbers[0]))
    }
}
