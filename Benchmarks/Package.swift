// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "unroll", path: "..")],
  targets: [
    .target(name: "CPseudoTerminal"),
    .executableTarget(
      name: "unroll-bench",
      dependencies: ["CPseudoTerminal", .product(name: "UnrollCore", package: "unroll")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
      ]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu2x
)
