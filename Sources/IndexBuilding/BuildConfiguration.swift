package import HybridBlending
package import Interactions
import RecommendationIndex
package import Recommenders

/// Which collaborative model an index gets.
package enum CollaborativeModel: String, Sendable, CaseIterable {
    /// EASE while its dense matrix fits the memory limit and `Limits.easeItemCount`, or what is better by a measurement that
    /// can be afforded (decisions 0023 and 0024); sparse EASE beyond, and item-to-item cosine where that does not fit either.
    case automatic = "auto"
    case ease
    /// EASE on the strongest neighbours of each item.
    case sparseEASE = "sparse-ease"
    /// EASE that knows what came after what.
    case slist
    case itemKNN = "item-knn"
    case rp3beta
    /// Implicit ALS; a history is folded in at request time.
    case implicitALS = "ials"
    /// Both kinds of models, which err differently; a history is folded in at request time.
    case easeAndImplicitALS = "ease+ials"
    case slistAndImplicitALS = "slist+ials"
    /// User-to-user cosine; the neighbours are found at request time.
    case userKNN = "user-knn"
    /// Content and fallback only.
    case none
}

extension CollaborativeModel {
    /// The model whose item lists stand beside the factors of implicit ALS; nil where one model answers.
    package var listsOfPair: CollaborativeModel? {
        switch self {
        case .easeAndImplicitALS: .ease
        case .slistAndImplicitALS: .slist
        case .automatic, .ease, .sparseEASE, .slist, .itemKNN, .rp3beta, .implicitALS, .userKNN, .none: nil
        }
    }
}

/// Whether everybody's blend has the same weights.
package enum BlendChoice: String, Sendable, CaseIterable {
    case fixed
    /// Weights that follow the length of a history, learned inside the training data.
    case adaptive
}

