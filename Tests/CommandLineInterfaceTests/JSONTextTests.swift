import CommandLineInterface
import Foundation
import Testing

@Suite struct JSONTextTests {
    private let sample: JSONText = [
        "zeta": 1, "alpha": [true, nil, 0.5, "x"], "empty": [], "none": [:], "nested": ["k": ["v": -2]],
    ]

    @Test func membersKeepTheirOrder() {
        #expect(
            sample.compact
                == #"{"zeta":1,"alpha":[true,null,0.5,"x"],"empty":[],"none":{},"nested":{"k":{"v":-2}}}"#)
    }

    @Test func indents() {
        #expect(
            sample.indented == """
                {
                  "zeta": 1,
                  "alpha": [
                    true,
                    null,
                    0.5,
                    "x"
                  ],
                  "empty": [],
                  "none": {},
                  "nested": {
                    "k": {
                      "v": -2
                    }
                  }
                }
                """)
    }

    @Test(arguments: [
        ("plain", "\"plain\""), ("a\"b\\c/", "\"a\\\"b\\\\c/\""), ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""),
        ("\n\r\t", "\"\\n\\r\\t\""), ("\r\n", "\"\\r\\n\""), ("é日🎉\u{2028}", "\"é日🎉\u{2028}\""),
    ])
    func escapes(text: String, written: String) throws {
        #expect(JSONText.string(text).compact == written)
        let read = try JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed)
        #expect((read as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test func namesAreEscapedToo() {
        #expect(JSONText.object([.init("a\"", .null)]).compact == #"{"a\"":null}"#)
    }

    @Test func numbersReadBackTheSame() throws {
        for number in [0.1, 1e-7, 123456789.125, .leastNonzeroMagnitude, 1.7976931348623157e308, -0.0, 1.0 / 3] {
            let text = JSONText.number(number).compact
            let read = try JSONSerialization.jsonObject(with: Data("[\(text)]".utf8)) as? [Double]
            #expect(read == [number], "\(text)")
        }
        #expect(JSONText.number(.nan).compact == "null")
        #expect(JSONText.number(-.infinity).compact == "null")
        #expect(JSONText.integer(.min).compact == "-9223372036854775808")
    }
}
