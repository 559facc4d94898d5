/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may do which IPP operation on a protected server: ppd/operations and
 * ppd/rights, built in.
 */
#ifndef MIYIN_OPERATIONS_H
#define MIYIN_OPERATIONS_H

#include <cups/ipp.h>
#include <glib.h>

typedef enum {
	MIYIN_MAY_NOBODY,
	MIYIN_MAY_ANYONE,
	MIYIN_MAY_LOGIN,
	MIYIN_MAY_OWNER_ALONE,
	MIYIN_MAY_OWNER,
	MIYIN_MAY_OPERATOR,
	MIYIN_MAY_SERVICE,
	MIYIN_MAY_SERVICE_OPERATOR,
	MIYIN_MAY_AS_BEFORE,
} miyin_may;

typedef enum {
	MIYIN_AT_GATE,
	MIYIN_AT_DEVICE,
	MIYIN_AT_SERVER,
	MIYIN_N_PLACES,
} miyin_place;

typedef struct {
	ipp_op_t operation;
	miyin_may may[MIYIN_N_PLACES];
} miyin_operation;

/* All rows, by their number. */
const miyin_operation *miyin_operations_list(unsigned *n);

/* The row of an operation, or NULL. */
const miyin_operation *miyin_operations_find(ipp_op_t operation);

/* An operation by its name, any of its names, or its number as in 0x4027;
 * IPP_OP_CUPS_INVALID when there is none. */
ipp_op_t miyin_operations_parse(const char *name);

/*
 * Write the <Limit> sections of a policy: one for each right that anybody has
 * there, but none for what stays as before. Whoever must log in must do so
 * over TLS if he comes from the network: cupsd leaves out its own socket and
 * the loopback address.
 *
 *   user   the service user
 */
void miyin_operations_write(GString *out, miyin_place place, const char *user);

#endif
