#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What real printers get: a queue with the PPD of each, protected, prints a
# document whose pages try to run in the driver, and an honest page after
# them. Both codes and the watermark are read back from what the device got.
#
#   LAB_UNPROTECTED=1 LAB_ONLY=Ps tests/lab/run -- bash tests/drivers.sh [LIST]
#
# LIST is a file like tests/drivers/few, which is the default. The table of
# PPD, chain, how it was read and the result is BUILD/drivers.tsv.
# Called by ok:
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
export LC_ALL=C.UTF-8
here=$(cd "${0%/*}" && pwd)
build=$(realpath "${MIYIN_BUILD:-build}")
list=$(realpath "${1:-$here/drivers/few}")
table=$build/drivers.tsv
papers=$MIYIN_LAB/paper-ps
device=$(LC_ALL=C lpstat -v Ps | sed "s/^device for Ps: //")
work=$MIYIN_LAB/drivers
mkdir -p "$work" && cd "$work" || exit 1
# The marks' watermark fills the page; of a line of text there is a tenth.
ink_least=25

sed -i 's/^copies-per-document = .*/copies-per-document = 999/' \
	"$MIYIN_CONF_DIR/policy.conf"
lpadmin -x Ps
qpdf --empty --pages "$here"/drivers/{psxobject,type1font,glyphname}.pdf \
	"$build/samples/notice.pdf" 1 -- pages.pdf 2> qpdf.log

# --- PPDs -----------------------------------------------------------------

# write_ppd DRIVER NAME TO: as the driver's package has it
write_ppd()
{
	case $1 in
	*.drv) lpadmin -p Draft -v socket://127.0.0.1:9 -m "drv:///$1/$2" &&
		cp "$CUPS_SERVERROOT/ppd/Draft.ppd" "$3" && lpadmin -x Draft ;;
	/*)	cat "$1/$2" > "$3" ;;
	*)	"/usr/lib/cups/driver/$1" cat "$1:$2" > "$3" ;;
	esac 2>> ppd.log
	[ -s "$3" ]
}

# show_pages HOW PPD: change the PPD so that its last step can be read
show_pages()
{
	case $1 in
	raster) sed -i -E -e 's/^(\*cupsFilter2?:.*cups-raster [0-9]+) [^"]*"/\1 -"/' \
			-e '/^\*cupsFilter/s/ gstopxl"/ gstoraster"/' "$2" ;;
	page)	sed -i -E -e '/sDEVICE=/s/-sDEVICE=[A-Za-z0-9_]+/-sDEVICE=pgmraw/g' \
			-e 's/-sIjsServer=[^ %"]*//' "$2" ;;
	esac
}

# The programs that the guard found, as in the PPD's own way for PostScript
chain_of()
{
	/usr/sbin/cupsfilter -e --list-filters -p "$1" -m printer/any \
		-i application/vnd.adobe-reader-postscript "$0" 2> /dev/null |
		sed 's,.*/,,' | paste -sd '|'
}

# --- pages ----------------------------------------------------------------

# read_pages HOW FILE: as page-*.pgm
read_pages()
{
	local page
	rm -rf read && mkdir read
	case $1 in
	ps)	gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pgmraw -r200 \
			-dTextAlphaBits=4 -dGraphicsAlphaBits=4 \
			-sOutputFile=read/page-%03d.pgm -f "$2" ;;
	pdf)	pdftoppm -q -gray -r 200 "$2" read/page ;;
	pcl)	pclpages "$2" read/page ;;
	raster)	"$build/lab/rasterpages" "$2" read/page ;;
	page)	# between lines of a printer's job language
		page=$(LC_ALL=C grep -aboxm 1 P5 "$2")
		(cd read && tail -c "+$((${page%%:*} + 1))" "$2" |
			pamsplit - 'page-%d.pgm') ;;
	*decode) (cd read && "$1" -d page < "$2") ;;
	esac > read.log 2>&1
	# Of a page in colours black is the fourth.
	for page in read/*-4.pbm; do
		[ -e "$page" ] && rm "${page%4.pbm}"[123].pbm
	done
	# Decoders of drivers write bitmaps, with dots that need not be square.
	for page in read/*.p[bn]m; do
		[ -e "$page" ] || break
		pamdepth 255 "$page" |
			pamscale -xsize=3300 -ysize=4667 > "$page.pgm"
	done 2>> read.log
	find read -name "*.pgm" -empty -delete
}

codes_on()
{
	zbarimg -q --raw -Sdisable -Sqrcode.enable "$1" 2> /dev/null |
		grep -c .
}

# The pages that lack something, each with what it has; nothing if all is well
faults()
{
	local page n=0 codes ink
	for page in read/*.pgm; do
		[ -e "$page" ] || break
		n=$((n + 1))
		codes=$(codes_on "$page")
		ink=$("$build/lab/inkgrid" "$page")
		[ "$codes" -ge 2 ] && [ "${ink:-0}" -ge $ink_least ] ||
			printf '%s: %d codes, ink %s; ' "${page##*/}" "$codes" "$ink"
	done
	[ $n = 4 ] || printf '%d pages; ' $n
}

