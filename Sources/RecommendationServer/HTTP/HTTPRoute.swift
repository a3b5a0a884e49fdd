import DashboardPages
import HTTPServer
import ServiceMethods
import WireProtocol

/// What a path leads to.
enum HTTPRoute {
    case live, ready, metrics, openAPI, documentation
    /// `/v1/` and the method's number.
    case method(Int)
    /// With the values of the names in its path.
    case replaced(ReplacedRoute, [String])
    case dashboard(DashboardVisit)
    case nothing(WireError)

    static let methodPrefix = "/v1/"

    /// - Parameter hasDashboard: else there is nothing at its paths.
    init(path: String, hasDashboard: Bool = false) {
        switch path {
        case "/livez": self = .live
        case "/readyz": self = .ready
        case "/metrics": self = .metrics
        case "/openapi.json": self = .openAPI
        case "/docs": self = .documentation
        default:
            if hasDashboard && (path == Dashboard.path || path.hasPrefix(Dashboard.path + "/")) {
                self = Self.pages(path.dropFirst(Dashboard.path.count))
            } else if path.hasPrefix(Self.methodPrefix) {
                self = Self.method(named: path.dropFirst(Self.methodPrefix.count))
            } else {
                self = Self.replaced(path)
            }
        }
    }

    private static func method(named encoded: Substring) -> HTTPRoute {
        guard let name = PercentDecoding.text(encoded) else { return .nothing(badEncoding) }
        do throws(WireError) {
            return .method(try MethodTable.names.number(of: name))
        } catch {
            var error = error
            error.field = nil
            return .nothing(error)
        }
    }

    private static func pages(_ encoded: Substring) -> HTTPRoute {
        guard let rest = PercentDecoding.text(encoded) else { return .nothing(badEncoding) }
        return .dashboard(DashboardVisit(rest: rest))
    }

    private static func replaced(_ path: String) -> HTTPRoute {
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for route in ReplacedRoute.all {
            guard let encoded = route.values(segments) else { continue }
            var values: [String] = []
            for value in encoded {
                guard let text = PercentDecoding.text(value) else { return .nothing(badEncoding) }
                values.append(text)
            }
            return .replaced(route, values)
        }
        return .nothing(.pathIsUnknown)
    }

    private static var badEncoding: WireError {
        WireError(
            .invalidRequest,
            "The path is not percent-encoded UTF-8: a percent sign stands before two hexadecimal digits.")
    }

    /// What it is asked by; OPTIONS goes everywhere.
    var methods: [HTTPMethod] {
        switch self {
        case .live, .ready, .metrics, .openAPI, .documentation: [.get, .head]
        case .method: [.post]
        case .replaced(let route, _): route.method == .get ? [.get, .head] : [route.method]
        case .dashboard(let visit): visit.methods
        case .nothing: HTTPMethod.allCases
        }
    }

    var allowed: String { (methods + [.options]).map(\.rawValue).joined(separator: ", ") }

    enum KeyNeed { case none, optional, required }

    /// Whether to look for a key, where the server asks for one. What it must allow, `Caller` knows.
    var keyNeed: KeyNeed {
        switch self {
        case .live, .ready, .openAPI, .documentation, .nothing: .none
        case .metrics, .dashboard: .required
        case .method(let number): MethodTable.all[number].traits.contains(.keyless) ? .optional : .required
        case .replaced(let route, _): route.isProbe ? .none : .required
        }
    }
}

extension WireError {
    static var pathIsUnknown: WireError {
        WireError(
            .methodNotFound,
            "There is nothing at this path. Methods are asked by POST /v1/ and their name; /docs lists them.")
    }
}
