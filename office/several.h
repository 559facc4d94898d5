/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Codes of several copies on one sheet. A document may hold the picture of a
 * marked page, and two papers may lie on one scan: then no code alone says
 * whose the sheet is.
 */
#ifndef MIYIN_SEVERAL_H
#define MIYIN_SEVERAL_H

#include <miyin/finding.h>

/*
 * Find out whose marks the sheet's own are, and put these first.
 *
 *   findings   of miyin_finding, all of one sheet; n_copies and standing of
 *              each are set
 */
void miyin_several_judge(GPtrArray *findings);

#endif
