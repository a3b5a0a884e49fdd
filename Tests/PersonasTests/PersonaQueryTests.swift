import Interactions
import Personas
import TestSupport
import Testing

/// Queries against a slow and plain answer from the personas themselves.
@Suite struct PersonaQueryTests {
    /// All shares of a user, by dimension and by small letters without spaces.
    private struct Known {
        let id: String
        let gender: PersonaGender
        let shares: [PersonaDimension: [String: Float]]
    }

    private func known(_ store: PersonaStore) -> [Known] {
        (0..<store.userCount).map { user in
            let persona = store.persona(user, count: 1_000_000)
            return Known(
                id: persona.userId, gender: persona.gender,
                shares: Dictionary(
                    uniqueKeysWithValues: persona.affinities.map { dimension, list in
                        (
                            dimension,
                            Dictionary(
                                uniqueKeysWithValues: list.map {
                                    ($0.path.map(PersonaText.key).joined(separator: ">"), $0.share)
                                })
                        )
                    }))
        }
    }

    /// The whole score in double precision; nil for who is left out.
    private func score(
        _ user: Known, _ parts: [Part], gender: [PersonaGender]
    ) -> Double? {
        guard gender.isEmpty || gender.contains(user.gender) else { return nil }
        var (score, isMatch) = (0.0, parts.allSatisfy(\.wanted.isEmpty))
        for part in parts {
            if part.wanted.isEmpty {
                score += part.weight * 0.5
            } else if let own = part.share(user) {
                isMatch = isMatch || own > 0
                score += part.weight * own
            } else {
                score += part.weight * part.mean
            }
        }
        return isMatch ? score : nil
    }

    private struct Part {
        let dimension: PersonaDimension
        let wanted: [String]
        let weight: Double
        private(set) var mean = 0.0

        init(_ dimension: PersonaDimension, _ wanted: [String], _ weight: Double, _ all: [Known]) {
            self.dimension = dimension
            self.wanted = wanted
            self.weight = weight
            let shares = all.compactMap { share($0) }
            mean = shares.reduce(0, +) / Double(max(shares.count, 1))
        }

        func share(_ user: Known) -> Double? {
            guard let shares = user.shares[dimension], !shares.isEmpty else { return nil }
            return wanted.reduce(0) { $0 + Double(shares[$1] ?? 0) }
        }
    }

    @Test func everyQueryAgreesWithBruteForce() throws {
        let sample = try PersonaSample()
        // More than a block of users, so that blocks begin and end in the lists.
        let store = try sample.store(sample.table(RandomEvents(seed: 3).rows(12_000, users: 6000).joined()))
        #expect(store.userCount > 4096)
        let all = known(store)
        let tiers = ["tier1", "tier2", "metro"]
        let (brands, generics) = (["acme", "lumen"], ["runningshoe", "lamp"])
        var generator = SeededGenerator(seed: 17)
        func some(_ values: [String]) -> [String] {
            Bool.random(using: &generator) ? [] : values.filter { _ in Bool.random(using: &generator) }
        }
        for _ in 0..<20 {
            var filter = PersonaFilter()
            filter.cityTier = some(tiers)
            filter.brand = some(brands)
            filter.generic = some(generics)
            filter.category1 = some(["sport", "home"])
            filter.category2 = filter.category1 == ["sport"] ? some(["shoes"]) : []
            let genders = [PersonaGender.men, .women, .unisex].filter { _ in
                Int.random(in: 0..<3, using: &generator) == 0
            }
            filter.gender = genders.map(\.name)
            let category: (PersonaDimension, [String]) =
                filter.category2.isEmpty ? (.category1, filter.category1) : (.category2, ["sport>shoes"])
            let parts = [
                Part(.cityTier, filter.cityTier, 0.15, all), Part(.brand, filter.brand, 0.35, all),
                Part(.generic, filter.generic, 0.20, all), Part(category.0, category.1, 0.30, all),
            ]
            let expected = all.enumerated().compactMap { index, user in
                score(user, parts, gender: genders).map { (index: index, id: user.id, score: $0) }
            }.sorted { ($1.score, $0.index) < ($0.score, $1.index) }
            let found = try store.query(filter, count: 50)
            #expect(found.count == min(50, expected.count), "\(filter)")
            for (match, right) in zip(found, expected) {
                #expect(abs(Double(match.score) - right.score) < 1e-5, "\(filter): \(match), \(right)")
            }
            // Equal scores come by ascending id, and nobody comes twice.
            for (left, right) in zip(found, found.dropFirst()) {
                #expect(left.score > right.score || left.score == right.score && left.userId < right.userId)
            }
            #expect(Set(found.map(\.userId)).count == found.count)
            // Who is left out leaves a place to the next one.
            let forgotten = Set(found.enumerated().filter { $0.offset % 3 == 0 }.map(\.element.userId))
            let others = try store.query(
                filter, count: 50 - forgotten.count, leavingOut: forgotten.compactMap { store.user($0) }.sorted())
            let rest = try store.query(filter, count: 50).map(\.userId).filter { !forgotten.contains($0) }
            #expect(others.map(\.userId) == rest)
        }
    }

