#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Control sheets and the approver in the copy stamp, from lp to paper.
#
#   tests/lab/run -- bash tests/control.sh
# Called by ok:
# shellcheck disable=SC2317
set -u

# shellcheck source=tests/lab/lib.sh
. "$MIYIN_LAB/bin/lib.sh"
# shellcheck source=tests/print-lib.sh
. "$(dirname "$0")/print-lib.sh"
export LC_ALL=C.UTF-8
cd "$MIYIN_LAB/home" || exit 1
make_pages one.pdf 1
make_pages two.pdf 2
make_pages three.pdf 3

has() { [[ $1 == *"$2"* ]]; }
# text_of PAPER: without spaces and line ends, which a renderer puts anywhere,
# nor ligatures, as a font may have them
text_of()
{
	pdftotext "$MIYIN_PAPER/$1.pdf" - | tr -d ' \n\f' |
		sed 's/　//g; s/ﬃ/ffi/g; s/ﬀ/ff/g; s/ﬁ/fi/g'
}
# sheets SQL: of the copies that are control sheets
sheets()
{
	sqlite3 "$MIYIN_LAB/var/miyin/register.db" "SELECT $1 FROM copies c
		JOIN jobs j ON j.id = c.job WHERE j.document_no > 1000"
}

# --- asked for by the user --------------------------------------------------

job=$(submit Office two.pdf -n 3 -t 某通知 -o MiyinLevel=mimi \
	-o MiyinDocument=某发〔2026〕1号 -o MiyinHolders=张三,李四,王五 \
	-o MiyinApprover=李主任 -o MiyinScope=各处室 -o MiyinControl=true \
	-o sides=two-sided-long-edge)
lab-wait
is "the job" "$(job_state "$job")" completed
is "three copies and a sheet are four papers" "$(printed_count)" 4
read_papers
is "the sheet comes first, with its own codes" \
	"$(marks_fault "$MIYIN_PAPER/001" 1)" ""
is "the copies have theirs" "$(marks_fault "$MIYIN_PAPER/004" 2)" ""
text=$(text_of 001)
for words in 文件制作发放控制单 文号某发〔2026〕1号 题名某通知 \
	密级和保密期限秘密★10年 发放范围各处室 制作数量（份）3 每份页数2 \
	份号起止000001–000003 首次制作 批准人李主任 "打印作业$job" \
	000001张三 000002李四 000003王五 签收人 废页份号; do
	ok "it says $words" has "$text" "$words"
done
ok "it bears no serial of a copy" has "$text" 份号控制单
is "it is in the register" "$(sheets "state, holder, serial, n_copies")" \
	"printed|root|1|1"
is "it is none of the document's copies" \
	"$(miyin copies 某发〔2026〕1号 --json | grep -c '"serial"')" 3
pdftoppm -r 200 -gray -png -singlefile "$MIYIN_PAPER/001.pdf" sheet
found=$(miyin trace sheet.png)
is "it is traced" $? 0
ok "to its document" has "$found" "文件制作发放控制单 某通知"
log=$(miyin log --json)
ok "the register knows the approver and the scope" \
	has "$log" "approver 李主任; scope 各处室"
ok "and what the sheet is about" has "$log" \
	"control sheet of serials 000001–000003"
ok "first prints bear no stamp" not has "$(text_of 002)" 批准人

# --- room for the stamp -----------------------------------------------------

# A code where only reprints have marks: it shall be whole on both.
{
	echo '%!PS'
	echo '<< /PageSize [595 842] >> setpagedevice 200 742 translate 2 2 scale'
	qrencode -l H -t EPS -s 1 -m 0 -o - TOP | grep -v '^%'
	echo showpage
} | gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -o top.pdf -
clear_paper
for paper in 001 002; do
	submit Office top.pdf -o MiyinLevel=mimi > /dev/null
	lab-wait
	ok "print $paper is read" has "$(lab-codes "$MIYIN_PAPER/$paper.pdf")" TOP
