/// What was used lately, within a number of entries and of bytes. One thread's.
struct BoundedCache<Key: Hashable, Value> {
    private struct Entry {
        let value: Value
        let byteCount: Int
        var lastUse: UInt64
    }

    private let countLimit: Int
    private let byteLimit: Int
    private var entries: [Key: Entry] = [:]
    private(set) var byteCount = 0
    private var clock: UInt64 = 0

    init(countLimit: Int, byteLimit: Int) {
        self.countLimit = countLimit
        self.byteLimit = byteLimit
    }

    var count: Int { entries.count }

    mutating func value(for key: Key) -> Value? {
        clock += 1
        entries[key]?.lastUse = clock
        return entries[key]?.value
    }

    /// Lets go of what was used longest ago until the value fits. What alone is too large is not kept.
    mutating func insert(_ value: Value, for key: Key, byteCount size: Int) {
        remove(key)
        guard size <= byteLimit else { return }
        while entries.count >= countLimit || byteCount + size > byteLimit {
            guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
            remove(oldest.key)
        }
        clock += 1
        entries[key] = Entry(value: value, byteCount: size, lastUse: clock)
        byteCount += size
    }

    mutating func removeAll() {
        entries.removeAll()
        byteCount = 0
    }

    private mutating func remove(_ key: Key) {
        if let old = entries.removeValue(forKey: key) { byteCount -= old.byteCount }
    }
}
