# SPDX-License-Identifier: GPL-3.0-or-later
# miyin: build, install, try and test. `make help` lists the targets.

PREFIX      ?= /usr
SYSCONFDIR  ?= /etc
LOCALSTATEDIR ?= /var
DESTDIR     ?=
CUPS_SERVERBIN ?= $(PREFIX)/lib/cups
LOCALEDIR   = $(PREFIX)/share/locale
MANDIR      = $(PREFIX)/share/man

# As many at a time as there are cores, unless -j says something else.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

B = build
CC ?= cc
CXX ?= c++
CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

# WERROR=1, also from the environment, is for who changes miyin: a warning of
# theirs is an error. For who builds it a newer compiler's warning is none, and
# what a newer library calls deprecated stops nobody.
STRICT = $(if $(WERROR),-Werror -Wno-error=deprecated-declarations)
WARN = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
       -Wformat=2 -Wvla $(STRICT)
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDHARDEN = -pie -Wl,-z,relro,-z,now,--as-needed

.DEFAULT_GOAL := all

PROGRAMS := $(addprefix $(B)/,miyincollect miyinconvert miyinmark miyinread miyinwatch backend-miyin backend-miyindevice miyin)
MOFILES  := $(patsubst po/%.po,$(B)/locale/%/LC_MESSAGES/miyin.mo,$(wildcard po/*.po))

# Most goals need packages of packages.txt; make puts there what is missing.
ifneq ($(filter-out clean help uninstall format,$(or $(MAKECMDGOALS),all)),)
PURPOSES := run build lab
ifneq ($(filter check suite sanitize watched valgrind attack-full ppds drivers,$(MAKECMDGOALS)),)
PURPOSES += check
endif
ifneq ($(filter compare,$(MAKECMDGOALS)),)
PURPOSES += compare
endif
ifeq ($(MAKECMDGOALS),install)
# A print server that gets a built tree installs it, and gets no compiler.
BUILT := $(and $(if $(filter-out $(wildcard $(PROGRAMS) $(MOFILES)),$(PROGRAMS) $(MOFILES)),,all),$(shell sh tests/packages --missing build))
# A package's folder (DESTDIR) runs nothing.
PURPOSES := $(if $(DESTDIR),,run) $(if $(BUILT),,build)
endif
PACKAGES := $(shell sh tests/packages $(PURPOSES) >&2 || echo failed)
ifeq ($(PACKAGES),failed)
$(error packages of packages.txt are missing and could not be installed)
endif
endif

glib  = glib-2.0
pc    = $(shell pkg-config --cflags $(1))
pl    = $(shell pkg-config --libs $(1))

CPPFLAGS += -Iinclude -I. -I$(B) -D_GNU_SOURCE \
            -DMIYIN_CONF_DIR='"$(SYSCONFDIR)/miyin"' \
            -DMIYIN_LOCALE_DIR='"$(LOCALEDIR)"' -DGETTEXT_PACKAGE='"miyin"'

PC_format   := glib-2.0 gio-2.0 libcrypto icu-i18n icu-uc
PC_registry := sqlite3
PC_filter   := libqpdf cairo cairo-ft pangocairo harfbuzz-subset fontconfig poppler-glib \
               zbar libseccomp libturbojpeg zlib
PC_collect  := lept libexif
PC_read     := tesseract poppler-glib
PC_trace    := lept poppler-glib zbar zxing
PC_console  := json-glib-1.0
PC_tests    := check libqrencode
CUPS_CFLAGS := $(shell cups-config --cflags 2>/dev/null)
CUPS_LIBS   := $(shell cups-config --libs 2>/dev/null)

BASE     := $(filter-out base/sandbox.c base/process.c base/server.c,$(wildcard base/*.c))
COMMON   := $(BASE) $(wildcard format/*.c) $(wildcard rules/*.c)
EVIDENCE := $(wildcard evidence/*.c)
REGISTRY := $(wildcard registry/*.c) $(EVIDENCE)
COURIER  := filter/collect/miyincollect.c
COLLECT  := $(filter-out $(COURIER),$(wildcard filter/collect/*.c)) $(wildcard filter/pdf/*.c)
READ     := $(patsubst %,filter/mark/%.c,miyinread ocr reading)
MARK     := $(filter-out $(READ),$(wildcard filter/mark/*.c)) $(wildcard filter/mark/*.cc)
SANDBOX  := base/sandbox.c
PROCESS  := base/process.c $(SANDBOX)
SERVER   := base/server.c $(PROCESS)
BOTH     := backend/keeper.c backend/tell.c
GUARD    := $(BOTH) $(patsubst %,backend/%.c,chain device feed finaltype lines postscript recorder room roomrights watch)
GATE     := $(wildcard gate/*.c)
BACKEND  := $(filter-out backend/miyindevice.c backend/miyinwatch.c $(GUARD),$(wildcard backend/*.c))
TRACE    := $(wildcard trace/*.c) $(wildcard trace/*.cc)
AUDIT    := $(wildcard audit/*.c)
OFFICE   := $(wildcard office/*.c)
CONSOLE  := $(wildcard admin/*.c) $(wildcard console/*.c)
TESTS    := $(wildcard tests/test_*.c)
HELPERS  := $(wildcard tests/lab/*.c)

obj = $(patsubst %.c,$(B)/%.o,$(patsubst %.cc,$(B)/%.o,$(1)))

LABTOOLS := $(patsubst tests/lab/%.c,$(B)/lab/%,$(filter-out tests/lab/noavahi.c,$(HELPERS))) \
            $(B)/lab/noavahi.so
TESTBINS := $(patsubst tests/%.c,$(B)/tests/%,$(TESTS))

all: $(PROGRAMS) $(MOFILES) $(LABTOOLS) $(B)/samples/notice.pdf $(B)/etc/miyin.conf

# --- objects --------------------------------------------------------------

CFLAGS_base     = $(call pc,$(PC_format) libseccomp)
CFLAGS_format   = $(call pc,$(PC_format))
CFLAGS_rules    = $(CFLAGS_format)
CFLAGS_evidence = $(CFLAGS_format)
CFLAGS_audit    = $(call pc,$(PC_format) $(PC_registry))
CFLAGS_registry = $(call pc,$(PC_format) $(PC_registry))
CFLAGS_filter   = $(call pc,$(PC_format) $(PC_filter) $(PC_collect) $(PC_read)) $(CUPS_CFLAGS)
CFLAGS_gate     = $(CFLAGS_format)
CFLAGS_backend  = $(call pc,$(PC_format)) $(CUPS_CFLAGS)
CFLAGS_trace    = $(call pc,$(PC_format) $(PC_trace))
CFLAGS_admin    = $(call pc,$(PC_format) $(PC_console)) $(CUPS_CFLAGS)
CFLAGS_office   = $(call pc,$(PC_format))
CFLAGS_console  = $(call pc,$(PC_format) $(PC_console)) $(CUPS_CFLAGS)
CFLAGS_tests    = $(call pc,$(PC_format) $(PC_registry) $(PC_filter) $(PC_collect) $(PC_console) $(PC_tests)) $(CUPS_CFLAGS)

define objects
$(B)/$(1)/%.o: $(1)/%.c
	$$(call say,CC,$$<)
	$(Q)mkdir -p $$(@D)
	$(Q)$$(CC) -std=c17 $$(CPPFLAGS) $$(WARN) $$(HARDEN) $$(DEPRECATED_$(1)) $$(CFLAGS_$(1)) $$(CFLAGS) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/%.o: $(1)/%.cc
	$$(call say,CXX,$$<)
	$(Q)mkdir -p $$(@D)
	$(Q)$$(CXX) -std=c++17 $$(CPPFLAGS) -Wall -Wextra $$(STRICT) $$(HARDEN) $$(CFLAGS_$(1)) $$(CXXFLAGS) -MMD -MP -c -o $$@ $$<
endef
# libcups marks its PPD functions deprecated; CUPS 2.x has no others.
DEPRECATED_filter  = -Wno-deprecated-declarations
DEPRECATED_backend = $(DEPRECATED_filter)
DEPRECATED_admin   = $(DEPRECATED_filter)
DEPRECATED_console = $(DEPRECATED_filter)
$(foreach d,base format rules evidence registry audit filter gate backend trace office admin console,$(eval $(call objects,$(d))))

define link
$(call say,LD,$@)
$(Q)mkdir -p $(@D)
$(Q)$(1) $(LDFLAGS) $(LDHARDEN) -o $@ $(filter %.o,$^) $(2)
endef

$(B)/miyincollect: $(call obj,$(COURIER) $(COMMON))
	$(call link,$(CC),$(call pl,$(PC_format)))
$(B)/miyinconvert: $(call obj,$(COLLECT) $(PROCESS) $(COMMON))
	$(call link,$(CC),$(call pl,$(PC_format) libseccomp libqpdf zlib cairo-ft pangocairo harfbuzz-subset $(PC_collect)) $(CUPS_LIBS) -lm)
$(B)/miyinmark: $(call obj,$(MARK) $(wildcard filter/pdf/*.c) $(SERVER) $(COMMON))
	$(call link,$(CXX),$(call pl,$(PC_format) $(PC_filter)) -lm)
$(B)/backend-miyin: $(call obj,$(BACKEND) $(GATE) $(BOTH) $(SERVER) $(REGISTRY) $(COMMON))
	$(call link,$(CC),$(call pl,$(PC_format) $(PC_registry) libseccomp) $(CUPS_LIBS))
$(B)/backend-miyindevice: $(call obj,backend/miyindevice.c $(GUARD) $(PROCESS) $(REGISTRY) $(COMMON))
	$(call link,$(CC),$(call pl,$(PC_format) $(PC_registry) libseccomp))
# Its own program: what a printer says is read without the guard's rights.
$(B)/miyinwatch: $(call obj,backend/miyinwatch.c)
	$(call link,$(CC),$(CUPS_LIBS))
# Its own program: Tesseract brings curl and others along.
$(B)/miyinread: $(call obj,$(READ) $(patsubst %,filter/mark/%.c,declared glyphs markperiod markwords running likeness canvas fault) $(SERVER) $(COMMON))
	$(call link,$(CC),$(call pl,$(PC_format) $(PC_read) cairo libseccomp) -lm)
ENGINE := gate/engine.c gate/copy.c gate/step.c gate/declaration.c
$(B)/miyin: $(call obj,$(CONSOLE) $(OFFICE) $(AUDIT) $(TRACE) $(ENGINE) $(SERVER) $(REGISTRY) $(COMMON))
	$(call link,$(CXX),$(call pl,$(PC_format) $(PC_registry) $(PC_trace) $(PC_console) libseccomp) $(CUPS_LIBS) -lm)

$(B)/locale/%/LC_MESSAGES/miyin.mo: po/%.po
	$(call say,MSGFMT,$<)
	$(Q)mkdir -p $(@D)
	$(Q)msgfmt --check-format -o $@ $<

# The samples, for `build/miyin preview` where nothing is installed.
SAMPLES := $(wildcard samples/schemes/*.scheme) samples/policies/default.conf
define BUILT_CONF
[site]
id = 1
name = Sample

[service]
user = daemon

[register]
path = $(abspath $(B))/etc/register.db

[keys]
path = $(abspath $(B))/etc/keys

[programs]
path = $(abspath $(B))
locale = $(abspath $(B))/locale

[sandbox]
landlock = preferred
endef
export BUILT_CONF
$(B)/etc/miyin.conf: $(SAMPLES) Makefile
	$(Q)mkdir -p $(@D)/schemes
	$(Q)cp samples/schemes/*.scheme $(@D)/schemes
	$(Q)cp samples/policies/default.conf $(@D)/policy.conf
	$(Q)printf '%s\n' "$$BUILT_CONF" > $@

# What a CUPS administrator reads, built in (ppd/rows.awk says why).
ROWS := $(patsubst %,$(B)/%.h,$(filter-out %.awk,$(wildcard ppd/*)))
$(B)/ppd/%.h: ppd/% ppd/rows.awk
	$(call say,ROWS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)awk -f ppd/rows.awk $< > $@ || { rm -f $@; exit 1; }
$(B)/admin/cupsdconf.o $(B)/admin/gateppd.o $(B)/admin/operations.o: | $(ROWS)

# --- tests ----------------------------------------------------------------

# A unit test links every module but the programs' mains.
MODULES := $(COMMON) $(SERVER) $(REGISTRY) $(AUDIT) $(TRACE) $(OFFICE) \
           $(filter-out filter/mark/miyinmark.c,$(MARK)) \
           $(filter-out filter/collect/miyinconvert.c,$(COLLECT)) \
           $(GATE) $(filter-out backend/miyin.c,$(BACKEND)) $(GUARD) \
           $(filter-out console/miyin.c,$(CONSOLE))
$(B)/tests/%.o: tests/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 $(CPPFLAGS) -I. $(WARN) $(HARDEN) $(DEPRECATED_filter) $(CFLAGS_tests) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/tests/test_%: $(B)/tests/test_%.o $(call obj,$(MODULES))
	$(call link,$(CXX),$(call pl,$(PC_format) $(PC_registry) $(PC_filter) $(PC_collect) $(PC_trace) $(PC_console) $(PC_tests)) $(CUPS_LIBS) -lm)
$(B)/ppds/table: $(B)/tests/ppds/table.o $(call obj,$(MODULES))
	$(call link,$(CXX),$(call pl,$(PC_format) $(PC_registry) $(PC_filter) $(PC_collect) $(PC_trace) $(PC_console)) $(CUPS_LIBS) -lm)
$(B)/bench/%: $(B)/tests/bench/%.o $(call obj,$(COMMON))
	$(call link,$(CC),$(call pl,$(PC_format) libseccomp libturbojpeg))
BENCH := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
$(B)/compare/%: tests/compare/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 $(WARN) $(CFLAGS) $(call pc,pangocairo) -o $@ $< $(call pl,pangocairo) -lm
$(B)/lab/noavahi.so: tests/lab/noavahi.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -shared -fPIC -o $@ $<
$(B)/lab/%: tests/lab/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 $(CPPFLAGS) $(WARN) $(CFLAGS) $(call pc,glib-2.0) -MMD -MP -MF $@.d -o $@ $< $(call pl,glib-2.0) $(CUPS_LIBS) -lm

$(B)/samples/notice: samples/documents/notice.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 $(WARN) $(CFLAGS) $(call pc,pangocairo) -o $@ $< $(call pl,pangocairo)
$(B)/samples/notice.pdf: $(B)/samples/notice
	$(Q)$< $@

lab: all

check: lab $(TESTBINS) $(B)/ppds/table $(BENCH) fuzzers
	$(Q)FUZZ_S=$(FUZZ_S) bash tests/check $(B)

# Every document made to lose its marks, ten minutes; then about 1,400 PDFs from
# Debian sources, an hour, which goes on where it was stopped.
attack-full: lab
	$(Q)bash tests/attacks.sh
	$(Q)n=$$(bash tests/corpora/fetch $(B)/corpora) && \
	  LAB_ONLY='Office Office-jimi' tests/lab/run -- \
	    bash tests/corpora/print $(B)/corpora && \
	  bash tests/corpora/tell $(B)/corpora/result.tsv $$n

# The backend killed at 30 points of its path, the scheduler restarted in three
# ways at seven moments; half an hour.
crash-full: lab
	$(Q)tests/lab/run -- bash tests/crash.sh
	$(Q)tests/lab/run -- bash tests/restart.sh

# What passes of the options of all PPDs of Debian's drivers, two hours.
ppds: $(B)/ppds/table
	$(Q)bash tests/ppds.sh $(B) all

# What printers of every driver of Debian get, read back: 51 PPDs, half an hour.
drivers: lab
	$(Q)LAB_UNPROTECTED=1 LAB_ONLY=Ps tests/lab/run -- bash tests/drivers.sh \
	  tests/drivers/many

# Some 140 documents of others on a protected and on the stock queue, page by
# page; half an hour.
compare: lab $(B)/compare/lost
	$(Q)tests/compare/make $(B)/compare
	$(Q)LAB_ONLY=Office tests/lab/run -- bash tests/compare/print \
	  $(B)/compare/files $(B)/compare/table.tsv

# Words at each edge of each mark's place, a quarter of a point apart; some five
# minutes a scheme.
sweep: all $(B)/compare/lost $(B)/compare/sweep
	$(Q)tests/compare/sweep $(B) $(SCHEMES)

demo: lab
	$(Q)bash tests/demo

soak: lab
	$(Q)tests/lab/run -- bash tests/soak.sh

# A million copies in the register, a hundred prints, lists all the while.
readers: lab
	$(Q)LAB_ONLY=Office READERS_COPIES=1000000 READERS_JOBS=100 \
	  tests/lab/run -- bash tests/readers.sh

# What marking costs, half an hour; QUICK=1 only shows it, in three minutes.
bench: lab $(BENCH)
	$(Q)bash tests/bench/run $(if $(QUICK),-q)

gallery: lab
	$(Q)bash tests/gallery $(B)

# How well the text under the watermarks is read; half an hour.
ocr: lab $(B)/tests/test_layout
	$(Q)bash tests/ocr.sh $(B)

golden-update: all $(B)/tests/test_cupsdconf $(B)/tests/test_gateppd
	$(Q)bash tests/golden.sh update $(B)
	$(Q)for suite in cupsdconf gateppd; do GOLDEN_UPDATE=1 $(B)/tests/test_$$suite || exit; done

# --- looking for faults -----------------------------------------------------

# One harness a parser, tests/fuzz/fuzz_NAME.c, in its own folder, for all the
# objects in it are made to be fuzzed.
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all \
             -fno-omit-frame-pointer
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZED  := $(COMMON) $(EVIDENCE) audit/pieces.c $(PROCESS) $(filter-out filter/mark/miyinmark.c filter/mark/inspect.c filter/mark/verify.c filter/mark/raster.c filter/mark/orientation.c,$(MARK)) \
           $(filter-out filter/collect/miyinconvert.c,$(COLLECT)) \
           $(patsubst %,admin/%.c,conftext cupsdconf gateppd offer operations ppdtext queue queues) $(patsubst %,console/%.c,cells table when) \
           trace/traced.c

$(B)/fuzzed.a: $(call obj,$(FUZZED) tests/fuzz/fuzz.c)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar qcs $@ $^
$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/sanitize/leaks.o $(B)/fuzzed.a
	$(call link,$(CXX) -fsanitize=fuzzer,$(B)/fuzzed.a $(call pl,$(PC_format) $(PC_filter) $(PC_console)) $(CUPS_LIBS) -lm)
harnesses: $(FUZZERS)
fuzzers:
	$(Q)+$(MAKE) --no-print-directory B=$(B)/fuzz CC=clang CXX=clang++ CFLAGS="-O1 -g" CXXFLAGS="-O1 -g" \
	  HARDEN="-fPIE -fsanitize=fuzzer-no-link $(SANITIZERS)" \
	  LDHARDEN="$(LDHARDEN) $(SANITIZERS)" harnesses

# Longer, at random, and what leads further is kept in build/fuzz/found.
fuzz: FUZZ_S ?= 600
fuzz: fuzzers
	$(Q)FUZZ_S=$(FUZZ_S) bash tests/fuzz/all $(B)

# libubsan is linked in, for beside libasan its log_path goes astray.
sanitize: REPORTS = $(abspath $(B))/sanitize/reports
sanitize:
	$(Q)install -d -m 1777 $(REPORTS)
	$(Q)+$(MAKE) --no-print-directory B=$(B)/sanitize CFLAGS="-O1 -g" CXXFLAGS="-O1 -g" \
	  HARDEN="-fPIE $(SANITIZERS) -DMIYIN_REPORTS='\"$(REPORTS)\"'" \
	  LDHARDEN="$(LDHARDEN) $(SANITIZERS) -static-libubsan" \
	  RUNTIME="$(addprefix $(B)/sanitize/tests/sanitize/,options.o leaks.o)" suite

$(PROGRAMS) $(TESTBINS): $(RUNTIME)
suite: lab $(TESTBINS) $(B)/ppds/table
	$(Q)CK_TIMEOUT_MULTIPLIER=20 LAB_PATIENCE=5 MIYIN_BUILD=$(abspath $(B)) bash tests/check $(B) $(ONLY)

# --- install --------------------------------------------------------------

install: $(if $(BUILT),,all)
	$(Q)PREFIX='$(PREFIX)' SYSCONFDIR='$(SYSCONFDIR)' LOCALSTATEDIR='$(LOCALSTATEDIR)' \
	  CUPS_SERVERBIN='$(CUPS_SERVERBIN)' MANDIR='$(MANDIR)' LOCALEDIR='$(LOCALEDIR)' \
	  DESTDIR='$(DESTDIR)' B='$(B)' sh tests/install install
uninstall:
	$(Q)PREFIX='$(PREFIX)' SYSCONFDIR='$(SYSCONFDIR)' LOCALSTATEDIR='$(LOCALSTATEDIR)' \
	  CUPS_SERVERBIN='$(CUPS_SERVERBIN)' MANDIR='$(MANDIR)' LOCALEDIR='$(LOCALEDIR)' \
	  DESTDIR='$(DESTDIR)' B='$(B)' sh tests/install uninstall

format:
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h' '*.cc')
valgrind:
	$(Q)+$(MAKE) --no-print-directory B=$(B)/valgrind CFLAGS="-O1 -g -DUNDER_VALGRIND" watched
watched: lab $(TESTBINS)
	$(Q)tests/valgrind $(B) $(ONLY)
lint: $(ROWS)
	$(Q)B=$(B) tests/lint
clean:
	$(Q)rm -rf $(B)
help:
	@echo 'all check attack-full crash-full ppds drivers compare sweep demo bench gallery golden-update'
	@echo 'ocr lab install uninstall format lint fuzz sanitize valgrind soak readers clean'
	@echo 'V=1 shows commands; DESTDIR, PREFIX, SYSCONFDIR, LOCALSTATEDIR'

.PHONY: all check attack-full crash-full ppds drivers compare sweep harnesses fuzzers fuzz sanitize suite valgrind watched soak readers demo bench gallery golden-update ocr lab install uninstall format lint clean help
.SECONDARY:

# Not those of a whole Debian, build/distro.
-include $(shell find $(B) -path $(B)/distro -prune -o -name '*.d' -type f -print 2>/dev/null)
