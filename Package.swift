// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is built the same way: strict, and with warnings as errors.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Tests look at optimised modules in a release build and need no optimisation themselves, which takes long.
let tested: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

func module(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func program(_ name: String, path: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: tested)
}

/// A module map for a C library that the system's package manager installs.
func door(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

let package = Package(
    name: "foretaste",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "foretaste-server", targets: ["foretaste-server"]),
        .executable(name: "foretaste", targets: ["foretaste"]),
        .library(name: "ForetasteClient", targets: ["ForetasteClient"]),
    ],
    targets: [
        // Doors to C: module maps and the thinnest shims, no logic.
        door("CLMDB", pkgConfig: "lmdb", apt: "liblmdb-dev", brew: "lmdb"),
        door("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev", brew: "openblas"),
        door("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev", brew: "libmicrohttpd"),
        door("CUV", pkgConfig: "libuv", apt: "libuv1-dev", brew: "libuv"),
        door("CSodium", pkgConfig: "libsodium", apt: "libsodium-dev", brew: "libsodium"),
        door("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
        door("CZip", pkgConfig: "libzip", apt: "libzip-dev", brew: "libzip"),
        door("CExpat", pkgConfig: "expat", apt: "libexpat1-dev", brew: "expat"),
        door("CRdKafka", pkgConfig: "rdkafka", apt: "librdkafka-dev", brew: "librdkafka"),
        door("CXGBoost", pkgConfig: "xgboost", apt: "libxgboost-dev", brew: "xgboost"),
        door("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev", brew: "zstd"),
        .target(
            name: "CSimdjson",
            cxxSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("simdjson")]),
        .target(
            name: "COpenSSL", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(
            name: "CCurl", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("curl")]),
        .target(
            name: "COpenBLASThread", dependencies: ["COpenBLAS"],
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),

        // The inner loops of a request, compiled for several instruction sets.
        .target(
            name: "CScoringKernels",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),

        // How neighbours are kept, what their scores add up to, which items may appear, the best of them.
        module("ScoringKernels", ["CScoringKernels"]),
        // The generator whose numbers are the same everywhere for the same seed.
        module("SeededRandom"),
        // Dense and sparse matrices, BLAS and LAPACK calls, top-k.
        module("LinearAlgebra", ["COpenBLAS", "COpenBLASThread", "SeededRandom"]),
        // LMDB environments, transactions, values.
        module("KeyValueStore", ["CLMDB"]),
        // Locks, and files that take their places whole and together.
        module("StoredFiles"),
        // Keys and browser tokens: their form, their file, and whose they are.
        module("AccessKeys", ["CSodium", "StoredFiles"]),
        // Text of others as it may be shown on a terminal or in a log.
        module("Printing"),
        // The word that somebody who mistyped another most likely meant.
        module("Spelling"),
        // Structured log, counters, latency histograms, clock.
        module("Telemetry", ["Printing"]),
        // TLS over bytes, without a socket.
        module("TransportSecurity", ["COpenSSL", "StoredFiles"]),
        // TCP listener, connections, timers, back-pressure.
        module("EventLoop", ["CUV", "Telemetry", "TransportSecurity"]),
        // HTTP/1.1 over libmicrohttpd: listeners, threads, limits; no routes.
        module("HTTPServer", ["CMicroHTTPD", "EventLoop", "Telemetry"]),
        // Frames, messages, error codes, limits: no sockets, no domain logic.
        module("WireProtocol", ["CSimdjson", "Spelling"]),
        // Workbooks (.xlsx) as streams of CSV.
        module("Workbooks", ["CExpat", "CZip"]),
        // The vocabulary (ids, interactions, items), readers, matrices.
        module("Interactions", ["CZlib", "CZstd", "LinearAlgebra", "Printing", "Spelling", "Workbooks"]),
        // Filters and boosts: their language, types, and evaluation over columns of properties.
        module("ItemFilter", ["Interactions", "Spelling"]),
        // Text to vectors, vectors from files.
        module("Embeddings", ["LinearAlgebra", "Interactions"]),
        // One folder per algorithm: model, training, configuration.
        module("Recommenders", ["LinearAlgebra", "ScoringKernels", "SeededRandom"]),
        // Normalisation, weights, missing evidence, fill-up.
        module("HybridBlending"),
        // The versioned read-only bundle: writer, reader, verify, publish.
        module(
            "RecommendationIndex", ["KeyValueStore", "LinearAlgebra", "Interactions", "ScoringKernels", "StoredFiles"]),
        // Load, validate, train, write, verify, publish.
        module(
            "IndexBuilding",
            [
                "LinearAlgebra", "Interactions", "Embeddings", "Recommenders", "HybridBlending", "RecommendationIndex",
                "SeededRandom", "Segmentation", "Spelling", "StoredFiles",
            ]),
        // The use cases: recommendations from an open index; hot swap.
        module(
            "RecommendationService",
            [
                "LinearAlgebra", "Interactions", "ItemFilter", "Recommenders", "HybridBlending", "RecommendationIndex",
                "ScoringKernels", "Segmentation",
            ]),
        // k-means, hierarchical clustering, their diagnostics, RFM.
        module("Segmentation", ["LinearAlgebra", "Interactions", "SeededRandom"]),
        // Whether an outcome will come: learners, calibration, metrics, leaks; what a customer will be worth.
        module("Prediction", ["CXGBoost", "Interactions", "LinearAlgebra", "SeededRandom", "Segmentation"]),
        // Affinities of users, their store, and queries over it.
        module("Personas", ["Interactions", "KeyValueStore", "LinearAlgebra", "Spelling", "StoredFiles"]),
        // Personas as the protocol's JSON.
        module("PersonaMessages", ["Personas", "WireProtocol"]),
        // Members of a group of consumers.
        module("KafkaTopics", ["CRdKafka"]),
        // Splits, metrics, protocols, report.
        module("Evaluation", ["Interactions", "SeededRandom"]),
        // Events, items, people and erasures that change while the server runs.
        module("LiveStore", ["Interactions", "KeyValueStore", "StoredFiles", "Telemetry"]),
        // Anomalies, decomposition and forecasts of series of numbers.
        module("TimeSeries"),
        // Users, visits and sales by day and week: indicators, cohorts, funnels, what was unusual, forecasts.
        module("Trends", ["Interactions", "Segmentation", "TimeSeries"]),
        // What 'foretaste analyse all' leaves for servers: documents, manifest, states of anomalies.
        module("AnalyticsArtefacts", ["KeyValueStore", "StoredFiles"]),
        // What a shop could mend: rules with evidence, what it may be worth, false discoveries held in check.
        module("Insights", ["AnalyticsArtefacts", "CommandLineInterface", "Segmentation", "TimeSeries", "Trends"]),
        // The week's facts, their text, and whether another's text keeps to them.
        module("Summaries", ["AnalyticsArtefacts", "CommandLineInterface"]),
        // Language models behind an address: one question, one text.
        module("LanguageModels", ["CCurl", "CommandLineInterface"]),
        // All of an analysis: trends, users, predictions, anomalies, insights, summary.
        module(
            "BehaviourAnalytics",
            [
                "AnalyticsArtefacts", "CommandLineInterface", "Insights", "Interactions", "KeyValueStore", "Prediction",
                "Segmentation", "Summaries", "TimeSeries", "Trends",
            ]),
        // Search over models and hyper-parameters: space, stages, journal.
        module("Tuning", ["SeededRandom"]),
        // The live store in the answers of open indexes.
        module(
            "LiveData",
            ["Interactions", "KeyValueStore", "LiveStore", "RecommendationIndex", "RecommendationService", "Telemetry"]),
        // The current analysis of a directory, ranked; states of anomalies.
        module("AnalyticsService", ["AnalyticsArtefacts", "StoredFiles"]),
        // What the server can be asked: one declaration a method, its parameters, its handler.
        module(
            "ServiceMethods",
            [
                "AccessKeys", "AnalyticsArtefacts", "AnalyticsService", "HybridBlending", "Interactions", "ItemFilter",
                "LiveStore", "PersonaMessages", "Personas", "RecommendationIndex", "RecommendationService",
                "Segmentation", "Spelling", "Telemetry",
                "WireProtocol",
            ]),
        // Pages for analysts, made of what a server serves.
        module(
            "DashboardPages",
            [
                "AnalyticsArtefacts", "AnalyticsService", "CommandLineInterface", "HybridBlending", "Interactions",
                "Printing", "RecommendationIndex", "RecommendationService", "Reporting",
                "ServiceMethods", "WireProtocol",
            ]),
        // Looks at all that a server is given, and says what to mend.
        module(
            "ServerCheckup",
            [
                "AccessKeys", "AnalyticsArtefacts", "EventLoop", "LiveStore", "Personas", "RecommendationIndex",
                "StoredFiles", "Telemetry", "TransportSecurity", "WireProtocol",
            ]),
        // Connections, frames, limits, shutdown.
        module(
            "RecommendationServer",
            [
                "AccessKeys", "AnalyticsArtefacts", "AnalyticsService", "DashboardPages", "EventLoop", "HTTPServer",
                "LiveData", "LiveStore", "Telemetry", "TransportSecurity",
                "WireProtocol", "Personas", "RecommendationIndex", "RecommendationService", "ServiceMethods",
                "StoredFiles",
            ]),
        // Every setting of the server, declared once: flags, variables, file, and what SIGHUP takes over.
        module(
            "ServerConfiguration",
            [
                "CommandLineInterface", "EventLoop", "RecommendationServer", "StoredFiles", "Telemetry",
                "TransportSecurity",
            ]),
        // The vectors of Protocol/, and what a server's answers lack.
        module("ProtocolVectors", path: "Tools/ProtocolVectors"),
        // Options, help, exit codes, progress.
        module("CommandLineInterface", ["Printing", "Spelling"]),
        // Pages and charts for people.
        module("Reporting", ["CommandLineInterface"]),
        // A deterministic shop with planted structure.
        module("SyntheticShop", ["SeededRandom", "StoredFiles"]),

        program(
            "foretaste-server", path: "Sources/foretaste-server",
            ["CommandLineInterface", "EventLoop", "ServerConfiguration"]),
        program(
            "foretaste", path: "Tools/foretaste",
            [
                "AccessKeys", "AnalyticsArtefacts", "BehaviourAnalytics", "CommandLineInterface", "Embeddings",
                "EventLoop", "Evaluation", "HybridBlending", "IndexBuilding", "Interactions", "KafkaTopics",
                "KeyValueStore", "LanguageModels", "LinearAlgebra", "LiveStore", "PersonaMessages", "Personas",
                "Prediction", "Printing", "ProtocolVectors", "RecommendationIndex", "RecommendationService",
                "Recommenders", "Reporting", "SeededRandom", "Segmentation", "ServerCheckup", "ServerClient",
                "ServiceMethods", "StoredFiles", "Summaries", "SyntheticShop", "Telemetry", "TimeSeries",
                "TransportSecurity", "Trends", "Tuning",
                "WireProtocol",
            ]),
        // What asks servers: connections with TLS and keys, servers by name, the shell's lines and tables, loads.
        module(
            "ServerClient", path: "Tools/ServerClient",
            [
                "CommandLineInterface", "SeededRandom", "ServiceMethods", "Spelling", "StoredFiles", "Telemetry",
                "TransportSecurity", "WireProtocol",
            ]),
        // What `Tools/benchmark` measures with: closed-loop requests, reading, scoring.
        program(
            "foretaste-load", path: "Tools/foretaste-load",
            [
                "CommandLineInterface", "Interactions", "ItemFilter", "LinearAlgebra", "RecommendationIndex",
                "RecommendationService", "SeededRandom", "Telemetry", "WireProtocol",
            ]),

        // A client of the protocol for other packages: stands alone, no C.
        module("ForetasteClient", path: "Protocol/Clients/Swift/Sources/ForetasteClient"),
        // Plays the transcripts of Protocol/Clients to it.
        program("foretaste-client-driver", path: "Protocol/Clients/Swift/Tests/Driver", ["ForetasteClient"]),

        // Seeded generators, temporary directories, the data folder, real servers.
        module("TestSupport", path: "Tests/TestSupport", ["ProtocolVectors", "SeededRandom"]),
        tests("SeededRandomTests", ["SeededRandom"]),
        tests("LinearAlgebraTests", ["LinearAlgebra", "SeededRandom"]),
        tests("KeyValueStoreTests", ["KeyValueStore"]),
        tests("LiveStoreTests", ["LiveStore", "Interactions", "KeyValueStore"]),
        tests("StoredFilesTests", ["StoredFiles"]),
        tests("AccessKeysTests", ["AccessKeys", "StoredFiles"]),
        tests("AnalyticsArtefactsTests", ["AnalyticsArtefacts", "StoredFiles"]),
        tests("PrintingTests", ["Printing"]),
        tests("KafkaTopicsTests", ["KafkaTopics"]),
        tests("SpellingTests", ["Spelling"]),
        tests("WorkbooksTests", ["Workbooks"]),
        tests("ScoringKernelsTests", ["ScoringKernels"]),
        tests("TelemetryTests", ["Telemetry"]),
        tests("EventLoopTests", ["EventLoop", "Telemetry", "TransportSecurity"]),
        tests("HTTPServerTests", ["HTTPServer", "EventLoop", "Telemetry"]),
        tests("WireProtocolTests", ["WireProtocol", "Spelling"]),
        tests("InteractionsTests", ["Interactions", "LinearAlgebra", "SeededRandom"]),
        tests("ItemFilterTests", ["ItemFilter", "Interactions"]),
        tests("EmbeddingsTests", ["Embeddings", "LinearAlgebra", "Interactions"]),
        tests("RecommendersTests", ["Recommenders", "LinearAlgebra", "SeededRandom"]),
        tests("HybridBlendingTests", ["HybridBlending"]),
        tests(
            "RecommendationIndexTests",
            ["RecommendationIndex", "KeyValueStore", "LinearAlgebra", "Interactions", "StoredFiles"],
            exclude: ["Goldens"]),
        tests(
            "SegmentationTests",
            ["Segmentation", "LinearAlgebra", "Interactions", "Embeddings", "SeededRandom", "foretaste"]),
        tests(
            "PersonasTests",
            ["Personas", "Interactions", "KeyValueStore", "foretaste", "foretaste-server"]),
        tests("PredictionTests", ["Prediction", "Interactions", "SeededRandom", "Segmentation", "foretaste"]),
        tests("EvaluationTests", ["Evaluation", "Interactions", "SeededRandom"]),
        tests(
            "BehaviourAnalyticsTests",
            [
                "AnalyticsArtefacts", "Insights", "LanguageModels", "Prediction", "SeededRandom", "Segmentation",
                "StoredFiles", "Summaries", "foretaste",
            ]),
        tests("TimeSeriesTests", ["TimeSeries", "SeededRandom"]),
        tests("TrendsTests", ["Interactions", "Segmentation", "TimeSeries", "Trends"]),
        tests("TuningTests", ["Tuning"]),
        tests("CommandLineInterfaceTests", ["CommandLineInterface"]),
        tests("SyntheticShopTests", ["SyntheticShop"]),
        tests(
            "IndexBuildingTests",
            [
                "IndexBuilding", "Interactions", "Embeddings", "HybridBlending", "LinearAlgebra", "RecommendationIndex",
                "Recommenders", "StoredFiles",
            ]),
        tests(
            "RecommendationServiceTests",
            [
                "RecommendationService", "IndexBuilding", "Interactions", "ItemFilter", "HybridBlending",
                "KeyValueStore", "LinearAlgebra", "LiveData", "LiveStore", "RecommendationIndex", "Recommenders",
                "Telemetry", "SeededRandom",
            ]),
        // The vectors of Protocol/ against a running server.
        tests(
            "ProtocolConformanceTests",
            [
                "AccessKeys", "AnalyticsArtefacts", "AnalyticsService", "EventLoop", "HTTPServer", "Interactions",
                "Personas", "RecommendationIndex", "RecommendationServer",
                "RecommendationService", "ServiceMethods", "Telemetry", "WireProtocol", "foretaste",
                "foretaste-server",
            ]),
        tests("ServerClientTests", ["CommandLineInterface", "ServerClient", "WireProtocol"]),
        tests("AnalyticsServiceTests", ["AnalyticsArtefacts", "AnalyticsService"]),
        tests("ServiceMethodsTests", ["ServiceMethods", "ItemFilter", "WireProtocol"]),
        tests(
            "ServerConfigurationTests",
            [
                "CommandLineInterface", "EventLoop", "RecommendationServer", "ServerConfiguration", "Telemetry",
                "TransportSecurity",
            ]),
        // The programs as a user runs them, on real data and on bad input.
        tests("EndToEndTests", ["foretaste", "foretaste-server"]),
        tests("TestSupportTests", []),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
