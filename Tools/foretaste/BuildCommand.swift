import CommandLineInterface
import Embeddings
import IndexBuilding
import Interactions
import RecommendationIndex

/// `foretaste build`
enum BuildCommand {
    static let command = Command(
        name: "build", summary: "Build an index from interactions and a catalogue.",
        discussion: """
            Reads the files, trains, writes a new version of the index beside the others, verifies it and makes it current \
            in one step. Until then, and where anything fails, the version that was current stays current.

            The same files and options make the same bytes but for the time of creation. Where the environment has \
            SOURCE_DATE_EPOCH (seconds since 1970), that is the time of creation.

            Exit 3: the build would be far smaller than the current version, which stays (--max-shrink, --force).
            """,
        options: TrainingOptions.orGiven + GivenSource.options + SegmentSource.options + ShrinkGate.options + [
            .required("index", "DIR", help: "The directory of the index; made where it is missing.").asOutput([
                "CURRENT", "build.lock", "publish.lock",
            ]),
            .value("keep", "N", default: "2", help: "Versions to keep, the new one included."),
            .value(
                "from-live", "DIR",
                help:
                    "Live data of a server, which may be running: its events, items and people beside the files, and less who was "
                    + "forgotten. The index says what it has taken, so that nothing counts twice."),
        ],
        examples: [
            .init(
                "foretaste build --interactions events.csv --items items.jsonl --index shop.index",
                "Build from files whose columns have usual names."),
            .init(
                "foretaste build --interactions ratings.dat --format movielens-1m --items movies.dat --index ml.index",
                "Build from MovieLens files as they come."),
            .init(
                "foretaste build --config shop.options --index shop.index",
                "Take the options from a file."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let clock = ContinuousClock()
        let start = clock.now
        try GivenSource.check(parsed)
        var configuration = try TrainingOptions.configuration(parsed)
        let inputs = try TrainingOptions.inputs(parsed, isGiven: parsed.isGiven("given"))
        let created = try CreationTime.milliseconds(operation: "foretaste build")
        let keptCount = try parsed.integer("keep", in: 1...1000)
        let directory = IndexDirectory(path: try parsed.string("index"))
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        // The directory is taken first: who cannot write there should not wait for the training.
        let build = try directory.beginBuild()
        let given = try GivenSource.read(parsed, &configuration, observer)
        var loaded = try load(inputs, configuration, parsed, observer, given?.model)
        let live = try addLiveData(parsed, configuration, to: &loaded, observer)
        try ShrinkGate.check(loaded, against: directory, parsed, observer)
        loaded.segments = try SegmentSource.assignment(parsed, of: loaded.log, &configuration, observer)
        let vectors =
            try given?.itemVectors
            ?? ItemVectorSource.vectors(inputs, of: loaded, configuration: &configuration, parsed, observer)
        var contents = try IndexBuilder(configuration).contents(
            of: loaded, vectors: vectors, createdMilliseconds: created, observer: observer,
            trained: { trained throws(BuildError) in try GivenSource.write(trained, parsed, observer) })
        if let text = contents.facts.setting(.givenUserFactors) {
            observer.say("  the given factors of users: \(text)")
        }
        live?.sign(&contents.facts)
        observer.stage("write, verify and publish")
        var options = IndexBuild.Options()
        options.keptVersionCount = keptCount
        let published = try build.publish(contents, options: options)
        observer.end()
        if let error = published.removalError {
            Terminal.standardError.write("warning: an old version could not be removed: \(error)\n")
        }
        let seconds = (clock.now - start) / .seconds(1)
        let index = try RecommendationIndex.open(directory.path)
        report(index, in: directory.path, version: published.version, seconds: seconds, asJSON: parsed.flag("json"))
    }

    private static func addLiveData(
        _ parsed: ParsedCommand, _ configuration: BuildConfiguration, to loaded: inout LoadedInputs,
        _ observer: ProgressObserver
    ) throws -> LiveInputs? {
        guard let path = parsed.optionalString("from-live") else { return nil }
        observer.stage("take live data")
        var live = try LiveInputs(directory: path, weights: configuration.eventWeights)
        try live.add(to: &loaded)
        guard !parsed.flag("quiet") else { return live }
        Terminal.standardError.write(
            "\(path): \(ReadableNumber.count(live.takenCount)) live events taken, "
                + "\(ReadableNumber.count(live.skippedCount)) of no use for a build\n")
        return live
    }

    /// Reads the files; too many bad rows are told one by one before the run fails. What the options ask of the rows and these do
    /// not have is refused.
    ///
    /// - Parameter given: a model from elsewhere, which may bring the histories.
    static func load(
        _ inputs: BuildInputs, _ configuration: BuildConfiguration, _ parsed: ParsedCommand,
        _ observer: ProgressObserver, _ given: GivenModel? = nil
    ) throws -> LoadedInputs {
        let loaded = try ReadingOptions.telling(observer) {
            try LoadedInputs.read(inputs, weights: configuration.eventWeights, given: given, observer: observer)
        }
        if !inputs.moreInteractions.isEmpty {
            let known = loaded.reports.flatMap(\.warnings)
            for warning in loaded.log.idWarnings where !known.contains(warning) {
                observer.warn("all files of interactions together: \(warning)")
            }
        }
        if inputs.items != nil {
            var items = IdentifierTable()
            for item in loaded.items { items.intern(item.id) }
            try JoinCheck.check(
                KeyJoin("items of the interactions", loaded.log.items, "items of the catalogue", items), parsed,
                observer)
        }
        try GivenSource.checkJoins(loaded, parsed, observer)
        try check(loaded, configuration, observer)
        return loaded
    }

    private static func check(
        _ loaded: LoadedInputs, _ configuration: BuildConfiguration, _ observer: ProgressObserver
    ) throws {
        let log = loaded.log
        if !log.hasTimes {
            observer.say("  the interactions have no times: the order of the rows is taken for their order")
            if configuration.halfLifeDays != nil {
                throw RunFailure(
                    description:
                        "'--half-life' needs times, and the interactions have none. Name their column by --columns "
                        + "time=NAME, or leave the option out.")
            }
        }
        if let times = loaded.reports.compactMap(\.times).first(where: \.isCounter),
            configuration.halfLifeDays != nil || configuration.segments == .rfm
        {
            throw RunFailure(
                description:
                    "'--half-life' and '--segments rfm' need times, and the column \(times.column) has numbers that "
                    + "are none. Say by --time-format what they are.")
        }
        let weights = configuration.eventWeights.entries.map(\.weight)
        let ratings = configuration.eventWeights.index(of: EventWeights.ratingName)
        let sums = loaded.given?.histories?.sums.values ?? []
        let isWeighty =
            sums.contains { $0 != 0 }
            || (0..<log.count).contains { row in
                let type = Int(log.eventTypeIndexes[row])
                return weights[type] != 0 && (type != ratings || log.values[row] != 0)
            }
        guard isWeighty else {
            throw RunFailure(
                description:
                    "none of the \(ReadableNumber.count(loaded.interactionCount)) interactions has a weight: all are of types of "
                    + "weight 0, or ratings of 0. Check --event-weights and the column of values.")
        }
    }

    private static func report(
        _ index: RecommendationIndex, in directory: String, version: String, seconds: Double, asJSON: Bool
    ) {
        let peak = Machine.peakResidentBytes
        if asJSON {
            let members: [JSONText.Member] = [
                .init("index", .string(index.path)), .init("version", .string(version)),
                .init("items", .integer(index.itemCount)), .init("users", .integer(index.userCount)),
                .init("byteCount", .integer(index.fileByteCount)), .init("seconds", .number(seconds)),
                .init("peakResidentBytes", .integer(peak)),
            ]
            Terminal.standardOutput.write(JSONText.object(members).indented + "\n")
            return
        }
        Terminal.standardOutput.write(
            """
            published version \(version)
              \(ReadableNumber.count(index.itemCount)) items, \(ReadableNumber.count(index.userCount)) users, \
            model \(index.manifest.collaborativeModel), \(ReadableNumber.byteCount(index.fileByteCount))
              in \(ReadableNumber.duration(seconds: seconds)), at most \(ReadableNumber.byteCount(peak)) of memory
              serve it: foretaste-server --index \(directory)

            """)
    }
}
