# feedd: GNU make. `make help` lists the targets; tests/tests.mk holds those that test.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
B ?= build
V ?= 0

ifeq ($(origin CC),default)
CC = gcc
endif
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wundef -Wvla -Wformat=2 -Wimplicit-fallthrough
HARDENING ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
	$(CF_PROTECTION) -fPIE
HARDENING_LINK ?= -pie -Wl,-z,relro -Wl,-z,now -Wl,--as-needed
# CI=1: a warning is an error.
WERROR = $(if $(CI),-Werror)

# Debian packages: for building and running, for `make check`, for `make check-system`, for the
# recipes in docs/, for `make deb`, for lint, cover and fuzz.
DEBS_BUILD = gcc libc6-dev make pkg-config libuv1-dev libxml2-dev libcmark-gfm-dev \
	libcmark-gfm-extensions-dev libyaml-dev libjansson-dev libssl-dev libunistring-dev \
	libidn2-dev libxxhash-dev zlib1g-dev libbrotli-dev libsqlite3-dev libcurl4-openssl-dev tzdata
DEBS_TEST = libcmocka-dev binutils openssl python3 python3-feedparser python3-jsonschema \
	libxml2-utils git nano rsync unzip vim-tiny mandoc zsh fish
DEBS_GUIDE = hugo jekyll pelican ruby-jekyll-feed nginx-light apache2-bin caddy jq
DEBS_SYSTEM = systemd systemd-container dbus
DEBS_DEB = build-essential ca-certificates debhelper git libcmocka-dev lintian openssl python3
DEBS_LINT = clang clang-format clang-tidy cppcheck gcovr libclang-rt-14-dev mandoc

# pkg-config and the compiler are asked once, and not before a recipe needs the answer: they may be
# what `make deps` is about to install.
comma := ,
once = $(eval $(1) := $(2))$($(1))
# Each processor protects jumps and returns in its own way, and gcc refuses that of another.
CF_PROTECTION = $(call once,CF_PROTECTION,$(CF_PROTECTION_$(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))))
CF_PROTECTION_x86_64 = -fcf-protection
CF_PROTECTION_aarch64 = -mbranch-protection=standard
PKGS_FEEDS = libxml-2.0 libcmark-gfm yaml-0.1 jansson libidn2
PKGS_DAEMON = libuv zlib libbrotlienc sqlite3
# Of libcrypto only SHA-256 is used: three objects of the archive, where it takes a fifth of the
# start of feedd to load the library.
LIBCRYPTO = $(if $(wildcard $(LIBCRYPTO_A)), \
	$(LIBCRYPTO_A) -Wl$(comma)--exclude-libs$(comma)libcrypto.a,-lcrypto)
LIBCRYPTO_A = $(call once,LIBCRYPTO_A,$(shell $(PKG_CONFIG) --variable=libdir libcrypto)/libcrypto.a)
# Only headers: libcurl is loaded when the first request is due (daemon/http_curl.c), and of xxHash
# all is in its header.
PKGS_HEADERS = libcurl libxxhash
CFLAGS_PKGS = $(call once,CFLAGS_PKGS,$(shell $(PKG_CONFIG) --cflags \
	$(PKGS_FEEDS) $(PKGS_DAEMON) $(PKGS_HEADERS)))
LIBS_FEEDS = $(call once,LIBS_FEEDS,-lcmark-gfm-extensions \
	$(shell $(PKG_CONFIG) --libs $(PKGS_FEEDS)) -lunistring $(LIBCRYPTO))
LIBS_DAEMON = $(call once,LIBS_DAEMON,$(shell $(PKG_CONFIG) --libs $(PKGS_DAEMON)))

COMPILE = $(CC) -std=gnu11 -I. -D_GNU_SOURCE -DFEEDD_VERSION='"$(VERSION)"' $(CFLAGS_PKGS) \
	$(CPPFLAGS) $(WARNINGS) -ffile-prefix-map=$(CURDIR)=. $(HARDENING) $(CFLAGS) $(SANITIZE)
LINK = $(CC) $(HARDENING_LINK) $(LDFLAGS) $(SANITIZE)

ifeq ($(V),0)
Q = @
say = @printf '  %-6s %s\n' $(1) $(patsubst $(B)/%,%,$(2))
endif

