internal import LinearAlgebra

extension PersonaStore {
    // MARK: One user

    /// - Parameter count: the longest list.
    package func persona(_ user: Int, count: Int) -> Persona {
        let dimensions = PersonaDimension.allCases.filter { $0 != .search && $0 != .item }
        return Persona(
            userId: userId(user), gender: gender(user),
            affinities: dimensions.map { ($0, affinities(of: user, $0, count: count)) },
            terms: terms(of: user, count: count) { _ in true },
            products: products(of: user, count: count) { _ in true })
    }

    private func affinities(of user: Int, _ dimension: PersonaDimension, count: Int) -> [PersonaAffinity] {
        let pairs = rows(dimension).pairs(user)
        let total = pairs.reduce(UInt64(0)) { $0 + UInt64($1.sum) }
        return pairs.sorted { ($1.sum, $0.value) < ($0.sum, $1.value) }.prefix(count).map { pair in
            PersonaAffinity(
                path: path(dimension, pair.value), share: Float(Double(pair.sum) / Double(total)))
        }
    }

    private func path(_ dimension: PersonaDimension, _ value: Int) -> [String] {
        self[dimension].texts[value].split(separator: PersonaSeparator.text).map(String.init)
    }

    private func products(of user: Int, count: Int, where matches: (Int) -> Bool) -> [PersonaProduct] {
        let pairs = rows(.item).pairs(user).filter { matches($0.value) }
        return pairs.sorted { ($1.sum, $0.value) < ($0.sum, $1.value) }.prefix(count).map { pair in
            PersonaProduct(id: self[.item].texts[pair.value], title: titles[pair.value], weight: pair.sum)
        }
    }

    /// Terms with the items that were found by them; pairs of one term follow each other. Texts are made of those alone that are
    /// told: an answer of 500 users walks thousands.
    private func terms(of user: Int, count: Int, where matches: (_ search: Int) -> Bool) -> [PersonaAffinity] {
        var found: [(search: Int, sum: UInt64, matches: Bool)] = []
        var total: UInt64 = 0
        for pair in rows(.search).pairs(user) {
            guard let term = unsafe termBytes(pair.value) else { continue }
            total += UInt64(pair.sum)
            if let last = found.last, let lastTerm = unsafe termBytes(last.search), unsafe lastTerm.elementsEqual(term)
            {
                found[found.count - 1].sum += UInt64(pair.sum)
                found[found.count - 1].matches = last.matches || matches(pair.value)
            } else {
                found.append((pair.value, UInt64(pair.sum), matches(pair.value)))
            }
        }
        let chosen = found.enumerated().filter { $0.element.matches }.sorted {
            ($1.element.sum, $0.offset) < ($0.element.sum, $1.offset)
        }
        return chosen.prefix(count).map { _, entry in
            let term = unsafe termBytes(entry.search).map { unsafe String(decoding: $0, as: UTF8.self) }
            return PersonaAffinity(path: [term ?? ""], share: Float(Double(entry.sum) / Double(total)))
        }
    }

    /// What stands before the separator of a search; nil where there is not exactly one.
    private func termBytes(_ search: Int) -> UnsafeBufferPointer<UInt8>? {
        let text = unsafe self[.search].texts.utf8(search)
        guard let end = unsafe text.firstIndex(of: PersonaSeparator.byte),
            unsafe text.lastIndex(of: PersonaSeparator.byte) == end
        else { return nil }
        return unsafe UnsafeBufferPointer(rebasing: text[..<end])
    }

    // MARK: Queries

    /// The users who match best: score, then ascending id. A filter by gender leaves others out; the other filters score,
    /// and leave out who has nothing of any of them.
    /// - Parameter leftOut: users who are not to be found, ascending.
    package func query(
        _ filter: PersonaFilter, count: Int = PersonaTop.personaCount, leavingOut leftOut: [Int] = []
    ) throws(PersonaFilterError) -> [PersonaMatch] {
        let resolved = try ResolvedPersonaFilter(filter, in: self)
        let names = [filter.brand, filter.generic, filter.category1, filter.category2, filter.category3].flatMap { $0 }
        let keys = names.map { Array(PersonaText.key($0).utf8) }
        // Many users searched for the same.
        var known: [Int: Bool] = [:]
        func matches(_ search: Int) -> Bool {
            if let answer = known[search] { return answer }
            let answer = self.search(search, matches: resolved, keys: keys)
            known[search] = answer
            return answer
        }
        return PersonaScan(store: self, filter: resolved, leftOut: leftOut).best(count).map { scored in
            match(Int(scored.index), scored.score, resolved, searchMatches: matches)
        }
    }

