# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the bench prints and marks, made in the current folder.
: "${build:?} ${top:?} ${n_pages:?} ${n_copies:?} ${verified:?} ${n_photos:?}"

# text_pdf PAGES [SEED]: some 60 lines a page, another text on each
text_pdf()
{
	awk -v pages="$1" -v seed="${2:-1}" 'BEGIN {
		srand(seed)
		print "%!PS\n/Times-Roman findfont 10 scalefont setfont"
		for (p = 1; p <= pages; p++) {
			for (y = 760; y > 80; y -= 11.5) {
				line = ""
				for (w = 0; w < 14; w++)
					line = line sprintf("%c%c%c%c%c%c ",
						97 + rand() * 26, 97 + rand() * 26,
						97 + rand() * 26, 97 + rand() * 26,
						97 + rand() * 26, 97 + rand() * 26)
				printf "72 %g moveto (%s) show\n", y, line
			}
			print "showpage"
		}
	}' | distil
}

blank_pdf()
{
	awk -v pages="$1" 'BEGIN {
		print "%!PS"
		for (p = 1; p <= pages; p++) print "showpage"
	}' | distil
}

distil()
{
	gs -q -dSAFER -dBATCH -dNOPAUSE -sPAPERSIZE=a4 -sDEVICE=pdfwrite \
		-sOutputFile=- -
}

# orders PAGES COPIES FOLDER: FOLDER/order.1 and so on
orders() { "$build"/bench/orders "$top/samples/schemes" keys "$1" "$2" "$3"; }

# folder NAME PAGES COPIES: for a document NAME/text.pdf of so many pages
folder()
{
	mkdir "$1" && orders "$2" "$3" "$1" || give_up "no orders for $1"
}

# What the others lay over the pages is our own marks on empty ones.
text_material()
{
	local k
	text_pdf "$n_pages" > text.pdf
	blank_pdf "$n_pages" > blank.pdf
	orders "$n_pages" "$n_copies" . &&
	prepare blank.pdf || give_up "no marks to lay over"
	for ((k = 1; k <= n_copies; k++)); do
		stamp blank.pdf order.$k overlay.$k.pdf || give_up "no overlay"
	done
}

material()
{
	printf '[keys]\ncurrent = 1\n1 = %064d\n' 7 > keys
	chmod 400 keys
	text_material
	folder short "$verified" "$n_copies"
	text_pdf "$verified" > short/text.pdf
	folder small 3 200
	text_pdf 3 > small/text.pdf
	folder photos "$n_photos" "$n_copies"
	"$build"/bench/photos "$n_photos" > photos/text.pdf ||
		give_up "no photos"
	qpdf --empty --pages text.pdf text.pdf -- many.pdf
}
