internal import CMicroHTTPD

/// A request as it came, lent while it is answered. Text is not decoded.
// SAFETY: the connection and the texts are libmicrohttpd's, valid during the callback that this value is made and lent in.
@safe
package struct HTTPRequest: ~Copyable {
    private let connection: OpaquePointer
    private let url: UnsafePointer<CChar>
    /// As sent.
    package let methodName: String

    init(_ connection: OpaquePointer, url: UnsafePointer<CChar>, method: UnsafePointer<CChar>) {
        unsafe self.connection = connection
        unsafe self.url = url
        methodName = unsafe String(cString: method)
    }

    package var method: HTTPMethod? { HTTPMethod(rawValue: methodName) }

    /// From the first slash to before the question mark, still encoded; bytes that are no UTF-8 are replaced.
    package var path: String { unsafe String(cString: url) }

    /// The first header of that name, in whatever case.
    package func header(_ name: StaticString) -> String? {
        var value: UnsafePointer<CChar>?
        var size = 0
        let isThere = name.withUTF8Buffer { name in
            unsafe name.withMemoryRebound(to: CChar.self) { name in
                unsafe MHD_lookup_connection_value_n(
                    connection, .HEADER_KIND, name.baseAddress, name.count, &value, &size)
            }
        }
        guard isThere == .YES, let value = unsafe value else { return nil }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: value, count: size), as: UTF8.self)
    }

    /// The arguments behind the question mark, in their order, with `+` for a space and percent signs not yet decoded.
    package var query: [(name: String, value: String)] {
        let list = QueryList()
        withExtendedLifetime(list) {
            _ = unsafe MHD_get_connection_values_n(
                connection, .GET_ARGUMENT_KIND,
                { list, _, name, nameSize, value, valueSize in
                    let list = unsafe list.map { unsafe Unmanaged<QueryList>.fromOpaque($0).takeUnretainedValue() }
                    list?.entries.append(
                        (
                            unsafe String(
                                decoding: UnsafeRawBufferPointer(start: name, count: nameSize), as: UTF8.self),
                            unsafe String(
                                decoding: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize),
                                as: UTF8.self)
                        ))
                    return .YES
                }, Unmanaged.passUnretained(list).toOpaque())
        }
        return list.entries
    }

    /// Bytes that the request says will follow; nil where it says nothing, or sends them in chunks.
    var declaredLength: UInt64? { header("Content-Length").flatMap { UInt64($0) } }
    var isChunked: Bool { header("Transfer-Encoding") != nil }
}

private final class QueryList {
    var entries: [(name: String, value: String)] = []
}

/// Percent-encoding of RFC 3986.
package enum PercentDecoding {
    /// Nil where a percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8.
    package static func text(_ encoded: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = encoded.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
