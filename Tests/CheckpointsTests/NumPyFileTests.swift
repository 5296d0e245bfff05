import Foundation
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct NumPyFileTests {
  /// `numpy.arange(12).reshape(3, 4) * 0.25 - 1`.
  static let matrix: [Float] = (0..<12).map { Float($0) * 0.25 - 1 }

  private func fixture(_ name: String) throws -> NumPyFile {
    try NumPyFile(path: Fixtures.path("numpy/\(name).npy"))
  }

  @Test(arguments: ["f4_c", "f4_fortran", "f8_big_endian", "f4_version2", "f4_version3"])
  func matrices(name: String) throws {
    let file = try fixture(name)
    #expect(file.shape == [3, 4])
    #expect(try file.floats() == Self.matrix)
    #expect(try file.doubles() == Self.matrix.map(Double.init))
  }

  @Test func otherTypesAndRanks() throws {
    let halves = try fixture("f2").floats()
    #expect(halves.prefix(4) == [0, 1, -2.5, 65504])
    #expect(halves[4] == 0x1p-24 && halves[5] == .infinity && halves[6] == -.infinity)
    #expect(halves[7].isNaN)
    #expect(try fixture("i8").integers() == [1, -2, 1 << 53 + 1, Int.min])
    #expect(try fixture("i2_big_endian").floats() == [1, -2, 32767, -32768])
    #expect(try fixture("u1").integers() == [0, 1, 255])
    #expect(try fixture("bool").floats() == [1, 0, 1])
    #expect(try fixture("scalar").shape.isEmpty && fixture("scalar").floats() == [1.5])
    #expect(try fixture("empty").shape == [0, 3] && fixture("empty").floats().isEmpty)
    let cube = try fixture("i4_cube_fortran")
    #expect(cube.shape == [2, 3, 4])
    #expect(try cube.integers() == Array(0..<24))
  }

  @Test func otherContents() {
    let cases = [
      ("objects", "descr: expected numbers such as <f4, <f8 or <i8, found pickled Python objects"),
      ("text", "descr: expected numbers such as <f4, <f8 or <i8, found \"<U2\""),
      ("fields", "byte 20: expected an array of plain numbers, found \"[('a', '<f4'\""),
    ]
    for (name, expected) in cases {
      let path = Fixtures.path("numpy/\(name).npy")
      #expect(
        message { () throws(FileError) in _ = try NumPyFile(path: path) } == "\(path): \(expected)")
    }
    let model = Fixtures.path("mha_12_3.safetensors")
    #expect(
      message { () throws(FileError) in _ = try NumPyFile(path: model) }?
        .contains("expected a NumPy array (.npy), found ") == true)
  }

  private func open(_ literal: String, data: Int) -> String? {
    let text = Array(literal.utf8)
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
      + [UInt8](repeating: 0, count: data)
    return message { () throws(FileError) in _ = try NumPyFile(bytes: bytes, name: "a.npy") }
  }

  @Test func hostileHeaders() {
    func header(_ shape: String, _ more: String = "") -> String {
      "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape)\(more)}\n"
    }
    #expect(open(header("(2,)"), data: 8) == nil)
    #expect(open(header("(2L, 1L)", ", "), data: 8) == nil)
    #expect(
      open(header("(3, 4)"), data: 44)
        == "a.npy: byte 68: expected 48 bytes for F32 [3, 4], found 44")
    #expect(open(header("(3, 4)"), data: 52)?.hasSuffix("found 52") == true)
    #expect(
      open(header("(4611686018427387904, 4)"), data: 0)
        == "a.npy: shape: expected a size below 2^63 bytes, found F32 [4611686018427387904, 4]")
    #expect(open(header("(99999999999999999999,)"), data: 0)?.contains("a whole number") == true)
    #expect(open(header("(-1,)"), data: 0)?.contains("expected a whole number") == true)
    #expect(open(header(String(repeating: "(", count: 60_000)), data: 0)?.count ?? 0 < 150)
    let rank = "(" + String(repeating: "1,", count: 65) + ")"
    #expect(open(header(rank), data: 4)?.contains("at most 64 dimensions") == true)
    #expect(open(header("(2,)", ", 'shape': (2,)"), data: 8)?.contains("once each") == true)
    #expect(open(header("(2,)", ", 'x': (2,)"), data: 8)?.contains("once each") == true)
    #expect(open("{'descr': '<f4'}", data: 4)?.contains("fortran_order and shape") == true)
    #expect(open(header("(2,)") + "x", data: 8)?.contains("the end of the header") == true)
    #expect(open("{'descr': '<f4", data: 8)?.contains("a string that ends") == true)
    #expect(open("", data: 8)?.contains("expected \"{\"") == true)
    for bytes in [
      [], [0x93], [0x93] + Array("NUMPY".utf8), [0x93] + Array("NUMPY\u{9}\0abcd".utf8),
    ] {
      #expect(
        fileError { () throws(FileError) in _ = try NumPyFile(bytes: bytes, name: "a") } != nil)
    }
  }

  @Test(arguments: ["f4_c", "f8_big_endian", "i4_cube_fortran", "f4_version2"])
  func mutations(name: String) throws {
    let original = try Fixtures.bytes("numpy/\(name).npy")
    var random = SeededGenerator(state: 2)
    for _ in 0..<1000 {
      let bytes = mutate(original, headerEnd: 90, with: &random)
      let error = fileError { () throws(FileError) in
        let file = try NumPyFile(bytes: bytes, name: "mutant")
        let values = try file.floats()
        #expect(values.count == file.shape.reduce(1, *))
      }
      #expect(error?.description.contains("\n") != true)
    }
  }

  // MARK: Against NumPy

  @Test(.enabled(if: Python.hasNumPy, Python.reason))
  func numPyReadsArrays() throws {
    let folder = try TemporaryFolder()
    try NumPyWriter.write(
      NamedArray(name: "", shape: [3, 4], data: Self.matrix), to: folder.file("f4.npy"))
    try NumPyWriter.write(
      NamedArray(name: "", shape: [2], data: [0.1, .nan] as [Double]), to: folder.file("f8.npy"))
    try NumPyWriter.write(
      NamedArray(name: "", shape: [], data: [-3]), to: folder.file("i8.npy"))
    let output = try Python.run(
      """
      import numpy, sys
      for name in ["f4", "f8", "i8"]:
          a = numpy.load(sys.argv[1] + "/" + name + ".npy")
          print(a.dtype.str, a.shape, a.tolist())
      """, folder.path)
    #expect(
      output == """
        <f4 (3, 4) [[-1.0, -0.75, -0.5, -0.25], [0.0, 0.25, 0.5, 0.75], [1.0, 1.25, 1.5, 1.75]]
        <f8 (2,) [0.1, nan]
        <i8 () -3

        """)
    // The very bytes that numpy.save writes.
    #expect(
      try contents(of: folder.file("f4.npy")) == Fixtures.bytes("numpy/f4_c.npy"))
  }

  @Test(.enabled(if: Python.hasNumPy, Python.reason))
  func numPyReadsArchives() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("trace.npz")
    try NumPyWriter.writeArchive(
      [
        NamedArray(name: "layer0.h", shape: [3, 4], data: Self.matrix),
        NamedArray(name: "é/日本", shape: [0], data: [] as [Float]),
        NamedArray(name: "ids", shape: [2], data: [1, -1]),
      ],
      texts: [
        .init(name: "tokens", ["the", "", "🦊\n", "日本"]), .init(name: "model", "m"),
        .init(name: "none", []),
      ], to: path)
    let script = """
      import numpy, sys, zipfile
      assert zipfile.ZipFile(sys.argv[1]).testzip() is None
      z = numpy.load(sys.argv[1])
      print(z.files)
      print(z["layer0.h"].shape, z["layer0.h"].sum(), z["é/日本"].shape, z["ids"].tolist())
      print(ascii(z["tokens"].tolist()), z["model"].item(), z["none"].shape)
      """
    #expect(
      try Python.run(script, path) == """
        ['layer0.h', 'é/日本', 'ids', 'tokens', 'model', 'none']
        (3, 4) 4.5 (0,) [1, -1]
        ['the', '', '\\U0001f98a\\n', '\\u65e5\\u672c'] m (0,)

        """)
    let once = try contents(of: path)
    try NumPyWriter.writeArchive(
      [NamedArray(name: "a", shape: [1], data: [1])], to: path)
    try NumPyWriter.writeArchive(
      [NamedArray(name: "a", shape: [1], data: [1])], to: folder.file("again"))
    #expect(try contents(of: path) == contents(of: folder.file("again")))
    #expect(try contents(of: path) != once)
  }

  /// Sizes and offsets in 64 bits, and more entries than 16 bits can count.
  @Test(
    .enabled(if: Python.hasNumPy, Python.reason), arguments: [(1, 3), (150, 3), (1 << 32, 65_537)])
  func zip64(wideFrom: Int, count: Int) throws {
    let folder = try TemporaryFolder()
    let output = ByteOutput()
    var zip = ZipWriter(to: output, file: "memory", wideFrom: wideFrom)
    let array = NamedArray(name: "a", shape: [3], data: [1, 2, 3] as [Float])
    for index in 0..<count {
      try array.elements.withBytes { bytes throws(FileError) in
        try zip.add("a\(index).npy", header: NumPyWriter.header(of: array), data: bytes)
      }
    }
    try zip.finish()
    let path = try folder.write(output.bytes, to: "wide.npz")
    let script = """
      import numpy, sys, zipfile
      assert zipfile.ZipFile(sys.argv[1]).testzip() is None
      z = numpy.load(sys.argv[1])
      print(len(z.files), z["a0"].sum(), z[z.files[-1]].sum())
      """
    #expect(try Python.run(script, path) == "\(count) 6.0 6.0\n")
  }

  @Test func checksum() {
    // The check value of the CRC-32 catalogue, and one that is no multiple of four bytes long.
    for (text, expected) in [("123456789", 0xCBF4_3926 as UInt32), ("", 0), ("a", 0xE8B7_BE43)] {
      var crc = CRC32()
      unsafe crc.update(Array(text.utf8).span.bytes)
      #expect(crc.value == expected)
    }
  }
}
