import Interactions
import Personas
import TestSupport
import Testing

/// What a user's affinities are, by hand.
@Suite struct AffinityTests {
    @Test func weightsAddUpPerDimension() throws {
        let sample = try PersonaSample()
        let store = try sample.store(
            sample.table(
                """
                a,shoe1,purchase,,web,,1
                a,shoe2,visit,,Web,,Tier 1
                a,lamp,search,desk  LAMP,app,,tier2
                a,,search,shoes,,,
                a,odd,cart,,,,
                a,lamp,ignored,,,,

                """))
        let a = store.persona(try #require(store.user("a")), count: 10)
        // 40 + 1 of Acme, 5 of Lumen; the odd item has no brand, and the ignored event does not count.
        #expect(a.text(.brand) == "ACME \(Float(41.0 / 46)), Lumen \(Float(5.0 / 46))")
        #expect(a.text(.generic) == "Running Shoe \(Float(41.0 / 46)), lamp \(Float(5.0 / 46))")
        #expect(a.text(.category1) == "Sport \(Float(41.0 / 46)), Home \(Float(5.0 / 46))")
        #expect(a.text(.category2) == "Sport>Shoes 1.0")
        #expect(a.text(.category3) == "Sport>Shoes>Running \(Float(40.0 / 41)), sport>Shoes>Road \(Float(1.0 / 41))")
        // Events, not weights.
        #expect(a.text(.cityTier) == "Tier 1 \(Float(2.0 / 3)), tier2 \(Float(1.0 / 3))")
        #expect(a.text(.channel) == "Web \(Float(41.0 / 46)), app \(Float(5.0 / 46))")
        #expect(a.text(.gender) == "men \(Float(1.0 / 3)), unisex \(Float(1.0 / 3)), women \(Float(1.0 / 3))")
        #expect(a.gender == .unisex)
        #expect(a.terms.map { "\($0.path[0]) \($0.share)" } == ["desk lamp 0.5", "shoes 0.5"])
        #expect(a.products.map { "\($0.id) \($0.weight)" } == ["shoe1 40", "odd 20", "lamp 5", "shoe2 1"])
        #expect(a.products.map(\.title) == ["Trail Runner", "", "Lamp", "Road Runner"])
    }

    /// The event's own word comes first, then the item's, then the user's.
    @Test func genderAndTierComeFromTheNearestSource() throws {
        let sample = try PersonaSample()
        let rows = "a,odd,visit,,,,\na,shoe1,visit,,,,\na,shoe1,visit,,,Female,3\n"
        let store = try sample.store(sample.table(rows, users: "a,women,Metro\n"))
        let a = store.persona(0, count: 10)
        #expect(a.text(.gender) == "women \(Float(2.0 / 3)), men \(Float(1.0 / 3))")
        #expect(a.text(.cityTier) == "Metro \(Float(2.0 / 3)), Tier 3 \(Float(1.0 / 3))")
    }

    @Test(arguments: [
        (4, 1, 0, PersonaGender.men), (3, 1, 0, .unisex), (1, 4, 0, .women), (79, 21, 0, .unisex), (80, 20, 0, .men),
        (0, 8, 2, .women), (0, 7, 2, .unisex), (0, 0, 1, .unisex), (0, 0, 0, .unknown),
    ])
    func fourFifthsDecide(_ men: UInt64, _ women: UInt64, _ unisex: UInt64, _ gender: PersonaGender) {
        #expect(PersonaGender(men: men, women: women, unisex: unisex) == gender)
    }

    @Test func spellingsAreOneValue() throws {
        #expect(PersonaText.key("Tier 1") == PersonaText.key("tier1"))
        #expect(PersonaGender(parsing: " MALE") == .men && PersonaGender(parsing: "Women's") == .women)
        #expect(PersonaGender(parsing: "children") == nil)
    }

    /// Only the set of rows counts.
    @Test func orderOfRowsDoesNotMatter() throws {
        let sample = try PersonaSample()
        var rows = RandomEvents(seed: 5).rows(300, users: 40)
        let bytes = try sample.bytes(sample.table(rows.joined()))
        var generator = SeededGenerator(seed: 9)
        rows.shuffle(using: &generator)
        #expect(try sample.bytes(sample.table(rows.joined())) == bytes)
    }

    /// New events on top of a store give the bytes of all events at once, wherever the rows are cut.
    @Test(arguments: [1, 30, 150, 299])
    func addingIsTheSameAsCountingAll(_ cut: Int) throws {
        let sample = try PersonaSample()
        let rows = RandomEvents(seed: 11).rows(300, users: 40)
        let all = try sample.bytes(sample.table(rows.joined()))
        let older = try sample.store(sample.table(rows[..<cut].joined())).table()
        let newer = try sample.table(rows[cut...].joined())
        let merged = PersonaTable(older, adding: newer)
        #expect(try sample.bytes(merged) == all)
        // The users who are not in the new events keep their affinities.
        let names = Set(newer.userIds)
        let before = try sample.store(older)
        let after = try sample.store(merged)
        for id in older.userIds where !names.contains(id) {
            let (old, new) = (try #require(before.user(id)), try #require(after.user(id)))
            #expect(before.persona(old, count: 500) == after.persona(new, count: 500))
        }
    }
}
