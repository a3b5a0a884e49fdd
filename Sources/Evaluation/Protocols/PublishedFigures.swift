/// What a system is known to reach on a protocol, and how it is known.
package struct PublishedFigures: Sendable {
    package enum Mark: String, Sendable {
        /// Read on a benchmark page or in a repository's table of results.
        case published = "P"
        /// Run again by this project's authors, with public code, on the same files.
        case reproduced = "R"
        /// Quoted from a paper by memory: not to be cited before it is looked up.
        case quoted = "quoted"
    }

    package let system: String
    package let mark: Mark
    /// In the order of the protocol's `publishedMetrics`; nil where the source does not have it.
    package let values: [Double?]

    fileprivate init(_ system: String, _ mark: Mark, _ values: Double?...) {
        self.system = system
        self.mark = mark
        self.values = values
    }
}

extension PublishedProtocol {
    /// What the columns of `publishedFigures` are.
    package var publishedMetrics: [(metric: RankingMetric, k: Int?)] {
        switch self {
        case .ncfML1M: [(.hitRate, 10), (.ndcg, 10)]
        case .lightGCNGowalla, .citeULikeCold, .citeULikeWarm, .citeULikeOverall: [(.recall, 20), (.ndcg, 20)]
        case .chronologicalML1M: [(.recall, 10), (.ndcg, 10), (.map, nil)]
        case .amazonBeauty: [(.hitRate, 5), (.ndcg, 5), (.hitRate, 10), (.ndcg, 10)]
        case .randomML100K: [(.ndcg, 10)]
        case .diginetica: [(.hitRate, 20), (.mrr, 20)]
        case .movieLensLatestSmall, .onlineRetail: []
        }
    }

    package var publishedFigures: [PublishedFigures] {
        switch self {
        case .ncfML1M: Self.ncfFigures
        case .lightGCNGowalla: Self.gowallaFigures
        case .chronologicalML1M: Self.chronologicalFigures
        case .amazonBeauty: Self.beautyFigures
        case .citeULikeCold: [.init("tag TF-IDF content", .reproduced, 0.347, 0.230)]
        case .citeULikeWarm: Self.warmFigures
        case .citeULikeOverall:
            [
                .init("content", .reproduced, 0.185, 0.131), .init("EASE", .reproduced, 0.154, 0.127),
                .init("plain hybrid", .reproduced, 0.178, 0.138),
            ]
        case .randomML100K:
            [
                .init("BiVAE", .published, 0.475), .init("BPR", .published, 0.442),
                .init("LightGCN", .published, 0.420), .init("SAR", .published, 0.382),
            ]
        case .diginetica: Self.digineticaFigures
        case .movieLensLatestSmall, .onlineRetail: []
        }
    }

    private static let ncfFigures: [PublishedFigures] = [
        .init("popularity", .reproduced, 0.4538, 0.2543), .init("item-kNN cosine k=50", .reproduced, 0.6675, 0.3977),
        .init("NeuMF", .quoted, 0.7093, 0.4349), .init("SLIM", .quoted, 0.7162, 0.4468),
        .init("EASE l2=1000", .reproduced, 0.7182, 0.4511), .init("implicit ALS d=192", .reproduced, 0.7215, 0.4501),
        .init("dot-product MF", .quoted, 0.7294, 0.4523), .init("iALS d=192", .reproduced, 0.7308, 0.4531),
    ]

    private static let gowallaFigures: [PublishedFigures] = [
        .init("MostPop", .reproduced, 0.0416, 0.0317), .init("ItemKNN cosine k=100", .reproduced, 0.1362, 0.1041),
        .init("ItemCF", .published, 0.1570, 0.1214), .init("implicit ALS d=256", .reproduced, 0.1694, 0.1412),
        .init("EASE l2=80", .published, 0.1765, 0.1467), .init("RP3beta", .reproduced, 0.1786, 0.1491),
        .init("LightGCN", .published, 0.1820, 0.1547), .init("Turbo-CF", .reproduced, 0.1830, 0.1513),
        .init("GF-CF", .published, 0.1850, 0.1518), .init("UltraGCN", .published, 0.1862, 0.1580),
        .init("SimpleX", .published, 0.1872, 0.1557), .init("BSPM-EM", .quoted, 0.1920, 0.1597),
    ]

    private static let chronologicalFigures: [PublishedFigures] = [
        .init("MostPop", .reproduced, 0.0375, 0.1096, 0.0687), .init("ItemKNN", .reproduced, 0.0625, 0.1256, 0.0962),
        .init("EASE l2=2000", .reproduced, 0.0733, 0.1450, 0.1096), .init("BPR", .quoted, nil, nil, 0.0913),
        .init("GRU4Rec", .quoted, nil, nil, 0.1440), .init("Caser", .quoted, nil, nil, 0.1507),
    ]

    private static let beautyFigures: [PublishedFigures] = [
        .init("PopRec", .published, 0.0080, 0.0044, 0.0152, 0.0068),
        .init("TIGER", .published, 0.0352, 0.0236, 0.0533, 0.0294),
        .init("SASRec", .published, 0.0387, 0.0249, 0.0605, 0.0318),
        .init("S3-Rec", .published, 0.0387, 0.0244, 0.0647, 0.0327),
        .init("content TF-IDF cosine", .reproduced, 0.0504, 0.0355, 0.0714, 0.0423),
        .init("EASE l2=100, no recency", .reproduced, 0.0528, 0.0352, 0.0781, 0.0434),
        .init("item-kNN k=200", .reproduced, 0.0541, 0.0392, 0.0745, 0.0457),
        .init("FDSA", .published, 0.0570, 0.0412, 0.0777, 0.0478),
        .init("GRAM", .published, 0.0641, 0.0451, 0.0890, 0.0531),
        .init("EASE l2=100", .reproduced, 0.0643, 0.0452, 0.0892, 0.0532),
        .init("0.6 EASE + 0.4 content", .reproduced, 0.0722, 0.0491, 0.1036, 0.0593),
    ]

    private static let digineticaFigures: [PublishedFigures] = [
        .init("Item-KNN", .reproduced, 0.351, 0.111), .init("sequential rules", .reproduced, 0.405, 0.142),
        .init("SR-GNN", .quoted, 0.507, 0.176), .init("V-SKNN", .reproduced, 0.508, 0.180),
        .init("V-SKNN with idf", .reproduced, 0.514, 0.182), .init("GCE-GNN", .quoted, 0.542, 0.190),
    ]

    private static let warmFigures: [PublishedFigures] = [
        .init("popularity", .reproduced, 0.023, 0.013), .init("content", .reproduced, 0.206, 0.124),
        .init("item-kNN", .reproduced, 0.276, 0.178), .init("EASE l2=100", .reproduced, 0.343, 0.225),
        .init("0.6 EASE + 0.4 content", .reproduced, 0.350, 0.226),
    ]
}
