package import Embeddings
import HybridBlending
import Interactions
import LinearAlgebra
package import RecommendationIndex
import Recommenders

/// Turns interactions and items into the contents of an index. Pure: it reads no file and no clock.
///
///     log ──▶ sessions ──▶ neighbour sessions, sequential rules                 ────┐
///     log ──▶ matrix, histories ──┬─▶ collaborative neighbours (EASE, kNN ...)    ──┐
///                                 ├─▶ popularity                                    ├─▶ contents
///     items ─▶ TF-IDF ─┬─▶ content neighbours ──▶ reliability, decay (held out inside) ┤
///                      └─▶ SVD ─▶ vectors ──────────────────────────────────────────┘
package struct IndexBuilder {
    package static let toolVersion = "0.1.0"
    package let configuration: BuildConfiguration

    package init(_ configuration: BuildConfiguration) { self.configuration = configuration }

    /// - Parameters:
    ///   - vectors: item vectors from elsewhere; nil: they are made from the items' properties.
    ///   - createdMilliseconds: milliseconds since 1970, kept in the manifest; the only part that differs between two
    ///     builds of the same input.
    ///   - trained: called with what was trained, before links of new items are predicted.
    package func contents(
        of inputs: LoadedInputs, vectors: ItemVectors? = nil, createdMilliseconds: Int64,
        observer: some BuildObserver, trained: (TrainedModel) throws(BuildError) -> Void = { _ in }
    ) throws(BuildError) -> IndexContents {
        observer.stage("count interactions")
        let interactions = interactions(of: inputs)
        let items = Self.arrange(inputs.items, as: interactions.itemIds)
        let popularityConfiguration = Self.popularityConfiguration(interactions)
        let popularity =
            inputs.given?.popularity.map { ItemPopularity($0, of: interactions.itemIds) }
            ?? ItemPopularity(interactions, configuration: popularityConfiguration)

        observer.stage("embed \(items.count) items")
        let isWarm = Self.interactionCounts(interactions).map { $0 > 0 }
        let content = try ContentTraining(configuration: configuration).train(
            items, vectors: vectors, isWarm: isWarm)
        let training = CollaborativeTraining(
            configuration: configuration, histories: interactions.hasTimes ? interactions.histories : nil)
        let contenders = inputs.given.map { [$0.model] } ?? training.contenders(for: interactions.matrix)
        observer.stage("measure on parts of the data what to trust, how fast taste fades" + Self.listed(contenders))
        let findings = try ModelMeasurement(
            configuration: configuration, interactions: interactions, content: content.neighbours,
            popularity: popularityConfiguration
        ).findings(contenders)
        var collaborative = try collaborative(inputs, interactions, findings.model, training, observer)
        try trained(
            TrainedModel(
                collaborative, of: interactions, popularity, interactionCount: inputs.interactionCount,
                unobservedWeight: training.implicitALSConfiguration(interactions.matrix).unobservedWeight))
        // Before links of new items are predicted, which are weak beside those that were learned, and all that these items have.
        collaborative.matrix = collaborative.matrix.strongestLinks(
            perRow: BuildConfiguration.linksPerItem, leastShare: BuildConfiguration.leastLinkShare)
        let userFactors = try inputs.given.flatMap { given throws(BuildError) in
            try GivenUserFactors(
                given, collaborative.factorModel, interactions, threadCount: configuration.threadCount)
        }
        let coldItemsHaveLinks = predictColdItems(&collaborative, content, isWarm, findings)

        var contents = IndexContents(
            itemIds: interactions.itemIds, userIds: interactions.userIds,
            itemProperties: items.map(\.properties), collaborative: collaborative.matrix,
            collaborativeModel: collaborative.model, contentNeighbours: content.neighbours,
            vectors: content.vectors, histories: interactions.histories,
            interactionCounts: Self.interactionCounts(interactions), popularity: popularity.allTime,
            trending: popularity.trending, recentPopularity: popularity.recent,
            fallback: FallbackScore.scores(
                recent: popularity.recent.span, popular: popularity.allTime.span, trending: popularity.trending.span),
            facts: facts(inputs, interactions, createdMilliseconds, findings, coldItemsHaveLinks))
        if let userFactors {
            contents.facts.configuration.append(
                .init(IndexFacts.SettingName.givenUserFactors.rawValue, userFactors.text))
        }
        contents.itemOrder = Popularity.ranking(of: contents.interactionCounts.map { Float($0) })
        contents.factorModel = collaborative.factorModel
        contents.usersOfItems = collaborative.usersOfItems
        observer.stage("index the sessions")
        contents.sessionModel = SessionTraining(configuration: configuration).train(
            inputs.log, itemIds: interactions.itemIds)
        if configuration.segments != .none { observer.stage("segment the users") }
        contents.segments = try SegmentTraining(configuration: configuration).train(
            inputs, interactions, popularity, popularityConfiguration)
        return contents
    }

    private func interactions(of inputs: LoadedInputs) -> InteractionMatrix {
        let extra = inputs.items.map(\.id)
        if let histories = inputs.given?.histories {
            return InteractionMatrix.build(
                from: histories.sums, hasTimes: histories.hasTimes, referenceTime: histories.referenceTime,
                extraItemIds: extra)
        }
        return InteractionMatrix.build(
            from: inputs.log, weights: configuration.eventWeights, halfLifeDays: configuration.halfLifeDays,
            extraItemIds: extra)
    }

    private func collaborative(
        _ inputs: LoadedInputs, _ interactions: InteractionMatrix, _ model: CollaborativeModel,
        _ training: CollaborativeTraining, _ observer: some BuildObserver
    ) throws(BuildError) -> CollaborativeTraining.Trained {
        if let given = inputs.given {
            observer.stage("take the given model (\(model.rawValue))")
            return try training.take(given, interactions)
        }
        observer.stage("train the collaborative model (\(model.rawValue))")
        return try training.train(model, interactions.matrix, recency: Self.recency(interactions.histories))
    }

    /// What a stage says of models that are measured against each other.
    private static func listed(_ models: [CollaborativeModel]) -> String {
        models.count > 1 ? ", and which model is best: \(models.map(\.rawValue).joined(separator: ", "))" : ""
    }

    /// Per user, the time of the last interaction; histories have the most recent first.
    private static func recency(_ histories: UserHistories) -> [Int64] {
        (0..<histories.offsets.count - 1).map { user in
            let first = histories.offsets[user]
            return first < histories.offsets[user + 1] ? histories.times[first] : .min
        }
    }

    /// The items in the order of `ids`; an id without an item has no properties, of a repeated item the first counts.
    /// Ids are the same where their bytes are: a `Dictionary` would take two spellings of an accent for one id.
    private static func arrange(_ items: [Item], as ids: [String]) -> [Item] {
        let table = IdentifierTable(ids)
        var arranged = ids.map { Item(id: $0) }
        for item in items.reversed() {
            if let index = table.index(of: item.id) { arranged[Int(index)] = item }
        }
        return arranged
    }

    private static func interactionCounts(_ interactions: InteractionMatrix) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: interactions.itemIds.count)
        for item in interactions.matrix.columnIndexes { counts[Int(item)] += 1 }
        return counts
    }

    /// Gives new items collaborative neighbours, or factors, predicted from content, as far as content can be trusted.
    /// Returns whether there was anything to predict from.
    private func predictColdItems(
        _ collaborative: inout CollaborativeTraining.Trained, _ content: ContentTraining.Trained, _ isWarm: [Bool],
        _ findings: InternalValidation.Findings
    ) -> Bool {
        guard let features = content.features, isWarm.contains(false), findings.contentReliability > 0 else {
            return false
        }
        let strength = Double(findings.contentReliability)
        if let factors = collaborative.factorModel?.items {
            let rows = ColdStartNeighbours.extending(
                rows: SparseMatrix(dense: factors), features: features, similarities: content.neighbours,
                isWarm: isWarm,
                strength: strength, kept: factors.columnCount, threadCount: configuration.threadCount)
            collaborative.factorModel?.items = DenseMatrix(sparse: rows)
        }
        guard collaborative.matrix.storedCount > 0 else { return collaborative.factorModel != nil }
        collaborative.matrix = ColdStartNeighbours.extending(
            collaborative.matrix, features: features, similarities: content.neighbours, isWarm: isWarm,
            strength: strength, keptPerTarget: configuration.neighbourCount, threadCount: configuration.threadCount)
        return true
    }

    /// The half-life of popularity follows the time that the data span: a shop's year asks for days, a film site's decades
    /// for months. One thirty-second of the span was best or near it on validation splits of a shop and a film site;
    /// trending compares a quarter of that with four times that.
    private static func popularityConfiguration(_ interactions: InteractionMatrix) -> ItemPopularity.Configuration {
        var configuration = ItemPopularity.Configuration()
        guard interactions.hasTimes, let oldest = interactions.histories.times.min() else { return configuration }
        let spanDays = Double(interactions.referenceTime - oldest) / TimeDecay.millisecondsPerDay
        let halfLifeDays = max(spanDays / 32, 1)
        configuration.recentHalfLifeDays = halfLifeDays
        configuration.shortHalfLifeDays = halfLifeDays / 4
        configuration.longHalfLifeDays = halfLifeDays * 4
        return configuration
    }

    /// The number as a person wrote it: 0.4, where a conversion of bits would give 0.4000000059604645.
    private static func decimal(_ weight: Float) -> Double { Double("\(weight)") ?? Double(weight) }

    private func facts(
        _ inputs: LoadedInputs, _ interactions: InteractionMatrix, _ createdMilliseconds: Int64,
        _ findings: InternalValidation.Findings, _ coldItemsHaveLinks: Bool
    ) -> IndexFacts {
        IndexFacts(
            createdMilliseconds: createdMilliseconds, toolVersion: Self.toolVersion,
            sources: inputs.reports.map { report in
                .init(
                    name: String(report.path.split(separator: "/").last ?? ""), byteCount: report.fingerprint.byteCount,
                    crc32: report.fingerprint.crc32)
            } + (inputs.given?.sources ?? []),
            configuration: configuration.settings.map { .init($0.name, $0.value) } + [
                .init(IndexFacts.SettingName.contentReliability.rawValue, "\(findings.contentReliability)"),
                .init(IndexFacts.SettingName.historyDecay.rawValue, findings.historyDecay.text),
                .init(IndexFacts.SettingName.returningDecay.rawValue, findings.returningDecay.text),
                .init(IndexFacts.SettingName.fallbackShare.rawValue, findings.fallbackShare.text),
                .init(IndexFacts.SettingName.coldItemsHaveLinks.rawValue, "\(coldItemsHaveLinks)"),
                .init(IndexFacts.SettingName.hasTimes.rawValue, "\(interactions.hasTimes)"),
            ]
                + (findings.modelQualities.count > 1
                    ? [.init(IndexFacts.SettingName.modelQualities.rawValue, findings.modelQualitiesText)] : [])
                + (findings.spending.map { [.init(IndexFacts.SettingName.modelsMeasured.rawValue, $0)] } ?? [])
                + (inputs.given.map { [.init(IndexFacts.SettingName.given.rawValue, $0.madeBy)] } ?? [])
                + (findings.adaptiveWeights.map {
                    [.init(IndexFacts.SettingName.adaptiveWeights.rawValue, $0.text)]
                } ?? []),
            blendWeights: StoredBlendWeights(
                content: Self.decimal(configuration.weights.content),
                collaborative: Self.decimal(configuration.weights.collaborative),
                fallback: Self.decimal(configuration.weights.fallback)),
            counts: [
                .init("interactions", inputs.interactionCount),
                .init("userItemPairs", interactions.matrix.storedCount),
                .init("itemsInCatalogueFile", inputs.items.count),
                .init("badRows", inputs.reports.reduce(0) { $0 + $1.badRows.total }),
            ])
    }
}
