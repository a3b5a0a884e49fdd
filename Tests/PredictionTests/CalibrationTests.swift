import Prediction
import Testing

@Suite struct CalibrationTests {
    private let scores = OutcomeMetricsTests.scores
    private let outcomes = OutcomeMetricsTests.outcomes

    @Test func isotonicIsScikitLearns() {
        let calibration = ProbabilityCalibration(.isotonic, scores: scores, outcomes: outcomes, isLogOdds: false)
        let expected = [
            (0, 0.0), (0.1, 0), (0.25, 0.3), (0.333, 0.3), (0.5, 0.42857142857142855), (0.61, 0.8181818181818182),
            (0.777, 0.9090909090909091), (0.9, 0.9318181818181818), (1, 1),
        ]
        let floor = 1.0 / 62
        for (score, value) in expected {
            #expect(abs(calibration.probability(score) - min(1 - floor, max(floor, value))) < 1e-12, "\(score)")
        }
    }

    @Test func plattIsScikitLearns() {
        let margins = scores.map { LogOdds.margin($0) }
        guard
            case .platt(let slope, let offset, _) = ProbabilityCalibration(
                .platt, scores: margins, outcomes: outcomes, isLogOdds: true)
        else {
            Issue.record("another calibration")
            return
        }
        // Scikit-learn stops where the gradient is 1e-6.
        #expect(abs(slope - -1.1510500778349562) < 1e-5)
        #expect(abs(offset - -0.08172918317288387) < 1e-5)
    }

    @Test func probabilitiesNeverFall() {
        for method in [ProbabilityCalibration.Method.platt, .isotonic, .none] {
            let calibration = ProbabilityCalibration(method, scores: scores, outcomes: outcomes, isLogOdds: false)
            let values = stride(from: -0.5, through: 1.5, by: 0.01).map { calibration.probability($0) }
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(values.allSatisfy { (0...1).contains($0) })
        }
    }

    /// Where the rows that judge it go against a score, its order is not turned round.
    @Test func plattNeverTurnsTheOrder() {
        let reversed = ProbabilityCalibration(
            .platt, scores: scores.map { -LogOdds.margin($0) }, outcomes: outcomes, isLogOdds: true)
        let share = Double(outcomes.count { $0 } + 1) / Double(outcomes.count + 2)
        for score in [-5.0, 0, 5] { #expect(abs(reversed.probability(score) - share) < 1e-12) }
    }

    @Test func autoTakesPlattWhereRowsAreFew() {
        #expect(ProbabilityCalibration(.auto, scores: scores, outcomes: outcomes, isLogOdds: false).method == .platt)
        let many = (0..<1000).map { Double($0) }
        let both = (0..<1000).map { $0.isMultiple(of: 2) }
        #expect(ProbabilityCalibration(.auto, scores: many, outcomes: both, isLogOdds: true).method == .isotonic)
    }

    @Test func oneOutcomeOrPartedScoresAreNoTrap() {
        let one = ProbabilityCalibration(.platt, scores: [1, 2], outcomes: [true, true], isLogOdds: true)
        #expect(one.method == .none)
        let parted = ProbabilityCalibration(
            .platt, scores: [-5, -4, 4, 5], outcomes: [false, false, true, true], isLogOdds: true)
        #expect(parted.probability(5) > 0.7 && parted.probability(5) < 1)
        let alike = ProbabilityCalibration(
            .platt, scores: [2, 2, 2, 2], outcomes: [false, true, true, true], isLogOdds: true)
        #expect(alike.probability(2).isFinite)
    }
}
