# feedd: GNU make. `make help` lists the targets.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
B ?= build
V ?= 0

CC = gcc
AR = ar
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wundef -Wvla -Wformat=2 -Wimplicit-fallthrough
ifdef CI
WARNINGS += -Werror
endif
HARDENING ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -fPIE
HARDENING_LINK ?= -pie -Wl,-z,relro -Wl,-z,now -Wl,--as-needed

PACKAGES = libuv libxml-2.0 libcmark-gfm yaml-0.1 jansson libcrypto libidn2 zlib libbrotlienc
CPPFLAGS_ALL = -I. -D_GNU_SOURCE -DFEEDD_VERSION='"$(VERSION)"' \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES)) $(CPPFLAGS)
CFLAGS_ALL = -std=gnu11 $(WARNINGS) $(HARDENING) $(CFLAGS) $(SANITIZE)
LDFLAGS_ALL = $(HARDENING_LINK) $(LDFLAGS) $(SANITIZE)
LIBS_FEEDS = $(shell $(PKG_CONFIG) --libs libxml-2.0 libcmark-gfm yaml-0.1 jansson libcrypto libidn2) \
	-lcmark-gfm-extensions -lunistring
LIBS_DAEMON = $(shell $(PKG_CONFIG) --libs libuv zlib libbrotlienc)

ifeq ($(V),0)
Q = @
say = @printf '  %-6s %s\n' $(1) $(patsubst $(B)/%,%,$(2))
endif

SOURCES_FEEDS := $(wildcard feeds/*.c feeds/*/*.c)
SOURCES_CONFIG := $(wildcard config/*.c)
SOURCES_DAEMON := $(wildcard daemon/*.c)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))

objects = $(patsubst %.c,$(B)/%.o,$(1))

.PHONY: all
all: $(B)/feedd

$(B)/feedd: $(call objects,$(SOURCES_DAEMON)) $(B)/libconfig.a $(B)/libfeeds.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS_FEEDS) $(LIBS_DAEMON)

$(B)/libfeeds.a: $(call objects,$(SOURCES_FEEDS))
$(B)/libconfig.a: $(call objects,$(SOURCES_CONFIG))
$(B)/lib%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) crs $@ $^

$(B)/%.o: %.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# A unit test links the one archive that it tests: test_config* libconfig.a (and
# libfeeds.a below it), every other libfeeds.a.
$(B)/tests/unit/test_config%: $(B)/tests/unit/test_config%.o $(B)/libconfig.a $(B)/libfeeds.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS_FEEDS) -lcmocka
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libfeeds.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS_FEEDS) -lcmocka

.PHONY: unit
unit: $(UNIT_TESTS)
	$(Q)for t in $(UNIT_TESTS); do echo "# $$t"; CMOCKA_MESSAGE_OUTPUT=TAP $$t || exit 1; done

.PHONY: clean
clean:
	rm -rf $(B)

.SECONDARY:
-include $(patsubst %.o,%.d,$(call objects,$(SOURCES_FEEDS) $(SOURCES_CONFIG) $(SOURCES_DAEMON))) \
	$(UNIT_TESTS:=.d)
