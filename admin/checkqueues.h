/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gates, their device queues and their neighbours: is each what protect made
 * it, and does nothing else lead to its printer?
 */
#ifndef MIYIN_CHECKQUEUES_H
#define MIYIN_CHECKQUEUES_H

#include "checkup.h"

void miyin_checkqueues(miyin_checkup *c);

#endif
