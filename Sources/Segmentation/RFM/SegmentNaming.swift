/// Readable names for clusters of customers: each is called after the rule segment that its customers' mean scores fall
/// into. Where two would share a name, the one of greater worth keeps it and the next is "... 2".
enum SegmentNaming {
    struct MeanScores {
        let recency: Double
        /// The mean of frequency and monetary scores.
        let worth: Double

        init(recency: Double, worth: Double) {
            self.recency = recency
            self.worth = worth
        }

        init(_ customers: [RFMValues], _ scores: RFMScores) {
            let count = Double(max(customers.count, 1))
            func mean(_ feature: RFMFeature) -> Double {
                Double(customers.reduce(0) { $0 + scores.score($1, feature) }) / count
            }
            recency = mean(.recency)
            worth = (mean(.frequency) + mean(.monetary)) / 2
        }
    }

    static func segments(_ scores: [MeanScores]) -> [(name: String, title: String)] {
        let segments = scores.map { scores in
            RFMSegment(recencyScore: rounded(scores.recency), worthScore: rounded(scores.worth))
        }
        return scores.indices.map { index in
            let rivals = scores.indices.filter { other in
                guard segments[other] == segments[index] else { return false }
                let (a, b) = (scores[other].worth, scores[index].worth)
                return a > b || a == b && other < index
            }
            let segment = segments[index]
            guard !rivals.isEmpty else { return (segment.rawValue, segment.title) }
            return ("\(segment.rawValue)_\(rivals.count + 1)", "\(segment.title) \(rivals.count + 1)")
        }
    }

    private static func rounded(_ score: Double) -> Int { min(5, max(1, Int(score.rounded()))) }
}
