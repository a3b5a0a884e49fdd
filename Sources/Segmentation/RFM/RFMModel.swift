package import LinearAlgebra

/// What is kept of an RFM segmentation: enough to say which segment a customer belongs to.
package struct RFMModel: Sendable, Equatable {
    package let scaling: RFMScaling
    package let scores: RFMScores
    /// `[segmentCount x 3]`, scaled.
    package let centres: DenseMatrix
    /// By cluster.
    package let profiles: [SegmentProfile]
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let referenceTime: Int64

    /// There is a profile for every centre.
    package init(
        scaling: RFMScaling, scores: RFMScores, centres: DenseMatrix, profiles: [SegmentProfile], referenceTime: Int64
    ) {
        precondition(centres.rowCount == profiles.count && centres.rowCount > 0 && centres.columnCount == 3)
        self.scaling = scaling
        self.scores = scores
        self.centres = centres
        self.profiles = profiles
        self.referenceTime = referenceTime
    }

    package struct Prediction: Sendable, Equatable {
        package let segmentIndex: Int
        /// Of the ten by rule.
        package let ruleSegment: RFMSegment
        /// To the segment's centre, in scaled values.
        package let distanceToCentre: Double
        /// 1 - a / b, with a the distance to the segment's centre and b that to the next one: 1 on the centre, 0 half-way to
        /// another (the simplified silhouette of Hruschka, de Castro, Campello 2004). 1 where there is one segment.
        package let confidence: Double
    }

    /// Refuses negative and non-finite values by name.
    package func predict(_ values: RFMValues) throws(SegmentationError) -> Prediction {
        try values.check()
        let scaled = DenseMatrix(rowCount: 1, columnCount: 3, values: scaling.scaled(values))
        let nearest = NearestCentres(of: scaled, to: centres, threadCount: 1)
        let index = Int(nearest.labels[0])
        let distance = nearest.squaredDistances[0].squareRoot()
        let others = (0..<centres.rowCount).filter { $0 != index }
        var confidence = 1.0
        if !others.isEmpty {
            let next = NearestCentres(of: scaled, to: centres.rows(others), threadCount: 1).squaredDistances[0]
            confidence = next > 0 ? max(0, 1 - distance / next.squareRoot()) : 0
        }
        return Prediction(
            segmentIndex: index, ruleSegment: scores.segment(values), distanceToCentre: distance,
            confidence: confidence)
    }
}
