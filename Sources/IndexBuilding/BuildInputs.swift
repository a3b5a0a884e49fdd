package import Interactions

/// One file of interactions or items and how to read it.
package struct SourceFile: Sendable {
    package var path: String
    package var options: SourceOptions

    package init(path: String, options: SourceOptions = SourceOptions()) {
        self.path = path
        self.options = options
    }
}

/// The files of a build.
package struct BuildInputs: Sendable {
    /// nil: a given model has histories instead.
    package var interactions: SourceFile?
    /// Further files of interactions, whose rows follow.
    package var moreInteractions: [SourceFile] = []
    /// Whether interactions without a time column are in the order of time.
    package var orderIsTime = false
    /// The event type of rows that have none; nil: the reader's rule.
    package var eventType: String?
    package var items: SourceFile?
    /// Columns of the item file whose values are lists separated by `|`.
    package var listColumns: [String] = []
    /// Item vectors from elsewhere, instead of those made from the items' text.
    package var vectorsPath: String?
    /// The ids of an `.npy` file's rows, one a line.
    package var vectorIdsPath: String?
    /// The directory of the sentence encoder that makes the vectors from the items' text, where they are not TF-IDF's.
    package var modelDirectoryPath: String?

    package init(interactions: SourceFile?, eventType: String? = nil, items: SourceFile? = nil) {
        self.interactions = interactions
        self.eventType = eventType
        self.items = items
    }
}

/// What a build is doing, for a progress display. Called on the building thread.
package protocol BuildObserver {
    /// A stage begins; the one before has ended.
    func stage(_ name: String)
    /// A file is read from now on.
    func reading(_ path: String)
    /// Of the file that is read, `done` of `total` bytes are behind.
    func progress(done: Int, total: Int)
    /// The file has been read.
    func read(_ report: ReadReport)
}

/// The inputs of a build, read.
package struct LoadedInputs: Sendable {
    package var log: InteractionLog
    package var items: [Item]
    package var reports: [ReadReport]
    /// For `SegmentChoice.given`.
    package var segments: SegmentAssignment?
    /// A model from elsewhere; nil: one is trained.
    package var given: GivenModel?

    /// Rows, or as many as the given histories are sums of.
    package var interactionCount: Int { given?.histories?.interactionCount ?? log.count }

    package init(log: InteractionLog, items: [Item], reports: [ReadReport]) {
        self.log = log
        self.items = items
        self.reports = reports
    }

    /// Reads every file of `inputs`.
    ///
    /// - Parameter given: a model from elsewhere, which brings the histories where there are no interactions.
    package static func read(
        _ inputs: BuildInputs, weights: EventWeights, given: GivenModel? = nil, observer: some BuildObserver
    ) throws(ReadError) -> LoadedInputs {
        var (rows, reports) = (InteractionLog(eventTypes: weights.names, hasTimes: true), [ReadReport]())
        for file in (inputs.interactions.map { [$0] } ?? []) + inputs.moreInteractions {
            observer.reading(file.path)
            let (read, report) = try InteractionReader.read(
                path: file.path, options: file.options, weights: weights, eventType: inputs.eventType
            ) { done, total in observer.progress(done: done, total: total) }
            observer.read(report)
            if reports.isEmpty { rows = read } else { try rows.append(read, path: file.path) }
            reports.append(report)
        }
        if let histories = given?.histories {
            rows = InteractionLog(
                eventTypes: weights.names, hasTimes: histories.hasTimes, knowing: histories.sums.firsts,
                items: histories.sums.seconds)
        }
        var loaded = LoadedInputs(
            log: inputs.orderIsTime ? rows.takingOrderAsTime() : rows, items: [], reports: reports)
        loaded.given = given
        guard let file = inputs.items else { return loaded }
        observer.reading(file.path)
        let (items, itemReport) = try ItemReader.read(
            path: file.path, options: file.options, listColumns: inputs.listColumns
        ) { done, total in observer.progress(done: done, total: total) }
        observer.read(itemReport)
        loaded.items = items
        loaded.reports.append(itemReport)
        return loaded
    }
}
