// To ship another file, add two lines: one that embeds it and one in the table.
#include "CAssets.h"

#define FILE_BYTES(symbol) static const unsigned char symbol[] =

FILE_BYTES(rnn) {
#embed "../../assets/cells/rnn.cell"
};
FILE_BYTES(maxout_rnn) {
#embed "../../assets/cells/maxout-rnn.cell"
};
FILE_BYTES(lstm) {
#embed "../../assets/cells/lstm.cell"
};
FILE_BYTES(peephole) {
#embed "../../assets/cells/peephole.cell"
};
FILE_BYTES(peephole_diagonal) {
#embed "../../assets/cells/peephole-diagonal.cell"
};
FILE_BYTES(gru) {
#embed "../../assets/cells/gru.cell"
};
FILE_BYTES(gru_torch) {
#embed "../../assets/cells/gru-torch.cell"
};
FILE_BYTES(irnn) {
#embed "../../assets/cells/irnn.cell"
};
FILE_BYTES(attention) {
#embed "../../assets/blocks/attention.block"
};
FILE_BYTES(encoder_post) {
#embed "../../assets/blocks/encoder-post.block"
};
FILE_BYTES(encoder_pre) {
#embed "../../assets/blocks/encoder-pre.block"
};
FILE_BYTES(decoder_post) {
#embed "../../assets/blocks/decoder-post.block"
};
FILE_BYTES(decoder_pre) {
#embed "../../assets/blocks/decoder-pre.block"
};
FILE_BYTES(additive) {
#embed "../../assets/blocks/additive.block"
};
FILE_BYTES(dot) {
#embed "../../assets/blocks/dot.block"
};
FILE_BYTES(prose) {
#embed "../../assets/models/prose.safetensors"
};
FILE_BYTES(it) {
#embed "../../assets/models/it.safetensors"
};
FILE_BYTES(induction) {
#embed "../../assets/models/induction.safetensors"
};
FILE_BYTES(sentiment) {
#embed "../../assets/models/sentiment.safetensors"
};
FILE_BYTES(names) {
#embed "../../assets/models/names.safetensors"
};
FILE_BYTES(names_forward) {
#embed "../../assets/models/names-forward.safetensors"
};
FILE_BYTES(captions) {
#embed "../../assets/models/captions.safetensors"
};
FILE_BYTES(translate_gru_none) {
#embed "../../assets/models/translate-gru-none.safetensors"
};
FILE_BYTES(translate_gru_additive) {
#embed "../../assets/models/translate-gru-additive.safetensors"
};
FILE_BYTES(translate_transformer) {
#embed "../../assets/models/translate-transformer.safetensors"
};
FILE_BYTES(sentences) {
#embed "../../assets/texts/sentences.txt"
};

#define ENTRY(kind, name, symbol) {kind, name, symbol, sizeof symbol}

static const unroll_asset assets[] = {
    ENTRY("cell", "rnn", rnn),
    ENTRY("cell", "maxout-rnn", maxout_rnn),
    ENTRY("cell", "lstm", lstm),
    ENTRY("cell", "peephole", peephole),
    ENTRY("cell", "peephole-diagonal", peephole_diagonal),
    ENTRY("cell", "gru", gru),
    ENTRY("cell", "gru-torch", gru_torch),
    ENTRY("cell", "irnn", irnn),
    ENTRY("block", "attention", attention),
    ENTRY("block", "encoder-post", encoder_post),
    ENTRY("block", "encoder-pre", encoder_pre),
    ENTRY("block", "decoder-post", decoder_post),
    ENTRY("block", "decoder-pre", decoder_pre),
    ENTRY("block", "additive", additive),
    ENTRY("block", "dot", dot),
    ENTRY("model", "prose", prose),
    ENTRY("model", "it", it),
    ENTRY("model", "induction", induction),
    ENTRY("model", "sentiment", sentiment),
    ENTRY("model", "names", names),
    ENTRY("model", "names-forward", names_forward),
    ENTRY("model", "captions", captions),
    ENTRY("model", "translate-gru-none", translate_gru_none),
    ENTRY("model", "translate-gru-additive", translate_gru_additive),
    ENTRY("model", "translate-transformer", translate_transformer),
    ENTRY("text", "sentences", sentences),
};

const unroll_asset *unroll_asset_at(size_t index) {
  return index < sizeof assets / sizeof assets[0] ? &assets[index] : NULL;
}
