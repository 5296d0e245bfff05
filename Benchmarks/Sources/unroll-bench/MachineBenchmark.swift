internal import CKernels
internal import Foundation
internal import Tensors

/// What the figures were measured on.
enum MachineBenchmark {
  static func run() {
    let info = ProcessFiles.text("/proc/cpuinfo") ?? ""
    let flags = Set(
      value("flags", of: info)?.split(separator: " ").map(String.init)
        ?? value("Features", of: info)?.split(separator: " ").map(String.init) ?? [])
    Report.line("CPU          \(value("model name", of: info) ?? "unknown")")
    Report.line("cores        \(ProcessInfo.processInfo.activeProcessorCount)")
    if let load = ProcessFiles.text("/proc/loadavg")?.split(separator: " ").first {
      Report.line("load         \(load): figures are worse than they could be above about 0.5")
    }
    Report.line("OpenBLAS     \(BLAS.coreName)")
    Report.line("own kernels  \(unsafe String(cString: unroll_instruction_set()))")
    for variable in ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"] {
      if let value = ProcessInfo.processInfo.environment[variable] {
        Report.line("note: \(variable)=\(value) is set and decides OpenBLAS's kernels")
      }
    }
    if flags.contains("avx512f"), !wideCores.contains(BLAS.coreName) {
      Report.line(
        "note: this CPU has AVX-512, but this OpenBLAS does not know it and runs the kernels for "
          + "\(BLAS.coreName), at up to half the speed; OPENBLAS_CORETYPE=SkylakeX would help")
    } else if flags.contains("avx2"), narrowCores.contains(BLAS.coreName) {
      Report.line(
        "note: this CPU has AVX2, but this OpenBLAS does not know it and runs the kernels for "
          + "\(BLAS.coreName); OPENBLAS_CORETYPE=Haswell would help")
    }
  }

  /// OpenBLAS's names of cores whose kernels use AVX-512.
  private static let wideCores: Set = ["SkylakeX", "Cooperlake", "SapphireRapids"]
  /// Its names of x86 cores whose kernels do without AVX2.
  private static let narrowCores: Set = [
    "Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Sandybridge", "Atom", "Athlon",
    "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat", "Bulldozer", "Nano", "Katmai", "Northwood",
  ]

  private static func value(_ key: String, of info: String) -> String? {
    for line in info.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key {
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}
