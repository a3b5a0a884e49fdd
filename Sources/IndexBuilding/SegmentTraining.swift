import HybridBlending
import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import Segmentation

// What an index knows of segments:
//
//     who is where ─▶ per segment: what its members have (popular, trending, recent) ─▶ the first 1,000 of each list
//                 └▶ per segment and period: interactions and active members
//
//     fallback(i) = w · inside(i) + (1 - w) · everybody(i)        w = share · n / (n + 100) for n members
//
// Both parts are the fallback score (0.70 recent, 0.25 popular, 0.05 trending). A segment of few members speaks softly. The
// share is measured inside the training data, see `SegmentShareMeasurement`; decision 0017 has the figures.

/// Works out what an index keeps of segments.
struct SegmentTraining {
    /// More make every segment too small to speak for anybody, and mean that a column of ids was taken for one of labels.
    static let greatestSegmentCount = 1_000
    /// Twice the longest list that a request may ask for.
    private static let listLimit = 1_000
    /// Members at which a segment has half of the share.
    private static let sharePrior = 100.0
    private static let dayMilliseconds: Int64 = 86_400_000
    /// A season of days, a year of weeks.
    private static let dayCount: Int64 = 90
    private static let weekCount: Int64 = 52

    let configuration: BuildConfiguration

    /// Nil where there are no segments.
    func train(
        _ inputs: LoadedInputs, _ interactions: InteractionMatrix, _ popularity: ItemPopularity,
        _ popularityConfiguration: ItemPopularity.Configuration
    ) throws(BuildError) -> SegmentContents? {
        let assignment: SegmentAssignment
        switch configuration.segments {
        case .none: return nil
        case .given:
            guard let given = inputs.segments else { return nil }
            assignment = given.withoutRepeats()
        case .rfm: assignment = try Self.rfm(inputs.log, threadCount: configuration.threadCount)
        }
        guard assignment.names.count <= Self.greatestSegmentCount else {
            throw BuildError(
                operation: "segment the users", expected: "at most \(Self.greatestSegmentCount) segments",
                found: "\(assignment.names.count)", remedy: "Name a column of labels, not one of ids or numbers.")
        }
        // A hundred members are enough to tell labels from ids.
        guard assignment.memberIds.count < 100 || 2 * assignment.names.count <= assignment.memberIds.count else {
            throw BuildError(
                operation: "segment the users", expected: "at most a segment for every two members",
                found: "\(assignment.names.count) segments of \(assignment.memberIds.count) members",
                remedy: "Name a column of labels, not one of ids or numbers.")
        }
        let members = Self.ordered(assignment)
        var contents = SegmentContents(
            names: assignment.names, memberIds: members.map { assignment.memberIds[$0] },
            segments: members.map { assignment.segments[$0] }, lists: IndexLists(), scores: [],
            model: assignment.model?.numbers ?? [],
            values: assignment.model == nil
                ? [] : members.flatMap { member in RFMFeature.allCases.map { assignment.values[member][$0] } })
        addLists(
            to: &contents, interactions, popularity, popularityConfiguration,
            share: try share(inputs, interactions, popularityConfiguration))
        addActivity(to: &contents, inputs.log)
        return contents
    }

    private func share(
        _ inputs: LoadedInputs, _ interactions: InteractionMatrix, _ popularity: ItemPopularity.Configuration
    ) throws(BuildError) -> Double {
        if let share = configuration.segmentShare { return share }
        let given = configuration.segments == .given ? inputs.segments?.withoutRepeats() : nil
        // A model from elsewhere has seen what would be hidden: nothing can be measured by it.
        if given?.model != nil { return 0 }
        let measurement = SegmentShareMeasurement(interactions: interactions, popularity: popularity)
        return try measurement.share { (cut) throws(BuildError) in
            if let given { return given }
            let earlier = inputs.log.filter { inputs.log.times[$0] <= cut }
            return try Self.rfm(earlier, threadCount: configuration.threadCount)
        }
    }

    /// The fallback of a segment. Both have one score per item.
    static func mixed(_ inside: [Float], _ common: [Float], memberCount: Int, share: Double) -> [Float] {
        let weight = share * Double(memberCount) / (Double(memberCount) + sharePrior)
        return zip(inside, common).map { Float(weight * Double($0) + (1 - weight) * Double($1)) }
    }

    /// Positions of the members by ascending bytes of their ids.
    private static func ordered(_ assignment: SegmentAssignment) -> [Int] {
        IdentifierTable(assignment.memberIds).ascendingOrder().map { Int($0) }
    }

    // MARK: Recency, frequency, value

