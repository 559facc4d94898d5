/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/trace.h>
#include <math.h>

/* A photograph from aside shows one code larger than the other. */
#define SIDES_RATIO_MAX 1.3

/* Along the edges of the sheet, however it lies in the picture. */
typedef struct {
	double cos, sin;
} axes;

typedef struct {
	double left, right, top, bottom;
} extent;

double miyin_corners_side(const miyin_corners *c)
{
	double sum = 0;

	for (int i = 0; i < 4; i++)
		sum += hypot(c->x[i] - c->x[(i + 1) % 4],
			     c->y[i] - c->y[(i + 1) % 4]);
	return sum / 4;
}

static double centre_x(const miyin_corners *c)
{
	return (c->x[0] + c->x[1] + c->x[2] + c->x[3]) / 4.0;
}

static double centre_y(const miyin_corners *c)
{
	return (c->y[0] + c->y[1] + c->y[2] + c->y[3]) / 4.0;
}

static double angle_of(const miyin_corners *c)
{
	return atan2(c->y[1] - c->y[0], c->x[1] - c->x[0]);
}

/* Between the two, for a lens bends; but for quarters, for each code is turned
 * towards its corner of the sheet. */
static axes find_axes(const miyin_corners *one, const miyin_corners *other)
{
	double angle = angle_of(one);

	angle += remainder(angle_of(other) - angle, G_PI / 2) / 2;
	return (axes){ cos(angle), sin(angle) };
}

static double along(const axes *a, double x, double y)
{
	return a->cos * x + a->sin * y;
}

static double across(const axes *a, double x, double y)
{
	return a->cos * y - a->sin * x;
}

static void take_in(extent *e, const axes *a, const miyin_corners *c)
{
	for (int i = 0; i < 4; i++) {
		double x = along(a, c->x[i], c->y[i]);
		double y = across(a, c->x[i], c->y[i]);

		e->left = MIN(e->left, x);
		e->right = MAX(e->right, x);
		e->top = MIN(e->top, y);
		e->bottom = MAX(e->bottom, y);
	}
}

/* The two that are farthest apart. */
static gboolean find_pair(const GArray *places, const miyin_corners **one,
			  const miyin_corners **other)
{
	double farthest = 0;

	*one = *other = NULL;
	for (unsigned i = 0; i < places->len; i++)
		for (unsigned k = i + 1; k < places->len; k++) {
			const miyin_corners *a =
				&g_array_index(places, miyin_corners, i);
			const miyin_corners *b =
				&g_array_index(places, miyin_corners, k);
			double apart = hypot(centre_x(a) - centre_x(b),
					     centre_y(a) - centre_y(b));

			if (apart <= farthest)
				continue;
			farthest = apart;
			*one = a;
			*other = b;
		}
	return *one && *other;
}

static gboolean frames(const GArray *own, GArray *const *places,
		       unsigned n_copies)
{
	const miyin_corners *one, *other;
	extent e = { G_MAXDOUBLE, -G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE };
	double ratio;
	axes a;

	if (!find_pair(own, &one, &other))
		return FALSE;
	ratio = miyin_corners_side(one) / miyin_corners_side(other);
	if (!(ratio < SIDES_RATIO_MAX && ratio > 1 / SIDES_RATIO_MAX))
		return FALSE;
	a = find_axes(one, other);
	take_in(&e, &a, one);
	take_in(&e, &a, other);
	for (unsigned i = 0; i < n_copies; i++)
		for (unsigned k = 0; k < places[i]->len; k++) {
			const miyin_corners *c =
				&g_array_index(places[i], miyin_corners, k);
			double x = along(&a, centre_x(c), centre_y(c));
			double y = across(&a, centre_x(c), centre_y(c));

			if (x < e.left || x > e.right || y < e.top ||
			    y > e.bottom)
				return FALSE;
		}
	return TRUE;
}

int miyin_trace_framing(GArray *const *places, unsigned n_copies)
{
	int found = -1;

	for (unsigned i = 0; i < n_copies; i++) {
		if (!frames(places[i], places, n_copies))
			continue;
		if (found >= 0)
			return -1;
		found = (int)i;
	}
	return found;
}
