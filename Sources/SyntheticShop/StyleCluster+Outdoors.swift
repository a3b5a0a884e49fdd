extension StyleCluster {
    static let outdoors = [
        StyleCluster(
            name: "alpine-trail", department: "Outdoor",
            products: [
                Product("Jackets", "Shells", "Shell Jacket", 22900), Product("Jackets", "Down", "Down Jacket", 19900),
                Product("Packs", "Daypacks", "Daypack", 9900), Product("Shoes", "Hiking Boots", "Hiking Boots", 17900),
                Product("Camping", "Tents", "Two-Person Tent", 29900), Product("Camping", "Stoves", "Gas Stove", 6900),
                Product("Base Layers", "Tops", "Base Layer", 6400),
                Product("Accessories", "Poles", "Trekking Poles", 7900),
            ],
            brands: ["Corrie", "Ridgeback", "Isbre", "Summit Ledger", "Karst"],
            collections: ["Eiger", "Couloir", "Bivouac", "Scree", "Moraine", "Glacier", "Traverse", "Arête"],
            materials: ["Three-Layer", "Ripstop", "Goose Down", "Merino", "Waxed Canvas", "Titanium"],
            colours: ["glacier blue", "granite", "alpenglow red", "pine", "signal yellow", "slate"],
            moods: ["storm-proof", "packable", "rugged", "featherlight", "expedition-grade"],
            occasions: ["hut-to-hut tours", "wet ridges", "winter bivouacs", "multi-day treks", "the last pitch"],
            tags: ["hiking", "waterproof", "mountain", "camping", "insulated", "repairable"], womenPercent: 42,
            peakDay: 30),
        StyleCluster(
            name: "urban-cycling", department: "Outdoor",
            products: [
                Product("Bikes", "City Bikes", "City Bike", 64900), Product("Parts", "Saddles", "Saddle", 6900),
                Product("Helmets", "City Helmets", "Helmet", 7900), Product("Lights", "Light Sets", "Light Set", 4900),
                Product("Bags", "Panniers", "Pannier", 8400), Product("Locks", "Folding Locks", "Folding Lock", 6900),
                Product("Jackets", "Rain", "Rain Cape", 7400), Product("Tools", "Multi-Tools", "Multi-Tool", 2900),
            ],
            brands: ["Spoke & Mortar", "Veloce Nord", "Tandem Works", "Karst", "Kerbside"],
            collections: [
                "Commuter", "Velodrome", "Crosstown", "Boulevard", "Tailwind", "Cobble", "Towpath", "Sprocket",
            ],
            materials: ["Chromoly", "Reflective Nylon", "Aluminium", "Vegan Leather", "Carbon", "Hardened Steel"],
            colours: ["racing green", "reflective silver", "matt black", "petrol", "honey", "traffic yellow"],
            moods: ["nimble", "bright", "rainproof", "theft-resistant", "low-maintenance"],
            occasions: ["the daily ride to work", "rush hour", "school runs", "wet Mondays", "night rides"],
            tags: ["cycling", "commute", "reflective", "city", "safety", "car-free"], womenPercent: 44, peakDay: 125),
        StyleCluster(
            name: "mindful-body", department: "Beauty",
            products: [
                Product("Bath", "Soaps", "Soap Bar", 900), Product("Bath", "Salts", "Bath Salts", 1900),
                Product("Skin", "Creams", "Night Cream", 3900), Product("Skin", "Oils", "Face Oil", 3400),
                Product("Yoga", "Mats", "Yoga Mat", 6900), Product("Yoga", "Bolsters", "Bolster", 5400),
                Product("Aroma", "Diffusers", "Diffuser", 4900), Product("Tea", "Herbal", "Herbal Tea", 1200),
            ],
            brands: ["Stillwater", "Anjali & Rose", "Moonbath", "Verdance", "Pure Hollow"],
            collections: ["Lotus", "Equinox", "Serene", "Dewdrop", "Inhale", "Tranquil", "Solstice", "Hush"],
            materials: ["Shea Butter", "Rosehip", "Natural Cork", "Himalayan Salt", "Chamomile", "Eucalyptus"],
            colours: ["rose", "eucalyptus green", "pearl", "dusk", "honeycomb", "clay"],
            moods: ["soothing", "grounding", "gentle", "restoring", "deeply calming"],
            occasions: ["evening rituals", "tired shoulders", "breath work", "sensitive skin", "a quiet bath"],
            tags: ["wellness", "vegan", "organic", "self-care", "fragrance-free", "yoga"], womenPercent: 78, peakDay: 60
        ),
    ]
}
