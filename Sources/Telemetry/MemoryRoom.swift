#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much more memory the system lets this process take, where something limits it.
package struct MemoryRoom: Sendable, Equatable {
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
            guard let statm = firstLine("/proc/self/statm") else { return nil }
            // In pages: total, resident, shared, text, 0, data.
            let pages = statm.split(separator: " ").compactMap { Int($0) }
            guard pages.count > 5 else { return nil }
            let page = sysconf(Int32(_SC_PAGESIZE))
            var rooms: [MemoryRoom] = []
            if let limit = resourceLimit(RLIMIT_AS) {
                rooms.append(MemoryRoom(bytes: limit - pages[0] * page, limit: "ulimit -v"))
            }
            if let limit = resourceLimit(RLIMIT_DATA) {
                rooms.append(MemoryRoom(bytes: limit - pages[5] * page, limit: "ulimit -d"))
            }
            // Mapped files do not count: the system takes their pages back where it must.
            let own = (pages[1] - pages[2]) * page
            rooms += controlGroupLimits(groups: firstLine("/proc/self/cgroup")).map { file, limit in
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

        /// Of the process's group and those above it (control groups 2); where the group is not visible under its name, as in a
        /// container, of the root that is.
        private static func controlGroupLimits(groups: String?) -> [(file: String, limit: Int)] {
            guard let groups, groups.hasPrefix("0::") else { return [] }
            var path = groups.dropFirst(3)
            var found: [(String, Int)] = []
            while true {
                let file = "/sys/fs/cgroup\(path == "/" ? "" : path)/memory.max"
                if let text = firstLine(file), let limit = Int(text) { found.append((file, limit)) }
                guard let slash = path.lastIndex(of: "/"), path.count > 1 else { return found }
                path = slash == path.startIndex ? "/" : path[..<slash]
            }
        }

        private static func firstLine(_ path: String) -> String? {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            // A path in it has at most 4,096 bytes.
            var text = [UInt8](repeating: 0, count: 8192)
            let count = unsafe text.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            guard count > 0, let line = text[..<count].split(separator: UInt8(ascii: "\n")).first else { return nil }
            return String(decoding: line, as: UTF8.self)
        }
    #endif
}
