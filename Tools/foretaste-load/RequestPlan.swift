import CommandLineInterface
import LinearAlgebra
import RecommendationIndex
import WireProtocol

/// What a run asks for.
enum RequestKind: String, CaseIterable {
    case ping
    /// Ten items for a random user the index knows.
    case user
    /// Twenty items with all their properties, for a random user.
    case userFields = "user-fields"
    /// Ten items like a random item.
    case item
    case popular

    var method: String {
        switch self {
        case .ping: "ping"
        case .user, .userFields: "recommend.user"
        case .item: "recommend.item"
        case .popular: "recommend.popular"
        }
    }

    func parameters(_ id: String) -> String? {
        switch self {
        case .ping: nil
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

    init(_ kind: RequestKind, _ index: RecommendationIndex, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let table = kind == .item ? index.items : index.users
        guard table.count > 0 else { throw RunFailure(description: "the index has no ids to ask for") }
        for number in 0..<Self.frameCount {
            let start = bytes.count
            let id = JSONText.string(table.string(at: random.nextIndex(below: table.count))).compact
            var writer = JSONWriter(appendingTo: &bytes)
            let fits = writer.writeRequest(id: number, method: kind.method, parameters: kind.parameters(id))
            writer.finish(into: &bytes)
            guard fits else { throw RunFailure(description: "a request is larger than a frame may be") }
            ranges.append(start..<bytes.count)
            replyBeginnings.append(Array(#"{"id":\#(number),"result":"#.utf8))
        }
    }
}
