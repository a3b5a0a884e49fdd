/// What an index is, for a person and for a program: names and values in a fixed order.
package struct IndexDescription: Sendable, Equatable {
    package let fields: [Field]

    package struct Field: Sendable, Equatable {
        /// In the style of a JSON key.
        package let name: String
        package let value: Value

        init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    package indirect enum Value: Sendable, Equatable {
        case string(String)
        case integer(Int)
        case number(Double)
        case list([Value])
        case object([Field])
    }
}

extension RecommendationIndex {
    package var summary: IndexDescription {
        let facts = manifest.facts
        return IndexDescription(fields: [
            .init("version", .string(version)), .init("formatVersion", .integer(manifest.formatVersion)),
            .init("toolVersion", .string(facts.toolVersion)),
            .init("createdMilliseconds", .integer(Int(facts.createdMilliseconds))),
            .init("consumedSequence", .integer(Int(clamping: facts.consumedSequence))),
            .init("byteCount", .integer(fileByteCount)), .init("itemCount", .integer(itemCount)),
            .init("userCount", .integer(userCount)), .init("historyEntryCount", .integer(histories.entryCount)),
            .init("coldItemCount", .integer(coldItemCount)),
            .init("collaborativeModel", .string(manifest.collaborativeModel)),
            .init("collaborativeCount", .integer(neighbours.collaborativeCount)),
            .init("contentNeighbourCount", .integer(neighbours.contentCount)),
            .init("vectorDimension", .integer(vectors.columnCount)),
            .init("sessionCount", .integer(sessionModel?.sessions.count ?? 0)),
            .init("factorDimension", .integer(factorModel?.dimension ?? 0)),
            .init("userListEntryCount", .integer(usersOfItems?.entryCount ?? 0)),
            .init("segmentCount", .integer(segments?.names.count ?? 0)),
            .init("segmentMemberCount", .integer(segments?.memberIds.count ?? 0)),
            .init("blendWeights", weightsSummary),
            .init("counts", .object(facts.counts.map { .init($0.name, .integer($0.count)) })),
            .init("quality", .object(facts.quality.map { .init($0.name, .number($0.value)) })),
            .init("configuration", .object(facts.configuration.map { .init($0.name, .string($0.value)) })),
            .init("sources", .list(facts.sources.map(summary(of:)))),
            .init("propertyNames", .list(properties.names.map { .string($0) })),
            .init("sections", .list(sectionSummaries)),
        ])
    }

    private var coldItemCount: Int { unsafe interactionCounts.count { $0 == 0 } }

    private var weightsSummary: IndexDescription.Value {
        let weights = manifest.facts.blendWeights
        return .object([
            .init("content", .number(weights.content)), .init("collaborative", .number(weights.collaborative)),
            .init("fallback", .number(weights.fallback)),
        ])
    }

    private func summary(of source: IndexFacts.SourceFile) -> IndexDescription.Value {
        let digits = String(source.crc32, radix: 16)
        return .object([
            .init("name", .string(source.name)), .init("byteCount", .integer(source.byteCount)),
            .init("crc32", .string(String(repeating: "0", count: 8 - digits.utf8.count) + digits)),
        ])
    }

    /// One per section, blocks summed.
    private var sectionSummaries: [IndexDescription.Value] {
        SectionName.allCases.compactMap { name in
            let blocks = manifest.sections.filter { $0.name == name }
            guard !blocks.isEmpty else { return nil }
            return .object([
                .init("name", .string(name.rawValue)), .init("blockCount", .integer(blocks.count)),
                .init("rowCount", .integer(blocks.reduce(0) { $0 + $1.rowCount })),
                .init("byteCount", .integer(blocks.reduce(0) { $0 + $1.payloadByteCount })),
            ])
        }
    }
}
