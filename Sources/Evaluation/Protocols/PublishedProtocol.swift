/// An evaluation that others have published figures for, or that is run as if they had: its name fixes files, split,
/// candidates and cut-offs. `PublishedProtocol+Loading` says how each is made.
package enum PublishedProtocol: String, CaseIterable, Sendable {
    case ncfML1M = "ncf-ml1m"
    case lightGCNGowalla = "lightgcn-gowalla"
    case chronologicalML1M = "ml1m-chronological"
    case amazonBeauty = "amazon-beauty"
    case citeULikeCold = "citeulike-cold"
    case citeULikeWarm = "citeulike-warm"
    case citeULikeOverall = "citeulike-overall"
    case movieLensLatestSmall = "movielens-latest-small"
    case onlineRetail = "online-retail"
    case randomML100K = "ml100k-random"
    case diginetica

    /// One line.
    package var summary: String {
        switch self {
        case .ncfML1M: "MovieLens 1M, the last rating of each user among 99 given others (He et al., WWW 2017)"
        case .lightGCNGowalla: "Gowalla check-ins, the LightGCN split, all items ranked"
        case .chronologicalML1M: "MovieLens 1M, per user the newest 20 % are the test (Tang and Wang, WSDM 2018)"
        case .amazonBeauty: "Amazon Beauty sequences, the last item of each user, all items ranked"
        case .citeULikeCold: "CiteULike articles that nobody has in training, ranked among all such articles"
        case .citeULikeWarm: "CiteULike articles with readers in training, ranked among all such articles"
        case .citeULikeOverall: "CiteULike, cold and warm articles together, all items ranked"
        case .movieLensLatestSmall: "MovieLens latest small, the newest 20 % of all ratings are the test"
        case .onlineRetail: "UK gift shop, the newest 20 % of all cleaned purchases are the test"
        case .randomML100K: "MovieLens 100K, a random 25 % of all ratings are the test"
        case .diginetica: "DIGINETICA sessions, the next item of given prefixes (the split of SR-GNN, AAAI 2019)"
        }
    }

    /// Where the published figures stand.
    package var cutOffs: [Int] {
        switch self {
        case .ncfML1M, .randomML100K: [10]
        // Average precision is over the whole ranking of 3,416 films.
        case .chronologicalML1M: [10, 3416]
        case .amazonBeauty: [5, 10]
        case .lightGCNGowalla, .citeULikeCold, .citeULikeWarm, .citeULikeOverall, .diginetica: [20]
        case .movieLensLatestSmall, .onlineRetail: [10, 20]
        }
    }

    /// What the program must divide itself; nil where the protocol comes divided.
    package var split: SplitStrategy? {
        switch self {
        case .movieLensLatestSmall, .onlineRetail: .temporal(trainingShare: 0.8)
        case .randomML100K: .random(trainingShare: 0.75)
        default: nil
        }
    }

    /// Whether what is asked is how a session goes on, and not what a user wants.
    package var isOfSessions: Bool { self == .diginetica }

    package init(parsing name: String) throws(EvaluationError) {
        guard let found = Self(rawValue: name) else {
            throw EvaluationError(
                .unknownProtocol, operation: "choosing the protocol", expected: "one of the names below",
                found: "\"\(name)\"", remedy: "The protocols:\n\(Self.list)")
        }
        self = found
    }

    /// One line for each protocol.
    package static var list: String {
        let width = allCases.map(\.rawValue.count).max() ?? 0
        return allCases.map { one in
            "  \(one.rawValue)\(String(repeating: " ", count: width - one.rawValue.count))  \(one.summary)"
        }.joined(separator: "\n")
    }
}
