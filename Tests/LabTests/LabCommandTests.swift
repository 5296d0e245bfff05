import Checkpoints
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The two commands without a terminal.
@Suite struct LabCommandTests {
  private func lanes(_ object: JSONObject) throws -> [JSONObject] {
    guard case .array(let lanes) = try #require(object["lanes"]) else { return [] }
    return lanes.compactMap { if case .object(let lane) = $0 { lane } else { nil } }
  }

  @Test func measuresTheStart() throws {
    let program = try LabProgram()
    let line =
      "gradients --cell rnn --activation tanh --init orthogonal --gain 0.5 --seq-len 60 --seed 3 "
      + "--updates 0 --format json --out "
    #expect(try program.run(line + "a.json").status == 0)
    #expect(try program.run(line + "b.json").status == 0)
    #expect(try program.bytes("a.json") == program.bytes("b.json"))
    let lane = try #require(try lanes(program.json("a.json")).first)
    let norms = try #require(lane["gradientNorms"]).numbers
    #expect(norms.count == 60 && norms.allSatisfy { $0 > 0 })
    // Two neighbours differ by at least the factor 2.
    for time in 1..<60 { #expect(norms[time - 1] <= norms[time] * 0.5 * (1 + 1e-5)) }
    let slope = try #require(lane["slope"]?.number)
    #expect(slope <= log(0.5) && slope > -0.8)
    #expect(lane["verdict"]?.text == "vanishing" && lane["deadReLU"]?.isNull == true)
    #expect(abs((lane["spectralRadius"]?.number ?? 0) - 0.5) < 1e-6)
    #expect(try #require(lane["loss"]).numbers.isEmpty)
  }

  /// 275 GB of weights and gradients.
  @Test func netsThatDoNotFitAreRefused() throws {
    let program = try LabProgram()
    for line in [
      "gradients --cell lstm --hidden 65536 --updates 0 --format json",
      "compare rnn lstm/hidden=65536 --updates 1 --format json",
      "shot gradients --cell lstm --hidden 65536",
    ] {
      let result = try program.run(line)
      #expect(result.status == 1 && result.err.contains("this machine has"), "\(result.err)")
    }
  }

  @Test func comparesLanes() throws {
    let program = try LabProgram()
    let line =
      "compare rnn/tanh rnn/relu/identity lstm/forget-bias=4 maxout-rnn --updates 4 --seed 7 "
      + "--seq-len 12 --hidden 8 --format json "
    #expect(try program.run(line + "--out a.json --svg a.svg").status == 0)
    #expect(try program.run(line + "--out b.json --svg b.svg").status == 0)
    #expect(try program.bytes("a.json") == program.bytes("b.json"))
    #expect(try program.bytes("a.svg") == program.bytes("b.svg"))
    #expect(String(decoding: try program.bytes("a.svg"), as: UTF8.self).contains("<svg"))
    #expect(
      try program.run(line.replacing("--seed 7", with: "--seed 8") + "--out c.json").status == 0)
    #expect(try program.bytes("a.json") != program.bytes("c.json"))
    let lanes = try lanes(program.json("a.json"))
    #expect(
      lanes.compactMap { $0["name"]?.text } == [
        "rnn/tanh", "rnn/relu/identity", "lstm/forget-bias=4", "maxout-rnn",
      ])
    for lane in lanes {
      #expect(try #require(lane["loss"]).numbers.count == 4)
      #expect(try #require(lane["gradientNorms"]).numbers.count == 12)
    }
    #expect(lanes[3]["spectralRadius"]?.isNull == true)
    #expect(lanes[1]["saturated"]?.isNull == true && lanes[1]["deadReLU"]?.number != nil)
    #expect(try #require(lanes[2]["memoryGradientNorms"]).numbers.count == 12)
  }

  @Test func csvAndText() throws {
    let program = try LabProgram()
    let options = "--updates 3 --seq-len 5 --hidden 6 --format"
    let csv = try program.run("gradients \(options) csv").out.split(separator: "\n")
    #expect(
      csv.count == 4
        && Set(csv.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }) == [20]
    )
    let text = try program.run("compare --preset clipping --updates 10 --format text")
    #expect(text.status == 0 && text.out.contains("look for: "))
    #expect(text.err.contains("clip=off: stopped at update"))
    #expect(text.out.contains("is not finite"))
  }

  /// A net whose first loss is not finite: what there is no number for is NaN, and null in JSON.
  @Test func figuresThatAreNotFinite() throws {
    let program = try LabProgram()
    let line = "gradients --activation relu --gain 1e30 --hidden 4 --seq-len 6 --updates 3 --format"
    let text = try program.run("\(line) text").out
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("rnn/relu/uniform/gain=1e+30  ") }
    #expect(
      rows.map { $0.split(separator: " ").dropFirst().map(String.init) } == [
        Array(repeating: "NaN", count: 4), Array(repeating: "NaN", count: 5),
      ], "\(text)")
    #expect(try program.run("\(line) json --out a.json").status == 0)
    let lane = try #require(try lanes(program.json("a.json")).first)
    for name in ["measuredLoss", "measuredAccuracy", "slope", "r2", "spectralRadius"] {
      #expect(lane[name]?.isNull == true, "\(name)")
    }
    // A matrix whose largest numbers overflow when they are multiplied.
    let overflow = "gradients --gain 1e300 --hidden 4 --seq-len 6 --updates 0 --format"
    #expect(!(try program.run("\(overflow) json").out.contains("\"Infinity\"")))
  }

  /// Mistakes, and what the answer names.
  @Test(arguments: [
    ("gradients", 1, "--updates"), ("compare rnn lstm", 1, "--updates"),
    ("compare rnn", 64, "two to four lanes"), ("compare rnn rnn", 64, "twice"),
    ("compare rnn/tahn lstm --updates 1", 64, "tanh"),
    ("compare rnn/batch=3 lstm --updates 1", 64, "batch"),
    ("gradients --cell lstm --activation relu --updates 1", 1, "no φ"),
    ("gradients --task text --updates 1", 64, "--text FILE"),
    ("gradients --seq-len 1 --updates 1", 1, "sequence length of at least 2"),
    ("gradients --hidden 0 --updates 1", 1, "hidden"),
    ("gradients --lr -1 --updates 1", 1, "lr: expected a number from 0 on, found -1.0"),
    ("gradients --hidden -3 --updates 1", 1, "hidden: expected a number from 1 to 65536, found -3"),
    ("gradients --input-scale -1 --updates 1", 1, "input-scale: expected a number from 0 on"),
    ("gradients --clip -1 --updates 1", 1, "clip: expected a number above 0, or off; found -1.0"),
    ("gradients --updates -1", 64, "--updates: expected a number from 0 on, found -1"),
    ("gradients --every -2 --updates 1", 64, "--every: expected a number above 0, found -2"),
    ("compare rnn/tanh/relu lstm --updates 1", 64, "expected one activation, found tanh and relu"),
    ("shot gradients --updates -1", 64, "--updates: expected a number from 0 on, found -1"),
    ("gradients --clip maybe --updates 1", 64, "off"),
    ("gradients --preset vanissh --updates 1", 64, "vanish"),
    ("gradients --cell nosuch --updates 1", 1, "nosuch"),
    ("gradients --text missing.txt --updates 1", 1, "missing.txt"),
  ])
  func mistakes(line: String, status: Int, part: String) throws {
    let program = try LabProgram()
    let result = try program.run(line)
    #expect(result.status == status && result.out.isEmpty)
    #expect(result.err.contains(part), "\(result.err)")
  }
}
