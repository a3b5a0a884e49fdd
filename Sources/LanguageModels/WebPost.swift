internal import CCurl

/// One POST over HTTP or HTTPS, bounded in time and bytes; no redirects, so that a key goes nowhere but where it was sent.
struct WebPost {
    let url: String
    /// `name: value`; none has a line break.
    let headers: [String]
    let body: [UInt8]
    let timeoutSeconds: Int
    let byteLimit: Int

    struct Response {
        let status: Int
        let body: [UInt8]
    }

    struct Failure: Error {
        let reason: String
    }

    /// Where the bytes go while the call runs, which it does not outlive.
    private final class Sink {
        var bytes: [UInt8] = []
        let limit: Int
        init(limit: Int) { self.limit = limit }
    }

    /// CURL_GLOBAL_DEFAULT, a macro that Swift does not see.
    private static let everything = 3

    func send() throws(Failure) -> Response {
        // Once before the first; curl counts the calls.
        guard curl_global_init(Self.everything) == CURLE_OK, let handle = unsafe curl_easy_init() else {
            throw Failure(reason: "libcurl does not start")
        }
        defer { unsafe curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(list) }
        for header in headers {
            guard let longer = unsafe curl_slist_append(list, header) else { throw Failure(reason: "no memory") }
            unsafe list = longer
        }
        let sink = Sink(limit: byteLimit)
        var settings: [CURLcode] = []
        unsafe settings.append(foretaste_curl_set_string(handle, CURLOPT_URL, url))
        unsafe settings.append(foretaste_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
        unsafe settings.append(foretaste_curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0))
        unsafe settings.append(foretaste_curl_set_number(handle, CURLOPT_NOSIGNAL, 1))
        unsafe settings.append(foretaste_curl_set_number(handle, CURLOPT_TIMEOUT, timeoutSeconds))
        unsafe settings.append(foretaste_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, min(timeoutSeconds, 10)))
        unsafe settings.append(foretaste_curl_set_list(handle, CURLOPT_HTTPHEADER, list))
        unsafe settings.append(foretaste_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        unsafe settings.append(
            foretaste_curl_set_writer(handle) { bytes, size, count, context in
                guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
                let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
                let (total, isTooMuch) = size.multipliedReportingOverflow(by: count)
                // Less than all of them ends the call.
                guard !isTooMuch, total <= sink.limit - sink.bytes.count else { return 0 }
                unsafe sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: total))
                return total
            })
        unsafe settings.append(
            foretaste_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(sink).toOpaque()))
        guard settings.allSatisfy({ $0 == CURLE_OK }) else {
            throw Failure(reason: "the address or a setting is not one that libcurl takes")
        }
        let code = unsafe body.withUnsafeBytes { bytes in
            // The bytes are borrowed until the call is over.
            unsafe foretaste_curl_set_pointer(
                handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress)) == CURLE_OK
                ? curl_easy_perform(handle) : CURLE_FAILED_INIT
        }
        // SAFETY: the sink is the writer's until here.
        let bytes = withExtendedLifetime(sink) { sink.bytes }
        guard code == CURLE_OK else {
            if code == CURLE_WRITE_ERROR { throw Failure(reason: "an answer of more than \(byteLimit) bytes") }
            throw Failure(reason: unsafe String(cString: curl_easy_strerror(code)))
        }
        var status = 0
        unsafe _ = foretaste_curl_response_code(handle, &status)
        return Response(status: status, body: bytes)
    }
}
