/// Functions.
extension ShapeInference {
  mutating func elementwise(
    _ operand: Expression, _ function: String, _ location: SourceLocation
  ) throws(EquationError) -> ValueShape {
    let shape = try shape(of: operand)
    if case .matrix = shape {
      throw error("\(function) takes a vector; \(operand) is a matrix", location)
    }
    return shape
  }

  mutating func call(
    _ function: Function, _ arguments: [Expression], _ location: SourceLocation
  ) throws(EquationError) -> ValueShape {
    switch function {
    case .max, .min:
      for argument in arguments { _ = try elementwise(argument, function.rawValue, location) }
      return try broadcast(.add, arguments[0], arguments[1], location)
    case .softmax:
      guard case .vector(let size) = try shape(of: arguments[0]) else {
        throw error("softmax takes a vector; \(arguments[0]) is not a vector", location)
      }
      return .vector(size)
    case .layerNorm:
      guard case .vector(let size) = try shape(of: arguments[0]) else {
        throw error("layernorm takes a vector; \(arguments[0]) is not a vector", location)
      }
      for argument in arguments[1...2] {
        guard case .vector(let other) = try elementwise(argument, "layernorm", argument.location)
        else { continue }
        try unify(size, other, argument.location) { size, other in
          "\(arguments[0]) has \(size) and \(argument) has \(other); both have one size"
        }
      }
      if arguments.count == 4 {
        guard case .number = try shape(of: arguments[3]) else {
          throw error("layernorm's fourth argument is a number (eps)", arguments[3].location)
        }
      }
      return .vector(size)
    default: return try elementwise(arguments[0], function.rawValue, location)
    }
  }
}
