internal import StoredFiles

/// Which anomalies were acknowledged, and when: `states.json` beside the manifest. All others are open. Ids of anomalies are the
/// same in every analysis that finds them again, so states outlive analyses.
package struct AnomalyStates: Codable, Sendable, Equatable {
    package static let fileName = "states.json"
    private static let formatName = "foretaste-anomaly-states"
    private static let formatVersion = 1
    /// Of the file: as many acknowledgements as may be kept, with notes.
    private static let byteLimit = 64 << 20
    package static let countLimit = 100_000
    package static let noteByteLimit = 1024

    package struct Acknowledgement: Codable, Sendable, Equatable {
        /// Of an anomaly, or of a visitor.
        package let id: String
        /// Milliseconds since 1970.
        package let time: Int64
        package let note: String?

        package init(id: String, time: Int64, note: String? = nil) {
            (self.id, self.time, self.note) = (id, time, note)
        }
    }

    private let format: String
    private let version: Int
    /// Ascending by id, each once.
    package private(set) var acknowledged: [Acknowledgement]

    package init() { (format, version, acknowledged) = (Self.formatName, Self.formatVersion, []) }

    /// No file: none is acknowledged.
    package init(directory: String) throws(ArtefactError) {
        let path = "\(directory)/\(Self.fileName)"
        do throws(ArtefactError) {
            self = try AnalyticsBundle.decoded(try AnalyticsBundle.bytes(path, limit: Self.byteLimit), path)
        } catch {
            guard error.code == .missing else { throw error }
            self.init()
        }
        if let fault { throw ArtefactError(code: .damaged, path: path, expected: "states of anomalies", found: fault) }
    }

    private var fault: String? {
        var check = DocumentCheck()
        check.holds(format == Self.formatName && version == Self.formatVersion, "another format")
        check.count(acknowledged.count, of: "acknowledgements", atMost: Self.countLimit)
        check.holds(
            zip(acknowledged, acknowledged.dropFirst()).allSatisfy { UsersDocument.precedes($0.id, $1.id) },
            "ids that do not ascend, or stand twice")
        for one in acknowledged {
            check.holds(one.id.utf8.count <= 2 * DocumentLimits.nameBytes, "an id that is too long")
            check.holds((one.note?.utf8.count ?? 0) <= Self.noteByteLimit, "a note that is too long")
        }
        return check.fault
    }

    /// O(log n).
    package func acknowledgement(of id: String) -> Acknowledgement? {
        let place = place(of: id)
        return place < acknowledged.count && acknowledged[place].id == id ? acknowledged[place] : nil
    }

    private func place(of id: String) -> Int {
        var (low, high) = (0, acknowledged.count)
        while low < high {
            let middle = (low + high) / 2
            if UsersDocument.precedes(acknowledged[middle].id, id) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Acknowledges an anomaly, or with nil opens it again, and keeps that on the disk before it returns; processes that do so at once
    /// come one after the other. The id is one of an anomaly that there is: who calls has looked.
    @discardableResult
    package static func set(
        _ id: String, _ acknowledgement: (time: Int64, note: String?)?, in directory: String
    ) throws(ArtefactError) -> AnomalyStates {
        let path = "\(directory)/\(fileName)"
        let lock = try filing { () throws(FileError) -> FileLock in try Self.lock(directory) }
        var states = try AnomalyStates(directory: directory)
        states.change(id, acknowledgement)
        if let fault = states.fault {
            throw ArtefactError(code: .tooLarge, path: path, expected: "room for a state", found: fault)
        }
        let bytes = try AnalyticsWriter.encoded(states, path)
        try filing { () throws(FileError) -> Void in
            var files = OutputFiles()
            try files.add(bytes, at: path)
            try files.publish()
        }
        lock.release()
        return states
    }

    private static func lock(_ directory: String) throws(FileError) -> FileLock {
        let path = "\(directory)/.\(fileName).lock"
        guard let lock = try FileLock(path, waiting: true) else {
            throw FileError(
                .inputOutput, operation: "lock", path: path, expected: "success", found: "a lock that is held")
        }
        return lock
    }

    private static func filing<Value: ~Copyable>(
        _ body: () throws(FileError) -> Value
    ) throws(ArtefactError) -> Value {
        do throws(FileError) {
            return try body()
        } catch {
            throw ArtefactError(code: .inputOutput, path: error.path, expected: error.expected, found: error.found)
        }
    }

    private mutating func change(_ id: String, _ acknowledgement: (time: Int64, note: String?)?) {
        let place = place(of: id)
        if place < acknowledged.count && acknowledged[place].id == id { acknowledged.remove(at: place) }
        guard let acknowledgement else { return }
        acknowledged.insert(.init(id: id, time: acknowledgement.time, note: acknowledgement.note), at: place)
    }
}
