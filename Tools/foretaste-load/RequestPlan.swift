import CommandLineInterface
import LinearAlgebra
import RecommendationIndex
import SeededRandom
import WireProtocol

/// What a run asks for.
enum RequestKind: String, CaseIterable {
    case ping
    /// Ten items for a random user the index knows.
    case user
    /// Twenty items for such a user.
    case user20 = "user-20"
    /// Twenty items with all their properties, for a random user.
    case userFields = "user-fields"
    /// Ten items like a random item.
    case item
    case popular
    /// Ten items after two of a random user's.
    case session
    /// One durable event of a random user.
    case event
    /// Asked of Redis, not of Foretaste: `PING`, `GET` of the key "answer", and an event appended to a stream.
    case redisPing = "redis-ping"
    case redisGet = "redis-get"
    case redisAppend = "redis-xadd"

    /// What a request of Redis is, and what its reply begins with; nil for one of Foretaste.
    var redis: (request: String, reply: String)? {
        switch self {
        case .redisPing: ("*1\r\n$4\r\nPING\r\n", "+PONG")
        case .redisAppend:
            (
                "*9\r\n$4\r\nXADD\r\n$6\r\nevents\r\n$1\r\n*\r\n$4\r\ntype\r\n$4\r\nview\r\n$6\r\nuserId\r\n$6\r\nu00017\r\n"
                    + "$6\r\nitemId\r\n$6\r\ni00001\r\n", "$"
            )
        case .redisGet: ("*2\r\n$3\r\nGET\r\n$6\r\nanswer\r\n", "$")
        default: nil
        }
    }

    var method: String {
        switch self {
        case .ping, .redisPing, .redisGet, .redisAppend: "ping"
        case .event: "events.put"
        case .session: "recommend.session"
        case .user, .user20, .userFields: "recommend.user"
        case .item: "recommend.item"
        case .popular: "recommend.popular"
        }
    }

    func parameters(_ id: String) -> String? {
        switch self {
        case .ping, .redisPing, .redisGet, .redisAppend: nil
        case .event: #"{"events":[{"type":"view","userId":\#(id),"itemId":"i00001"}]}"#
        case .session: #"{"items":\#(id),"count":10}"#
        case .user20: #"{"userId":\#(id),"count":20}"#
        case .user: #"{"userId":\#(id),"count":10}"#
        case .userFields: #"{"userId":\#(id),"count":20,"fields":["*"]}"#
        case .item: #"{"itemId":\#(id),"count":10}"#
        case .popular: #"{"count":10}"#
        }
    }
}

/// Frames made before the clock starts, and what the reply to each must begin with.
struct RequestPlan {
    /// So many different requests are asked over and over: far more than a processor's caches hold of the answers' inputs.
    private static let frameCount = 4096

    /// All frames, one behind the other.
    private(set) var bytes: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []
    /// `{"id":17,"result":`, so that an error or a reply to another request is noticed at the cost of a comparison.
    private(set) var replyBeginnings: [[UInt8]] = []

    /// Whether replies are those of Redis.
    let isOfRedis: Bool

    /// - Parameter historyLengths: users with other histories are not asked for.
    init(
        _ kind: RequestKind, _ index: RecommendationIndex, seed: UInt64, historyLengths: ClosedRange<Int> = 0...Int.max
    ) throws {
        isOfRedis = kind.redis != nil
        if let redis = kind.redis {
            bytes = Array(redis.request.utf8)
            ranges = [0..<bytes.count]
            replyBeginnings = [Array(redis.reply.utf8)]
            return
        }
        var random = SplitMix64(seed: seed)
        let users = (0..<index.userCount).filter { user in
            historyLengths.contains(unsafe index.histories.history(ofUser: user).itemIndexes.count)
        }
        let count = kind == .item ? index.itemCount : users.count
        guard count > 0 else { throw LoadFailure(description: "the index has no ids to ask for") }
        for number in 0..<Self.frameCount {
            let start = bytes.count
            let drawn = random.nextIndex(below: count)
            let id = kind == .item ? Self.text(index.items.string(at: drawn)) : Self.user(users[drawn], kind, index)
            var writer = JSONWriter(appendingTo: &bytes)
            let fits = writer.writeRequest(id: number, method: kind.method, parameters: kind.parameters(id))
            writer.finish(into: &bytes)
            guard fits else { throw LoadFailure(description: "a request is larger than a frame may be") }
            ranges.append(start..<bytes.count)
            replyBeginnings.append(Array(#"{"id":\#(number),"result":"#.utf8))
        }
    }

    private static func text(_ id: String) -> String { JSONText.string(id).compact }

    /// Who is asked for, or the items of the visit that is asked about.
    private static func user(_ user: Int, _ kind: RequestKind, _ index: RecommendationIndex) -> String {
        guard kind == .session else { return text(index.users.string(at: user)) }
        let items = unsafe Array(index.histories.history(ofUser: user).itemIndexes.prefix(2))
        return "[" + items.map { text(index.items.string(at: Int($0))) }.joined(separator: ",") + "]"
    }
}
