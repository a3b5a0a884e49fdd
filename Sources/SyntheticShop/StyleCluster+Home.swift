extension StyleCluster {
    static let home = [
        StyleCluster(
            name: "nordic-calm", department: "Home",
            products: [
                Product("Lighting", "Table Lamps", "Table Lamp", 8900),
                Product("Lighting", "Pendants", "Pendant Light", 12900),
                Product("Textiles", "Throws", "Throw", 6900), Product("Textiles", "Cushions", "Cushion", 3400),
                Product("Furniture", "Stools", "Stool", 11900), Product("Furniture", "Shelves", "Wall Shelf", 7900),
                Product("Decor", "Vases", "Vase", 3900), Product("Decor", "Candles", "Candle Holder", 2400),
            ],
            brands: ["Fjällro", "Hygge & Holm", "Nordlys", "Ask", "Lund Studio"],
            collections: ["Fjord", "Birk", "Stille", "Vinter", "Skog", "Lykke", "Tundra", "Sommar"],
            materials: ["Ash", "Oiled Oak", "Wool Bouclé", "Stoneware", "Paper", "Frosted Glass"],
            colours: ["oat", "fog", "pale birch", "chalk", "moss", "soft grey"],
            moods: ["quiet", "pared-back", "soft", "calm", "unhurried"],
            occasions: ["long winter evenings", "a reading corner", "slow mornings", "small flats", "the hallway"],
            tags: ["minimal", "scandinavian", "wood", "calm", "handmade", "neutral"], womenPercent: 62, peakDay: 5),
        StyleCluster(
            name: "rustic-kitchen", department: "Home",
            products: [
                Product("Cookware", "Pans", "Skillet", 5900), Product("Cookware", "Casseroles", "Casserole", 14900),
                Product("Tableware", "Bowls", "Serving Bowl", 3400), Product("Tableware", "Mugs", "Mug", 1600),
                Product("Baking", "Tins", "Loaf Tin", 1900), Product("Knives", "Chef's Knives", "Chef's Knife", 8900),
                Product("Textiles", "Aprons", "Apron", 3200), Product("Storage", "Jars", "Pantry Jar", 1400),
            ],
            brands: ["Copper & Crumb", "Millstone", "Brambledown", "Ask", "Hearthwright"],
            collections: ["Farmhouse", "Orchard", "Hearth", "Granary", "Larder", "Cider", "Bakehouse", "Harvest"],
            materials: ["Cast Iron", "Copper", "Olive Wood", "Enamel", "Glazed Terracotta", "Carbon Steel"],
            colours: ["brick", "cream", "speckled blue", "forest", "mustard", "blackened"],
            moods: ["sturdy", "generous", "hard-wearing", "honest", "slow-cooked"],
            occasions: ["Sunday roasts", "sourdough", "big tables", "stews and braises", "jam season"],
            tags: ["cooking", "oven-safe", "heirloom", "country", "baking", "gift"], womenPercent: 55, peakDay: 40),
        StyleCluster(
            name: "botanical-garden", department: "Home",
            products: [
                Product("Garden", "Planters", "Planter", 4900), Product("Garden", "Tools", "Hand Trowel", 2200),
                Product("Garden", "Watering", "Watering Can", 3600),
                Product("Garden", "Furniture", "Bistro Chair", 8900),
                Product("Plants", "Seeds", "Wildflower Seed Box", 1500),
                Product("Plants", "Houseplants", "Monstera", 2900),
                Product("Decor", "Vases", "Bud Vase", 2100), Product("Textiles", "Gloves", "Gardening Gloves", 1900),
            ],
            brands: ["Fern & Fallow", "Brambledown", "Thistlecroft", "Potting Shed Co", "Verdance"],
            collections: ["Meadow", "Greenhouse", "Clover", "Hedgerow", "Ivy", "Kew", "Petal", "Trellis"],
            materials: ["Terracotta", "Galvanised Steel", "Wicker", "Jute", "Beech", "Recycled Zinc"],
            colours: ["leaf green", "terracotta", "lavender", "sage", "zinc", "blossom"],
            moods: ["blooming", "leafy", "weathered", "fragrant", "wild"],
            occasions: ["balcony boxes", "the potting bench", "spring planting", "the allotment", "pollinators"],
            tags: ["garden", "plants", "outdoor-living", "spring", "bee-friendly", "gift"], womenPercent: 66,
            peakDay: 110),
    ]
}
