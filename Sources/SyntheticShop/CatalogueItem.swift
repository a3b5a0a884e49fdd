/// One item, as indexes into the words of its cluster.
struct CatalogueItem {
    let cluster: Int
    /// Which of the cluster's hidden circles of friends likes it. Nothing in the item's text tells of it: only who
    /// interacts with it does.
    let circle: Int
    let product: Int
    let brand: Int
    let collection: Int
    let material: Int
    let colour: Int
    let mood: Int
    let occasion: Int
    /// 0 cheap, 1 middle, 2 dear.
    let priceLevel: Int
    let cents: Int
    /// Seconds since 1970.
    let launchTime: Int
    let isBrandNew: Bool
    /// Chance of being met, in proportion; 0 for brand-new items that nobody has found yet.
    let popularity: Int

    /// Popularity in the unit of a taste's weights, whose middle factor is about 6.
    var drawWeight: Int { popularity / 6 }

    var style: StyleCluster { StyleCluster.all[cluster] }

    var title: String {
        let words = style
        return "\(words.collections[collection]) \(words.materials[material]) \(words.products[product].noun), "
            + words.colours[colour]
    }

    var description: String {
        let words = style
        let noun = words.products[product].noun.lowercased()
        let stuff = words.materials[material].lowercased()
        let mood = words.moods[mood]
        let occasion = words.occasions[occasion]
        // One of a few sentences, chosen by what the item is, so that it needs no number of its own.
        switch (product + colour + collection) % 4 {
        case 0: return "A \(mood) \(noun) in \(stuff), made by \(words.brands[brand]) for \(occasion)."
        case 1: return "Think of \(occasion): \(words.brands[brand]) brings \(stuff) to a \(noun) that stays \(mood)."
        case 2:
            return "\(words.brands[brand]) at its most \(mood). In \(words.colours[colour]), with \(stuff); at home at "
                + "\(occasion)."
        default: return "For \(occasion). The \(noun) everyone asks about: \(mood), \(stuff), \(words.colours[colour])."
        }
    }

    /// Two of the cluster's tags and one that tells the price level.
    var tags: [String] {
        let words = style.tags
        let first = (product + mood) % words.count
        let second = (first + 1 + occasion % (words.count - 1)) % words.count
        return [words[first], words[second], ["value", "everyday", "premium"][priceLevel]]
    }
}
