import Foundation
import Glibc
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct SafetensorsFileTests {
  @Test func opensWhatPyTorchWrote() throws {
    let file = try SafetensorsFile(path: Fixtures.path("lstm_5_8_1.safetensors"))
    #expect(file.names == ["bias_hh_l0", "bias_ih_l0", "weight_hh_l0", "weight_ih_l0"])
    #expect(file.metadata == ["format": "pt"])
    let info = try #require(file["weight_ih_l0"])
    #expect(info == TensorInfo(type: .float32, shape: [32, 5], bytes: 1280..<1920))
    // The first two numbers, read from the file with Python's struct module.
    let weights = try file.floats("weight_ih_l0")
    #expect(weights.count == 160)
    #expect(weights.prefix(2) == [0x1.d3c308p-4, -0x1.fd5c42p-3])
    #expect(try file.doubles("bias_hh_l0").prefix(2) == [0x1.c42d00p-3, 0x1.327f32p-2])
    let sum = try file.withFloats("weight_ih_l0") { span in
      span.indices.reduce(0 as Float) { $0 + span[$1] }
    }
    #expect(sum == weights.reduce(0, +))
  }

  @Test func convertsEveryType() throws {
    // 1.5, -2 and a small integer in each type, written out by hand.
    let tensors: [(String, [UInt8], [Float])] = [
      ("F16", [0x00, 0x3E, 0x00, 0xC0], [1.5, -2]),
      ("BF16", [0xC0, 0x3F, 0x00, 0xC0], [1.5, -2]),
      ("F32", [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0], [1.5, -2]),
      ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], [1.5, -2]),
      ("BOOL", [0, 1], [0, 1]), ("U8", [3, 255], [3, 255]), ("I8", [3, 255], [3, -1]),
      ("U16", [3, 0, 255, 255], [3, 65535]), ("I16", [3, 0, 255, 255], [3, -1]),
      ("U32", [3, 0, 0, 0, 0, 0, 1, 0], [3, 65536]),
      ("I32", [3, 0, 0, 0, 255, 255, 255, 255], [3, -1]),
      ("U64", [3] + .init(repeating: 0, count: 9) + [1, 0, 0, 0, 0, 0], [3, 65536]),
      ("I64", [3, 0, 0, 0, 0, 0, 0, 0] + .init(repeating: 255, count: 8), [3, -1]),
    ]
    for (type, bytes, expected) in tensors {
      let file = try open(header: tensor("x", type, "[2]", 0, bytes.count), data: bytes)
      #expect(try file.floats("x") == expected, "\(type)")
      #expect(try file.doubles("x") == expected.map(Double.init), "\(type)")
      if ElementType(rawValue: type)?.isInteger == true {
        #expect(try file.integers("x") == expected.map { Int($0) }, "\(type)")
      } else {
        #expect(fileError { () throws(FileError) in _ = try file.integers("x") } != nil, "\(type)")
      }
    }
    // Larger than a Float or a Double can hold.
    let wide = try open(
      header: tensor("x", "I64", "[1]", 0, 8), data: [1, 0, 0, 0, 0, 0, 0x20, 0])
    #expect(try wide.integers("x") == [1 << 53 + 1])
    let unsigned = try open(
      header: tensor("x", "U64", "[1]", 0, 8), data: .init(repeating: 255, count: 8))
    #expect(try unsigned.floats("x") == [0x1p64])
    #expect(
      message { () throws(FileError) in _ = try unsigned.integers("x") }?
        .contains("found 18446744073709551615") == true)
  }

  @Test func nonFiniteAndSubnormalHalves() throws {
    let bits: [UInt16] = [0x7C00, 0xFC00, 0x7E00, 0x0001, 0x8000, 0x7BFF]
    let data = bits.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let values = try open(header: tensor("x", "F16", "[6]", 0, 12), data: data).floats("x")
    #expect(values[0] == .infinity && values[1] == -.infinity && values[2].isNaN)
    #expect(values[3] == 0x1p-24 && values[5] == 65504)
    #expect(values[4] == 0 && values[4].sign == .minus)
  }

  @Test func typesWithoutConversionHaveSizes() throws {
    let file = try open(header: tensor("x", "F8_E4M3", "[3]", 0, 3), data: [1, 2, 3])
    #expect(file["x"]?.count == 3)
    #expect(
      message { () throws(FileError) in _ = try file.floats("x") }
        == "memory: tensor x: expected numbers that can be converted to F32, found F8_E4M3")
    #expect(try open(header: tensor("x", "F4", "[4]", 0, 2), data: [1, 2]).names == ["x"])
  }

  @Test func emptyAndScalarTensors() throws {
    let header = merge(tensor("none", "F32", "[0,7]", 0, 0), tensor("one", "F32", "[]", 0, 4))
    let file = try open(header: header, data: [0, 0, 0x80, 0x3F])
    #expect(try file.floats("none").isEmpty)
    #expect(try file.floats("one") == [1])
    #expect(try open(header: "{}", data: []).names.isEmpty)
  }

  @Test func unknownTensor() throws {
    let file = try open(header: "{}", data: [])
    #expect(
      message { () throws(FileError) in _ = try file.floats("w") }
        == "memory: tensor w: expected one of the file's 0 tensors, found no tensor of this name")
  }

  // MARK: What happens to files

  @Test func largeFilesAreMappedAndSurviveReplacement() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("large.safetensors")
    let count = FileSource.mappedFrom / 4
    let values = (0..<count).map { Float($0 % 1000) }
    try SafetensorsWriter.write([NamedArray(name: "x", shape: [count], data: values)], to: path)
    let file = try SafetensorsFile(path: path)
    try SafetensorsWriter.write([NamedArray(name: "y", shape: [1], data: [1 as Float])], to: path)
    let (first, last) = try file.withFloats("x") { ($0[1], $0[$0.count - 1]) }
    #expect(first == 1 && last == Float((count - 1) % 1000))
    #expect(try file.floats("x") == values)
  }

  @Test func aFileThatShrinksGivesAnError() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Fixtures.bytes("lstm_5_8_1.safetensors"), to: "m.safetensors")
    let file = try SafetensorsFile(path: path)
    #expect(unsafe truncate(path, 700) == 0)
    let text = message { () throws(FileError) in _ = try file.floats("weight_ih_l0") }
    #expect(text?.hasSuffix("found the end: the file became shorter after it was opened") == true)
    #expect(try file.floats("bias_hh_l0").count == 32)
  }

  @Test func onlyRegularFilesAreOpened() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.file("pipe")
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    for (path, found) in [
      (folder.path, "a directory"), (pipe, "a pipe"), ("/dev/zero", "a device"),
    ] {
      let text = message { () throws(FileError) in _ = try SafetensorsFile(path: path) }
      #expect(text == "\(path): expected a regular file, found \(found)")
    }
    let missing = folder.file("missing")
    #expect(
      message { () throws(FileError) in _ = try SafetensorsFile(path: missing) }
        == "\(missing): cannot open: No such file or directory")
  }

  @Test func aSparseFileIsNotAllocated() throws {
    let folder = try TemporaryFolder()
    let size = 1 << 43
    let header = Array(tensor("x", "I8", "[\(size)]", 0, size).utf8)
    let path = try folder.write(frame(header), to: "sparse.safetensors")
    guard unsafe truncate(path, 8 + header.count + size) == 0 else { return }
    let file = try SafetensorsFile(path: path)
    #expect(
      message { () throws(FileError) in _ = try file.floats("x") }?.contains("fit into") == true)
  }
}

// MARK: - Files made by hand

func tensor(_ name: String, _ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
  #"{"\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}}"#
}

/// Two objects made one.
func merge(_ first: String, _ second: String) -> String {
  String(first.dropLast()) + "," + String(second.dropFirst())
}

/// A header with its length before it.
func frame(_ header: [UInt8], length: UInt64? = nil) -> [UInt8] {
  let length = length ?? UInt64(header.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header
}

func open(header: String, data: [UInt8]) throws(FileError) -> SafetensorsFile {
  try SafetensorsFile(bytes: frame(Array(header.utf8)) + data, name: "memory")
}

func message(_ body: () throws(FileError) -> Void) -> String? { fileError(body)?.description }
