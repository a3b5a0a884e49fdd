internal import CUV

// libuv's handles live on the heap: made here, freed only in libuv's close callback. A handle's `data` holds one
// retained reference to its owner until then, so an owner can not disappear before its handle.

extension UnsafeMutablePointer {
    /// Every libuv handle starts with the fields of `uv_handle_t`.
    var asHandle: UnsafeMutablePointer<uv_handle_t> {
        unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: uv_handle_t.self)
    }
}

extension UnsafeMutablePointer<uv_tcp_t> {
    var asStream: UnsafeMutablePointer<uv_stream_t> {
        unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: uv_stream_t.self)
    }
}

/// Memory for a handle. libuv's types are plain C structs: zero bytes are a valid start.
func allocateHandle<Handle>(_ type: Handle.Type) -> UnsafeMutablePointer<Handle> {
    let size = MemoryLayout<Handle>.size
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: MemoryLayout<Handle>.alignment)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    return unsafe memory.bindMemory(to: Handle.self, capacity: 1)
}

/// Makes and initialises a handle. Throws and frees it where libuv refuses.
func makeHandle<Handle>(
    _ type: Handle.Type, owner: AnyObject, operation: String,
    initialise: (UnsafeMutablePointer<Handle>) -> Int32
) throws(ServerError) -> UnsafeMutablePointer<Handle> {
    let handle = unsafe allocateHandle(type)
    let status = unsafe initialise(handle)
    guard status == 0 else {
        unsafe UnsafeMutableRawPointer(handle).deallocate()
        throw .libuv(operation, status: status)
    }
    unsafe handle.asHandle.pointee.data = Unmanaged.passRetained(owner).toOpaque()
    return unsafe handle
}

/// Closes a handle of `makeHandle`; its memory and its reference to the owner go in the close callback. Once only.
func closeHandle(_ handle: UnsafeMutablePointer<uv_handle_t>) {
    unsafe uv_close(handle) { closed in unsafe freeClosedHandle(closed) }
}

/// For close callbacks only.
func freeClosedHandle(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    guard let handle = unsafe handle else { return }
    if let owner = unsafe handle.pointee.data { unsafe Unmanaged<AnyObject>.fromOpaque(owner).release() }
    unsafe UnsafeMutableRawPointer(handle).deallocate()
}

/// The owner that `makeHandle` retained. Valid until the handle's close callback.
func owner<Owner: AnyObject>(_ data: UnsafeMutableRawPointer?, as type: Owner.Type) -> Owner? {
    guard let data = unsafe data else { return nil }
    return unsafe Unmanaged<Owner>.fromOpaque(data).takeUnretainedValue()
}
