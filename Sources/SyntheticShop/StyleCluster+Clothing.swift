extension StyleCluster {
    static let clothing = [
        StyleCluster(
            name: "coastal-casual", department: "Clothing",
            products: [
                Product("Tops", "Shirts", "Shirt", 5900), Product("Tops", "T-Shirts", "Tee", 2900),
                Product("Trousers", "Shorts", "Shorts", 4500),
                Product("Trousers", "Chinos", "Drawstring Trousers", 6900),
                Product("Knitwear", "Jumpers", "Striped Jumper", 7900),
                Product("Shoes", "Espadrilles", "Espadrilles", 5400),
                Product("Accessories", "Hats", "Sun Hat", 3200), Product("Accessories", "Bags", "Beach Tote", 3900),
            ],
            brands: ["Saltmarsh", "Tidewater & Sons", "Pellam", "Ebb", "Lowtide"],
            collections: ["Harbour", "Breton", "Driftwood", "Lagoon", "Regatta", "Shoreline", "Marina", "Sandbar"],
            materials: ["Linen", "Washed Cotton", "Seersucker", "Chambray", "Slub Jersey", "Raffia"],
            colours: ["navy", "sea foam", "sand", "white", "faded coral", "sky"],
            moods: ["breezy", "salt-washed", "easy", "sun-faded", "airy"],
            occasions: ["long weekends by the sea", "harbour walks", "warm evenings", "the boat", "a beach lunch"],
            tags: ["summer", "beach", "relaxed", "natural-fibre", "holiday", "stripe"], womenPercent: 56, peakDay: 165),
        StyleCluster(
            name: "office-classic", department: "Clothing",
            products: [
                Product("Tailoring", "Blazers", "Blazer", 18900),
                Product("Tailoring", "Suit Trousers", "Pleated Trousers", 9900),
                Product("Tops", "Shirts", "Poplin Shirt", 6900), Product("Tops", "Blouses", "Bow Blouse", 7500),
                Product("Knitwear", "Cardigans", "Fine Cardigan", 9500),
                Product("Shoes", "Loafers", "Penny Loafers", 14900),
                Product("Accessories", "Ties", "Tie", 4900), Product("Accessories", "Bags", "Briefcase", 21900),
            ],
            brands: ["Whitlock", "Carrow & Finch", "Marchmont", "Pellam", "Aldous Grey"],
            collections: ["Chancery", "Barrister", "Mayfield", "Sterling", "Regent", "Ledger", "Kensal", "Quorum"],
            materials: ["Merino", "Worsted Wool", "Egyptian Cotton", "Silk Twill", "Calfskin", "Herringbone"],
            colours: ["charcoal", "ivory", "midnight", "burgundy", "pinstripe grey", "camel"],
            moods: ["sharp", "polished", "well-cut", "timeless", "understated"],
            occasions: ["the boardroom", "early meetings", "interviews", "the commute", "client dinners"],
            tags: ["work", "tailored", "formal", "non-iron", "capsule", "classic"], womenPercent: 48, peakDay: 20),
        StyleCluster(
            name: "street-bold", department: "Clothing",
            products: [
                Product("Tops", "Hoodies", "Hoodie", 6900), Product("Tops", "T-Shirts", "Graphic Tee", 3500),
                Product("Trousers", "Cargo", "Cargo Pants", 7900), Product("Trousers", "Jeans", "Baggy Jeans", 8900),
                Product("Outerwear", "Bombers", "Bomber", 11900),
                Product("Shoes", "Sneakers", "High-Top Sneakers", 10900),
                Product("Accessories", "Hats", "Beanie", 2400), Product("Accessories", "Bags", "Sling Bag", 4400),
            ],
            brands: ["Nullset", "Grit District", "OVRPASS", "Ebb", "Concrete Kids"],
            collections: ["Backlot", "Static", "Kerb", "Overpass", "Signal", "Rooftop", "Halfpipe", "Midnight Bus"],
            materials: ["Heavy Fleece", "Raw Denim", "Ripstop", "Acid-Wash Cotton", "Mesh", "Nylon"],
            colours: ["black", "acid green", "washed grey", "safety orange", "electric purple", "bone"],
            moods: ["oversized", "loud", "boxy", "unapologetic", "dropped-shoulder"],
            occasions: ["the skate park", "late trains", "gigs", "the block", "festival nights"],
            tags: ["streetwear", "oversized", "unisex", "limited", "graphic", "drop"], womenPercent: 35, peakDay: 90),
    ]
}
