// To ship another file, add two lines: one that embeds it and one in the table.
#include "CAssets.h"

#define CELL(symbol) static const unsigned char symbol[] =

CELL(rnn) {
#embed "../../assets/cells/rnn.cell"
};
CELL(maxout_rnn) {
#embed "../../assets/cells/maxout-rnn.cell"
};
CELL(lstm) {
#embed "../../assets/cells/lstm.cell"
};
CELL(peephole) {
#embed "../../assets/cells/peephole.cell"
};
CELL(peephole_diagonal) {
#embed "../../assets/cells/peephole-diagonal.cell"
};
CELL(gru) {
#embed "../../assets/cells/gru.cell"
};
CELL(gru_torch) {
#embed "../../assets/cells/gru-torch.cell"
};
CELL(irnn) {
#embed "../../assets/cells/irnn.cell"
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
};

const unroll_asset *unroll_asset_at(size_t index) {
  return index < sizeof assets / sizeof assets[0] ? &assets[index] : NULL;
}
