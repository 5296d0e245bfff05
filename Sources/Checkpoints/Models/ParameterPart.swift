/// A parameter within a tensor of a checkpoint.
public struct ParameterPart: Sendable, Equatable {
  /// Its name in the model's layout.
  public let parameter: String
  /// The element of the tensor where it begins.
  public let start: Int
  /// Elements from one of its rows to the next; nil for rows that lie behind each other.
  public let stride: Int?
  /// Whether it lies there as `[out, in]`.
  public let isTransposed: Bool

  init(parameter: String, start: Int = 0, stride: Int? = nil, isTransposed: Bool = false) {
    self.parameter = parameter
    self.start = start
    self.stride = stride
    self.isTransposed = isTransposed
  }
}
