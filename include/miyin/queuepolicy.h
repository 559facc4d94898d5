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

/* No account of this name: what only he may do, nobody may, not even root. */
#define MIYIN_NOBODY "miyin-nobody"

#endif