SOURCES_FEEDS := $(wildcard feeds/*.c feeds/*/*.c)
SOURCES_CONFIG := $(wildcard config/*.c config/*/*.c)
SOURCES_DAEMON := $(filter-out daemon/main.c,$(wildcard daemon/*.c))
COMPLETIONS := $(patsubst %,$(B)/completions/feedd.%,bash zsh fish)
objects = $(patsubst %.c,$(B)/%.o,$(1))

.PHONY: all
all: $(B)/feedd $(COMPLETIONS) ## build feedd (the default); V=1 shows the commands, CI=1 makes warnings errors

$(B)/feedd: $(B)/daemon/main.o $(B)/libdaemon.a $(B)/libconfig.a $(B)/libfeeds.a
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS_FEEDS) $(LIBS_DAEMON)

$(B)/libfeeds.a: $(call objects,$(SOURCES_FEEDS))
$(B)/libconfig.a: $(call objects,$(SOURCES_CONFIG))
$(B)/libdaemon.a: $(call objects,$(SOURCES_DAEMON))
$(B)/lib%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) crs $@ $(filter %.o,$^)

$(B)/%.o: %.c $(B)/flags
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(WERROR) -MMD -MP -c -o $@ $<

# What stands in the program as a file.
$(B)/feeds/format/stylesheet.o: feeds/format/feedd.css

# Rewritten, and so makes everything new, only when a flag has changed.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMPILE) / $(LINK))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(COMPILE) / $(LINK))' >$@
FORCE:
.PHONY: FORCE

# What is made from feedd's own tables (docs/print/print.h).
PRINT = $(B)/docs/print/print
$(PRINT): $(call objects,$(wildcard docs/print/*.c)) $(B)/libdaemon.a $(B)/libconfig.a $(B)/libfeeds.a
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS_FEEDS)
$(COMPLETIONS): $(B)/completions/feedd.%: $(PRINT)
	$(call say,PRINT,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(PRINT) $* >$@.part && mv $@.part $@

.PHONY: manual
manual: $(PRINT) ## bring the manual pages in line with the tables of options and settings
	$(Q)docs/merge docs/feedd.8 '$(PRINT) options'
	$(Q)docs/merge docs/feedd.toml.5 '$(PRINT) settings'

.SECONDARY:
-include $(wildcard $(B)/*/*.d $(B)/*/*/*.d)

include tests/tests.mk

# Install the packages that are missing, in silence when none is.
install_debs = @missing=$$(for p in $(1); do \
		dpkg-query -W -f='$${db:Status-Status}\n' $$p 2>/dev/null | grep -qx installed || echo $$p; \
	done); \
	test -z "$$missing" && exit 0; \
	if ! command -v apt-get >/dev/null; then \
		echo "make: not a Debian system; needed, under Debian's names:" $$missing >&2; exit 0; fi; \
	as_root=; test "$$(id -u)" = 0 || as_root=sudo; \
	if ! command -v $$as_root env >/dev/null; then \
		echo "make: as root, please: apt-get install" $$missing >&2; exit 1; fi; \
	echo "  DEPS  " $$missing; \
	$$as_root apt-get update -qq; \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		-o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 $$missing </dev/null >/dev/null

.PHONY: deps deps-build deps-lint deps-system deps-guide
deps: ## install the Debian packages that building and testing need and that are missing
	$(call install_debs,$(DEBS_BUILD) $(DEBS_TEST))
deps-build:
	$(call install_debs,$(DEBS_BUILD))
deps-lint:
	$(call install_debs,$(DEBS_BUILD) $(DEBS_LINT))
deps-guide:
	$(call install_debs,$(DEBS_BUILD) $(DEBS_GUIDE))
deps-system:
	$(call install_debs,$(DEBS_BUILD) $(DEBS_DEB) $(if $(filter 0,$(shell id -u)),$(DEBS_SYSTEM)))

.PHONY: demo
demo: deps-build ## build, and make the feeds of examples/blog
	@$(MAKE) --no-print-directory all
	@examples/demo $(B)/feedd $(B)/demo

# Units name the program by its path, they and manual pages the guide.
UNITS := $(wildcard systemd/*.service)
PAGES := $(wildcard docs/*.[1578])
$(UNITS:%=$(B)/%) $(PAGES:%=$(B)/%): $(B)/%: % FORCE
	$(Q)mkdir -p $(@D)
	$(Q)sed 's,/usr/bin/feedd,$(PREFIX)/bin/feedd,; s,/usr/share/doc,$(PREFIX)/share/doc,' $< >$@

# What goes where, as source:target; install and uninstall both read it. Distributions have places
# of their own for units and for zsh.
UNIT_DIR ?= $(PREFIX)/lib/systemd/system
ZSH_DIR ?= $(PREFIX)/share/zsh/site-functions
place = $(foreach f,$(wildcard $(1)),$(f):$(2)/$(notdir $(f)))
PLACES = $(B)/feedd:$(PREFIX)/bin/feedd \
	$(foreach f,$(UNITS),$(B)/$(f):$(UNIT_DIR)/$(notdir $(f))) \
	$(call place,systemd/*.sysusers,$(PREFIX)/lib/sysusers.d) \
	$(call place,systemd/*.tmpfiles,$(PREFIX)/lib/tmpfiles.d) \
	$(foreach f,$(PAGES),$(B)/$(f):$(PREFIX)/share/man/man$(lastword $(subst ., ,$(f)))/$(notdir $(f))) \
	$(B)/completions/feedd.bash:$(PREFIX)/share/bash-completion/completions/feedd \
	$(B)/completions/feedd.zsh:$(ZSH_DIR)/_feedd \
	$(B)/completions/feedd.fish:$(PREFIX)/share/fish/vendor_completions.d/feedd.fish \
	$(call place,README.md CHANGELOG.md LICENSE,$(PREFIX)/share/doc/feedd) \
	$(call place,docs/*.md,$(PREFIX)/share/doc/feedd/docs)
target = $(DESTDIR)$(patsubst %.sysusers,%.conf,$(patsubst %.tmpfiles,%.conf,$(lastword $(subst :, ,$(1)))))

.PHONY: install uninstall
install: all $(UNITS:%=$(B)/%) $(PAGES:%=$(B)/%) ## install below PREFIX (/usr/local), staged under DESTDIR
	$(Q)$(foreach p,$(PLACES),install -D -m $(if $(filter %/bin/feedd,$(p)),755,644) \
		$(firstword $(subst :, ,$(p))) $(call target,$(p)) &&) true
uninstall: ## remove what install made
	$(Q)rm -f $(foreach p,$(PLACES),$(call target,$(p)))
	$(Q)if [ -d $(DESTDIR)$(PREFIX)/share/doc/feedd ]; then \
		rmdir --ignore-fail-on-non-empty $(wildcard $(DESTDIR)$(PREFIX)/share/doc/feedd/docs) \
			$(DESTDIR)$(PREFIX)/share/doc/feedd; fi

# From git what is committed; from an unpacked tarball the tree itself. Names are sorted, owners and
# modes are fixed, and all is as old as the last commit: the same bytes wherever it is made.
DIST = feedd-$(VERSION)
DIST_TAR = tar -c --format=gnu --sort=name --owner=0 --group=0 --numeric-owner \
	--mode=u=rwX,go=rX --mtime=@$$when --exclude=./build --exclude='./build-*' --exclude=./$(B) \
	--transform='s,^\.,$(DIST),'
.PHONY: dist
dist: ## make build/feedd-VERSION.tar.gz, of what is committed
	$(Q)rm -rf $(B)/dist && mkdir -p $(B)/dist
	$(Q)set -e; from=.; when=$$(stat -c %Y Makefile); if [ -e .git ]; then \
		when=$$(git log -1 --format=%ct); from=$(B)/dist; \
		git archive --output=$(B)/dist.tar HEAD; tar -x -f $(B)/dist.tar -C $$from; fi; \
	$(DIST_TAR) -f $(B)/dist.tar -C $$from .; \
	gzip -9nc $(B)/dist.tar >$(B)/$(DIST).tar.gz; rm -r $(B)/dist $(B)/dist.tar
	@echo "$(B)/$(DIST).tar.gz"

# Built of the tarball, as Debian builds it: as anyone, and with no setting of this make.
DEB = $(B)/deb
.PHONY: deb deps-deb
deps-deb:
	$(call install_debs,$(DEBS_BUILD) $(DEBS_DEB))
deb: deps-deb dist ## make a Debian package of what is committed, in build/deb
	$(Q)rm -rf $(DEB) && mkdir -p $(DEB) && tar -x -p -f $(B)/$(DIST).tar.gz -C $(DEB)
	$(Q)cd $(DEB)/$(DIST) && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		dpkg-buildpackage --no-sign >../log 2>&1 || { tail -n 30 ../log; exit 1; }
	$(Q)rm -r $(DEB)/$(DIST)
	@ls $(DEB)/*.deb

.PHONY: messages
messages: ## print every text that feedd says to people, by subject; SUBJECT=settings
	@tests/messages $(SUBJECT)

.PHONY: clean help
clean: ## remove what was built
	rm -rf $(B)
help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
