import ScoringKernels

/// What has changed since the index was built, as one request sees it: immutable, shared by every loop, made by a
/// `CatalogOverlayBuilder`.
///
///     numbers   0 ..< firstNumber            the index's items
///               firstNumber ..< itemCount    new items, in the order in which they came
///
/// It belongs to one version of an index: another version numbers items otherwise, so a swap makes another overlay of the same
/// changes.
package final class CatalogOverlay: Sendable {
    /// New items that an overlay can hold: every loop has room for so many beyond the catalogue, a megabyte. What is more waits
    /// for the next build.
    package static let itemLimit = 65_536

    /// Of the index that it belongs to.
    package let indexVersion: String
    /// The number of the first new item: how many the index has.
    package let firstNumber: Int
    let items: NewItemTable
    let links: OverlayLinks
    let properties: OverlayProperties
    /// The same as filters look at them; nil where there are none.
    let columns: ChangedColumns?
    /// Known items that nobody is shown.
    let hidden: Set<ItemNumber>
    let availability: AvailabilityWindows
    let rankings: OverlayRankings
    package let erased: ErasedUsers

    init(
        indexVersion: String, items: NewItemTable, links: OverlayLinks, properties: OverlayProperties,
        columns: ChangedColumns?,
        hidden: Set<ItemNumber>, availability: AvailabilityWindows, rankings: OverlayRankings, erased: ErasedUsers
    ) {
        self.indexVersion = indexVersion
        firstNumber = items.firstNumber
        self.items = items
        self.links = links
        self.properties = properties
        self.columns = columns
        self.hidden = hidden
        self.availability = availability
        self.rankings = rankings
        self.erased = erased
    }

    /// The index's items and the new ones.
    package var itemCount: Int { firstNumber + items.count }
}
