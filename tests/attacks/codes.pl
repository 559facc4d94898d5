# SPDX-License-Identifier: GPL-3.0-or-later
#
# The codes of a copy, as far as the tests need them: what is before the MAC
# (include/miyin/payload.h) and one human code that holds.
use strict;
use warnings;
use integer;

my @alphabet = split //, '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

sub digits
{
	my ($value, $n) = @_;

	return join '', map { $alphabet[$value >> 5 * ($n - 1 - $_) & 31] }
			0 .. $n - 1;
}

# 'M' and the 90 bits before the MAC: algorithm, key id and site are 0.
sub payload_head
{
	my ($copy, $page, $pages) = @_;

	return 'M' . digits($copy >> 3, 9) .
	       digits(($copy & 7) << 42 | $page << 32 | $pages << 22, 9);
}

1;