    /// Whether its term holds one of the names, or it led to an item that matches.
    private func search(_ search: Int, matches filter: ResolvedPersonaFilter, keys: [[UInt8]]) -> Bool {
        let parts = self[.search].texts[search].utf8.split(
            separator: PersonaSeparator.byte, omittingEmptySubsequences: false)
        guard parts.count == 2, let term = String(parts[0]), let item = String(parts[1]) else { return false }
        let termKey = Array(PersonaText.key(term).utf8)
        if keys.contains(where: { termKey.contains($0) }) { return true }
        return self[.item].keys.index(of: item).map { self.item($0, matches: filter) } ?? false
    }

    private func match(
        _ user: Int, _ score: Float, _ filter: ResolvedPersonaFilter, searchMatches: (Int) -> Bool
    ) -> PersonaMatch {
        func part(_ dimensions: [PersonaDimension]) -> Float {
            guard let part = filter.parts.first(where: { dimensions.contains($0.dimension) }) else {
                return PersonaScore.silent
            }
            return share(of: user, part)
        }
        let isOpen = filter.parts.allSatisfy { $0.dimension == .cityTier }
        let products = products(of: user, count: PersonaTop.evidenceCount) { item in
            isOpen || self.item(item, matches: filter)
        }
        let terms = terms(of: user, count: PersonaTop.evidenceCount) { isOpen || searchMatches($0) }
        return PersonaMatch(
            userId: userId(user), gender: gender(user), score: score, city: part([.cityTier]), brand: part([.brand]),
            generic: part([.generic]), category: part(PersonaDimension.categories), products: products, terms: terms)
    }

    private func share(of user: Int, _ part: PersonaScorePart) -> Float {
        let pairs = rows(part.dimension).pairs(user)
        guard !pairs.isEmpty else { return part.neutral }
        let total = pairs.reduce(UInt64(0)) { $0 + UInt64($1.sum) }
        let wanted = pairs.filter { part.values.contains($0.value) }.reduce(UInt64(0)) { $0 + UInt64($1.sum) }
        return Float(Double(wanted) / Double(total))
    }

    /// Whether the item is of a brand, generic name or category that was asked for.
    private func item(_ item: Int, matches filter: ResolvedPersonaFilter) -> Bool {
        let count = PersonaDimension.attributes.count
        for (column, dimension) in PersonaDimension.attributes.enumerated() {
            let value = unsafe Int(attributes[item * count + column])
            if value >= 0, filter.parts.contains(where: { $0.dimension == dimension && $0.values.contains(value) }) {
                return true
            }
        }
        return false
    }

    // MARK: The population

    /// Of a counted dimension the values with the highest totals of shares, ties by ascending value.
    package func top(_ dimension: PersonaDimension, count: Int) -> [PersonaTopValue] {
        ranking(dimension).prefix(count).map { top(dimension, Int($0)) }
    }

    private func top(_ dimension: PersonaDimension, _ value: Int) -> PersonaTopValue {
        let postings = postings(dimension)
        return PersonaTopValue(
            path: path(dimension, value), share: Float(postings?.mean(value) ?? 0),
            userCount: postings.map { unsafe Int($0.counts[value]) } ?? 0)
    }

    /// The categories of the first level with what lies below them; at most `count` of each level.
    package func categoryTree(count: Int) -> [PersonaCategory] {
        var below: [[String]: [PersonaCategory]] = [:]
        for level in PersonaDimension.categories.reversed() {
            var nodes: [[String]: [PersonaCategory]] = [:]
            for value in top(level, count: count) {
                let node = PersonaCategory(
                    name: value.path.last ?? "", share: value.share, userCount: value.userCount,
                    children: below[value.path.map(PersonaText.key)] ?? [])
                nodes[value.path.dropLast().map(PersonaText.key), default: []].append(node)
            }
            below = nodes
        }
        return below[[]] ?? []
    }

    /// How many users there are of each gender, in the order of the cases.
    package var genderCounts: [(gender: PersonaGender, count: Int)] {
        var counts = [Int](repeating: 0, count: PersonaGender.allCases.count)
        for user in 0..<userCount { counts[Int(gender(user).rawValue)] += 1 }
        return PersonaGender.allCases.map { ($0, counts[Int($0.rawValue)]) }
    }
}
