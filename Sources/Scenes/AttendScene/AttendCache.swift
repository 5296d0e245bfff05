internal import Canvas
internal import Debugger

/// Means of blocks and fitted scales of the values that were drawn: a picture that only moves its
/// cursor computes nothing anew.
final class AttendCache {
  /// What the pixels of a matrix depend on, besides the run.
  struct PixelKey: Hashable {
    let value: ValueKey
    let isSecond: Bool
    let rows: Range<Int>
    let columns: Range<Int>
    let pixelRows: Int
    let pixelColumns: Int
  }

  /// A matrix of the run.
  struct ValueKey: Hashable {
    let place: ProgramPlace
    let view: AttendScene.View
    let head: Int
    let filter: AttendScene.Filter
    let difference: Bool
  }

  private var pixels: [PixelKey: BlockMeans] = [:]
  private var scales: [ValueKey: Normalization] = [:]

  /// The run has changed.
  func clear() {
    pixels = [:]
    scales = [:]
  }

  func pixels(_ key: PixelKey, make: () -> BlockMeans) -> BlockMeans {
    if let known = pixels[key] { return known }
    let new = make()
    if pixels.count >= 64 { pixels = [:] }
    pixels[key] = new
    return new
  }

  func scale(_ key: ValueKey, make: () -> Normalization) -> Normalization {
    if let known = scales[key] { return known }
    let new = make()
    if scales.count >= 256 { scales = [:] }
    scales[key] = new
    return new
  }
}
