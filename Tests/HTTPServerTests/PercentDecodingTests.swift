import HTTPServer
import Testing

@Suite struct PercentDecodingTests {
    @Test(arguments: [
        ("", ""), ("a%20b", "a b"), ("%e2%82%AC", "€"), ("a+b", "a+b"), ("%2F%25", "/%"), ("%00", "\0"),
    ])
    func decodes(_ encoded: String, _ text: String) {
        #expect(PercentDecoding.text(encoded) == text)
    }

    @Test(arguments: ["%", "%4", "%zz", "a%", "%4g", "%ff", "%c3%28", "% 1"])
    func refusesWhatIsNone(_ encoded: String) {
        #expect(PercentDecoding.text(encoded) == nil)
    }
}