/// Everything that decides what a build makes of its files. The defaults are the product's.
package struct BuildConfiguration: Sendable {
    /// Bounds of the automatic choice.
    package enum Limits {
        /// Above this many items with interactions a Cholesky inverse takes more than about a minute on two cores.
        package static let easeItemCount = 20_000
    }

    package var eventWeights = EventWeights.standard
    /// Days in which an interaction loses half its weight in training and in histories; nil: it keeps it.
    package var halfLifeDays: Double?
    package var model = CollaborativeModel.automatic
    /// EASE's regularisation; nil: from the data.
    package var easeL2: Double?
    /// In means of the Gram diagonal, where `easeL2` is nil.
    package var easeL2Factor = EASE.Configuration.automaticL2Factor
    /// The regularisation of sparse EASE, in the units of its weighted Gram matrix; nil: from the data.
    package var sparseEASEL2: Double?
    /// In means of that matrix's diagonal, where `sparseEASEL2` is nil.
    package var sparseEASEL2Factor = SparseEASE.Configuration.automaticL2Factor
    /// Alpha, l2 and decays of SLIST; its `past` is `historyDecay` where that is set, its lists are of `neighbourCount`.
    package var slist = SLIST.Configuration()
    /// What an interaction counts in item-to-item similarities.
    package var knnWeighting = ItemKNN.Weighting.cosine
    /// Item-to-item similarities are damped by n / (n + shrinkage) for n common users (Bell and Koren 2007); 20 was best or
    /// near it on validation splits of three data sets.
    package var knnShrinkage = 20.0
    /// Dimension, epochs and lambda of implicit ALS; its alpha0 is by `ialsAlpha`, its seed is `seed`.
    package var implicitALS = ImplicitALS.Configuration()
    /// Alpha0: what an item that a user does not have counts.
    package var ialsAlpha = ImplicitALS.UnobservedWeight.automatic
    /// What implicit ALS counts beside item lists, in 0...1.
    package var factorShare = ScorePair.standardFactorShare
    package var rp3betaAlpha = RP3beta.Configuration().alpha
    package var rp3betaBeta = RP3beta.Configuration().beta
    /// What the dense matrices of EASE and SLIST, sparse EASE in all, or the training of implicit ALS, may take at most.
    package var memoryLimitBytes: Int
    /// Of an item's neighbours by content more cost time at every request and found nothing on the published protocols; of its
    /// collaborative ones they did. Decision 0025.
    package static let standardNeighbourCount = 400
    package static let standardContentNeighbourCount = 100
    package var neighbourCount = standardNeighbourCount
    /// What a build keeps of one item's links to others; the strongest. `neighbourCount` bounds the links *to* an item, and a
    /// popular one leads to many thousands, of which all but some hundred are next to nothing.
    package static let linksPerItem = 800
    /// Links below this share of the strongest one of their item are left out.
    package static let leastLinkShare: Float = 1.0 / 128
    package var contentNeighbourCount = standardContentNeighbourCount
    package var embeddingDimension = 128
    /// What makes the item vectors, with the checksum of its files where it has any; for the manifest.
    package var embedder = "tfidf"
    package var sessionModel = SessionModelChoice.automatic
    /// A longer pause ends a session, where the interactions have times and no session ids.
    package var sessionGapMinutes = SessionGap.standardMinutes
    /// Most recent sessions kept of each item.
    package var sessionsPerItem = SessionKNN.Configuration().sessionsPerItem
    /// Distinct items kept of each session, the last ones.
    package var itemsPerSession = SessionKNN.Configuration().itemsPerSession
    /// How fast what follows upon what goes out of fashion: a pair of the newest session counts e^rate of one of the oldest.
    package var sessionRecency = SequentialRules.Configuration().recency
    /// How sessions are answered.
    package var sessionScoring = SessionScoring.Configuration()
    package var weights = BlendWeights.standard
    package var blend = BlendChoice.fixed
    /// How older steps of a history fade; nil: as the build measures inside the training data.
    package var historyDecay: HistoryDecay?
    package var segments = SegmentChoice.none
    /// What a large segment's own favourites count in its fallback, in 0...1; nil: as measured inside the training data.
    package var segmentShare: Double?
    /// How far it is measured which model is best.
    package var effort = BuildEffort.standard
    package var seed: UInt64 = 42
    /// What these settings were tuned on, in the words of who tuned them; nil: nothing.
    package var tunedOn: String?
    package var threadCount: Int

    package init(threadCount: Int, memoryLimitBytes: Int) {
        self.threadCount = threadCount
        self.memoryLimitBytes = memoryLimitBytes
    }

    /// As the manifest keeps it: what a later build needs to make the same index. The number of threads is not part of it.
    package var settings: [(name: String, value: String)] {
        [
            (
                IndexFacts.SettingName.eventWeights.rawValue,
                eventWeights.entries.map { "\($0.name)=\($0.weight)" }.joined(separator: ",")
            ),
            ("halfLifeDays", halfLifeDays.map { "\($0)" } ?? "none"),
            ("model", model.rawValue),
            ("easeL2", easeL2.map { "\($0)" } ?? "\(easeL2Factor)x"),
            ("sparseEASEL2", sparseEASEL2.map { "\($0)" } ?? "\(sparseEASEL2Factor)x"),
            ("slistAlpha", "\(slist.alpha)"),
            ("slistL2", slist.l2.map { "\($0)" } ?? "\(slist.l2Factor)x"),
            ("slistFutureRate", "\(slist.futureRate)"),
            ("knnWeighting", knnWeighting.rawValue),
            ("knnShrinkage", "\(knnShrinkage)"),
            ("rp3betaAlpha", "\(rp3betaAlpha)"),
            ("rp3betaBeta", "\(rp3betaBeta)"),
            ("ialsDimension", "\(implicitALS.dimension)"),
            ("ialsEpochs", "\(implicitALS.epochCount)"),
            ("ialsRegularisation", "\(implicitALS.regularization)"),
            ("ialsAlpha", ialsAlpha.text),
            (IndexFacts.SettingName.factorShare.rawValue, "\(factorShare)"),
            ("neighbourCount", "\(neighbourCount)"),
            ("contentNeighbourCount", "\(contentNeighbourCount)"),
            ("embedder", embedder),
            ("embeddingDimension", "\(embeddingDimension)"),
            ("sessionModel", sessionModel.rawValue),
            ("sessionGapMinutes", "\(sessionGapMinutes)"),
            ("sessionsPerItem", "\(sessionsPerItem)"),
            ("itemsPerSession", "\(itemsPerSession)"),
            ("sessionRecency", "\(sessionRecency)"),
            (IndexFacts.SettingName.sessionScoring.rawValue, sessionScoring.text),
            ("blend", blend.rawValue),
            ("segments", segments.rawValue),
            ("segmentShare", segmentShare.map { "\($0)" } ?? "auto"),
            ("effort", effort.rawValue),
            ("seed", "\(seed)"),
            ("tunedOn", tunedOn ?? "nothing"),
        ]
    }
}
