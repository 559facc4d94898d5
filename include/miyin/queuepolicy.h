/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of our policies in the scheduler's cupsd.conf: miyin protect
 * writes them, the backend asks for the one that its queue must have.
 */
#ifndef MIYIN_QUEUEPOLICY_H
#define MIYIN_QUEUEPOLICY_H

#define MIYIN_POLICY_GATE "miyin"
#define MIYIN_POLICY_DEVICE "miyin-device"
#define MIYIN_POLICY_DEFAULT "miyin-default"

/* What only he may do nobody may, not even root. The scheduler cuts a user's
 * name at the first @ before it compares, so nobody has this name: no account,
 * and none of a Kerberos realm. */
#define MIYIN_NOBODY "miyin-nobody@"

#endif
