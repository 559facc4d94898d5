#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# body = raster: what goes on is a picture of each page, the same for every
# renderer, and looks as the page did.
#
#   LAB_ONLY=Office tests/lab/run -- bash tests/raster.sh
# Called by ok:
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/print-lib.sh
. "${0%/*}/print-lib.sh"
export LC_ALL=C.UTF-8
attacks=$(cd "${0%/*}/attacks" && pwd)
build=${MIYIN_BUILD:-$PWD/build}
notice=$build/samples/notice.pdf
mkdir -p "$MIYIN_LAB/raster" && cd "$MIYIN_LAB/raster" || exit 1
mkdir -p files
"$attacks/make" files > log 2>&1 || cat log

body_is() { sed -i "s/^body = .*/body = $1/" "$MIYIN_CONF_DIR/policy.conf"; }

# specimen BODY FILE LEVEL: its specimen, as BODY/1.pdf
specimen()
{
	body_is "$1"
	mkdir -p "$1" && rm -f "$1"/*
	miyin preview "$2" --level "$3" -o "$1" 2>&1
}

# paint RENDERER FILE.pdf TO: the first page, as TO.pgm
paint()
{
	case $1 in
	poppler) pdftoppm -gray -r 30 -l 1 -singlefile "$2" "$3" ;;
	mupdf) mutool draw -q -c gray -F pgm -r 30 -o "$3.pgm" "$2" 1 ;;
	ghostscript) gs -q -dSAFER -dNOPAUSE -dBATCH -r30 -sDEVICE=pgmraw \
		-dGraphicsAlphaBits=4 -dTextAlphaBits=4 -dLastPage=1 \
		-sOutputFile="$3.pgm" "$2" ;;
	esac > paint.log 2>&1
}

# disagreement FILE.pdf: per cent of its first page
disagreement()
{
	local renderer
	rm -f seen-*.pgm
	for renderer in poppler mupdf ghostscript; do
		paint $renderer "$1" seen-$renderer
	done
	"$attacks/differ" seen-{poppler,mupdf,ghostscript}.pgm
}

less() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

# --- renderers that disagree ------------------------------------------------

# A whole page of the ink "None": black for Poppler, nothing for the others.
hostile=files/colour-none.pdf
is "hostile page: made" "$(specimen auto $hostile jimi)" ''
share=$(disagreement auto/1.pdf)
ok "hostile page: renderers disagree ($share %)" less 50 "$share"
is "hostile page: as a picture" "$(specimen raster $hostile jimi)" ''
share=$(disagreement raster/1.pdf)
ok "hostile page: as a picture they agree ($share %)" less "$share" 8
mkdir -p look
is "hostile page: its marks are read by all" \
	"$(SCHEME=1 "$attacks/read" raster/1.pdf 1 1 look 2>&1)" ''

# --- what the pictures are --------------------------------------------------

is "notice" "$(specimen auto "$notice" jimi)$(specimen raster "$notice" \
	jimi)" ''
is "colour at 300 dpi, grey at 600" "$(pdfimages -list raster/1.pdf |
	awk '$3 == "image" { print $6, $9, $13 }' | paste -sd,)" \
	'rgb image 300,gray image 600,gray image 600'
is "a sound PDF" "$(qpdf --check raster/1.pdf 2>&1 | grep -c 'No syntax')" 1
is "no letter of the document is left" \
	"$(pdftotext raster/1.pdf - | grep -c 文件印制)" 0
is "where there were some" \
	"$(pdftotext auto/1.pdf - | grep -q 文件印制 && echo some)" some
paint poppler auto/1.pdf was
paint poppler raster/1.pdf is
share=$("$attacks/differ" was.pgm is.pgm)
ok "the page looks as before ($share %)" less "$share" 2
# Poppler shows nothing of this one, others all.
qpdf --qdf --stream-data=uncompress "$notice" - |
	sed '/Contents for page 1/,/^endstream/s/^stream$/stream\nQ/' |
	fix-qdf > restore.pdf
is "a restore without a save" "$(specimen raster restore.pdf jimi)" ''
paint poppler raster/1.pdf is
share=$("$attacks/differ" was.pgm is.pgm)
ok "a restore without a save: all is there ($share %)" less "$share" 2
specimen raster files/page-empty.pdf jimi
is "an empty page has no picture" \
	"$(pdfimages -list raster/1.pdf | awk '$3 == "image"')" ''

# photo: a page of noise in colour, which nothing but JPEG makes small
{
	printf '%%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n'
	printf '2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj\n'
	printf '3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]'
	printf '/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>> endobj\n'
	printf '4 0 obj <</Length 31>>stream\nq 400 0 0 500 90 150 cm /I Do '
	printf 'Q\nendstream endobj\n5 0 obj <</Type/XObject/Subtype/Image'
	printf '/Width 1600/Height 2000/BitsPerComponent 8/ColorSpace'
	printf '/DeviceRGB/Length 9600000>>stream\n'
	perl -e 'print pack("C*", map { int rand 256 } 1 .. 4800) for 1 .. 2000'
	printf '\nendstream endobj\ntrailer <</Root 1 0 R>>\n'
} > noise.pdf
qpdf --warning-exit-0 noise.pdf photo.pdf > log 2>&1
is "photo" "$(specimen raster photo.pdf jimi)" ''
is "a photo becomes JPEG" "$(pdfimages -list raster/1.pdf |
	awk '$3 == "image" { print $6, $9 }')" 'rgb jpeg'

# --- boxes, turns, units ----------------------------------------------------

# Through the bare engine, for pdftopdf would straighten them.
for name in turn-90 turn-180 turn-270 turn-inherited box-crop box-crop-turned \
	box-negative box-far unit-10 unit-2.5 unit-turned annot-stamp \
	annot-matrix-turned layer-print-off; do
	for pictures in 0 1; do
		PICTURES=$pictures "$attacks/engine" "$build/miyinmark" \
			files/$name.pdf engine$pictures.pdf 5 > log 2>&1 ||
			fail "$name: the engine fails" "$(cat log)"
		paint poppler engine$pictures.pdf engine$pictures
	done
	share=$("$attacks/differ" engine0.pgm engine1.pgm)
	ok "$name: the picture looks as the page ($share %)" less "$share" 2
	is "$name: the same paper" \
		"$(pdfinfo engine1.pdf | grep '^Page size')" \
		"$(pdfinfo engine0.pdf | grep '^Page size')"
done

# At 600 dpi it would have 10 gigapixels.
memory_kb=1000000
is_sanitized && memory_kb=unlimited
sed 's/14400 1000\]/14400 9999]/' files/box-14400.pdf > huge.pdf
ok "14400 x 9999 points fit into a gigabyte" bash -c "ulimit -v $memory_kb;
	PICTURES=1 '$attacks/engine' '$build/miyinmark' huge.pdf huge-1.pdf 5"
is "at fewer dots to the inch" "$(cat huge-1.pdf.answer)" 51

# --- in a queue -------------------------------------------------------------

body_is raster
job=$(submit Office "$notice" -o MiyinLevel=jimi -n 2) && lab-wait
is "job: state" "$(job_state "$job")" completed
is "job: papers" "$(printed_count)" 2
read_papers
for paper in 001 002; do
	is "job: paper $paper has its codes" \
		"$(marks_fault "$MIYIN_PAPER/$paper" 3)" ''
	is "job: paper $paper is pictures" "$(pdftotext \
		"$MIYIN_PAPER/$paper.pdf" - | grep -c 文件印制)" 0
done
is "job: the register says how" "$(miyin log --json | jq -r '.[] |
	select(.event == "issue") | .detail' | uniq)" \
	'body as pictures of 300 dpi'

# The level is read from the text, before it is gone.
printf '机密★10年\n' > text
pango-view -q --no-display --font='Noto Sans CJK SC 16' --width=350 \
	--margin='110 100 500' -o declared.pdf text
job=$(submit Office declared.pdf -o MiyinLevel=mimi) && lab-wait
is "a level in the text still counts" "$(miyin log --json --result refused |
	jq -r '.[].reason')" declared
is "and nothing was printed" "$(printed_count)" 2
done_testing
