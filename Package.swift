// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Scenes and the executable live on the main actor: curses is not thread-safe.
let onMainActor: [SwiftSetting] = strict + [.defaultIsolation(MainActor.self)]

let collections: Target.Dependency = .product(
  name: "OrderedCollections", package: "swift-collections")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "unroll",
  products: [
    .executable(name: "unroll", targets: ["unroll"]),
    // For the benchmarks, which are a package of their own.
    .library(
      name: "UnrollCore", targets: ["Learning", "Networks", "Equations", "Tensors", "CKernels"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // C libraries and the small C targets.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .target(
      name: "CKernels",
      // Elementwise loops must be vectorised in debug builds too: the numeric tests run there.
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-fno-trapping-math"])]),
    .target(name: "CTerminal"),
    .target(name: "CAssets", cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),

    // The compute core.
    .target(name: "Tensors", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: strict),
    .target(name: "Assets", dependencies: ["CAssets"], swiftSettings: strict),
    .target(
      name: "Equations", dependencies: ["Tensors", "Assets", "CKernels"], swiftSettings: strict),
    .target(
      name: "Networks", dependencies: ["Equations", "Tensors"],
      swiftSettings: strict),
    .target(
      name: "Learning", dependencies: ["Networks", "Equations", "Tensors"], swiftSettings: strict),
    .target(
      name: "Checkpoints",
      dependencies: ["Networks", "Equations", "Tensors", "Assets", collections],
      swiftSettings: strict),
    .target(
      name: "Debugger",
      dependencies: ["Networks", "Equations", "Tensors"],
      swiftSettings: strict),

    // Drawing.
    .target(name: "Canvas", swiftSettings: strict),
    .target(
      name: "CursesScreen", dependencies: ["Canvas", "CNcurses", "CTerminal"],
      swiftSettings: onMainActor),
    .target(
      name: "Scenes",
      dependencies: ["Canvas", "Debugger", "Learning", "Networks", "Equations", "Tensors"],
      swiftSettings: onMainActor),
    .executableTarget(
      name: "unroll",
      dependencies: [
        "Scenes", "CursesScreen", "Canvas", "Debugger", "Learning", "Checkpoints", "Networks",
        "Equations", "Tensors", "Assets", "CKernels", arguments,
      ],
      swiftSettings: onMainActor),

    // Tests.
    .target(
      name: "TestSupport",
      dependencies: ["Checkpoints", "Debugger", "Networks", "Equations", "Tensors"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "TensorsTests", dependencies: ["Tensors", "CKernels"], swiftSettings: strict),
    .testTarget(
      name: "EquationsTests", dependencies: ["Equations", "Tensors", "CKernels"],
      swiftSettings: strict),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["TestSupport", "Checkpoints", "Networks", "Equations", "Tensors"],
      swiftSettings: strict),
    .testTarget(
      name: "LearningTests",
      dependencies: [
        "TestSupport", "unroll", "Checkpoints", "Debugger", "Learning", "Networks", "Equations",
        "Tensors",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LabTests",
      dependencies: [
        "TestSupport", "unroll", "Checkpoints", "Learning", "Networks", "Equations", "Tensors",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LiveTests", dependencies: ["Learning", "Networks", "Equations", "Tensors"],
      swiftSettings: strict),
    .testTarget(
      name: "ModelsTests",
      dependencies: [
        "TestSupport", "Checkpoints", "Learning", "Networks", "Equations", "Tensors",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TokenizerTests", dependencies: ["TestSupport", "Checkpoints"], swiftSettings: strict),
    .testTarget(
      name: "TransformerModelTests",
      dependencies: ["TestSupport", "Checkpoints", "Networks", "Equations", "Tensors"],
      swiftSettings: strict),
    .testTarget(
      name: "TranslationModelTests",
      dependencies: [
        "TestSupport", "unroll", "Checkpoints", "Learning", "Networks", "Equations", "Tensors",
      ], swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["TestSupport", "unroll", "Checkpoints"],
      swiftSettings: strict),
    .testTarget(
      name: "DebuggerTests",
      dependencies: ["TestSupport", "Debugger", "Networks", "Equations", "Tensors"],
      swiftSettings: strict),
    .testTarget(
      name: "ScenesTests",
      dependencies: [
        "TestSupport", "Scenes", "Canvas", "Debugger", "Checkpoints", "Learning", "Networks",
        "Equations", "Tensors",
      ],
      swiftSettings: onMainActor),
    .testTarget(
      name: "TerminalTests", dependencies: ["TestSupport", "unroll"], exclude: ["pty"],
      swiftSettings: strict),
    .testTarget(name: "CanvasTests", dependencies: ["Canvas"], swiftSettings: strict),
    .testTarget(
      name: "CursesScreenTests", dependencies: ["CursesScreen", "CNcurses", "Canvas"],
      swiftSettings: strict),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["TestSupport", "Checkpoints"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu2x
)
