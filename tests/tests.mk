# Tests: `make check` and what goes with it. Part of the top Makefile.

UNIT_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(FUZZERS:%=$(B)/tests/fuzz/replay_%)
FUZZ ?= $(FUZZERS)
FUZZ_SECONDS ?= 60

# A unit test links the one archive that it tests and those below it: test_config* libconfig.a,
# test_daemon* libdaemon.a, every other libfeeds.a.
archives = $(foreach a,$(1),$(B)/lib$(a).a)
TESTS_DAEMON := $(filter $(B)/tests/unit/test_daemon%,$(UNIT_TESTS))
TESTS_CONFIG := $(filter $(B)/tests/unit/test_config%,$(UNIT_TESTS))
TESTS_FEEDS := $(filter-out $(TESTS_DAEMON) $(TESTS_CONFIG),$(UNIT_TESTS))
$(TESTS_DAEMON): %: %.o $(call archives,daemon config feeds)
$(TESTS_CONFIG): %: %.o $(call archives,config feeds)
$(TESTS_FEEDS): %: %.o $(call archives,feeds)
$(UNIT_TESTS):
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS_FEEDS) $(if $(filter $@,$(TESTS_DAEMON)),$(LIBS_DAEMON)) -lcmocka

# A program beside the tests, such as a driver of a suite.
$(B)/tests/%: $(B)/tests/%.o $(call archives,config feeds)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS_FEEDS)

# Libraries that tests preload into feedd. They are not sanitized: they come before it.
PRELOADS = $(patsubst %.c,$(B)/%.so,tests/crash/steps.c tests/daemon/clock.c tests/daemon/sectors.c)
$(PRELOADS): $(B)/%.so: %.c $(B)/flags
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(WERROR) -O2 -g -fPIC -shared -o $@ $<

# A fuzz target twice: fed from its corpus by a plain main, and with libFuzzer.
$(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/replay.o $(B)/tests/fuzz/fuzz_%.o $(call archives,config feeds)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS_FEEDS)
$(B)/tests/fuzz/live_%: $(B)/tests/fuzz/fuzz_%.o $(call archives,config feeds)
	$(call say,LINK,$@)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS_FEEDS)

# What instruments the code brings symbols and globals of its own: then only sources are ruled.
RULED = $(if $(SANITIZE),,$(B))

