# make run       build and open the debugger on the shipped model
# make test      build and run every test; ARGS="--filter PlanTests" a part
# make bench     measure speed and memory
# make lint      check the formatting of all Swift sources
# make assets    retrain the shipped models from their seeds
# make pictures  draw the pictures of the README

SWIFT ?= swift
BIN = .build/release/unroll

.PHONY: run build test bench lint assets pictures setup install

run: build
	@$(BIN)

build: setup
	@$(SWIFT) build -c release --product unroll

setup:
	@Scripts/setup.sh

test:
	@Scripts/setup.sh --tests
	@$(MAKE) --no-print-directory lint
	@SWIFT="$(SWIFT)" Scripts/test.sh $(ARGS)

lint:
	@$(SWIFT) format lint --strict --parallel --recursive --configuration .swift-format \
	  Package.swift Sources Tests Benchmarks

# OpenBLAS chooses its kernels for this CPU unless these are set.
bench: setup
	@$(SWIFT) build -c release --product unroll
	@$(SWIFT) build -c release --package-path Benchmarks
	@env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE Benchmarks/.build/release/unroll-bench $(ARGS)

pictures: build
	$(BIN) shot step --at t=34,layer=1,equation=c,unit=52 --out docs/step.svg
	$(BIN) shot step --at backward,t=30,layer=1,equation=f,unit=52 --out docs/backward.svg
	$(BIN) shot attend --at layer=1,head=2,query=it,key=1 --out docs/attend.svg
	$(BIN) shot gradients --preset vanish --updates 100 --out docs/gradients.svg
	$(BIN) shot compare --preset cells --updates 150 --out docs/compare.svg
	$(BIN) shot translate --text "the big red dog does not see the little black cats" --at step=5 \
	  --out docs/translate.svg
	$(BIN) bottleneck --svg docs/bottleneck.svg >.build/bottleneck.txt

# The shipped models. About half an hour on one core (prose 8 to 12 minutes, induction 3, the
# translators 3 to 6 each, the others less than a minute); on one machine the same seed gives the same
# files.
assets: build
	@mkdir -p .build/assets
	python3 Scripts/make_prose.py .build/assets/prose.txt
	$(BIN) train text --text .build/assets/prose.txt --validation 0.1 \
	  --cell lstm --hidden 192 --layers 2 --embedding 48 --forget-bias 1 \
	  --seq-len 100 --batch 16 --epochs 14 --weight-decay 0.05 --lr 6e-3 \
	  --decay cosine --clip 1 --seed 1 --threads 1 --out assets/models/prose.safetensors
	$(BIN) train it --seed 1 --threads 1 --out assets/models/it.safetensors
	$(BIN) train induction --seed 1 --threads 1 --out assets/models/induction.safetensors
	$(BIN) train sentiment --seed 1 --out assets/models/sentiment.safetensors
	$(BIN) train names --seed 1 --out assets/models/names.safetensors
	$(BIN) train names --forward-only --seed 1 --out assets/models/names-forward.safetensors
	$(BIN) train captions --seed 1 --out assets/models/captions.safetensors
	$(BIN) train translate --model gru-none --seed 1 --threads 1 \
	  --out assets/models/translate-gru-none.safetensors
	$(BIN) train translate --model gru-additive --seed 1 --threads 1 \
	  --out assets/models/translate-gru-additive.safetensors
	$(BIN) train translate --model transformer --seed 1 --threads 1 \
	  --out assets/models/translate-transformer.safetensors
	rm -f assets/models/prose.safetensors.training assets/models/it.safetensors.training \
	  assets/models/induction.safetensors.training assets/models/translate-*.safetensors.training

PREFIX ?= $(HOME)/.local
install: build
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/unroll