done
ok "the second has a stamp" has "$(text_of 002)" 复制单位
is "and makes room for it" "$(miyin log --json | grep -c '"body moved')" 1

# --- made again -------------------------------------------------------------

again=(-o MiyinLevel=mimi -o MiyinDocument=某发〔2026〕1号)
clear_paper
submit Office two.pdf "${again[@]}" -o MiyinApprover=王局长 \
	-o MiyinControl=true > /dev/null
lab-wait
submit Office two.pdf "${again[@]}" > /dev/null
lab-wait
is "a sheet and two reprints" "$(printed_count)" 3
ok "the sheet says that it was made again" has "$(text_of 001)" \
	再次制作，首份份号000001
ok "it has no stamp" not has "$(text_of 001)" 复制单位
ok "the stamp names the approver" has "$(text_of 002)" 批准人王局长
ok "without one it names the user alone" has "$(text_of 003)" 经办人root
ok "and nobody else" not has "$(text_of 003)" 批准人

# --- asked for by the level -------------------------------------------------

sed -i '/^\[level neibu\]/,/^$/{
	s/^control = false/control = true/
	s/^cover =$/cover = level/
	}' "$MIYIN_CONF_DIR/schemes/cn-gb9704.scheme"
clear_paper
# As long as a holder may be, and different.
long=$(printf '长%.0s' {1..39})
submit Office one.pdf -n 6 -o MiyinLevel=neibu -o media=A5 \
	-o MiyinHolders="甲$long,乙$long,丙$long,丁$long,戊$long,己$long" > /dev/null
lab-wait
is "six copies and a sheet" "$(printed_count)" 7
pages=$(pages_of "$MIYIN_PAPER/001.pdf")
ok "long names go on on another page" [ "$pages" -gt 1 ]
read_papers
is "each of its pages has its codes" \
	"$(marks_fault "$MIYIN_PAPER/001" "$pages")" ""
ok "all holders are on it" \
	[ "$(text_of 001 | grep -o 长 | wc -l)" = 234 ]
clear_paper
job=$(submit Office three.pdf -o MiyinLevel=neibu one.pdf)
lab-wait
is "two documents and two sheets" "$(printed_count)" 4
like "whose serials are told file by file" "$(job_message "$job")" \
	'^Printed: 2 copies, serials [0-9]{6} \(one\.pdf\); [0-9]{6} \(three\.pdf\)\.$'
ok "the first before its document" has "$(text_of 001)" 每份页数2
is "which has a cover, and the sheet none" \
	"$(pages_of "$MIYIN_PAPER/002.pdf") $(pages_of "$MIYIN_PAPER/001.pdf")" \
	"2 1"
ok "the second too" has "$(text_of 003)" 每份页数4
long=very-long-$(printf 'name-%.0s' {1..12})of
cp one.pdf "$long-1.pdf"
cp three.pdf "$long-2.pdf"
[[ $(env -u LC_ALL LANG=zh_CN.UTF-8 lp -d Office -o MiyinLevel=neibu \
	"$long-1.pdf" "$long-2.pdf" 2>&1) =~ Office-[0-9]+ ]]
lab-wait
like "in Chinese, long names by both ends" \
	"$(job_message "${BASH_REMATCH[0]}")" \
	'^已打印：2 份，份号 [0-9]{6}（very-long-[a-z-]*…[a-z-]*-of-1\.pdf）；[0-9]{6}（very-long-[a-z-]*…[a-z-]*-of-2\.pdf）。$'

# --- refused ----------------------------------------------------------------

clear_paper
job=$(submit Office one.pdf -o MiyinLevel=neibu -o MiyinScope=𓀀)
lab-wait
is "a scope that cannot be written prints nothing" "$(printed_count)" 0
ok "and says why" has "$(job_message "$job")" 𓀀
is "no copy is left open" "$(sqlite3 "$MIYIN_LAB/var/miyin/register.db" \
	"SELECT count(*) FROM copies WHERE state IN ('reserved', 'sending')")" 0
done_testing
