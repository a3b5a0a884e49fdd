import Foundation
import TestSupport
import Testing

/// What `foretaste evaluate` is asked for, and says that it was.
@Suite struct EvaluateOptionsTests {
    private func evaluate(_ shop: BuiltShop, _ options: [String]) throws -> Subprocess.Outcome {
        try Subprocess.run(
            "foretaste",
            ["evaluate", "--interactions", shop.interactionsPath, "--model", "item-knn", "--no-latency", "--quiet"]
                + options)
    }

    @Test func someSystemsAndUsersWithWhatIsTakenAgain() throws {
        let shop = try BuiltShop()
        let outcome = try evaluate(
            shop,
            [
                "--split", "leave-last-basket", "--repeats", "include", "--systems", "hybrid,personal-frequency",
                "--test-users", "40", "--json",
            ])
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        let systems = try #require(report?["systems"] as? [[String: Any]], "\(outcome.errors)")
        #expect(systems.compactMap { $0["name"] as? String } == ["hybrid", "personal-frequency"])
        #expect(systems.allSatisfy { $0["users"] as? Int == 40 })
        #expect(report?["repeats"] as? String == "include" && report?["split"] as? String == "leave-last-basket")
        for system in systems {
            let parts = try #require(system["wantedParts"] as? [String: [String: Any]])
            #expect(Set(parts.keys) == ["repeat", "explore"])
        }
        let notes = try #require(report?["notes"] as? [String])
        #expect(notes.contains { $0.hasPrefix("Asked: 40 of ") && $0.hasSuffix("test users, drawn with seed 42.") })
    }

    @Test func namesThatMeanNothingAreRefused() throws {
        let shop = try BuiltShop()
        for names in ["hybrd", "hybrid,hybrid", "", "personal-frequency"] {
            let outcome = try evaluate(shop, ["--systems=\(names)"])
            #expect(outcome.exitCode == 2 && outcome.errors.contains("hybrid, collaborative"), "\(outcome.errors)")
        }
        #expect(try evaluate(shop, ["--repeats", "sometimes"]).exitCode == 2)
        #expect(try evaluate(shop, ["--repeats", "both", "--html", "x.html"]).exitCode == 2)
    }

    @Test func bothWaysOneAfterTheOther() throws {
        let shop = try BuiltShop()
        let options = ["--split", "leave-last-basket", "--systems", "hybrid", "--test-users", "20", "--json"]
        let both = try evaluate(shop, options + ["--repeats", "both"])
        let report = try JSONSerialization.jsonObject(with: Data(both.output.utf8)) as? [String: NSDictionary]
        for way in ["exclude", "include"] {
            let alone = try evaluate(shop, options + ["--repeats", way])
            let expected = try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? NSDictionary
            #expect(report?[way] == expected && expected != nil, "\(both.errors)")
        }
    }
}
