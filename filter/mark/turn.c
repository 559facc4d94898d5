/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turn.h"
#include <string.h>

/* The paper, w by h, to the page as read. */
static void find_way(unsigned quarters, double w, double h, double matrix[6])
{
	const double ways[4][6] = {
		{ 1, 0, 0, 1, 0, 0 },
		{ 0, -1, 1, 0, 0, w },
		{ -1, 0, 0, -1, w, h },
		{ 0, 1, -1, 0, h, 0 },
	};

	memcpy(matrix, ways[quarters % 4], sizeof(ways[0]));
}

void miyin_turn_sheet(miyin_sheet *sheet, unsigned quarters)
{
	const double w = sheet->width_pt, h = sheet->height_pt;
	double *m = sheet->matrix, old[6], way[6];

	find_way(quarters, w, h, way);
	memcpy(old, m, sizeof(old));
	for (int i = 0; i < 6; i += 2) {
		m[i] = old[i] * way[0] + old[i + 1] * way[2];
		m[i + 1] = old[i] * way[1] + old[i + 1] * way[3];
	}
	m[4] += way[4];
	m[5] += way[5];
	sheet->turn = quarters % 4;
	sheet->width_pt = quarters % 2 ? h : w;
	sheet->height_pt = quarters % 2 ? w : h;
}

/* Back is as many quarters as are left of a whole turn. */
void miyin_turn_to_paper(const miyin_sheet *sheet, double matrix[6])
{
	find_way(4 - sheet->turn, sheet->width_pt, sheet->height_pt, matrix);
}

double miyin_turn_paper_width(const miyin_sheet *sheet)
{
	return sheet->turn % 2 ? sheet->height_pt : sheet->width_pt;
}

double miyin_turn_paper_height(const miyin_sheet *sheet)
{
	return sheet->turn % 2 ? sheet->width_pt : sheet->height_pt;
}
