/// The logistic regression of outcomes on predicted log-odds (Cox 1958, "Two further applications of a model for binary
/// regression").
struct CalibrationLine {
    let slope: EstimatedValue
    /// With a slope of 1.
    let intercept: EstimatedValue

    /// Nil where an outcome does not occur, or the probabilities part the outcomes entirely or do not differ.
    init?(_ probabilities: [Double], _ outcomes: [Bool]) {
        let margins = probabilities.map(LogOdds.margin)
        guard let first = margins.first, margins.contains(where: { abs($0 - first) > 1e-9 }),
            outcomes.contains(true), outcomes.contains(false),
            let line = Self.fit(margins, outcomes, isSlopeFree: true),
            let level = Self.fit(margins, outcomes, isSlopeFree: false)
        else { return nil }
        slope = EstimatedValue(line.slope, standardError: line.slopeError)
        intercept = EstimatedValue(level.offset, standardError: level.offsetError)
    }

    private struct Fit {
        var (slope, offset) = (1.0, 0.0)
        var (slopeError, offsetError) = (0.0, 0.0)
    }

    private static func fit(_ margins: [Double], _ outcomes: [Bool], isSlopeFree: Bool) -> Fit? {
        var fit = Fit()
        for _ in 0..<60 {
            var (h11, h12, h22, g1, g2) = (0.0, 0.0, 0.0, 0.0, 0.0)
            for (margin, outcome) in zip(margins, outcomes) {
                let share = LogOdds.share(fit.slope * margin + fit.offset)
                let (weight, residual) = (share * (1 - share), (outcome ? 1 : 0) - share)
                h11 += weight * margin * margin
                h12 += weight * margin
                h22 += weight
                g1 += residual * margin
                g2 += residual
            }
            let determinant = isSlopeFree ? h11 * h22 - h12 * h12 : h22
            guard determinant > 1e-9 * max(1, h22) else { return nil }
            let slopeStep = isSlopeFree ? (h22 * g1 - h12 * g2) / determinant : 0
            let offsetStep = isSlopeFree ? (h11 * g2 - h12 * g1) / determinant : g2 / h22
            // A longer step leaves what the second derivatives tell.
            let share = min(1, 2 / max(abs(slopeStep), abs(offsetStep), 2))
            fit.slope += share * slopeStep
            fit.offset += share * offsetStep
            fit.slopeError = isSlopeFree ? (h22 / determinant).squareRoot() : 0
            fit.offsetError = (isSlopeFree ? h11 / determinant : 1 / h22).squareRoot()
            guard abs(fit.slope) < 1e4, abs(fit.offset) < 1e4 else { return nil }
            if max(abs(slopeStep), abs(offsetStep)) < 1e-11 { return fit }
        }
        return nil
    }
}
