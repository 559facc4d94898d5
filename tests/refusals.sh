#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every reason for which a job is not printed, told to an English and to a
# Chinese client:
#
#   tests/lab/run -- bash tests/refusals.sh
#
# Each time the user reads one whole sentence, the register has one event
# with result "refused", and no paper comes out.
#
# shellcheck disable=SC1111,SC2086,SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
notice=$(realpath "${MIYIN_BUILD:-build}/samples/notice.pdf")
cd "$MIYIN_LAB/home" || exit 1
export LC_ALL=C.UTF-8
state=$MIYIN_LAB/var/miyin
policy=$MIYIN_CONF_DIR/policy.conf
levels='juemi (绝密), jimi (机密), mimi (秘密), neibu (内部)'
levels_zh='绝密、机密、秘密、内部'
officer='ask the confidentiality officer.'
neibu='-o MiyinLevel=neibu'

# --- what is looked at ----------------------------------------------------

# send LANG USER QUEUE FILE [lp options]: prints the job's number. The client
# is told its language as an office PC is; zh_CN need not be installed.
send()
{
	local language=$1 user=$2 queue=$3 file=$4 answer
	answer=$(env -u LC_ALL -- runuser -u "$user" -- env -i PATH="$PATH" \
		LANG="$language.UTF-8" CUPS_SERVER="$CUPS_SERVER" \
		CUPS_STATEDIR="$CUPS_STATEDIR" \
		CUPS_SERVERROOT="$CUPS_SERVERROOT" \
		lp -d "$queue" -t "${file##*/}" "${@:5}" - < "$file" 2>&1)
	if [[ $answer =~ $queue-([0-9]+) ]]; then
		echo "${BASH_REMATCH[1]}"
	else
		echo "lp: $answer" >&2
		return 1
	fi
}

# The Status: lines that lpstat shows of a finished job.
status_of()
{
	LC_ALL=C lpstat -l -W completed -o "$1" | awk -v job="$1-$2" '
		/^[^\t ]/ { ours = $1 == job }
		ours && sub(/^\tStatus: /, "")'
}

papers() { echo $(($(printed_count) + $(printed_count pcl) + $(printed_count ps))); }

# events JOB [pattern]: the register's lines about a job
events() { miyin log --json | grep "\"job_id\":$1," | grep -e "${2:-}"; }

# refused_in LANG NAME REASON SENTENCE QUEUE FILE [lp options]
refused_in()
{
	local language=$1 name=$2 reason=$3 sentence=$4 queue=$5 job n event
	n=$(papers)
	job=$(send "$language" "${USER_IS:-nobody}" "$queue" "${@:6}") || {
		fail "$name: not submitted"
		return
	}
	lab-wait || return
	is "$name: sentence" "$(status_of "$queue" "$job")" "$sentence"
	is "$name: paper" "$(papers)" "$n"
	[ "$reason" != - ] || return
	event=$(events "$job" '"result":"refused"')
	like "$name: register" "$event" \
		"^\{[^{]*\"event\":\"refuse\",\"result\":\"refused\",\"reason\":\"$reason\",[^{]*\"user\":\"${USER_SEEN-${USER_IS:-nobody}}\",[^{]*\"printer\":\"$queue\",[^{]*$"
}

# refused NAME REASON ENGLISH CHINESE QUEUE FILE [lp options]
refused()
{
	refused_in en "$1" "$2" "Not printed: $3" "${@:5}"
	refused_in zh_CN "$1, Chinese" "$2" "未打印：$4" "${@:5}"
}

n_issued() { miyin log --json | grep -c '"event":"issue"'; }
n_printed() { miyin log --json | grep -c '"event":"printed"'; }

# --- documents ------------------------------------------------------------

# document NAME TEXT: one page that nobody printed yet, if nobody wrote TEXT
document()
{
	make_qr "$1.png" "$2"
	/usr/lib/cups/filter/imagetopdf 1 u t 1 PageSize=A4 "$1.png" \
		> "$1.pdf" 2> /dev/null
}
document one REFUSALS
document sheet "REFUSALS: three"
qpdf --empty --pages sheet.pdf 1,1,1 -- three.pdf
# A document of its own each time: the register knows one by what it paints,
# and its limit and its level go with it.
new()
{
	local name

	name=$(mktemp -u newXXXXXXXX)
	document "$name" "REFUSALS: $name"
	echo "$name.pdf"
}