    /// Of purchases where there are any, else of all interactions. What a user did at one moment is one order; its worth is
    /// the sum of the rows' amounts, or where the log has none of their values, 1 where a row has none.
    private static func rfm(_ log: InteractionLog, threadCount: Int) throws(BuildError) -> SegmentAssignment {
        guard log.hasTimes else {
            throw BuildError(
                operation: "segment the users by recency, frequency and value", expected: "interactions with times",
                found: "none", remedy: "Name the column of times with --columns, or leave --segments out.")
        }
        let purchase = log.eventTypes.firstIndex(of: "purchase").map { UInt8($0) }
        let hasPurchases = purchase.map { log.eventTypeIndexes.contains($0) } ?? false
        var transactions = TransactionLog()
        for row in 0..<log.count where !hasPurchases || log.eventTypeIndexes[row] == purchase {
            let user = log.users.id(at: Int(log.userIndexes[row]))
            let value = log.hasAmounts ? log.amounts[row] : Double(log.values[row])
            transactions.append(
                customer: user, order: "\(log.userIndexes[row]) \(log.times[row])", time: log.times[row],
                quantity: value.isNaN ? 1 : value, price: 1)
        }
        do throws(SegmentationError) {
            let table = try RFMTable(transactions)
            var settings = RFMSegmentation.standardConfiguration
            settings.clusterCount = min(settings.clusterCount, table.count)
            settings.threadCount = threadCount
            let segmentation = try RFMSegmentation(table, settings)
            return SegmentAssignment(
                names: segmentation.model.profiles.map(\.name), memberIds: table.customerIds,
                segments: segmentation.clustering.labels, model: segmentation.model,
                values: (0..<table.count).map { table[$0] })
        } catch {
            throw BuildError(
                operation: "segment the users by recency, frequency and value", expected: error.expected,
                found: error.found, remedy: error.remedy)
        }
    }

    // MARK: Lists

    private func addLists(
        to contents: inout SegmentContents, _ interactions: InteractionMatrix, _ everybody: ItemPopularity,
        _ settings: ItemPopularity.Configuration, share: Double
    ) {
        let users = IdentifierTable(interactions.userIds)
        var usersOfSegments = [[Int]](repeating: [], count: contents.names.count)
        for (member, segment) in contents.segments.enumerated() {
            if let user = users.index(of: contents.memberIds[member]) {
                usersOfSegments[Int(segment)].append(Int(user))
            }
        }
        let common = Self.fallback(everybody)
        for users in usersOfSegments {
            let inside = ItemPopularity(interactions, configuration: settings, users: users)
            // Without a share the list is everybody's, and there is none to keep.
            let mixed =
                share > 0
                ? Self.mixed(Self.fallback(inside), common, memberCount: users.count, share: share) : []
            for scores in [mixed, inside.allTime, inside.trending, inside.recent] {
                let order = Popularity.ranking(of: scores).lazy.filter { scores[Int($0)] > 0 }.prefix(Self.listLimit)
                contents.lists.append(order)
                contents.scores += order.map { scores[Int($0)] }
            }
        }
    }

    private static func fallback(_ popularity: ItemPopularity) -> [Float] {
        FallbackScore.scores(
            recent: popularity.recent.span, popular: popularity.allTime.span, trending: popularity.trending.span)
    }

    // MARK: Activity

    /// Days and weeks up to the newest interaction's day (UTC); a week ends on that day.
    private func addActivity(to contents: inout SegmentContents, _ log: InteractionLog) {
        guard log.hasTimes, let newest = log.newestTime else { return }
        let end = Self.day(newest) + 1
        let days = (end - Self.dayCount..<end).map { (start: $0, length: Int64(1)) }
        let weeks = (0..<Self.weekCount).map { (start: end - 7 * (Self.weekCount - $0), length: Int64(7)) }
        contents.periods = (days + weeks).flatMap {
            [$0.start * Self.dayMilliseconds, $0.length * Self.dayMilliseconds]
        }
        let periodCount = Int(Self.dayCount + Self.weekCount)
        contents.activity = Array(repeating: 0, count: contents.names.count * periodCount * 2)
        let members = IdentifierTable(contents.memberIds)
        let segments = (0..<log.users.count).map { user in
            members.index(of: log.users.id(at: user)).map { Int(contents.segments[Int($0)]) }
        }
        var seen: Set<UInt64> = []
        for row in 0..<log.count {
            let user = Int(log.userIndexes[row])
            guard let segment = segments[user] else { continue }
            let age = end - 1 - Self.day(log.times[row])
            var periods: [Int] = []
            if (0..<Self.dayCount).contains(age) { periods.append(Int(Self.dayCount - 1 - age)) }
            if (0..<7 * Self.weekCount).contains(age) {
                periods.append(Int(Self.dayCount + Self.weekCount - 1 - age / 7))
            }
            for period in periods {
                let place = (segment * periodCount + period) * 2
                contents.activity[place] += 1
                if seen.insert(UInt64(user) << 16 | UInt64(period)).inserted { contents.activity[place + 1] += 1 }
            }
        }
    }

    private static func day(_ time: Int64) -> Int64 {
        time >= 0 ? time / dayMilliseconds : (time - dayMilliseconds + 1) / dayMilliseconds
    }
}
