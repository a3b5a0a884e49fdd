import WireProtocol

extension ErrorReason {
    /// The HTTP status of an error of this reason. SPECIFICATION.md, section HTTP.
    var httpStatus: Int {
        switch self {
        case .frameTooLarge: 413
        case .parseError, .invalidRequest, .duplicateId, .badField, .filterSyntax, .countOutOfRange, .vectorDimension,
            .replyTooLarge:
            400
        case .keyMissing, .keyInvalid: 401
        case .role: 403
        case .methodNotFound, .itemNotFound, .personaNotFound, .segmentNotFound, .memberNotFound, .userNotFound,
            .anomalyNotFound, .scenarioNotFound,
            .recommendationExpired:
            404
        case .conflict, .versionChanged, .helloRequired, .protocolUnsupported, .noPersonas, .noSegments,
            .noSegmentModel, .noLiveStore, .noAnalytics:
            409
        case .rateLimit, .outputBuffer: 429
        case .byClient: 499
        case .bug, .checksum, .bundleCorrupt: 500
        case .noActiveIndex, .tooManyConnections, .buffersFull, .starting, .draining, .diskFull,
            .storeUnavailable:
            503
        case .deadlineExceeded: 504
        }
    }
}
