/// Finds the tokenizer of a model.
public enum TokenizerLoader {
  /// Opens the tokenizer of a Hugging Face folder, of an installed model by its name, or of a model
  /// of unroll's own (its vocabulary of characters or words).
  ///
  /// - Throws: what is wrong with the files or the name; a model that takes no text.
  public static func load(_ name: String) throws(ModelError) -> Tokenizer {
    if let folder = folder(of: name) {
      return try ModelError.wrap { () throws(FileError) in try Tokenizer(folder: folder) }
    }
    if TransformerLoader.isTransformer(name) {
      let file = try ModelError.wrap { () throws(FileError) in try TransformerLoader.file(name) }
      if let tokenizer = try ModelError.wrap({ () throws(FileError) in
        try TransformerFile.tokenizer(file)
      }) {
        return tokenizer
      }
      throw noVocabulary(name)
    }
    var request = ModelRequest()
    request.model = name
    let model = try ModelLoader.load(request)
    guard let vocabulary = model.vocabulary else { throw noVocabulary(name) }
    return Tokenizer(vocabulary: vocabulary)
  }

  private static func noVocabulary(_ name: String) -> ModelError {
    .request("\(Printable.escape(name, limit: 200)) holds no vocabulary: its tokens are not known")
  }

  /// The Hugging Face folder that a name or a path stands for, if it is one.
  static func folder(of name: String) -> String? {
    if ModelCatalog.isFolder(name) { return name }
    guard !name.utf8.contains(UInt8(ascii: "/")), !ModelCatalog.shippedNames.contains(name) else {
      return nil
    }
    return ModelCatalog.installed().first { $0.name == name && $0.isFolder }?.path
  }
}
