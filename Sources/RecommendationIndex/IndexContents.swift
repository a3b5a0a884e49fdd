package import Interactions
package import LinearAlgebra

/// Everything that goes into one version of an index, with dense item and user indexes: item `i` is `itemIds[i]`.
package struct IndexContents: Sendable {
    /// Strictly ascending by UTF-8 bytes, 1 to 256 bytes each.
    package var itemIds: [String]
    /// The items' places in `itemIds` in the order in which the index numbers them, each once; what is often read together
    /// should lie together, so the most popular come first. nil: in the order of their ids.
    package var itemOrder: [Int32]?
    /// Strictly ascending by UTF-8 bytes, 1 to 256 bytes each.
    package var userIds: [String]
    /// One list per item.
    package var itemProperties: [[Item.Property]]
    /// `[itemCount x itemCount]`
    package var collaborative: SparseMatrix
    /// "ease", "sparse-ease", "slist", "item-knn", "rp3beta", "ials", "ease+ials", "slist+ials", "user-knn" or "none".
    package var collaborativeModel: String
    /// `[itemCount x itemCount]`
    package var contentNeighbours: SparseMatrix
    /// `[itemCount x dimension]`, rows of length one; a zero row is an item without content.
    package var vectors: DenseMatrix
    package var histories: UserHistories
    /// One per item; 0 is a cold item.
    package var interactionCounts: [UInt32]
    package var popularity: [Float]
    package var trending: [Float]
    package var recentPopularity: [Float]
    /// What needs no personal evidence says of each item, in 0...1.
    package var fallback: [Float]
    package var facts: IndexFacts
    /// nil: the index has none.
    package var sessionModel: SessionModelContents?
    /// nil: the collaborative component does not score by factors.
    package var factorModel: FactorModelContents?
    /// Per item, users that have it, ascending; nil: the collaborative component does not compare users.
    package var usersOfItems: IndexLists?
    /// nil: the index knows no segments.
    package var segments: SegmentContents?

    package init(
        itemIds: [String], userIds: [String], itemProperties: [[Item.Property]], collaborative: SparseMatrix,
        collaborativeModel: String, contentNeighbours: SparseMatrix, vectors: DenseMatrix, histories: UserHistories,
        interactionCounts: [UInt32], popularity: [Float], trending: [Float], recentPopularity: [Float],
        fallback: [Float], facts: IndexFacts
    ) {
        self.itemIds = itemIds
        self.userIds = userIds
        self.itemProperties = itemProperties
        self.collaborative = collaborative
        self.collaborativeModel = collaborativeModel
        self.contentNeighbours = contentNeighbours
        self.vectors = vectors
        self.histories = histories
        self.interactionCounts = interactionCounts
        self.popularity = popularity
        self.trending = trending
        self.recentPopularity = recentPopularity
        self.fallback = fallback
        self.facts = facts
    }

    func has(_ part: OptionalPart) -> Bool {
        switch part {
        case .sessionModel: sessionModel != nil
        case .factorModel: factorModel != nil
        case .usersOfItems: usersOfItems != nil
        case .segments: segments != nil
        }
    }
}

/// What a build tells about itself; it is kept in the manifest.
package struct IndexFacts: Sendable, Equatable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdMilliseconds: Int64
    package var toolVersion: String
    package var sources: [SourceFile]
    package var configuration: [Setting]
    package var blendWeights: StoredBlendWeights
    /// What the build counted: interactions read, bad rows ...
    package var counts: [NamedCount]
    /// What an evaluation measured, "ndcg@10" and the like; may be empty.
    package var quality: [NamedNumber]
    /// Up to which sequence of a live store the build has taken everything; 0: it took nothing. What came later does not count in
    /// the contents yet.
    package var consumedSequence: UInt64 = 0

    package init(
        createdMilliseconds: Int64, toolVersion: String, sources: [SourceFile] = [], configuration: [Setting] = [],
        blendWeights: StoredBlendWeights, counts: [NamedCount] = [], quality: [NamedNumber] = []
    ) {
        self.createdMilliseconds = createdMilliseconds
        self.toolVersion = toolVersion
        self.sources = sources
        self.configuration = configuration
        self.blendWeights = blendWeights
        self.counts = counts
        self.quality = quality
    }

    /// The value of a setting, or of a fact that a build keeps among them.
    package func setting(_ name: SettingName) -> String? {
        configuration.first { $0.name == name.rawValue }?.value
    }

    /// Settings that answers depend on.
    package enum SettingName: String, Sendable {
        /// A number in 0...1: how far content can be trusted beside the collaborative component.
        case contentReliability
        /// NDCG@10 inside the training data of each model that was measured; absent where there was one.
        case modelQualities
        case modelsMeasured
        /// Who made the model, where it was given and not trained here.
        case given
        /// How users' factors that were given agree with those that their histories are folded into.
        case givenUserFactors
        /// As `historyDecay`, of people who come back; absent for the same.
        case returningDecay
        /// As `AdaptiveWeights.text` writes it: how the weights follow the length of a history; absent for fixed weights.
        case adaptiveWeights
        /// As `FallbackShare.text` writes it: how much the fallback counts in personal lists.
        case fallbackShare
        /// As `HistoryDecay.text` writes it: how much less an older step of a history counts.
        case historyDecay
        /// A number of days, or "none": how fast an interaction's weight faded.
        case halfLifeDays
        /// "true" or "false": whether items without interactions have collaborative links, predicted from their content.
        case coldItemsHaveLinks
        /// "true" or "false": whether the interactions had times.
        case hasTimes
        /// As `EventWeights(parsing:)` reads them.
        case eventWeights
        /// A number in 0...1: what factors count beside item lists, where an index has both.
        case factorShare = "ialsShare"
        /// As `SessionScoring.Configuration.text` writes it: how sessions are answered; absent for the defaults.
        case sessionScoring
        /// The id of the live store that `consumedSequence` is of; absent where the build took nothing live.
        case liveStore
    }

    package struct SourceFile: Sendable, Equatable {
        package var name: String
        package var byteCount: Int
        package var crc32: UInt32

        package init(name: String, byteCount: Int, crc32: UInt32) {
            self.name = name
            self.byteCount = byteCount
            self.crc32 = crc32
        }
    }

    package struct Setting: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct NamedCount: Sendable, Equatable {
        package var name: String
        package var count: Int

        package init(_ name: String, _ count: Int) {
            self.name = name
            self.count = count
        }
    }

    package struct NamedNumber: Sendable, Equatable {
        package var name: String
        package var value: Double

        package init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }
}

/// The weights that requests without their own take.
package struct StoredBlendWeights: Sendable, Equatable {
    package var content: Double
    package var collaborative: Double
    package var fallback: Double

    package init(content: Double, collaborative: Double, fallback: Double) {
        self.content = content
        self.collaborative = collaborative
        self.fallback = fallback
    }
}
