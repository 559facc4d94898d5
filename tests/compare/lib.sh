# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# matrices FILE.pdf: "PAGE A B C D E F", by what matrix each page of a marked
# copy draws its body (/O). A page that is read across begins with its turn; then
# the body is scaled and moved, clipped, and turned back. Pages may share their
# contents; behind a driver each is a form of its page's contents.
matrices()
{
	qpdf --qdf --object-streams=disable "$1" - | LC_ALL=C awk '
		# m: first the w[from], then what it was
		function multiply(from,    a, b, c, d, e, f) {
			a = w[from] * m[1] + w[from + 1] * m[3]
			b = w[from] * m[2] + w[from + 1] * m[4]
			c = w[from + 2] * m[1] + w[from + 3] * m[3]
			d = w[from + 2] * m[2] + w[from + 3] * m[4]
			e = w[from + 4] * m[1] + w[from + 5] * m[3] + m[5]
			f = w[from + 4] * m[2] + w[from + 5] * m[4] + m[6]
			m[1] = a; m[2] = b; m[3] = c; m[4] = d; m[5] = e; m[6] = f
		}
		function reset() {
			m[1] = m[4] = 1
			m[2] = m[3] = m[5] = m[6] = 0
		}
		/^%% Page [0-9]+$/ { page = n_pages = $3 }
		/^  \/Contents [0-9]+ 0 R$/ { contents[page] = $2 }
		/^%% Contents for page [0-9]+$/ { page = $5 }
		/^[0-9]+ 0 obj$/ { object = $1; reset() }
		/^[-0-9. ]* cm \/Span/ { split($0, w); multiply(1) }
		/^q \/O Do / {
			split(before, w)
			multiply(2)
			multiply(16)
			at[object] = sprintf("%.4f %.4f %.4f %.4f %.4f %.4f",
				m[1], m[2] + 0, m[3] + 0, m[4], m[5], m[6])
			of_page[page] = at[object]
		}
		{ before = $0 }
		END {
			for (p = 1; p <= n_pages; p++)
				if (contents[p] in at)
					print p, at[contents[p]]
				else if (p in of_page)
					print p, of_page[p]
		}'
}
