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
    }
#endif
