/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a copy: a table of what may happen in which state. Pure.
 */
#ifndef MIYIN_CUSTODY_H
#define MIYIN_CUSTODY_H

#include <glib.h>
#include <miyin/register.h>

/* The event that a copy's step from one state to another is, or NULL when it may
 * not take it. */
const char *miyin_custody_event(miyin_copy_state from, miyin_copy_state to);

#endif
