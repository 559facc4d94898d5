/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators of PDF's content streams, and the short names of inline images
 * (ISO 32000-1, annex A and 8.9.7). C++. */
#ifndef MIYIN_OPERATORS_H
#define MIYIN_OPERATORS_H

#include <string>

/* What an operator takes after its numbers, and what it does. */
enum Act {
	NUMBERS, /* so many numbers and no more */
	DASH,	 /* an array of numbers, a number */
	PATH,	 /* begins or goes on with a path */
	CLIP,	 /* waits for the path's end */
	PAINT,	 /* ends a path */
	SAVE,
	RESTORE,
	TEXT_BEGIN,
	TEXT_END,
	SHOW,	     /* one string */
	SHOW_ARRAY,  /* one array of strings and numbers */
	SHOW_SPACED, /* two numbers, a string */
	RENDER_MODE,
	RESOURCE, /* one name of a kind */
	FONT,	  /* a name, a number */
	SPACE,	  /* a device's space or a name */
	COLOUR,	  /* numbers, perhaps a name of a pattern */
	INTENT,
	IMAGE_BEGIN,
	IMAGE_DATA,
	IMAGE_END,
	MARK_BEGIN,
	MARK_END,
	GLYPH, /* d0, d1 */
	DROP,
};

struct Operator {
	Act act;
	unsigned n_numbers;
	const char *kind;
};

/* nullptr: PDF has none of this name. */
const Operator *find_operator(std::string const &name);

/* The full name of a key, or of a value, of an inline image; itself where it has
 * no other. */
std::string const &find_image_key(std::string const &name);
std::string const &find_image_name(std::string const &name);

#endif