# Each program speaks TAP; one argument is one program with its arguments.
PROGRAMS = $(UNIT_TESTS) $(foreach f,$(FUZZERS),'$(B)/tests/fuzz/replay_$(f) tests/fuzz/corpus/$(f)') \
	'tests/tap --test' 'tests/rules --test' 'tests/rules $(RULED)' \
	'tests/golden/validate.py --test' 'tests/messages --test' tests/golden/run tests/init/run tests/corpora/run \
	tests/crash/run \
	$(wildcard tests/toml/run tests/daemon/*.sh tests/daemon/*.py tests/docs/*.py)

.PHONY: unit
unit: $(UNIT_TESTS) ## the unit tests alone
	@tests/tap $(UNIT_TESTS)

.PHONY: check check-run
check: deps ## all tests; needs no network once the packages are there
	@$(MAKE) --no-print-directory check-run
# ThreadSanitizer looks at all that memmem might read, so that searching a text through takes
# time that grows with its square: it is told not to.
check-run: all $(UNIT_TESTS) $(REPLAYS) $(PRELOADS) $(if $(wildcard tests/toml/decode.c),$(B)/tests/toml/decode)
	@FEEDD=$(abspath $(B)/feedd) BUILD=$(abspath $(B)) \
		ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1 \
		UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1:intercept_memmem=0 \
		$(if $(filter thread,$(SANITIZE:-fsanitize=%=%)),setarch -R) tests/tap $(PROGRAMS)

# The same under sanitizers. Hardening is off: it changes what they can see.
sanitized = +@$(MAKE) --no-print-directory B=build/$(1) HARDENING= HARDENING_LINK= CFLAGS="-O1 -g" \
	SANITIZE="-fsanitize=$(2) -DSLICE_CHECKED"
.PHONY: check-asan check-tsan
check-asan: deps ## all tests under AddressSanitizer and UBSan
	$(call sanitized,asan,address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer) \
		check-run
check-tsan: deps ## all tests under ThreadSanitizer
	$(call sanitized,tsan,thread) check-run

# What takes long, or needs more than other tests do.
.PHONY: check-crash walk soak-pings check-system check-system-run
check-crash: all $(PRELOADS) ## feedd killed at every step by which it changes the disk; takes long
	@FEEDD=$(abspath $(B)/feedd) BUILD=$(abspath $(B)) tests/tap --timeout 3600 'tests/crash/run --all'
walk: all $(PRELOADS) ## a random walk for SECONDS (3600), from SEED (1)
	@FEEDD=$(abspath $(B)/feedd) BUILD=$(abspath $(B)) \
		tests/daemon/walk.py --seconds $(or $(SECONDS),3600) --seed $(or $(SEED),1) --keep
soak-pings: all $(PRELOADS) ## random outages of 50 targets for SECONDS (3600), from SEED (1)
	@FEEDD=$(abspath $(B)/feedd) BUILD=$(abspath $(B)) tests/daemon/outages.py --targets 50 \
		--seconds $(or $(SECONDS),3600) --seed $(or $(SEED),1) --keep
check-system: deps-system ## the units and the Debian package under a real systemd; as root
	@$(MAKE) --no-print-directory check-system-run
check-system-run: STAGE = $(abspath $(B)/stage)
check-system-run: all deb
	@rm -rf $(STAGE) && $(MAKE) --no-print-directory install DESTDIR=$(STAGE) PREFIX=/usr
	@tests/tap --jobs 1 'tests/system/run $(STAGE)' "tests/system/package $$(ls $(DEB)/feedd_*.deb)"

# Generators from npm, of the versions that the recipes are for.
NODE_PACKAGES = @11ty/eleventy@3 @11ty/eleventy-plugin-rss@3 hexo@8 hexo-renderer-marked \
	hexo-renderer-ejs hexo-generator-feed astro@4 @astrojs/rss@4
$(B)/node/node_modules:
	$(call say,NPM,$@)
	$(Q)mkdir -p $(@D) && cd $(@D) && echo '{"private": true}' >package.json && \
		npm install --silent --no-audit --no-fund $(NODE_PACKAGES)
.PHONY: check-guide
check-guide: deps-guide all $(B)/node/node_modules ## the recipes in docs/, with the generators that they are for; needs npm
	@FEEDD=$(abspath $(B)/feedd) NODE_MODULES=$(abspath $(B)/node/node_modules) \
		tests/tap --timeout 600 tests/docs/generators.py tests/docs/docs.py

.PHONY: check-deb
check-deb: deps-deb ## tarball, package and install: the same bytes anywhere, and lintian is content
	@tests/tap --timeout 1800 tests/packages/run

.PHONY: toml-suite
toml-suite: $(B)/tests/toml/decode ## the TOML reader against toml-test and Python's tomllib
	@BUILD=$(abspath $(B)) tests/toml/run

.PHONY: fuzz fuzz-run
fuzz: deps-lint ## libFuzzer on every target, FUZZ_SECONDS (60) each; FUZZ="name ..." chooses
	$(call sanitized,fuzz,fuzzer-no-link$(comma)address$(comma)undefined -fno-sanitize-recover=undefined) \
		CC=clang-14 fuzz-run
fuzz-run: $(FUZZ:%=$(B)/tests/fuzz/live_%)
	@for f in $(FUZZ); do \
		mkdir -p $(B)/corpus/$$f; \
		$(B)/tests/fuzz/live_$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 \
			-print_final_stats=1 -artifact_prefix=$(B)/$$f- \
			$(B)/corpus/$$f tests/fuzz/corpus/$$f >$(B)/$$f.log 2>&1 || \
			{ grep -v '^#' $(B)/$$f.log; exit 1; }; \
		awk '/executed_units/ { n = $$2 } /peak_rss/ { m = $$2 } \
			END { printf "  FUZZ   %s: %d inputs, peak %d MiB, nothing found\n", f, n, m }' \
			f=$$f $(B)/$$f.log; \
	done

.PHONY: cover
cover: deps deps-lint ## line and branch coverage of `make check`, as HTML in build/cover
	-@$(MAKE) --no-print-directory B=build/cover CFLAGS="-O0 -g" SANITIZE="--coverage -fprofile-update=atomic" HARDENING= check-run
	@gcovr --root . --object-directory build/cover --filter feeds/ --filter config/ --filter daemon/ \
		--exclude-throw-branches --html-details build/cover/index.html --print-summary | \
		awk '/^lines|^branches/ { printf "%s %s  ", $$1, $$2 } END { print "build/cover/index.html" }'

SOURCES_C = $(wildcard feeds/*.[ch] feeds/*/*.[ch] config/*.[ch] config/*/*.[ch] daemon/*.[ch] bench/*.[ch] \
	docs/*/*.[ch] tests/*/*.[ch])
.PHONY: lint lint-format lint-cppcheck lint-tidy lint-mandoc
lint: deps-lint ## clang-format, cppcheck, clang-tidy and mandoc
	@$(MAKE) --no-print-directory -k lint-format lint-cppcheck lint-tidy lint-mandoc
lint-format:
	$(call say,LINT,clang-format)
	$(Q)clang-format --dry-run -Werror $(SOURCES_C)
lint-cppcheck:
	$(call say,LINT,cppcheck)
	$(Q)cppcheck --quiet --std=c11 --language=c --error-exitcode=1 --inline-suppr -j 2 -I. \
		--enable=warning,portability,performance --suppressions-list=tests/cppcheck.txt \
		$(filter %.c,$(SOURCES_FEEDS) $(SOURCES_CONFIG) $(wildcard daemon/*.c))
lint-mandoc: $(PRINT)
	$(call say,LINT,mandoc)
	$(Q)tests/tap 'tests/docs/manual.py pages lint'
lint-tidy:
	$(call say,LINT,clang-tidy)
	$(Q)printf '%s\n' $(filter-out tests/% bench/%,$(filter %.c,$(SOURCES_C))) | xargs -P 2 -n 4 sh -c \
		'clang-tidy --quiet --warnings-as-errors="*" "$$@" -- -std=gnu11 -I. -D_GNU_SOURCE \
		-DFEEDD_VERSION=\"\" $(CFLAGS_PKGS)' sh

BENCHES = $(patsubst %,$(B)/bench/%,generate measure save floor_stat floor_read floor_cmark \
	floor_write floor_multi fanout)
$(BENCHES): %: %.o $(B)/bench/walk.o
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ -lcmark-gfm -lcmark-gfm-extensions -lm $(LIBS_BENCH)
$(B)/bench/floor_multi: LIBS_BENCH = -lcurl
$(B)/bench/fanout: $(call archives,daemon config feeds)
$(B)/bench/fanout: LIBS_BENCH = $(LIBS_FEEDS) $(LIBS_DAEMON)
.PHONY: bench
bench: all $(BENCHES) ## measure feedd against floors and, where installed, hugo; BENCH="--help"
	@bench/run --build $(B) $(BENCH)
