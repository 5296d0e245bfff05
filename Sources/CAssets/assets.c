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
FILE_BYTES(prose) {
#embed "../../assets/models/prose.safetensors"
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
    ENTRY("model", "prose", prose),
    ENTRY("text", "sentences", sentences),
};

const unroll_asset *unroll_asset_at(size_t index) {
  return index < sizeof assets / sizeof assets[0] ? &assets[index] : NULL;
}
