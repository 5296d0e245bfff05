import Foundation
import Glibc
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct TraceFileTests {
  private let trace = TraceExport(
    model: "a \"model\"\\", tokens: ["the", "\n\u{0}\u{7F}", "日本\u{2028}", "👩‍🔬", "e\u{301}"],
    metadata: [("loss", "nats"), ("seed", "7")],
    values: [
      NamedArray(
        name: "layer0.h", shape: [2, 3],
        data: [0.1, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude] as [Float]),
      NamedArray(name: "ids", shape: [2], data: [Int.max, -1]),
      NamedArray(name: "loss, \"total\"", shape: [], data: [0.1] as [Double]),
      NamedArray(name: "A", shape: [1, 2, 1], data: [1e30, 16_777_216] as [Float]),
    ])

  private func write(_ trace: TraceExport, _ format: TraceFormat) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try TraceFile.write(trace, as: format, to: folder.file("out"))
    return try contents(of: folder.file("out"))
  }

  @Test func json() throws {
    let bytes = try write(trace, .json)
    let parsed = try JSONSerialization.jsonObject(with: Data(bytes))
    let document = try #require(parsed as? [String: Any])
    #expect(document["model"] as? String == trace.model)
    let tokens = try #require(document["tokens"] as? [String])
    #expect(tokens.map { Array($0.utf8) } == trace.tokens.map { Array($0.utf8) })
    #expect(document["seed"] as? String == "7")
    let values = try #require(document["values"] as? [String: [String: Any]])
    #expect(values.count == 4)
    #expect(values["layer0.h"]?["shape"] as? [Int] == [2, 3])
    let data = try #require(values["layer0.h"]?["data"] as? [Any])
    #expect((data[0] as? Double).map(Float.init) == 0.1)
    #expect(data[2..<5].map { $0 as? String } == ["NaN", "Infinity", "-Infinity"])
    #expect((data[5] as? Double).map(Float.init) == .leastNonzeroMagnitude)
    #expect(values["ids"]?["data"] as? [Int] == [Int.max, -1])
    #expect(values["loss, \"total\""]?["data"] as? [Double] == [0.1])
    #expect(values["loss, \"total\""]?["shape"] as? [Int] == [])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#""data":[0.1,-0.0,"NaN","Infinity","-Infinity",1e-45]"#))
    #expect(text.hasSuffix("}\n"))
  }

  @Test func jsonNumbersReadBackExactly() throws {
    var random = SeededGenerator(state: 4)
    let numbers = (0..<5000).map { _ in
      Float(bitPattern: UInt32.random(in: 0...(.max), using: &random))
    }.filter(\.isFinite)
    let export = TraceExport(
      model: "", tokens: [],
      values: [NamedArray(name: "x", shape: [numbers.count], data: numbers)])
    let parsed = try JSONSerialization.jsonObject(with: Data(try write(export, .json)))
    let values = (parsed as? [String: Any])?["values"] as? [String: [String: Any]]
    let back = (values?["x"]?["data"] as? [Double])?.map(Float.init)
    #expect(back == numbers)
  }

  @Test func csv() throws {
    let text = String(decoding: try write(trace, .csv), as: UTF8.self)
    #expect(
      text == """
        name,i,j,k,value
        layer0.h,0,0,,0.1
        layer0.h,0,1,,-0.0
        layer0.h,0,2,,NaN
        layer0.h,1,0,,Infinity
        layer0.h,1,1,,-Infinity
        layer0.h,1,2,,1e-45
        ids,0,,,9223372036854775807
        ids,1,,,-1
        "loss, ""total\""",,,,0.1
        A,0,0,0,1e+30
        A,0,1,0,16777216.0

        """)
    var cube = trace
    cube.values = [NamedArray(name: "x", shape: [1, 1, 1, 1], data: [0])]
    let four = cube
    #expect(
      message { () throws(FileError) in try TraceFile.write(four, as: .csv, to: "/dev/null") }
        == "/dev/null: x: expected at most 3 dimensions for CSV, found [1, 1, 1, 1]")
  }

  @Test func safetensors() throws {
    let file = try SafetensorsFile(bytes: write(trace, .safetensors), name: "trace")
    #expect(file.names == trace.values.map(\.name))
    #expect(file.metadata["model"] == trace.model)
    #expect(file.metadata["seed"] == "7")
    let tokens = try JSONSerialization.jsonObject(
      with: Data((file.metadata["tokens"] ?? "").utf8))
    #expect(tokens as? [String] == trace.tokens)
    #expect(try file.integers("ids") == [Int.max, -1])
    #expect(try file.doubles("loss, \"total\"") == [0.1])
  }

  @Test(.enabled(if: Python.hasNumPy, Python.reason))
  func npz() throws {
    let folder = try TemporaryFolder()
    try TraceFile.write(trace, as: .npz, to: folder.file("t.npz"))
    let script = """
      import numpy, sys
      z = numpy.load(sys.argv[1])
      print(ascii(z["model"].item()), z["seed"].item())
      print(ascii(z["tokens"].tolist()))
      print(z["layer0.h"].shape, z["ids"].tolist())
      print(z["layer0.h"].ravel().tolist())
      """
    #expect(
      try Python.run(script, folder.file("t.npz")) == #"""
        'a "model"\\' 7
        ['the', '\n\x00\x7f', '\u65e5\u672c\u2028', '\U0001f469\u200d\U0001f52c', 'e\u0301']
        (2, 3) [9223372036854775807, -1]
        [0.10000000149011612, -0.0, nan, inf, -inf, 1.401298464324817e-45]

        """#)
  }

  @Test func namesThatAreTaken() {
    for key in ["model", "tokens", "values", "loss"] {
      var double = trace
      double.metadata.append((key, ""))
      let export = double
      #expect(
        message { () throws(FileError) in try TraceFile.write(export, as: .json, to: "/dev/null") }
          == "/dev/null: metadata: expected every key once, found \"\(key)\" twice")
    }
  }

  @Test func aDescriptorGetsTheSameBytes() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("out")
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT, 0o600)
    try TraceFile.write(trace, as: .npz, toDescriptor: descriptor)
    close(descriptor)
    #expect(try contents(of: path) == write(trace, .npz))
  }

  /// Larger than the buffer, so that chunks are put together.
  @Test func manyNumbers() throws {
    let numbers = (0..<300_000).map { Float($0) / 7 }
    let export = TraceExport(
      model: "m", tokens: [], values: [NamedArray(name: "x", shape: [300_000], data: numbers)])
    let parsed = try JSONSerialization.jsonObject(with: Data(try write(export, .json)))
    let values = (parsed as? [String: Any])?["values"] as? [String: [String: Any]]
    #expect((values?["x"]?["data"] as? [Double])?.map(Float.init) == numbers)
    let lines = try write(export, .csv).split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 300_001)
    #expect(lines.last.map { String(decoding: $0, as: UTF8.self) } == "x,299999,,,42857.0")
  }
}