# --- levels ---------------------------------------------------------------

issued=$(n_issued)
refused "no level" no-level \
	"choose a level ($levels) and print again, for example with -o MiyinLevel=neibu." \
	"请选择密级（$levels_zh）后重新打印，例如 -o MiyinLevel=内部。" \
	Office one.pdf
refused "unknown level" bad-level \
	"there is no level \"geheim\" here; choose one of $levels." \
	"这里没有密级“geheim”，请从 $levels_zh 中选择。" \
	Office one.pdf -o MiyinLevel=geheim
refused "another level than the queue's" level-denied \
	"you may not print 内部 on Office-jimi; $officer" \
	"您不能在 Office-jimi 上打印内部文件，请联系保密员。" \
	Office-jimi one.pdf -o MiyinLevel=neibu

sed -i '/^\[level mimi\]/,/^\[/s/^users = .*/users = root, @adm/' "$policy"
refused "a user whom the policy does not name" level-denied \
	"you may not print 秘密 on Office; $officer" \
	"您不能在 Office 上打印秘密文件，请联系保密员。" \
	Office one.pdf -o MiyinLevel=mimi
sed -i '/^\[level mimi\]/,/^\[/{s/^users = .*/users = */;s/^queues = .*/queues = Pcl/}' \
	"$policy"
refused "a queue that the policy does not name" level-denied \
	"you may not print 秘密 on Office; $officer" \
	"您不能在 Office 上打印秘密文件，请联系保密员。" \
	Office one.pdf -o MiyinLevel=mimi
sed -i 's/^queues = .*/queues = */' "$policy"

# --- copies and holders ---------------------------------------------------

refused "more copies than one job may have" job-limit \
	"the greatest number of copies that 机密 allows in one job is 3; ask for fewer copies." \
	"机密级规定一次最多印 3 份，请减少份数。" \
	Office one.pdf -o MiyinLevel=jimi -n 4
refused "a list of holders that is too short" holders \
	"the number of copies is 2 but the list of holders has 1; name one holder for each copy, in quotes where a name has blanks: \"MiyinHolders='Li Si,Wang Wu'\"." \
	"共 2 份，而名单上有 1 名持有人，请为每份写明一名持有人，姓名中有空格时加引号：\"MiyinHolders='张 三,李四'\"。" \
	Office one.pdf $neibu -n 2 -o MiyinHolders=李明
refused "a list of holders that is too long" holders \
	"the number of copies is 1 but the list of holders has 3; name one holder for each copy, in quotes where a name has blanks: \"MiyinHolders='Li Si,Wang Wu'\"." \
	"共 1 份，而名单上有 3 名持有人，请为每份写明一名持有人，姓名中有空格时加引号：\"MiyinHolders='张 三,李四'\"。" \
	Office one.pdf $neibu -o MiyinHolders=李明，王芳，张伟
is "nothing was issued so far" "$(n_issued)" "$issued"

sums=(-o MiyinLevel=jimi -o MiyinDocument=局字12号)
job=$(send en nobody Office three.pdf "${sums[@]}" -n 2 \
	-o MiyinHolders=李明、王芳)
lab-wait
is "two copies of three" "$(job_state "$job")" completed
refused "two more of which one is left" over-limit \
	"the number of copies that 机密 allows of this document is 3, with 1 left; $officer" \
	"机密级规定本文件最多印 3 份，还剩 1 份，请联系保密员。" \
	Office three.pdf "${sums[@]}" -n 2
job=$(send en nobody Pcl three.pdf "${sums[@]}" -o MiyinHolders=李明)
lab-wait
is "the third copy, on another queue" "$(job_state "$job")" completed
refused "a fourth copy" over-limit \
	"the number of copies that 机密 allows of this document is 3, with 0 left; $officer" \
	"机密级规定本文件最多印 3 份，还剩 0 份，请联系保密员。" \
	Ps three.pdf "${sums[@]}"
refused "a fourth copy without its reference" over-limit \
	"the number of copies that 机密 allows of this document is 3, with 0 left; $officer" \
	"机密级规定本文件最多印 3 份，还剩 0 份，请联系保密员。" \
	Office-jimi three.pdf
USER_IS=daemon refused "a fourth copy by another user" over-limit \
	"the number of copies that 机密 allows of this document is 3, with 0 left; $officer" \
	"机密级规定本文件最多印 3 份，还剩 0 份，请联系保密员。" \
	Office three.pdf "${sums[@]}"
