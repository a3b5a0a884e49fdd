import Testing

@testable import Telemetry

#if canImport(Glibc)
    import Glibc

    @Suite("How much memory is left")
    struct MemoryRoomTests {
        @Test("a limit of the address space leaves what is not in use yet")
        func addressSpace() async {
            await #expect(processExitsWith: .success) {
                // Far above what this process has, far below what a machine has.
                let allowed = 64 << 40
                var limits = rlimit(rlim_cur: rlim_t(allowed), rlim_max: rlim_t(allowed))
                guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0 else { exit(2) }
                guard let room = MemoryRoom.read() else { exit(3) }
                // A tighter control group may come before it.
                guard room.limit == "ulimit -v" else { exit(room.limit.hasPrefix("/sys/fs/cgroup") ? 0 : 4) }
                exit(room.bytes < allowed - (1 << 20) && room.bytes > 0 ? 0 : 5)
            }
        }

        @Test("limits of control groups of both versions are found, up to the root, and what is none is not")
        func controlGroups() throws {
            let root = "/tmp/foretaste-groups-\(getpid())"
            defer { rmdirTree(root) }
            try write(["memory", "jobs", "one"], "memory.limit_in_bytes", "62914560\n", root)
            try write(["memory", "jobs"], "memory.limit_in_bytes", "9223372036854771712\n", root)
            try write(["memory"], "memory.limit_in_bytes", "230686720\n", root)
            try write(["unit"], "memory.max", "104857600\n", root)
            try write(["unit", "part"], "memory.max", "max\n", root)
            let groups = "5:cpu,cpuacct:/jobs/one\n4:hugetlb,memory:/jobs/one\n0::/unit/part\nno line of it\n"
            let found = MemoryRoom.controlGroupLimits(groups: groups, root: root)
            #expect(
                found.map { "\($0.file.dropFirst(root.count)) \($0.limit)" } == [
                    "/memory/jobs/one/memory.limit_in_bytes 62914560", "/memory/memory.limit_in_bytes 230686720",
                    "/unit/memory.max 104857600",
                ])
            // In a container the group's name is one of the machine, and the container's own group is the root.
            let hidden = MemoryRoom.controlGroupLimits(groups: "4:memory:/docker/0123\n", root: root)
            #expect(hidden.map(\.limit) == [230_686_720])
        }

        private func write(_ directories: [String], _ file: String, _ text: String, _ root: String) throws {
            var path = root
            _ = unsafe mkdir(path, 0o700)
            for directory in directories {
                path += "/" + directory
                _ = unsafe mkdir(path, 0o700)
            }
            let descriptor = unsafe open("\(path)/\(file)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            let bytes = Array(text.utf8)
            #expect(
                unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
            )
        }

        private func rmdirTree(_ root: String) {
            for file in [
                "memory/jobs/one/memory.limit_in_bytes", "memory/jobs/memory.limit_in_bytes",
                "memory/memory.limit_in_bytes", "unit/memory.max", "unit/part/memory.max",
            ] {
                unsafe unlink("\(root)/\(file)")
            }
            for directory in ["/memory/jobs/one", "/memory/jobs", "/memory", "/unit/part", "/unit", ""] {
                unsafe rmdir(root + directory)
            }
        }
    }
#endif
