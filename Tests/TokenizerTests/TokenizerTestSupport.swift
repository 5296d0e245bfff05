import Checkpoints
import Foundation

/// A small BERT vocabulary, as a `vocab.txt`.
let smallVocabulary = [
  "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "un", "##aff", "##able",
  "a", "##b", "b", "ab", "##a", "e", "é", ".", ",", "'", "t", "don", "ς", "##ς", "σ", "##σ",
]

/// A `tokenizer.json` for WordPiece; each part can be another JSON text.
func wordPieceJSON(
  normalizer: String = #"{"type": "BertNormalizer", "lowercase": true}"#,
  preTokenizer: String = #"{"type": "BertPreTokenizer"}"#, postProcessor: String = "null",
  addedTokens: String = "[]", model: String? = nil
) -> String {
  let vocabulary = smallVocabulary.enumerated().map { "\"\($1)\": \($0)" }
  let wordPiece = """
    {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
     "max_input_chars_per_word": 100, "vocab": {\(vocabulary.joined(separator: ", "))}}
    """
  return """
    {"normalizer": \(normalizer), "pre_tokenizer": \(preTokenizer),
     "post_processor": \(postProcessor), "added_tokens": \(addedTokens),
     "model": \(model ?? wordPiece)}
    """
}