refused "a level lower than it is registered with" level-lowered \
	"this document may not be printed as 内部, its level is higher; choose its level or $officer" \
	"本文件的密级更高，不能按内部打印，请选择相应密级或联系保密员。" \
	Office three.pdf $neibu -o MiyinDocument=局字12号
refused "a lower level without its reference" level-lowered \
	"this document may not be printed as 内部, its level is higher; choose its level or $officer" \
	"本文件的密级更高，不能按内部打印，请选择相应密级或联系保密员。" \
	Office three.pdf $neibu

# Saved by another program it is what it was.
mkdir -p saved
qpdf --qdf --object-streams=disable "$notice" - |
	sed 's/^BT$/q Q 1 0 0 1 0 0 cm BT/' > saved/touched.qdf
fix-qdf saved/touched.qdf > saved/touched.pdf 2> /dev/null
pdftocairo -pdf "$notice" saved/pdftocairo.pdf
gs -q -sDEVICE=pdfwrite -o saved/pdfwrite.pdf "$notice"
mutool clean -s -gggz "$notice" saved/mutool.pdf 2> /dev/null
job=$(send en nobody Office "$notice" -o MiyinLevel=jimi -o MiyinHolders=李明)
lab-wait
is "a notice at its level" "$(job_state "$job")" completed
for file in saved/touched.pdf saved/pdftocairo.pdf saved/pdfwrite.pdf \
	saved/mutool.pdf; do
	name=${file##*/}
	refused "saved by another program, at a lower level: $name" \
		level-lowered \
		"this document may not be printed as 内部, its level is higher; choose its level or $officer" \
		"本文件的密级更高，不能按内部打印，请选择相应密级或联系保密员。" \
		Office "$file" $neibu
done

# --- identity -------------------------------------------------------------

policy_of() { lpadmin -p Office -o printer-op-policy="$1"; }
was=$(sed -n '/^<Printer Office>/,/^<\/Printer>/s/^OpPolicy //p' \
	"$CUPS_SERVERROOT/printers.conf")
policy_of default
USER_SEEN='' refused "a scheduler that asks nobody who he is" no-identity \
	"the print server does not know who you are; log in and print again." \
	"打印服务器无法确认您的身份，请登录后重新打印。" \
	Office one.pdf $neibu
policy_of "$was"

# --- documents that cannot be marked --------------------------------------

esc=$'\033'
printf '%sE%s&l1X plain PCL %sE' "$esc" "$esc" "$esc" > pcl.bin
printf '%s%%-12345X@PJL SET COPIES=9\n@PJL ENTER LANGUAGE=PCL\n%sEx%s%%-12345X' \
	"$esc" "$esc" "$esc" > pjl.bin
head -c 4096 /dev/urandom > random.bin
cp random.bin ras.bin
printf 'RaS3' | dd of=ras.bin conv=notrunc 2> /dev/null
raw()
{
	refused "$1" raw-data \
		"data made for one printer ($2) cannot be marked; print from the application or send a PDF." \
		"专为某台打印机生成的数据（$2）无法加标志，请在应用程序中打印或改用 PDF 文件。" \
		"${@:3}"
}
raw "raw by option" raw Office one.pdf $neibu -o raw
raw "raw by format" raw Office one.pdf $neibu \
	-o document-format=application/vnd.cups-raw
raw "a PJL file" PJL Office pjl.bin $neibu
raw "a PCL file" PCL Pcl pcl.bin $neibu
raw "bytes of no kind" raw Office random.bin $neibu \
	-o document-format=application/octet-stream
raw "CUPS raster" raster Pcl ras.bin $neibu

printf 'Pr\374fung f\374r M\374ller, Stra\337e\n' > latin1.txt
printf 'RIFF\044\0\0\0WEBPVP8 \030\0\0\0' > photo.webp
printf 'PK\3\4\024\0\0\0 word/document.xml' > letter.docx
printf 'PK\3\4\024\0\0\0 Doc_0/ OFD.xml' > letter.ofd
other()
{
	refused "$1" unsupported-format \
		"this kind of file ($2) cannot be printed here; print it from its application or send a PDF." \
		"这里不能打印此类文件（$2），请在其应用程序中打印或改用 PDF 文件。" \
		"${@:3}"
}
other "a Word file" DOCX Office letter.docx $neibu
other "an OFD file" OFD Office letter.ofd $neibu
other "a WebP picture" WebP Office photo.webp $neibu
# What could not be read keeps what its user asked for.
asked_for()	# asked_for QUEUE FILE [lp options]: level, period, reference
{
	local job
	job=$(send en nobody "$@")
	lab-wait
	miyin log --json | jq -r --argjson job "$job" '.[] | select(.job_id ==
		$job) | [.level, .period, .document, .title] | join(" ")'
}
is "a refusal of a kind of file has level, period and reference" \
	"$(asked_for Office letter.ofd -o MiyinLevel=机密 -o MiyinPeriod=10年 \
		-o MiyinDocument=局字9号)" "jimi 10年 局字9号 letter.ofd"
