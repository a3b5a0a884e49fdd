import Spelling
import TestSupport
import Testing

@Suite struct EditDistanceTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("abcd", "acbd", 1),
        ("ca", "abc", 3), ("größe", "grösse", 2), ("a", "b", 1),
    ])
    func knownDistances(first: String, second: String, distance: Int) {
        #expect(EditDistance.between(first, second, limit: 10) == distance)
        #expect(EditDistance.between(second, first, limit: 10) == distance)
        #expect(EditDistance.between(first, second, limit: distance) == distance)
        if distance > 0 { #expect(EditDistance.between(first, second, limit: distance - 1) == nil) }
    }

    @Test func agreesWithTheRecursiveDefinition() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<400 {
            let words = (0..<2).map { _ in
                (0..<generator.index(below: 7)).map { _ in ["a", "b", "c"][generator.index(below: 3)] }
            }
            let expected = Self.byDefinition(words[0][...], words[1][...])
            let (first, second) = (words[0].joined(), words[1].joined())
            #expect(EditDistance.between(first, second, limit: 9) == expected)
            for limit in 0...4 {
                #expect(EditDistance.between(first, second, limit: limit) == (expected <= limit ? expected : nil))
            }
        }
    }

    private static func byDefinition(_ a: ArraySlice<String>, _ b: ArraySlice<String>) -> Int {
        guard let lastA = a.last, let lastB = b.last else { return a.count + b.count }
        var cost = min(byDefinition(a.dropLast(), b), byDefinition(a, b.dropLast())) + 1
        cost = min(cost, byDefinition(a.dropLast(), b.dropLast()) + (lastA == lastB ? 0 : 1))
        if a.count > 1, b.count > 1, lastA == b[b.endIndex - 2], lastB == a[a.endIndex - 2] {
            cost = min(cost, byDefinition(a.dropLast(2), b.dropLast(2)) + 1)
        }
        return cost
    }

    @Test(arguments: [
        ("buidl", "build"), ("BUILD", "build"), ("inspcet", "inspect"), ("eval", "evaluate"), ("versoins", "versions"),
        ("x", nil), ("", nil), ("frobnicate", nil), ("ver", nil),
    ])
    func nearest(typed: String, meant: String?) {
        let candidates = ["build", "evaluate", "inspect", "verify", "versions"]
        #expect(EditDistance.nearest(to: typed, among: candidates) == meant)
    }

    @Test func tiesGoToTheEarlierCandidate() {
        #expect(EditDistance.nearest(to: "bat", among: ["cat", "hat"]) == "cat")
        #expect(EditDistance.nearest(to: "bat", among: []) == nil)
    }
}
