import Debugger
import Equations
import Networks
import Testing

@Suite struct InterventionSyntaxTests {
  private func parse(_ text: String) throws -> Intervention {
    let session = try Sample.stacked()
    return try Intervention.parse(
      text, configuration: session.recording.configuration, layer: LayerID(layer: 0),
      context: session.step)
  }

  @Test func targets() throws {
    let one = try parse(" f [ 3 ] = -0.5 ")
    #expect(one.layer == LayerID(layer: 0) && one.equation == 0)
    #expect(one.units == 3..<4 && one.values == [-0.5])
    let some = try parse("layer1.c[1..3] = 2")
    #expect(some.layer == LayerID(layer: 1) && some.equation == 4)
    #expect(some.units == 1..<4 && some.values == [2])
    let all = try parse("h=h*0")
    #expect(all.units == 0..<5 && all.values == [0, 0, 0, 0, 0])
    #expect(try parse("f[0] = 1e-3").values == [0.001])
  }

  @Test(arguments: [
    ("f", "expected NAME = VALUE, such as f[3] = 0; found \"f\""),
    ("f[3]", "expected NAME = VALUE"),
    ("f[3 = 0", "expected \"]\""), ("f[] = 0", "expected a number"),
    ("f[x] = 0", "expected a number"),
    ("f[-1] = 0", "expected a number"), ("f[3..1] = 0", "lower number first, 1..3; found 3..1"),
    ("f[1..2..3] = 0", "expected a number"), ("f[5] = 0", "units 0 to 4, found 5"),
    ("f[2..9] = 0", "units 0 to 4, found 9"), ("f[99999999999999999999] = 0", "expected a number"),
    ("q = 0", "q is no value of lstm; expected"), (" = 0", "no value of lstm"),
    ("x = 0", "no value of lstm"), ("layer2.f = 0", "layers 0 to 1, found layer2"),
    ("layer1.reverse.f = 0", "no reverse direction"), ("layer.f = 0", "such as f or layer1.f"),
    ("a.b.c = 0", "such as f or layer1.f"), ("f = ", "expected a value"),
    ("f == 0", "expected a value"),
    ("f = token", "expected a number"), ("f = q", "q has no value here"),
    ("f[1..2] = f", "5 values for 2 units"), ("f[0] = f[9]", "no unit 9"),
  ])
  func refuses(_ text: String, _ part: String) throws {
    let session = try Sample.stacked()
    let error = message { () throws(CommandError) in
      _ = try session.requestSetting(text, fromHereOn: false)
    }
    #expect(error.contains(part), "\(text): \(error)")
  }

  @Test func timed() throws {
    let network = try Sample.network("gru", layers: 2, isBidirectional: true, vectorSize: 3)
    func parse(_ text: String) throws -> (layer: LayerID, override: Override) {
      try Intervention.parseTimed(text, configuration: network.configuration, seqLen: 12)
    }
    let one = try parse("t=4: z[3] = 0")
    #expect(one.layer == LayerID(layer: 0))
    #expect(one.override == Override(equation: 1, times: 4..<5, units: 3..<4, values: [0]))
    let some = try parse("t = 4..9 : layer1.reverse.h = -1.5")
    #expect(some.layer == LayerID(layer: 1, direction: .reverse))
    #expect(some.override == Override(equation: 3, times: 4..<10, units: 0..<5, values: [-1.5]))
    #expect(try parse("t=11:r=1").override.times == 11..<12)
  }

  @Test(arguments: [
    "z[3] = 0", "t: z = 0", "t=: z = 0", "t=x: z = 0", "t=4 z = 0", "t=-1: z = 0", "t=5..2: z = 0",
    "t=12: z = 0", "t=4..12: z = 0", "t=4: q = 0", "t=4: z = h", "t=4: z", "t=4:", "", "s=4: z = 0",
    "t=4: layer2.z = 0", "t=4: z[9] = 0",
  ])
  func timedRefuses(_ text: String) throws {
    let network = try Sample.network("gru", layers: 2, isBidirectional: true, vectorSize: 3)
    let error = message { () throws(CommandError) in
      _ = try Intervention.parseTimed(text, configuration: network.configuration, seqLen: 12)
    }
    #expect(!error.isEmpty && !error.contains("\n"), "\(text): \(error)")
  }
}
