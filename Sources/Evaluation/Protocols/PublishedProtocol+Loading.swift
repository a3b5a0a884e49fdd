package import Interactions

extension PublishedProtocol {
    /// Reads the protocol's files below the folder of all data sets, the file names of each protocol are below.
    ///
    /// - Parameter trainingOnly: leaves the test part and the candidates out, and unread where they are files of their own. What
    ///   `split` divides comes undivided.
    package func load(from directory: String, trainingOnly: Bool = false) throws(ReadError) -> ProtocolData {
        let files = ProtocolFiles(directory: directory)
        switch self {
        case .ncfML1M: return try NCFLoading(files: files).load(trainingOnly: trainingOnly)
        case .lightGCNGowalla: return try Self.gowalla(files, trainingOnly: trainingOnly)
        case .chronologicalML1M: return try Self.chronological(files, trainingOnly: trainingOnly)
        case .amazonBeauty: return try Self.beauty(files, trainingOnly: trainingOnly)
        case .citeULikeCold, .citeULikeWarm, .citeULikeOverall:
            return try CiteULikeLoading(files: files).load(self, trainingOnly: trainingOnly)
        case .movieLensLatestSmall:
            return try Self.ratings(
                files, "movielens-latest-small/ratings.csv", "movielens-latest-small/movies.csv", .movielensCSV)
        case .onlineRetail: return try Self.retail(files)
        case .randomML100K:
            return try Self.ratings(files, "movielens-100k/u.data", "movielens-100k/u.item", .movielens100k)
        case .diginetica: return try Self.sessions(files, trainingOnly: trainingOnly)
        }
    }

    private static func gowalla(_ files: ProtocolFiles, trainingOnly: Bool) throws(ReadError) -> ProtocolData {
        var training = ProtocolFiles.emptyLog(hasTimes: false)
        try files.lists("gowalla/train.txt", addTo: &training)
        if trainingOnly { return ProtocolData(interactions: training) }
        var test = ProtocolFiles.emptyLog(hasTimes: false)
        try files.lists("gowalla/test.txt", addTo: &test)
        return ProtocolData(interactions: training, test: test)
    }

    /// The oldest part keeps the order of the original file, which is not that of time: it is one moment. The next part is
    /// in the order of time (decision 0015), so that each of its rows is a later moment than the one before.
    private static func chronological(_ files: ProtocolFiles, trainingOnly: Bool) throws(ReadError) -> ProtocolData {
        var (oldest, next) = (ProtocolFiles.emptyLog(hasTimes: false), ProtocolFiles.emptyLog(hasTimes: false))
        var test: InteractionLog?
        try files.pairs("movielens-1m-chronological/train.csv", addTo: &oldest)
        try files.pairs("movielens-1m-chronological/valid.csv", addTo: &next)
        if !trainingOnly {
            var newest = ProtocolFiles.emptyLog(hasTimes: false)
            try files.pairs("movielens-1m-chronological/test.csv", addTo: &newest)
            test = newest
        }
        var training = ProtocolFiles.emptyLog(hasTimes: true)
        for (moment, log) in [(0, oldest), (1, next)] {
            for row in 0..<log.count {
                training.append(
                    user: log.users.id(at: Int(log.userIndexes[row])),
                    item: log.items.id(at: Int(log.itemIndexes[row])),
                    time: Int64(moment * (row + 1)))
            }
        }
        let rated = training.items
        let movies = try files.items("movielens-1m/movies.dat", .movielens1m)
        return ProtocolData(
            interactions: training, items: movies.filter { rated.index(of: $0.id) != nil }, test: test,
            notes: [
                "Input is the oldest 70 % of each user, without an order, and the next 10 % in the order of time."
            ])
    }

    private static func beauty(_ files: ProtocolFiles, trainingOnly: Bool) throws(ReadError) -> ProtocolData {
        var training = ProtocolFiles.emptyLog(hasTimes: true)
        var test = ProtocolFiles.emptyLog(hasTimes: false)
        try files.eachList("amazon-beauty/sequences.txt", expected: "a user and then items, oldest first") {
            user, items in
            for item in items.dropLast() { training.append(user: user, item: item, time: Int64(training.count)) }
            if let last = items.last { test.append(user: user, item: last) }
        }
        var items: [Item] = []
        try files.eachList("amazon-beauty/item_text.txt", expected: "an item and then words") { item, words in
            items.append(Item(id: item, properties: [.init("title", .string(words.joined(separator: " ")))]))
        }
        return ProtocolData(
            interactions: training, items: items, test: trainingOnly ? nil : test,
            notes: ["The last item of each user is the test; the order of a sequence is the order of time."])
    }

    private static func sessions(_ files: ProtocolFiles, trainingOnly: Bool) throws(ReadError) -> ProtocolData {
        let queries = SessionQueries(
            training: try SessionQueries.readSessions(files.path("diginetica/train_sessions.txt")),
            queries: trainingOnly ? [] : try SessionQueries.readQueries(files.path("diginetica/test_prefixes.txt")))
        return ProtocolData(interactions: queries.trainingLog, sessions: queries)
    }

    private static func ratings(
        _ files: ProtocolFiles, _ ratings: String, _ movies: String, _ format: FileFormat
    ) throws(ReadError) -> ProtocolData {
        let log = try InteractionReader.read(
            path: files.path(ratings), options: SourceOptions(format: format)
        ).log
        return ProtocolData(interactions: log, items: try files.items(movies, format))
    }

    private static func retail(_ files: ProtocolFiles) throws(ReadError) -> ProtocolData {
        let path = files.path("online-retail/online_retail.csv")
        // Rows without a customer and returns are a quarter of the file and no fault of it.
        var options = SourceOptions(format: .csv, maxBadRows: .share(0.3))
        options.columns = try ColumnMapping(
            parsing: "userId=CustomerID,itemId=StockCode,time=InvoiceDate,value=Quantity")
        let log = try InteractionReader.read(path: path, options: options, eventType: "purchase").log
        options.columns = try ColumnMapping(parsing: "itemId=StockCode,title=Description")
        return ProtocolData(
            interactions: log, items: try ItemReader.read(path: path, options: options).items,
            notes: [
                "Rows without a customer and with a quantity of 0 or less are left out; 40 rows cost nothing and stay."
            ])
    }
}
