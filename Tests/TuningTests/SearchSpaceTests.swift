import Testing
import Tuning

@Suite struct SearchSpaceTests {
    private static let space = SearchSpace(
        models: ["ease", "item-knn"],
        options: [
            TunedOption("ease-l2", .logarithmic(0.5...50, unit: "x"), of: ["ease"]),
            TunedOption("knn-shrinkage", .linear(0...100), of: ["item-knn"]),
            TunedOption("neighbours", .choice(["100", "200", "400"])),
        ])

    @Test func theFirstTrialsAreTheDefaults() {
        #expect(Self.space.settings(ofTrial: 0, seed: 1).isEmpty)
        #expect(Self.space.settings(ofTrial: 1, seed: 1) == [TrialSetting("model", "ease")])
        #expect(Self.space.settings(ofTrial: 2, seed: 1) == [TrialSetting("model", "item-knn")])
    }

    /// Where there is no choice of models, only the first trial is a default.
    @Test func aSpaceWithoutModelsDrawsFromTheSecondTrialOn() {
        let space = SearchSpace(
            models: [], options: [TunedOption("a", .choice(["1"])), TunedOption("b", .choice(["2"]))])
        #expect(space.settings(ofTrial: 0, seed: 1).isEmpty)
        #expect(space.settings(ofTrial: 1, seed: 1) == [TrialSetting("a", "1"), TrialSetting("b", "2")])
    }

    @Test func aTrialHasTheOptionsOfItsModelOnly() throws {
        for trial in 3..<200 {
            let settings = Self.space.settings(ofTrial: trial, seed: 7)
            let model = try #require(settings.first { $0.name == "model" }?.value)
            let own = model == "ease" ? "ease-l2" : "knn-shrinkage"
            #expect(settings.map(\.name) == ["model", own, "neighbours"])
        }
    }

    @Test func drawsCoverTheirRanges() throws {
        var shrinkages: [Double] = []
        var factors: [Double] = []
        var neighbours: Set<String> = []
        for trial in 3..<2003 {
            for setting in Self.space.settings(ofTrial: trial, seed: 3) {
                switch setting.name {
                case "ease-l2":
                    #expect(setting.value.hasSuffix("x"))
                    factors.append(try #require(Double(setting.value.dropLast())))
                case "knn-shrinkage": shrinkages.append(try #require(Double(setting.value)))
                case "neighbours": neighbours.insert(setting.value)
                default: break
                }
            }
        }
        #expect(factors.allSatisfy { (0.5...50).contains($0) })
        #expect(shrinkages.allSatisfy { (0...100).contains($0) })
        #expect(neighbours == ["100", "200", "400"])
        // Uniform in the logarithm: half of the draws below the geometric mean, 5. Uniform: half below 50.
        let below5 = Double(factors.count { $0 < 5 }) / Double(factors.count)
        let below50 = Double(shrinkages.count { $0 < 50 }) / Double(shrinkages.count)
        #expect((0.45...0.55).contains(below5))
        #expect((0.45...0.55).contains(below50))
        #expect((900...1100).contains(factors.count))
    }

    @Test func valuesHaveThreeDigits() {
        for trial in 3..<500 {
            for setting in Self.space.settings(ofTrial: trial, seed: 11) where setting.name != "model" {
                let digits = setting.value.filter(\.isNumber).drop { $0 == "0" }
                #expect(digits.count <= 3, "\(setting)")
            }
        }
    }

    @Test func settingsFollowFromSeedAndNumber() {
        let first = (0..<50).map { Self.space.settings(ofTrial: $0, seed: 5) }
        #expect(first == (0..<50).map { Self.space.settings(ofTrial: $0, seed: 5) })
        #expect(first != (0..<50).map { Self.space.settings(ofTrial: $0, seed: 6) })
        #expect(Set(first.dropFirst(3).map { "\($0)" }).count > 40)
    }
}
