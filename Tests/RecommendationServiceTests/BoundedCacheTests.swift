@testable import RecommendationService
import Testing

@Suite struct BoundedCacheTests {
    @Test func whatWasUsedLongestAgoGoesFirst() {
        var cache = BoundedCache<String, Int>(countLimit: 3, byteLimit: 100)
        for (number, key) in ["a", "b", "c"].enumerated() { cache.insert(number, for: key, byteCount: 10) }
        #expect(cache.value(for: "a") == 0)
        cache.insert(3, for: "d", byteCount: 10)
        #expect(cache.value(for: "b") == nil && cache.value(for: "a") == 0 && cache.value(for: "d") == 3)
        #expect(cache.count == 3 && cache.byteCount == 30)
    }

    @Test func bytesAreBounded() {
        var cache = BoundedCache<Int, Int>(countLimit: 100, byteLimit: 100)
        for key in 0..<50 { cache.insert(key, for: key, byteCount: 30) }
        #expect(cache.count == 3 && cache.byteCount == 90)
        cache.insert(1, for: 99, byteCount: 101)
        #expect(cache.value(for: 99) == nil && cache.count == 3)
        cache.insert(2, for: 49, byteCount: 100)
        #expect(cache.count == 1 && cache.value(for: 49) == 2 && cache.byteCount == 100)
    }
}
