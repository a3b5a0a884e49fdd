// OpenSSL 3 of the system, looked for when TLS is asked for: without TLS this package needs no library, and it never needs headers.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The functions that a client's side of TLS needs, by their names in OpenSSL.
///
/// SAFETY: function pointers that never change; OpenSSL's own functions may be called from any thread, each object from one at a time.
@safe struct OpenSSL: @unchecked Sendable {
    typealias Text = UnsafePointer<CChar>?
    typealias Object = OpaquePointer?

    let clientMethod: @convention(c) () -> Object
    let newContext: @convention(c) (Object) -> Object
    let freeContext: @convention(c) (Object) -> Void
    let controlContext: @convention(c) (Object, Int32, Int, UnsafeMutableRawPointer?) -> Int
    let trustSystem: @convention(c) (Object) -> Int32
    let trustFile: @convention(c) (Object, Text) -> Int32
    let useCertificate: @convention(c) (Object, Text) -> Int32
    let useKey: @convention(c) (Object, Text, Int32) -> Int32
    let setVerify: @convention(c) (Object, Int32, UnsafeRawPointer?) -> Void
    let newSession: @convention(c) (Object) -> Object
    let freeSession: @convention(c) (Object) -> Void
    let controlSession: @convention(c) (Object, Int32, Int, UnsafeMutableRawPointer?) -> Int
    let expectHost: @convention(c) (Object, Text) -> Int32
    let verifyParameters: @convention(c) (Object) -> Object
    let expectAddress: @convention(c) (Object, Text) -> Int32
    let memoryMethod: @convention(c) () -> Object
    let newBuffer: @convention(c) (Object) -> Object
    let readBuffer: @convention(c) (Object, UnsafeMutableRawPointer?, Int32) -> Int32
    let writeBuffer: @convention(c) (Object, UnsafeRawPointer?, Int32) -> Int32
    let pendingInBuffer: @convention(c) (Object) -> Int
    let setBuffers: @convention(c) (Object, Object, Object) -> Void
    let becomeClient: @convention(c) (Object) -> Void
    let handshake: @convention(c) (Object) -> Int32
    let read: @convention(c) (Object, UnsafeMutableRawPointer?, Int32) -> Int32
    let write: @convention(c) (Object, UnsafeRawPointer?, Int32) -> Int32
    let errorOfSession: @convention(c) (Object, Int32) -> Int32
    let verifyResult: @convention(c) (Object) -> Int
    let verifyText: @convention(c) (Int) -> Text
    let nextError: @convention(c) () -> UInt
    let errorText: @convention(c) (UInt, UnsafeMutablePointer<CChar>?, Int) -> Void
    let clearErrors: @convention(c) () -> Void

    private static let names = [
        "libssl.so.3", "libssl.3.dylib", "/opt/homebrew/lib/libssl.3.dylib", "/usr/local/lib/libssl.3.dylib",
    ]

    /// Opened once; stays open.
    static let shared: Result<OpenSSL, ConnectionFailed> = Result { () throws(ConnectionFailed) in try OpenSSL() }

    private init() throws(ConnectionFailed) {
        let opened = unsafe Self.names.lazy.compactMap { name in unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) }.first
        guard let library = unsafe opened else {
            throw ConnectionFailed(
                .connect, "TLS needs OpenSSL 3 (\(Self.names[0])), which this system does not have",
                wasNotReceived: true)
        }
        func find<Function>(_ name: String) throws(ConnectionFailed) -> Function {
            guard let symbol = unsafe dlsym(library, name) else {
                throw ConnectionFailed(.connect, "this system's OpenSSL has no \(name)", wasNotReceived: true)
            }
            return unsafe unsafeBitCast(symbol, to: Function.self)
        }
        unsafe clientMethod = try find("TLS_client_method")
        unsafe newContext = try find("SSL_CTX_new")
        unsafe freeContext = try find("SSL_CTX_free")
        unsafe controlContext = try find("SSL_CTX_ctrl")
        unsafe trustSystem = try find("SSL_CTX_set_default_verify_paths")
        unsafe trustFile = try find("SSL_CTX_load_verify_file")
        unsafe useCertificate = try find("SSL_CTX_use_certificate_chain_file")
        unsafe useKey = try find("SSL_CTX_use_PrivateKey_file")
        unsafe setVerify = try find("SSL_CTX_set_verify")
        unsafe newSession = try find("SSL_new")
        unsafe freeSession = try find("SSL_free")
        unsafe controlSession = try find("SSL_ctrl")
        unsafe expectHost = try find("SSL_set1_host")
        unsafe verifyParameters = try find("SSL_get0_param")
        unsafe expectAddress = try find("X509_VERIFY_PARAM_set1_ip_asc")
        unsafe memoryMethod = try find("BIO_s_mem")
        unsafe newBuffer = try find("BIO_new")
        unsafe readBuffer = try find("BIO_read")
        unsafe writeBuffer = try find("BIO_write")
        unsafe pendingInBuffer = try find("BIO_ctrl_pending")
        unsafe setBuffers = try find("SSL_set_bio")
        unsafe becomeClient = try find("SSL_set_connect_state")
        unsafe handshake = try find("SSL_do_handshake")
        unsafe read = try find("SSL_read")
        unsafe write = try find("SSL_write")
        unsafe errorOfSession = try find("SSL_get_error")
        unsafe verifyResult = try find("SSL_get_verify_result")
        unsafe verifyText = try find("X509_verify_cert_error_string")
        nextError = try find("ERR_get_error")
        unsafe errorText = try find("ERR_error_string_n")
        clearErrors = try find("ERR_clear_error")
    }
}
