package import AccessKeys
package import AnalyticsArtefacts
package import EventLoop
package import LiveStore
package import Personas
package import RecommendationIndex
package import TransportSecurity

/// Why a server did not start.
package enum StartFailure: Error, CustomStringConvertible {
    case index(IndexError)
    case personas(PersonaStoreError)
    case analytics(ArtefactError)
    case live(LiveStoreError)
    case keys(KeyFileError)
    case network(ServerError)
    case tls(TLSError)
    /// `address`: as far as it is known before it is bound.
    case notLoopback(address: String, keysPath: String?)
    case tooFewDescriptors(limit: Int, needed: Int)
    case tooLittleMemory(limit: String, leftBytes: Int, neededBytes: Int)

    package var description: String {
        switch self {
        case .index(let error): "\(error)"
        case .personas(let error): "\(error)"
        case .analytics(let error): "\(error)"
        case .live(let error): "\(error)"
        case .keys(let error): "\(error)"
        case .network(let error): "\(error)"
        case .tls(let error): "\(error)"
        case .notLoopback(let address, let keysPath):
            "\(address) can be reached from other machines, and "
                + (keysPath == nil
                    ? "nobody would be asked for a key: give --keys FILE ('foretaste keys create' makes it) and listen with TLS "
                        + "(--listen-tls)"
                    : "keys would cross the network as they are: listen with TLS (--listen-tls)")
                + ", listen on 127.0.0.1 alone, or allow it with --insecure"
        case .tooFewDescriptors(let limit, let needed):
            "\(limit) open files are too few to serve a single client: allow \(needed) at least (ulimit -n)"
        case .tooLittleMemory(let limit, let left, let needed):
            "only \(left >> 20) MiB are left of \(limit), and the server needs \(needed >> 20) MiB beside its index: raise it"
        }
    }
}