is "of raw data too, on a queue with a level" \
	"$(asked_for Office-jimi pjl.bin -o MiyinDocument=Custom.局字9号)" \
	"jimi  局字9号 pjl.bin"
is "of an option, with a level that there is not" \
	"$(asked_for Office one.pdf -o MiyinLevel=geheim -o sides=foo)" \
	"   one.pdf"
refused "a text in Latin-1" encoding \
	"the encoding of this text is not known here; save it as UTF-8 and print it again." \
	"无法识别此文本的编码，请另存为 UTF-8 后重新打印。" Office latin1.txt $neibu
printf 'a line\n\360\222\200\200\n' > cuneiform.txt
refused "a text with a letter that no font here has" bad-glyph \
	"no font here has all characters of \"$(tail -n 1 cuneiform.txt)\"; write it in another way or tell the administrator." \
	"本机字体缺少“$(tail -n 1 cuneiform.txt)”中的字符，请换一种写法或告知管理员。" \
	Office cuneiform.txt $neibu
raw "a PDF that claims to be raster" raster Office one.pdf $neibu \
	-o document-format=application/vnd.cups-raster
raw "filtered PostScript" "printer PostScript" Ps one.pdf $neibu \
	-o document-format=application/vnd.cups-postscript

qpdf --encrypt geheim owner 256 -- one.pdf password.pdf
refused "a password" password \
	"this PDF opens only with a password; remove the password and print again." \
	"此 PDF 文件需要口令才能打开，请去掉口令后重新打印。" \
	Office password.pdf $neibu
# A PDF for the holders of a certificate, as far as any reader gets.
cat > certificate.pdf <<'END'
%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
4 0 obj <</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/R 4/Length 128
/CF<</DefaultCryptFilter<</CFM/AESV2/Recipients[<30>]>>>>
/StmF/DefaultCryptFilter/StrF/DefaultCryptFilter>> endobj
trailer <</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>
%%EOF
END
refused "encryption for a certificate" encrypted \
	"this PDF is encrypted in a way that is not known here, such as for certificates; save it without encryption and print the new file." \
	"此 PDF 文件的加密方式（例如证书加密）在此无法识别，请去掉加密另存后打印新文件。" \
	Office certificate.pdf $neibu
damaged()
{
	refused "$1" damaged \
		"the document is damaged and cannot be repaired; save it again and print the new file." \
		"文件已损坏且无法修复，请重新保存后打印新文件。" \
		Office "$2" $neibu
}
{ printf '%%PDF-1.4\n'; head -c 3000 /dev/urandom; } > junk.pdf
damaged "a PDF beyond repair" junk.pdf
size=$(stat -c %s one.pdf)
head -c $((size / 2)) one.pdf > half.pdf
damaged "a PDF cut in half" half.pdf
head -c $((size - 300)) one.pdf > cut.pdf
# qpdf 12 finds the pages even so.
if [ "$(pages_of cut.pdf 2> /dev/null)" = 1 ]; then
	job=$(send en nobody Office cut.pdf $neibu)
	lab-wait
	is "a PDF without its end that qpdf mends is printed" \
		"$(job_state "$job")" completed
else
	damaged "a PDF without its end" cut.pdf
fi
{ printf '\0\n'; sed 1d certificate.pdf; } > headless.pdf
damaged "a PDF without its head" headless.pdf
{ printf 'From: 王芳\0\r\n\r\n'; cat "$(new)"; } > mail.pdf
job=$(send en nobody Office mail.pdf $neibu)
lab-wait
is "a PDF behind other bytes is printed" "$(job_state "$job")" completed

