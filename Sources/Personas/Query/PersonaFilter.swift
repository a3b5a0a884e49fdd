internal import Spelling

/// What a query asks for, in the words of its caller. Several values of one filter are alternatives; case and white space
/// do not matter. An empty list: the query is silent there.
package struct PersonaFilter: Sendable {
    package var gender: [String] = []
    package var cityTier: [String] = []
    package var brand: [String] = []
    package var generic: [String] = []
    package var category1: [String] = []
    package var category2: [String] = []
    package var category3: [String] = []

    package init() {}

    /// Every value is looked at once for each user that has it; more would be another question.
    package static let maximumValueCount = 16
}

/// A filter that names what the store does not know.
package struct PersonaFilterError: Error, Sendable {
    /// The member's name: `brand`.
    package let field: String
    /// A sentence.
    package let text: String
    package let nearest: String?
}

/// Part of a score: how much of the user's affinity goes to any of the values.
struct PersonaScorePart: Sendable {
    let dimension: PersonaDimension
    let weight: Float
    /// Ascending.
    let values: [Int]
    /// What a user counts of whom nothing is known here.
    let neutral: Float
}

/// A filter in the store's numbers.
struct ResolvedPersonaFilter: Sendable {
    /// Nil for all.
    let genders: Set<PersonaGender>?
    let parts: [PersonaScorePart]
    /// What the dimensions add that the query is silent about: the same for all users.
    let silentScore: Float

    init(_ filter: PersonaFilter, in store: PersonaStore) throws(PersonaFilterError) {
        genders = filter.gender.isEmpty ? nil : Set(try Self.genders(filter.gender))
        var parts: [PersonaScorePart] = []
        var silentScore: Float = 0
        func add(_ dimension: PersonaDimension, _ weight: Float, _ values: [Int]?) {
            guard let values, let postings = store.postings(dimension) else {
                silentScore += weight * PersonaScore.silent
                return
            }
            let neutral = values.reduce(0) { $0 + postings.mean($1) }
            parts.append(
                PersonaScorePart(dimension: dimension, weight: weight, values: values, neutral: Float(neutral)))
        }
        add(.cityTier, PersonaScore.cityWeight, try Self.values(filter.cityTier, .cityTier, store))
        add(.brand, PersonaScore.brandWeight, try Self.values(filter.brand, .brand, store))
        add(.generic, PersonaScore.genericWeight, try Self.values(filter.generic, .generic, store))
        let category = try Self.categories(filter, store)
        add(category?.level ?? .category1, PersonaScore.categoryWeight, category?.values)
        self.parts = parts
        self.silentScore = silentScore
    }

    private static func genders(_ names: [String]) throws(PersonaFilterError) -> [PersonaGender] {
        var genders: [PersonaGender] = []
        for name in names {
            guard let gender = PersonaGender(parsing: name) else {
                throw PersonaFilterError(
                    field: "gender", text: "A gender is men, women or unisex.",
                    nearest: EditDistance.nearest(to: PersonaText.key(name), among: ["men", "women", "unisex"]))
            }
            genders.append(gender)
        }
        return genders
    }

    private static func values(
        _ names: [String], _ dimension: PersonaDimension, _ store: PersonaStore
    ) throws(PersonaFilterError) -> [Int]? {
        guard !names.isEmpty else { return nil }
        var values: Set<Int> = []
        for name in names {
            let text = dimension == .cityTier ? PersonaText.cityTier(name) ?? name : name
            guard let value = store[dimension].keys.index(of: PersonaText.key(text)) else {
                throw unknown(name, dimension, store)
            }
            values.insert(value)
        }
        return values.sorted()
    }

    /// The nodes of the deepest level that is named, below what is named above it.
    private static func categories(
        _ filter: PersonaFilter, _ store: PersonaStore
    ) throws(PersonaFilterError) -> (level: PersonaDimension, values: [Int])? {
        let names = [filter.category1, filter.category2, filter.category3]
        guard let depth = names.lastIndex(where: { !$0.isEmpty }) else { return nil }
        let wanted = names.map { Set($0.map(PersonaText.key)) }
        for (level, dimension) in PersonaDimension.categories.enumerated() where !names[level].isEmpty {
            let known = Set(store.categoryPaths[level].compactMap(\.last))
            for name in names[level] where !known.contains(PersonaText.key(name)) {
                throw unknown(name, dimension, store)
            }
        }
        let dimension = PersonaDimension.categories[depth]
        let values = store.categoryPaths[depth].enumerated().filter { _, path in
            path.indices.allSatisfy { wanted[$0].isEmpty || wanted[$0].contains(path[$0]) }
        }.map(\.offset)
        guard !values.isEmpty else {
            throw PersonaFilterError(
                field: dimension.name, text: "No such category lies below the ones named above it.",
                nearest: nil)
        }
        return (dimension, values)
    }

    private static func unknown(
        _ name: String, _ dimension: PersonaDimension, _ store: PersonaStore
    ) -> PersonaFilterError {
        let known = store.top(dimension, count: PersonaTop.genericCount).compactMap(\.path.last)
        return PersonaFilterError(
            field: dimension.name,
            text: "No persona has this value of \(dimension.name); personas.top lists the ones there are.",
            nearest: EditDistance.nearest(to: name, among: known))
    }
}

extension PersonaTexts {
    /// Each text as the parts of its path.
    var paths: [[String]] {
        (0..<count).map {
            self[$0].split(separator: PersonaSeparator.text, omittingEmptySubsequences: false).map(String.init)
        }
    }
}
