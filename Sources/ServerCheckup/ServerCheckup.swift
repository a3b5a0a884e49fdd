package import EventLoop
package import Telemetry
package import TransportSecurity

// A look at everything that a server is given, before it is started or while it runs. Nothing is changed, no port stays taken.
//
//     plan ──▶ machine · index · personas · live data · keys · TLS · addresses ──▶ findings, each with what to do about it

/// What a server is given, as its options say it.
package struct ServerPlan: Sendable {
    package var indexPath: String
    package var personasPath: String?
    package var analyticsPath: String?
    package var livePath: String?
    package var keysPath: String?
    package var tlsFiles: TLSFiles?
    package var addresses: [PlannedAddress] = []
    package var threadCount: Int
    /// Of HTTP, beside those of the loops.
    package var reservedDescriptors = 0
    package var isInsecureAllowed = false
    /// Whether every byte is read.
    package var isThorough = false

    package init(indexPath: String, threadCount: Int) {
        self.indexPath = indexPath
        self.threadCount = threadCount
    }
}

package struct PlannedAddress: Sendable {
    package enum Use: String, Sendable {
        case frames = "port"
        case tls = "TLS port"
        case http = "HTTP port"
    }

    package let use: Use
    package let address: ListenAddress

    package init(_ use: Use, _ address: ListenAddress) {
        self.use = use
        self.address = address
    }
}

package struct ServerCheckup: Sendable {
    let plan: ServerPlan
    /// Of the machine, as tests would have it.
    let machine: MachineFacts
    /// Who answers at an address that is taken, in words; nil where nobody says who it is.
    let whoAnswers: @Sendable (PlannedAddress) -> String?

    package init(
        _ plan: ServerPlan, machine: MachineFacts = .read(),
        whoAnswers: @escaping @Sendable (PlannedAddress) -> String? = { _ in nil }
    ) {
        self.plan = plan
        self.machine = machine
        self.whoAnswers = whoAnswers
    }

    /// In the order in which a server would meet them.
    package func findings() -> [Finding] {
        let (index, byteCount) = checkIndex()
        return [checkDescriptors(), checkMemory(indexByteCount: byteCount)] + index + checkPersonas() + checkAnalytics()
            + checkLiveData()
            + checkKeys() + checkTLS() + plan.addresses.map { check($0) }
    }
}

/// What the system gives a process.
package struct MachineFacts: Sendable {
    package var descriptors: DescriptorLimit
    /// Nil where nothing limits it.
    package var memory: MemoryRoom?
    /// Nil where the system does not tell.
    package var installedBytes: Int?
    /// Left on the file system of a path; nil where the system does not tell.
    package var freeBytes: @Sendable (String) -> Int?

    package static func read() -> MachineFacts {
        MachineFacts(
            descriptors: .raised(), memory: .read(), installedBytes: InstalledMemory.bytes,
            freeBytes: { FreeSpace.bytes(at: $0) })
    }
}