# A page tree that bites its tail: qpdf gives it up, Poppler does not.
cat > page.pdf <<'END'
%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R
/Resources<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>
endobj
4 0 obj <</Length 43>> stream
BT /F 24 Tf 72 520 Td (as Poppler reads) Tj ET
endstream endobj
trailer <</Size 5/Root 1 0 R>>
END
bite() { LC_ALL=C sed 's,/Kids \[ 3 0 R \],/Kids [ 3 0 R 2 0 R ],'; }
qpdf --warning-exit-0 page.pdf - 2> /dev/null | bite > loop.pdf
job=$(send en nobody Office loop.pdf $neibu)
lab-wait
is "a damaged PDF that can be repaired is printed" "$(job_state "$job")" \
	completed
like "and the register has that it was" "$(events "$job" '"event":"issue"')" \
	'"detail":"repaired'
paper=$(find "$MIYIN_PAPER" -name '*.pdf' | sort | tail -n 1)
like "its page is on the paper" "$(pdftotext "$paper" -)" 'as Poppler reads'
qpdf --warning-exit-0 --encrypt '' owner 256 --print=none -- page.pdf - \
	2> /dev/null | bite > forbidden.pdf
refused "a damaged PDF that forbids printing" forbidden \
	"the author of this PDF forbids printing it; ask him for a file that may be printed." \
	"该 PDF 的作者禁止打印，请向作者索取可以打印的文件。" \
	Office forbidden.pdf $neibu
refused "no page in the range" no-pages \
	"no page is left to print; check the file and the page range." \
	"没有可打印的页，请检查文件和页码范围。" \
	Office three.pdf $neibu -o page-ranges=99-
{
	echo '%!PS'
	for n in {1..1024}; do echo "($n) pop showpage"; done
} > long.ps
gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -sPAPERSIZE=a4 -o long.pdf long.ps
refused "1,024 pages" too-many-pages \
	"the document has 1024 pages and a copy may have at most 1023; print it in parts." \
	"文件有 1024 页，而每份最多 1023 页，请分几次打印。" \
	Office long.pdf $neibu

# --- words ----------------------------------------------------------------

n=$(n_issued)
refused "a holder that no font has" bad-glyph \
	"no font here has all characters of \"𓀀\"; write it in another way or tell the administrator." \
	"本机字体缺少“𓀀”中的字符，请换一种写法或告知管理员。" \
	Office one.pdf $neibu -o MiyinHolders=张𓀀
is "nothing was issued for him" "$(n_issued)" "$n"
sed -i '/^\[level neibu\]/,/^\[/s/^missing-glyph = .*/missing-glyph = substitute/' \
	"$policy"
job=$(send en nobody Office "$(new)" $neibu -o MiyinHolders=张𓀀)
lab-wait
is "by policy it is printed" "$(job_state "$job")" completed
like "and the register has his name, and what stands for it" \
	"$(events "$job" '"event":"issue"')" '〓 stands for 𓀀'
ok "as his" [ "$(miyin log --json | grep -c '"holder":"张𓀀"')" -gt 0 ]
paper=$(find "$MIYIN_PAPER" -name '*.pdf' | sort | tail -n 1)
like "the paper has the sign" "$(pdftotext "$paper" -)" '持有人 张〓'
sed -i '/^\[level neibu\]/,/^\[/s/^missing-glyph = .*/missing-glyph = refuse/' \
	"$policy"
