internal import Foundation

/// How long `unroll trace` takes with a large PyTorch state dict, start of the program included.
enum FileBenchmark {
  private static let (hidden, inputSize, steps) = (1024, 512, 10)

  static func run(_ options: BenchmarkOptions) throws {
    guard FileManager.default.isExecutableFile(atPath: options.program) else {
      Report.line("skipped: \(options.program) is not there; build it or give --program PATH")
      return
    }
    let folder = try TemporaryFolder()
    let layers = options.isQuick ? 1 : 4
    let dictionary = stateDictionary(layers: layers)
    try folder.write("model.safetensors", dictionary)
    let row = Array(repeating: "0.1", count: inputSize).joined(separator: ",") + "\n"
    try folder.write("input.csv", Data(String(repeating: row, count: steps).utf8))
    var times: [Double] = []
    for _ in 0..<(options.isQuick ? 2 : 4) {
      let process = Process()
      process.executableURL = URL(filePath: options.program)
      process.arguments = [
        "trace", folder.path("model.safetensors"), "--input", folder.path("input.csv"),
        "--out", folder.path("trace.npz"),
      ]
      times.append(
        try Timing.time {
          try process.run()
          process.waitUntilExit()
        })
      guard process.terminationStatus == 0 else {
        throw BenchmarkError("unroll trace ended with \(process.terminationStatus)")
      }
    }
    let samples = Samples(times)
    Report.line(
      "unroll trace, LSTM of \(layers) layers, H \(hidden), "
        + "\(Report.megabytes(dictionary.count)) MB, \(steps) steps: "
        + "min \(Report.milliseconds(samples.min)), median \(Report.milliseconds(samples.median)) ms"
    )
  }

  /// A state dict of `torch.nn.LSTM` in safetensors: a header in JSON, then the numbers.
  private static func stateDictionary(layers: Int) -> Data {
    var tensors: [(name: String, shape: [Int])] = []
    for layer in 0..<layers {
      tensors += [
        ("weight_ih_l\(layer)", [4 * hidden, layer == 0 ? inputSize : hidden]),
        ("weight_hh_l\(layer)", [4 * hidden, hidden]), ("bias_ih_l\(layer)", [4 * hidden]),
        ("bias_hh_l\(layer)", [4 * hidden]),
      ]
    }
    var offset = 0
    let entries = tensors.map { name, shape in
      let end = offset + shape.reduce(4, *)
      defer { offset = end }
      return
        "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(offset),\(end)]}"
    }
    let header = Data("{\(entries.joined(separator: ","))}".utf8)
    var data = Data()
    unsafe withUnsafeBytes(of: UInt64(header.count).littleEndian) {
      unsafe data.append(contentsOf: $0)
    }
    data += header
    data += Data(repeating: 0, count: offset)
    return data
  }
}
