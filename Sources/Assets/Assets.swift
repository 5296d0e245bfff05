internal import CAssets

/// The files that are built into the program.
public enum Assets {
  public enum Kind: String, Sendable {
    case cell, block, model, text
  }

  private static func entries(_ kind: Kind) -> [(name: String, bytes: UnsafeBufferPointer<UInt8>)] {
    var result: [(String, UnsafeBufferPointer<UInt8>)] = unsafe []
    var index = 0
    while let asset = unsafe unroll_asset_at(index)?.pointee {
      if unsafe String(cString: asset.kind) == kind.rawValue {
        unsafe result.append(
          (String(cString: asset.name), UnsafeBufferPointer(start: asset.bytes, count: asset.count))
        )
      }
      index += 1
    }
    return unsafe result
  }

  /// The names of all shipped files of a kind, in the order in which they are shown.
  public static func names(_ kind: Kind) -> [String] {
    unsafe entries(kind).map { unsafe $0.name }
  }

  /// The bytes of a shipped file, or nil where there is none of that name.
  public static func bytes(_ kind: Kind, named name: String) -> [UInt8]? {
    unsafe entries(kind).first { unsafe $0.name == name }.map { unsafe Array($0.bytes) }
  }

  /// The text of a shipped file.
  public static func text(_ kind: Kind, named name: String) -> String? {
    bytes(kind, named: name).map { String(decoding: $0, as: UTF8.self) }
  }
}