# period NAME TEXT: none of the forms
conditions='会议开始前, 会议结束前, 启用前, 公布前'
bad_period()
{
	refused "$1" bad-period \
		"\"$2\" is not a period that is allowed here; write one such as 10 years, 6 months, 30 days, 2036-01-01, $conditions." \
		"“$2”不是这里允许的保密期限，请写成如下形式：10年、6个月、30天、2036年1月1日、${conditions//, /、}。" \
		Office "$(new)" -o MiyinLevel=mimi -o MiyinPeriod="$2"
}
# long_period NAME TEXT NORMAL
long_period()
{
	refused "$1" period \
		"the period $3 is longer than 秘密 allows, which is 10年; choose a shorter one." \
		"保密期限“$3”超过秘密的最长期限“10年”，请选择较短的期限后重新打印。" \
		Office "$(new)" -o MiyinLevel=mimi -o MiyinPeriod="$2"
}
over()
{
	refused "$1" period-over \
		"the period $2 is over; choose one that ends later." \
		"保密期限“$2”已经届满，请选择更晚届满的期限。" \
		Office "$(new)" -o MiyinLevel=mimi -o MiyinPeriod="$2"
}
long_period "a long period" 11年 11年
long_period "a long period in Chinese" 三十年 30年
long_period "a long period in wide digits" ３０年 30年
long_period "a long period in English" 30yrs '30 years'
long_period "a period without end" 永久 长期
long_period "a digit behind a joiner" $'9\u034f9年' 99年
bad_period "about so long" 约30年
bad_period "a condition of nobody's" 已解密
over "no day" 0天
over "a day that is past" 2020-01-01
job=$(send en nobody Office "$(new)" -o MiyinLevel=mimi -o MiyinPeriod=十年)
lab-wait
paper=$(find "$MIYIN_PAPER" -name '*.pdf' | sort | tail -n 1)
like "a period in Chinese is printed in its normal form" \
	"$(pdftotext "$paper" -)" '秘密★10年'
bad_holder()
{
	refused "$1" bad-holder \
		"\"$2\" cannot be the name of a holder; write a name of letters, such as Li Si, without words of the marks." \
		"“$2”不能作为持有人姓名，请写由文字组成的姓名，例如张三，其中不得含有标志用语。" \
		Office "$(new)" $neibu -o MiyinHolders="${3:-$2}"
}
bad_holder "a holder with a mark's own words" 张三_第1份_共1份
bad_holder "the system as a holder" 系统
bad_holder "a level as a holder" 机密10年
bad_holder "a serial as a holder" 000012
bad_holder "a holder with a mark of no language" $'\u5f20\u0323\u4e09'
bad_name()
{
	refused "$1" "bad-$2" "\"$3\" cannot be the $4" "“$3”不能作为$5" \
		Office "$(new)" $neibu -o "$6='$3'"
}
bad_name "an approver of another level" approver '绝密★30年 份号 000009' \
	"name of an approver; write a name of letters, such as Li Si, without words of the marks." \
	"批准人姓名，请写由文字组成的姓名，例如张三，其中不得含有标志用语。" \
	MiyinApprover
bad_name "a distribution of another level" scope '各处室，绝密★30年' \
	"distribution; write to whom the copies go, without words of the marks." \
	"发放范围，请写明发给谁，其中不得含有标志用语。" MiyinScope
refused "a reference that leaves no letter" bad-reference \
	'"--" cannot be the reference of a document; write one with letters or digits and without marks on them.' \
	'“--”不能作为文号，请写含有文字或数字的文号，其上不得加附加符号。' \
	Office "$(new)" $neibu -o MiyinDocument=--
job=$(send en nobody Office "$(new)" $neibu -o MiyinHolders=$'\u3164')
lab-wait
is "a holder whom nobody sees is none: the user answers" \
	"$(miyin log --json | jq -r --argjson job "${job##*-}" '
		.[] | select(.job_id == $job and .event == "issue") | .holder')" nobody
long=$(printf '公布%.0s' {1..40})
sed -i "/^\[level jimi\]/,/^\[/s/^conditions = .*/conditions = $long/" "$policy"
refused "a condition that has no room" mark-too-long \
	"\"机密★$long\" has not enough room among the marks; choose a shorter period or a larger paper size." \
	"标志处放不下“机密★$long”，请选择较短的保密期限或较大的纸张。" \
	Office "$(new)" -o MiyinLevel=jimi -o MiyinPeriod="$long"
sed -i "/^\[level jimi\]/,/^\[/s/^conditions = .*/conditions = $conditions/" \
	"$policy"

# --- options --------------------------------------------------------------

bad()
{
	refused "$1=$2" bad-option \
		"\"$2\" is not a value of option $1; check the option and print again." \
		"“$2”不是选项 $1 的有效值，请检查后重新打印。" \
		Office three.pdf $neibu -o "$1=$2"
}
bad sides foo
bad number-up-layout zigzag
bad PageSize Nonsense
bad page-border thick
bad page-set some
bad booklet perhaps
bad print-scaling much
split()
{
	refused "a value parted at its blank, $2" split-value \
		"\"$3\" stands behind a blank and belongs to no option; put a value with blanks in quotes of its own, such as -o \"$4\", or leave the word out." \
		"“$3”前有空格，不属于任何选项；选项值中有空格时请另加引号，例如 -o \"$5\"，或去掉该词。" \
		Office one.pdf $neibu -o "$1=$2"
}
split MiyinHolders 'Li Si' Si "MiyinHolders='Li Si'" "MiyinHolders='张 三'"
split MiyinHolders '张 三' 三 "MiyinHolders='Li Si'" "MiyinHolders='张 三'"
split MiyinPeriod '10 years' years "MiyinPeriod='10 years'" \
	"MiyinPeriod='10 年'"
refused "a banner" banner \
	"banner pages are not allowed on this queue; print again without job sheets." \
	"此队列不允许打印封面页，请去掉封面页后重新打印。" \
	Office one.pdf $neibu -o job-sheets=standard,none

# A printer of labels: its paper has no room for the marks.
ppd=$CUPS_SERVERROOT/ppd/Pcl.ppd
cp "$ppd" full.ppd
awk '{ print }
	/^\*(PageSize|PageRegion|ImageableArea|PaperDimension) A4\// {
		keyword = $1
		value = "\"<</PageSize[142 113]/ImagingBBox null>>setpagedevice\""
		if (keyword == "*ImageableArea") value = "\"0 0 142 113\""
		if (keyword == "*PaperDimension") value = "\"142 113\""
		print keyword " Label/Label: " value
	}' full.ppd > label.ppd
