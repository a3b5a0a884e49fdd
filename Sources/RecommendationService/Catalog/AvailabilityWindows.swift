/// Items that may be shown at some times only.
package struct AvailabilityWindows: Sendable {
    private(set) var windows: [ItemNumber: Availability] = [:]

    var isEmpty: Bool { windows.isEmpty }

    /// An item that is always or never shown has no window.
    mutating func set(_ item: ItemNumber, _ availability: Availability) {
        windows[item] = availability.isBounded ? availability : nil
    }

    /// The first moment after `time` at which an item appears or goes. O(windows).
    func nextChange(after time: Int64) -> Int64 {
        windows.values.reduce(.max) { min($0, $1.nextChange(after: time)) }
    }
}
