import EventLoop
import Telemetry
import WireProtocol

extension ServerCheckup {
    func checkDescriptors() -> Finding {
        let subject = "open files"
        let wanted = ProtocolLimits.connections
        let connections =
            machine.descriptors.connections(loopCount: plan.threadCount) - plan.reservedDescriptors
        let limit = machine.descriptors.limit
        guard connections >= 1 else {
            return .bad(
                subject, "\(limit) are too few to serve a single client",
                "allow \(limit - connections + 1) at least (ulimit -n, or LimitNOFILE of systemd)")
        }
        guard connections < wanted else {
            return .good(subject, "\(limit), enough for \(wanted) connections")
        }
        return .doubtful(
            subject, "\(limit), enough for \(connections) connections of the \(wanted) that a server takes",
            "allow \(limit + wanted - connections) (ulimit -Hn, or LimitNOFILE of systemd)")
    }

    /// The index is mapped: what of it does not fit is read from the disk again and again.
    func checkMemory(indexByteCount: Int) -> Finding {
        let subject = "memory"
        if let room = machine.memory, room.bytes < indexByteCount + Self.leastRoomBytes {
            return .doubtful(
                subject,
                "\(room.limit) leaves \(Self.text(room.bytes)), and the index has \(Self.text(indexByteCount))",
                "allow the index and 1 GiB more, or parts of it are read from the disk again and again")
        }
        guard let installed = machine.installedBytes else { return .good(subject, "no limit") }
        guard installed >= indexByteCount + Self.leastRoomBytes else {
            return .doubtful(
                subject, "this machine has \(Self.text(installed)), and the index has \(Self.text(indexByteCount))",
                "the index and 1 GiB more should fit, or parts of it are read from the disk again and again")
        }
        return .good(subject, "\(Self.text(installed)), and the index has \(Self.text(indexByteCount))")
    }

    /// What a server takes beside an index of a usual size: buffers and workspaces.
    private static let leastRoomBytes = 1 << 30

    static func text(_ byteCount: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where byteCount >> shift > 0 {
            let tenths = ((byteCount >> (shift - 10)) * 10) >> 10
            return tenths < 100 ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(tenths / 10) \(unit)"
        }
        return "\(max(byteCount, 0)) bytes"
    }
}