lpadmin -p Pcl -P "$MIYIN_LAB/home/label.ppd" 2> /dev/null
label=$(new)
job=$(send en nobody Pcl "$label" $neibu -o PageSize=Label)
lab-wait
least=$(status_of Pcl "$job" | sed -n 's/.*which need \(.*\) mm;.*/\1/p')
like "it says how much room the marks need" "$least" '^[0-9]+ × [0-9]+$'
is_mm=$(status_of Pcl "$job" | sed -n 's/.*page 1 is \(.*\) mm, .*/\1/p')
refused "paper too small for the marks" page-too-small \
	"page 1 is $is_mm mm, too small for the marks, which need $least mm; choose a larger paper size." \
	"第 1 页为 $is_mm 毫米，标志需要 $least 毫米，请选用更大的纸张。" \
	Pcl "$label" $neibu -o PageSize=Label
lpadmin -p Pcl -P "$MIYIN_LAB/home/full.ppd" 2> /dev/null

# --- the server's own troubles --------------------------------------------

printed=$(n_printed)

# A document larger than a pipe: the filter must not be the one that fails.
unavailable()
{
	refused "$1" - \
		"the register is not available; try again later or tell the administrator." \
		"台账目前不可用，请稍后重试或通知系统管理员。" \
		Office "${2:-three.pdf}" $neibu
}
misconfigured()
{
	refused "$1" "$2" \
		"the print server is not set up rightly; tell the administrator." \
		"打印服务器的设置有误，请通知系统管理员。" \
		Office three.pdf $neibu
}
register=$state/register.db
chmod 000 "$register"
unavailable "a register that cannot be read"
chmod 444 "$register"
unavailable "a register that cannot be written" "$(new)"
chmod 600 "$register"
chmod 000 "$state"
unavailable "a folder of the register that cannot be entered"
chmod 700 "$state"
mv "$register" register.away
unavailable "a register that is gone"
ok "and none was begun in its place" not test -s "$register"
head -c 8192 /dev/urandom > "$register"
chown daemon "$register"
unavailable "a register that is none"
mv register.away "$register"

mv "$state/keys" keys.away
misconfigured "no keys" config
install -m 444 -o daemon keys.away "$state/keys"
misconfigured "keys that others may read" config
rm "$state/keys"
mv keys.away "$state/keys"
cp "$policy" policy.away
echo 'copies = many' >> "$policy"
misconfigured "a policy that is broken" config
mv policy.away "$policy"
mv "$MIYIN_CONF_DIR/schemes" schemes.away
misconfigured "no scheme" config
mv schemes.away "$MIYIN_CONF_DIR/schemes"
cp "$MIYIN_CONF_DIR/miyin.conf" conf.away
sed -i 's/^id = .*/id = many/' "$MIYIN_CONF_DIR/miyin.conf"
# Where the Chinese is, is said in this file.
refused_in en "a configuration that is broken" - \
	"Not printed: the print server is not set up rightly; tell the administrator." \
	Office three.pdf $neibu
