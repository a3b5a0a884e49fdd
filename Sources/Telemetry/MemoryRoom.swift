#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much more memory the system lets this process take, where something limits it.
package struct MemoryRoom: Sendable, Equatable {
    package static let addressSpace = "ulimit -v"

    /// Below 0 where more is in use than is allowed now.
    package var bytes: Int
    /// What limits it: `ulimit -v`, `ulimit -d` or the file of a control group.
    package var limit: String

    package init(bytes: Int, limit: String) {
        self.bytes = bytes
        self.limit = limit
    }

    /// The tightest limit; nil where there is none, or the system does not tell what is in use.
    package static func read() -> MemoryRoom? {
        #if canImport(Glibc)
            guard let statm = text("/proc/self/statm") else { return nil }
            // In pages: total, resident, shared, text, 0, data.
            let pages = statm.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
            guard pages.count > 5 else { return nil }
            let page = sysconf(Int32(_SC_PAGESIZE))
            var rooms: [MemoryRoom] = []
            if let limit = resourceLimit(RLIMIT_AS) {
                rooms.append(MemoryRoom(bytes: limit - pages[0] * page, limit: addressSpace))
            }
            if let limit = resourceLimit(RLIMIT_DATA) {
                rooms.append(MemoryRoom(bytes: limit - pages[5] * page, limit: "ulimit -d"))
            }
            // Mapped files do not count: the system takes their pages back where it must.
            let own = (pages[1] - pages[2]) * page
            rooms += controlGroupLimits(groups: text("/proc/self/cgroup") ?? "").map { file, limit in
                MemoryRoom(bytes: limit - own, limit: file)
            }
            return rooms.min { $0.bytes < $1.bytes }
        #else
            return nil
        #endif
    }

    #if canImport(Glibc)
        private static func resourceLimit(_ resource: __rlimit_resource) -> Int? {
            var limits = rlimit()
            guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0,
                limits.rlim_cur != rlim_t.max
            else { return nil }
            return Int(clamping: limits.rlim_cur)
        }

        /// Version 1 writes "no limit" as the largest number of whole pages; no machine has an exbibyte.
        private static let noLimit = 1 << 60

        /// Of the process's groups and those above them, of both versions of control groups.
        /// - Parameters:
        ///   - groups: a line for each hierarchy, `number:controllers:path`; that of version 2 has no controllers.
        ///   - root: where control groups are mounted.
        static func controlGroupLimits(
            groups: String, root: String = "/sys/fs/cgroup"
        ) -> [(file: String, limit: Int)] {
            groups.split(separator: "\n").flatMap { line -> [(file: String, limit: Int)] in
                let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard parts.count == 3 else { return [] }
                if parts[0] == "0", parts[1].isEmpty {
                    return limits(in: root, path: parts[2], file: "memory.max")
                }
                guard parts[1].split(separator: ",").contains("memory") else { return [] }
                return limits(in: "\(root)/memory", path: parts[2], file: "memory.limit_in_bytes")
            }
        }

        /// Where a group is not visible under its name, as in a container, the root is the container's.
        private static func limits(in mount: String, path: Substring, file: String) -> [(file: String, limit: Int)] {
            var path = path
            var found: [(String, Int)] = []
            while true {
                let name = "\(mount)\(path == "/" ? "" : path)/\(file)"
                if let limit = text(name).flatMap({ Int($0.prefix { $0 != "\n" }) }), limit < noLimit {
                    found.append((name, limit))
                }
                guard let slash = path.lastIndex(of: "/"), path.count > 1 else { return found }
                path = slash == path.startIndex ? "/" : path[..<slash]
            }
        }

        private static func text(_ path: String) -> String? {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            // A path has at most 4,096 bytes; version 1 has a dozen hierarchies, whose paths are short.
            var text = [UInt8](repeating: 0, count: 16_384)
            let count = unsafe text.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            return count > 0 ? String(decoding: text[..<count], as: UTF8.self) : nil
        }
    #endif
}
