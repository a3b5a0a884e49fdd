/// The `reason` of an error. Reasons, codes and statuses are API; see Protocol/ERRORS.md.
package enum ErrorReason: String, CaseIterable, Sendable {
    case parseError = "PARSE_ERROR"
    case invalidRequest = "INVALID_REQUEST"
    case duplicateId = "DUPLICATE_ID"
    case frameTooLarge = "FRAME_TOO_LARGE"
    case methodNotFound = "METHOD_NOT_FOUND"
    case badField = "BAD_FIELD"
    case filterSyntax = "FILTER_SYNTAX"
    case countOutOfRange = "COUNT_OUT_OF_RANGE"
    case vectorDimension = "VECTOR_DIMENSION"
    case bug = "BUG"
    case byClient = "BY_CLIENT"
    case keyMissing = "KEY_MISSING"
    case keyInvalid = "KEY_INVALID"
    case helloRequired = "HELLO_REQUIRED"
    case noActiveIndex = "NO_ACTIVE_INDEX"
    case protocolUnsupported = "PROTO_UNSUPPORTED"
    case role = "ROLE"
    case noPersonas = "NO_PERSONAS"
    case noSegments = "NO_SEGMENTS"
    case noSegmentModel = "NO_SEGMENT_MODEL"
    case noLiveStore = "NO_LIVE_STORE"
    case noAnalytics = "NO_ANALYTICS"
    case itemNotFound = "ITEM_NOT_FOUND"
    case personaNotFound = "PERSONA_NOT_FOUND"
    case segmentNotFound = "SEGMENT_NOT_FOUND"
    case memberNotFound = "MEMBER_NOT_FOUND"
    case userNotFound = "USER_NOT_FOUND"
    case anomalyNotFound = "ANOMALY_NOT_FOUND"
    case scenarioNotFound = "SCENARIO_NOT_FOUND"
    case recommendationExpired = "RECOMM_EXPIRED"
    case conflict = "CONFLICT"
    case versionChanged = "VERSION_CHANGED"
    case deadlineExceeded = "DEADLINE_EXCEEDED"
    case rateLimit = "RATE_LIMIT"
    case replyTooLarge = "REPLY_TOO_LARGE"
    case tooManyConnections = "TOO_MANY_CONNECTIONS"
    case outputBuffer = "OUTPUT_BUFFER"
    case buffersFull = "BUFFERS_FULL"
    case starting = "STARTING"
    case draining = "DRAINING"
    case diskFull = "DISK_FULL"
    case storeUnavailable = "STORE_UNAVAILABLE"
    case checksum = "CHECKSUM"
    case bundleCorrupt = "BUNDLE_CORRUPT"

    package var code: Int {
        switch self {
        case .parseError: -32700
        case .invalidRequest, .duplicateId, .frameTooLarge: -32600
        case .methodNotFound: -32601
        case .badField, .filterSyntax, .countOutOfRange, .vectorDimension: -32602
        case .bug: -32603
        case .byClient: -32800
        case .keyMissing, .keyInvalid: -32001
        case .helloRequired, .noActiveIndex, .protocolUnsupported, .noPersonas, .noSegments, .noSegmentModel,
            .noLiveStore, .noAnalytics:
            -32002
        case .role: -32003
        case .itemNotFound, .personaNotFound, .segmentNotFound, .memberNotFound, .userNotFound,
            .anomalyNotFound, .scenarioNotFound,
            .recommendationExpired:
            -32010
        case .conflict, .versionChanged: -32011
        case .deadlineExceeded: -32020
        case .rateLimit, .replyTooLarge, .tooManyConnections, .outputBuffer, .buffersFull: -32021
        case .starting, .draining, .diskFull, .storeUnavailable: -32022
        case .checksum, .bundleCorrupt: -32023
        }
    }

    package var status: StaticString {
        switch self {
        case .parseError, .invalidRequest, .duplicateId, .frameTooLarge: "INVALID_ARGUMENT"
        case .methodNotFound: "UNIMPLEMENTED"
        case .badField, .filterSyntax, .countOutOfRange, .vectorDimension: "INVALID_ARGUMENT"
        case .bug: "INTERNAL"
        case .byClient: "CANCELLED"
        case .keyMissing, .keyInvalid: "UNAUTHENTICATED"
        case .helloRequired, .noActiveIndex, .protocolUnsupported, .noPersonas, .noSegments, .noSegmentModel,
            .noLiveStore, .noAnalytics:
            "FAILED_PRECONDITION"
        case .role: "PERMISSION_DENIED"
        case .itemNotFound, .personaNotFound, .segmentNotFound, .memberNotFound, .userNotFound,
            .anomalyNotFound, .scenarioNotFound,
            .recommendationExpired:
            "NOT_FOUND"
        case .conflict: "ALREADY_EXISTS"
        case .versionChanged: "ABORTED"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .rateLimit, .replyTooLarge, .tooManyConnections, .outputBuffer, .buffersFull: "RESOURCE_EXHAUSTED"
        case .starting, .draining, .diskFull, .storeUnavailable: "UNAVAILABLE"
        case .checksum, .bundleCorrupt: "DATA_LOSS"
        }
    }

    /// Whether the same request may succeed later without a change.
    package var isRetryable: Bool {
        switch self {
        case .noActiveIndex, .versionChanged, .deadlineExceeded, .rateLimit, .tooManyConnections, .outputBuffer,
            .buffersFull, .starting,
            .draining, .diskFull, .storeUnavailable:
            true
        default: false
        }
    }

    /// Whether every error of this reason ends the connection. `INVALID_REQUEST` does only for a frame that is half, holds no object or
    /// holds too many values, `KEY_INVALID` and `KEY_MISSING` at the third time.
    package var closesConnection: Bool {
        switch self {
        case .parseError, .frameTooLarge, .tooManyConnections, .outputBuffer, .buffersFull: true
        default: false
        }
    }
}