mv conf.away "$MIYIN_CONF_DIR/miyin.conf"
mv "$MIYIN_LAB/lib/cups/filter/miyinmark" "$MIYIN_LAB/miyinmark.away"
refused "no miyinmark" server \
	"the print server failed; try again later or tell the administrator." \
	"打印服务器出错，请稍后重试或通知系统管理员。" \
	Office three.pdf $neibu
mv "$MIYIN_LAB/miyinmark.away" "$MIYIN_LAB/lib/cups/filter/miyinmark"

# --- the device -----------------------------------------------------------

last_state() { miyin copies "$1" --json | grep -o '"state":"[a-z]*"' | tail -1; }
uri_of() { LC_ALL=C lpstat -v "$1" | sed 's/^device for [^:]*: //'; }
real=$(uri_of Pcl-device)

cupsreject Pcl-device
file=$(new)
device="the printer reports \"Destination \"Pcl-device\" is not accepting jobs.\""
refused_in en "a device that takes no jobs" device \
	"Not printed: $device; tell the administrator." \
	Pcl "$file" $neibu -n 2 -o MiyinDocument=device-1
is "both its copies are void" \
	"$(miyin copies device-1 --json | grep -c '"state":"void"')" 2
refused_in zh_CN "a device that takes no jobs, Chinese" device \
	"未打印：打印机报告“Destination \"Pcl-device\" is not accepting jobs.”，请通知系统管理员。" \
	Pcl "$file" $neibu -n 2
cupsaccept Pcl-device

# The user cancels what a dead printer keeps.
canceled()
{
	local language=$1 name=$2 sentence=$3 job n
	n=$(papers)
	job=$(send "$language" nobody Pcl "$(new)" $neibu -n 2 \
		-o MiyinDocument="$name")
	for _ in $(seq $((100 * LAB_PATIENCE))); do
		[[ $(job_message "$job") != *"$4"* ]] || break
		sleep 0.1
	done
	like "$name: the user reads why he waits" "$(job_message "$job")" \
		"$4"
	cancel "Pcl-$job"
	lab-wait
	# The job is over at once, its backend is not.
	for _ in $(seq $((100 * LAB_PATIENCE))); do
		[ -z "$(events "$job" '"reason":"canceled"')" ] || break
		sleep 0.1
	done
	for _ in $(seq $((50 * LAB_PATIENCE))); do
		[ "$(status_of Pcl "$job")" != "$sentence" ] || break
		sleep 0.1
	done
	is "$name: sentence" "$(status_of Pcl "$job")" "$sentence"
	is "$name: paper" "$(papers)" "$n"
	is "$name: register" "$(events "$job" '"reason":"canceled"' | wc -l)" 1
	is "$name: the copy that was begun, and the other" \
		"$(miyin copies "$name" --json | grep -o '"state":"[a-z]*"' |
			sort | tr '\n' ' ')" \
		"\"state\":\"$5\" \"state\":\"void\" "
}
lpadmin -p Pcl-device -v 'miyindevice://127.0.0.1:9/?snmp=false#socket'
canceled en dead-printer "Canceled: 0 of 2 copies were printed, 2 were not." \
	'copy 1 of 2, .*; printer: The printer may not exist' void
canceled zh_CN dead-printer-zh "已取消：已印 0 份（共 2 份），2 份未印。" \
	'第 1 份，共 2 份，.*；打印机：' void
cupsdisable -r "toner is ordered" Pcl-device
canceled en stopped-queue "Canceled: 0 of 2 copies were printed, 2 were not." \
	'copy 1 of 2, .*; printer: toner is ordered$' void
cupsenable Pcl-device 2> /dev/null	# says "not authorized", and does it
lpadmin -p Pcl-device -v 'miyindevice://127.0.0.1/x#nosuch'
refused_in en "a device without a backend" device \
	"Not printed: the printer reports \"Not sent to the device: there is no backend for its device.\"; tell the administrator." \
	Pcl "$(new)" $neibu
lpadmin -p Pcl-device -v "$real"

job=$(send en nobody Pcl "$(new)" $neibu)
lab-wait
is "and all prints again" "$(job_state "$job")" completed
job=$(send en nobody Office "$(new)" $neibu)
lab-wait
is "on the other queue too" "$(job_state "$job")" completed
is "and what the old register has goes on" "$(n_printed)" $((printed + 2))
done_testing
