/// What queries rely on without looking: checked once, when a store is opened, in one pass over its arrays. A checksum only
/// says that the bytes are those that somebody wrote.
extension PersonaStore {
    func checkStructure(_ reader: PersonaSectionReader) throws(PersonaStoreError) {
        try check(users, "users", reader)
        try check(titles, "items.titles", reader)
        guard unsafe genders.count == userCount else {
            throw reader.damaged("a gender of each of \(userCount) users", unsafe "\(genders.count)")
        }
        for dimension in PersonaDimension.allCases { try check(dimension, reader) }
        try checkItems(reader)
    }

    private func check(_ dimension: PersonaDimension, _ reader: PersonaSectionReader) throws(PersonaStoreError) {
        let (values, rows) = (self[dimension], rows(dimension))
        try check(values.keys, "\(dimension.name).keys", reader)
        try check(values.texts, "\(dimension.name).texts", reader)
        guard values.texts.count == values.count else {
            throw reader.damaged("a text of each value of \(dimension.name)", "\(values.texts.count)")
        }
        let name = PersonaFormat.rows(dimension, "offsets")
        try unsafe check(rows.offsets, count: userCount, total: rows.values.count, name, reader)
        guard unsafe rows.sums.count == rows.values.count,
            unsafe rows.values.allSatisfy({ $0 < UInt32(values.count) })
        else { throw reader.damaged("a sum of each of \(values.count) values of \(dimension.name)", "others") }
        guard let postings = postings(dimension) else { return }
        guard unsafe postings.totals.count == values.count, unsafe postings.counts.count == values.count,
            unsafe postings.totals.allSatisfy({ $0 >= 0 && $0 <= Double(userCount) + 1 })
        else { throw reader.damaged("totals of each value of \(dimension.name), up to the number of users", "others") }
        guard PersonaDimension.scored.contains(dimension) else { return }
        try unsafe check(
            postings.offsets, count: values.count, total: postings.users.count,
            PersonaFormat.postings(dimension, "offsets"), reader)
        guard unsafe postings.shares.count == postings.users.count,
            unsafe postings.users.allSatisfy({ $0 < UInt32(userCount) }),
            unsafe postings.shares.allSatisfy({ $0 >= 0 && $0 <= 1 })
        else { throw reader.damaged("users and shares from 0 to 1 of \(dimension.name)", "others") }
    }

    private func checkItems(_ reader: PersonaSectionReader) throws(PersonaStoreError) {
        let dimensions = PersonaDimension.attributes
        let itemCount = self[.item].count
        guard titles.count == itemCount, unsafe attributes.count == itemCount * dimensions.count else {
            throw reader.damaged("titles and attributes of \(itemCount) items", "\(titles.count) titles")
        }
        let limits = dimensions.map { Int32(self[$0].count) }
        for place in unsafe attributes.indices
        where unsafe attributes[place] < -1 || attributes[place] >= limits[place % dimensions.count] {
            throw reader.damaged(
                "attributes that are values", unsafe "\(attributes[place]) of item \(place / limits.count)")
        }
    }

    private func check(
        _ texts: PersonaTexts, _ name: String, _ reader: PersonaSectionReader
    ) throws(PersonaStoreError) {
        try unsafe check(texts.offsets, count: texts.count, total: texts.bytes.count, name, reader)
    }

    /// Offsets of `count` parts, from 0 to `total` without going back.
    private func check(
        _ offsets: UnsafeBufferPointer<UInt32>, count: Int, total: Int, _ name: String, _ reader: PersonaSectionReader
    ) throws(PersonaStoreError) {
        var ascends = unsafe offsets.count == count + 1 && offsets.first == 0 && Int(offsets[count]) == total
        for place in offsets.indices.dropFirst() {
            unsafe ascends = ascends && offsets[place - 1] <= offsets[place]
        }
        guard ascends else {
            throw reader.damaged("\(count + 1) ascending offsets from 0 to \(total)", "others in \(name)")
        }
    }
}
