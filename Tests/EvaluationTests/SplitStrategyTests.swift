import Testing

@testable import Evaluation

struct SplitStrategyTests {
    @Test func readsEverySpelling() throws {
        #expect(try SplitStrategy(parsing: "leave-last-one") == .leaveLastOne)
        #expect(try SplitStrategy(parsing: "temporal:0.8") == .temporal(trainingShare: 0.8))
        #expect(try SplitStrategy(parsing: "random:0.25") == .random(trainingShare: 0.25))
        #expect(try SplitStrategy(parsing: "given") == .given)
    }

    @Test(arguments: [
        "leave-last-one", "leave-last-basket", "temporal:0.8", "random:0.25", "per-user:0.8", "cold-items:0.9",
        "user-holdout:0.1", "given",
    ])
    func spellsWhatItReads(text: String) throws {
        #expect(try SplitStrategy(parsing: text).spelling == text)
    }

    @Test(arguments: ["", "leave-one-out", "given:x", "leave-last-one:2", ":0.8", "Temporal:0.8"])
    func namesTheChoices(text: String) {
        let error = #expect(throws: EvaluationError.self) { try SplitStrategy(parsing: text) }
        #expect(error?.code == .unknownSplit)
        #expect(error?.found == "\"\(text)\"")
        #expect(error?.description.contains(SplitStrategy.choices) == true)
    }

    @Test(arguments: ["temporal", "temporal:", "temporal:0", "temporal:1", "random:-0.1", "random:nan", "random:80%"])
    func refusesBadShares(text: String) {
        let error = #expect(throws: EvaluationError.self) { try SplitStrategy(parsing: text) }
        #expect(error?.code == .invalidShare)
        #expect(error?.remedy == "Write for example \(text.split(separator: ":")[0]):0.8.")
    }
}
