internal import CUV

/// The variables that this process was started with.
package enum ProcessEnvironment {
    /// By name. What is no UTF-8 is repaired; where the system has no memory for them there are none.
    package static func variables() -> [String: String] {
        var items: UnsafeMutablePointer<uv_env_item_t>?
        var count: Int32 = 0
        guard unsafe uv_os_environ(&items, &count) == 0, let items = unsafe items else { return [:] }
        defer { unsafe uv_os_free_environ(items, count) }
        var variables: [String: String] = [:]
        for place in 0..<Int(count) {
            guard let name = unsafe items[place].name, let value = unsafe items[place].value else { continue }
            unsafe variables[String(cString: name)] = String(cString: value)
        }
        return variables
    }
}