    @Test func scoreIsItsPartsByHand() throws {
        let sample = try PersonaSample()
        let store = try sample.store(
            sample.table(
                """
                fan,shoe1,purchase,trail shoes,,m,Tier 1
                half,shoe1,visit,,,m,2
                half,lamp,visit,lumen lamp,,m,2
                mute,odd,visit,,,f,1

                """))
        var filter = PersonaFilter()
        filter.brand = ["a C m e"]
        filter.cityTier = ["TIER1"]
        let found = try store.query(filter)
        #expect(found.map(\.userId) == ["fan", "mute", "half"])
        // Nothing is known of mute's brands: it counts the mean of fan's 1 and half's 0.5.
        let half: Float = 0.20 * 0.5 + 0.30 * 0.5
        for (match, score) in zip(found, [0.15 + 0.35 + half, 0.15 + 0.35 * 0.75 + half, 0.35 * 0.5 + half]) {
            #expect(abs(match.score - score) < 1e-6, "\(match)")
        }
        #expect(found.map(\.brand) == [1, 0.75, 0.5] && found.map(\.city) == [1, 1, 0])
        #expect(found.allSatisfy { $0.generic == 0.5 && $0.category == 0.5 })
        #expect(found.map { $0.products.map(\.id) } == [["shoe1"], [], ["shoe1"]])
        #expect(found.map { $0.terms.map { $0.path[0] } } == [["trail shoes"], [], []])

        filter = PersonaFilter()
        filter.gender = ["male"]
        #expect(try store.query(filter).map(\.userId) == ["fan", "half"])
        #expect(try store.query(PersonaFilter(), count: 2).map(\.score) == [0.5, 0.5])
        filter.category1 = ["Home"]
        #expect(try store.query(filter).map(\.userId) == ["half"])
        #expect(try store.query(filter)[0].terms.map { $0.path[0] } == ["lumen lamp"])
    }

    @Test func unknownValuesAreNamed() throws {
        let sample = try PersonaSample()
        let store = try sample.store(sample.table("a,shoe1,visit,,,m,1\nb,lamp,visit,,,f,2\n"))
        func refusal(_ change: (inout PersonaFilter) -> Void) -> String {
            var filter = PersonaFilter()
            change(&filter)
            do {
                return "\(try store.query(filter).count) found"
            } catch {
                return "\(error.field) \(error.nearest ?? "-")"
            }
        }
        #expect(refusal { $0.brand = ["Acne"] } == "brand Acme")
        #expect(refusal { $0.gender = ["mem"] } == "gender men")
        #expect(refusal { $0.cityTier = ["9"] } == "cityTier -")
        #expect(refusal { $0.generic = ["lamp", "shoe"] } == "generic -")
        #expect(refusal { $0.category3 = ["Runnin"] } == "category3 Running")
        #expect(refusal { $0.category2 = ["Shoes"] } == "1 found")
        #expect(
            refusal {
                $0.category1 = ["home"]
                $0.category2 = ["shoes"]
            } == "category2 -")
    }

    @Test func populationsAreOrderedByAffinity() throws {
        let sample = try PersonaSample()
        let store = try sample.store(
            sample.table("a,shoe1,visit,,,,1\na,lamp,purchase,,,,1\nb,lamp,visit,,,,2\nc,odd,visit,,,,2\n"))
        // Lumen: 40/41 and 1 of the two users with brands.
        #expect(
            store.top(.brand, count: 300).map { "\($0.path[0]) \($0.share) \($0.userCount)" } == [
                "Lumen \(Float((40.0 / 41 + 1) / 2)) 2", "Acme \(Float(1.0 / 41 / 2)) 1",
            ])
        #expect(store.top(.brand, count: 1).count == 1 && store.top(.channel, count: 9).isEmpty)
        let tree = store.categoryTree(count: 500)
        #expect(tree.map(\.name) == ["Home", "Sport"] && tree[0].children.isEmpty)
        #expect(tree[1].children.map(\.name) == ["Shoes"])
        #expect(tree[1].children[0].children.map(\.name) == ["Running"])
        #expect(store.genderCounts.map(\.count) == [1, 0, 0, 2])
    }
}