# --- each -----------------------------------------------------------------

# try DRIVER NAME HOW
try()
{
	local name="$1 ${2##*/}" answer seen paper
	clear_paper
	if ! write_ppd "$1" "$2" own.ppd; then
		fail "$name: no such PPD: install the check packages of packages.txt"
		return
	fi
	cp own.ppd driver.ppd
	show_pages "$3" driver.ppd
	lpadmin -p Driver -v "$device" -P driver.ppd -o PageSize=A4 -E \
		2>> ppd.log
	answer=$(miyin protect Driver 2>&1) || {
		fail "$name: protected" "$answer"
		lpadmin -x Driver
		return
	}
	answer=$(print Driver pages.pdf -o MiyinLevel=jimi 2>&1)
	paper=$(ls "$papers"/[0-9]* 2> /dev/null)
	seen="nothing came: $answer"
	if [ -f "$paper" ]; then
		read_pages "$3" "$paper"
		seen=$(faults)
	fi
	is "$name: both codes and the watermark on every page" "$seen" ''
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$name" "$(chain_of own.ppd)" "$3" \
		"${seen:-2 codes and watermark on 4 of 4 pages}" >> "$table"
	[ -z "${KEEP:-}" ] || cp "$paper" "$KEEP/$name.out"
	miyin unprotect Driver > /dev/null
	lpadmin -x Driver
}

printf 'driver\tPPD\tchain\tread\tresult\n' > "$table"
while read -r -u 3 driver name how; do
	case $driver in '' | '#'*) continue ;; esac
	try "$driver" "$name" "$how"
done 3< "$list"

# --- a driver without an end ----------------------------------------------

# Its last filter goes round for ever while a file stands beside it.
filters=$MIYIN_LAB/lib/cups/filter
cat > "$filters/looping" <<END
#!/bin/bash
while [ -e $filters/looping.now ]; do :; done
cat
END
chmod 755 "$filters/looping"
touch "$filters/looping.now"
sed -E 's,^(\*cupsFilter:.*) [^ ]+"$,\1 looping",' \
	"/usr/share/ppd/okidata/B930PS.ppd" > looping.ppd
sed -i "/^\[budget\]/,/^$/s/^\(seconds\) .*/\1 = $((10 * LAB_PATIENCE))/" \
	"$MIYIN_CONF_DIR/policy.conf"
lpadmin -p Driver -v "$device" -P looping.ppd -o PageSize=A4 -E 2>> ppd.log
miyin protect Driver > /dev/null
clear_paper
like "a driver without an end: the user is told" \
	"$(print Driver pages.pdf -o MiyinLevel=jimi)" \
	'Not printed:.*the driver of the printer took too long'
is "a driver without an end: no paper" "$(printed_count ps)" 0
ok "a driver without an end: it is ended" not pgrep -f "$filters/looping"
rm "$filters/looping.now"
like "a driver without an end: the next job prints" \
	"$(print Driver "$here/drivers/loop.pdf" -o MiyinLevel=jimi)" \
	'^completed'
is "a driver without an end: one paper" "$(printed_count ps)" 1
like "a driver without an end: the folder is empty" \
	"$(find "$MIYIN_LAB/spool/tmp" -type f | wc -l)" '^0$'

done_testing
