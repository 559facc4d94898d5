/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admin/device.h"
#include <miyin/deviceuri.h>

#include <check.h>
#include <stdlib.h>

static const struct {
	const char *what, *a, *b;
	gboolean same;
} pairs[] = {
	{ "the same URI", "socket://10.0.0.5", "socket://10.0.0.5", TRUE },
	{ "the usual port", "socket://10.0.0.5:9100", "socket://10.0.0.5",
	  TRUE },
	{ "a box with three sockets", "socket://10.0.0.5:9100",
	  "socket://10.0.0.5:9101", FALSE },
	{ "options of the backend", "socket://10.0.0.5/?snmp=false",
	  "socket://10.0.0.5/?waiteof=true", TRUE },
	{ "another host", "socket://10.0.0.5", "socket://10.0.0.6", FALSE },
	{ "another protocol", "ipp://10.0.0.5/ipp/print", "socket://10.0.0.5",
	  TRUE },
	{ "line printer protocol", "lpd://10.0.0.5/queue",
	  "ipps://10.0.0.5/ipp/print", TRUE },
	{ "two lpd queues", "lpd://10.0.0.5/a", "lpd://10.0.0.5/b", FALSE },
	{ "IPP with and without TLS", "ipp://printer.example/ipp/print",
	  "ipps://PRINTER.example:443/ipp/print", TRUE },
	{ "IPP by its short path", "ipp://10.0.0.5/ipp",
	  "ipp://10.0.0.5/ipp/print", TRUE },
	{ "two queues of a server", "ipp://10.0.0.5/printers/a",
	  "ipp://10.0.0.5/printers/b", FALSE },
	{ "a server's queue and its own socket", "ipp://10.0.0.5/printers/a",
	  "socket://10.0.0.5", FALSE },
	{ "two ports of this machine", "ipp://localhost:8631/ipp/print",
	  "ipp://localhost:8632/ipp/print", FALSE },
	{ "one port of this machine", "ipp://localhost:8631/ipp/print",
	  "ipp://127.0.0.1:8631/", TRUE },
	{ "two protocols of this machine", "ipp://localhost:8631/ipp/print",
	  "socket://127.0.0.1:9100", FALSE },
	{ "behind the error handler", "beh:/1/3/5/socket://10.0.0.5",
	  "socket://10.0.0.5:9100", TRUE },
	{ "behind our device backend", "miyindevice:socket://10.0.0.5",
	  "beh:/1/3/5/socket://10.0.0.5", TRUE },
	{ "behind HPLIP", "hp:/net/LaserJet?ip=10.0.0.5", "socket://10.0.0.5",
	  TRUE },
	{ "a fax behind HPLIP", "hpfax:/net/LaserJet?ip=10.0.0.5",
	  "socket://10.0.0.5", TRUE },
	{ "an option that only HPLIP knows", "socket://10.0.0.5/?ip=10.0.0.9",
	  "socket://10.0.0.5", TRUE },
	{ "a name with the root's dot", "ipp://printer.example./ipp/print",
	  "ipp://printer.example/ipp/print", TRUE },
	{ "an address within IPv6", "socket://[::ffff:10.0.0.5]",
	  "socket://10.0.0.5", TRUE },
	{ "a password", "smb://u:p@10.0.0.5/Laser", "smb://10.0.0.5/laser",
	  TRUE },
	{ "two shares", "smb://10.0.0.5/Laser", "smb://10.0.0.5/Color", FALSE },
	{ "one USB printer", "usb://HP/LaserJet?serial=A1&interface=1",
	  "usb://HP/LaserJet?serial=A1", TRUE },
	{ "one USB printer behind HPLIP", "hp:/usb/LaserJet?serial=A1",
	  "usb://HP/LaserJet?serial=A1", TRUE },
	{ "two USB printers of a kind", "usb://HP/LaserJet?serial=A1",
	  "usb://HP/LaserJet?serial=B2", FALSE },
	{ "a USB printer with and without number",
	  "usb://HP/LaserJet?serial=A1", "usb://HP/LaserJet", TRUE },
	{ "USB printers of two kinds", "usb://HP/LaserJet", "usb://HP/Desk",
	  FALSE },
	{ "one name in two services", "dnssd://HP%20400._ipp._tcp.local/",
	  "dnssd://HP%20400._pdl-datastream._tcp.local/", TRUE },
	{ "two names", "dnssd://HP%20400._ipp._tcp.local/",
	  "dnssd://HP%20401._ipp._tcp.local/", FALSE },
	{ "one device file", "serial:/dev/ttyS0?baud=9600",
	  "serial:/dev/ttyS0?baud=1200", TRUE },
	{ "two device files", "parallel:/dev/lp0", "parallel:/dev/lp1", FALSE },
	{ "no URI", "no uri", "socket://10.0.0.5", FALSE },
	{ "no second URI", "socket://10.0.0.5", "", FALSE },
};

START_TEST(same_device_or_not)
{
	ck_assert_msg(miyin_device_is_same(pairs[_i].a, pairs[_i].b) ==
			      pairs[_i].same,
		      "%s: %s %s", pairs[_i].what, pairs[_i].a, pairs[_i].b);
	ck_assert_msg(miyin_device_is_same(pairs[_i].b, pairs[_i].a) ==
			      pairs[_i].same,
		      "%s, other way: %s %s", pairs[_i].what, pairs[_i].b,
		      pairs[_i].a);
}
END_TEST

#define NETWORK MIYIN_DEVICE_NETWORK
#define LOCAL MIYIN_DEVICE_LOCAL
#define UNKNOWN MIYIN_DEVICE_UNKNOWN

static const struct {
	const char *what, *uri;
	miyin_device_place place;
	const char *host;
	int port;
} places[] = {
	{ "a socket", "socket://10.0.0.5", NETWORK, "10.0.0.5", 9100 },
	{ "another port", "socket://10.0.0.5:9101/?snmp=false", NETWORK,
	  "10.0.0.5", 9101 },
	{ "IPP", "ipp://printer.example./ipp/print", NETWORK,
	  "printer.example.", 631 },
	{ "IPP over TLS", "ipps://10.0.0.5/", NETWORK, "10.0.0.5", 631 },
	{ "HTTP", "http://10.0.0.5/ipp", NETWORK, "10.0.0.5", 80 },
	{ "HTTPS", "https://10.0.0.5/ipp", NETWORK, "10.0.0.5", 443 },
	{ "line printer protocol", "lpd://10.0.0.5/a", NETWORK, "10.0.0.5",
	  515 },
	{ "a share", "smb://u:p@10.0.0.5/a", NETWORK, "10.0.0.5", 445 },
	{ "IPv6", "socket://[2001:db8::5]", NETWORK, "2001:db8::5", 9100 },
	{ "IPv4 within IPv6", "socket://[::ffff:10.0.0.5]", NETWORK, "10.0.0.5",
	  9100 },
	{ "behind the error handler", "beh:/1/3/5/lpd://10.0.0.5/a", NETWORK,
	  "10.0.0.5", 515 },
	{ "behind HPLIP", "hp:/net/LaserJet?ip=10.0.0.5", NETWORK, "10.0.0.5",
	  9100 },
	{ "a fax behind HPLIP", "hpfax:/net/LaserJet?ip=10.0.0.5", NETWORK,
	  "10.0.0.5", 9100 },
	{ "an option that only HPLIP knows", "socket://10.0.0.5/?ip=10.0.0.9",
	  NETWORK, "10.0.0.5", 9100 },
	{ "USB", "usb://HP/LaserJet?serial=A1", LOCAL, NULL, 0 },
	{ "USB by Gutenprint", "gutenprint53+usb://canon/1", LOCAL, NULL, 0 },
	{ "USB behind HPLIP", "hp:/usb/LaserJet?serial=A1", LOCAL, NULL, 0 },
	{ "USB behind the error handler", "beh:/1/3/5/usb://HP/LaserJet", LOCAL,
	  NULL, 0 },
	{ "a serial line", "serial:/dev/ttyS0?baud=9600", LOCAL, NULL, 0 },
	{ "no paper", "cups-brf:/", LOCAL, NULL, 0 },
	{ "a name of DNS-SD", "dnssd://HP%20400._ipp._tcp.local/?uuid=1",
	  UNKNOWN, NULL, 0 },
	{ "the same by IPP", "ipps://HP%20400._ipps._tcp.local/", UNKNOWN, NULL,
	  0 },
	{ "the same behind the error handler",
	  "beh:/1/3/5/dnssd://HP._ipp._tcp.local/", UNKNOWN, NULL, 0 },
	{ "a name that HPLIP finds", "hp:/net/LaserJet?zc=HP1", UNKNOWN, NULL,
	  0 },
	{ "a handler behind a handler", "beh:/1/3/5/beh:/1/3/5/lpd://10.0.0.5/",
	  UNKNOWN, NULL, 0 },
	{ "a backend that nobody here knows", "epsonnet://10.0.0.5", UNKNOWN,
	  NULL, 0 },
	{ "no URI", "no uri", UNKNOWN, NULL, 0 },
	{ "nothing", "", UNKNOWN, NULL, 0 },
};

START_TEST(place_of_a_device)
{
	char host[256] = "as it was";
	int port = -1;

	ck_assert_msg(miyin_device_locate(places[_i].uri, host, sizeof(host),
					  &port) == places[_i].place,
		      "%s", places[_i].what);
	ck_assert_str_eq(host, places[_i].host ? places[_i].host : "as it was");
	ck_assert_int_eq(port, places[_i].host ? places[_i].port : -1);
}
END_TEST

static const struct {
	const char *plain, *wrapped;
} wraps[] = {
	{ "ipp://host/ipp/print", "miyindevice://host/ipp/print#ipp" },
	{ "socket://10.0.0.5:9100", "miyindevice://10.0.0.5:9100/#/socket" },
	{ "socket://10.0.0.5:9100/", "miyindevice://10.0.0.5:9100/#socket" },
	{ "socket://10.0.0.5?snmp=false",
	  "miyindevice://10.0.0.5?snmp=false#socket" },
	{ "usb://HP/LaserJet?serial=A1",
	  "miyindevice://HP/LaserJet?serial=A1#usb" },
	{ "hp:/net/LaserJet?ip=10.0.0.5",
	  "miyindevice:/net/LaserJet?ip=10.0.0.5#hp" },
};

START_TEST(wraps_and_unwraps)
{
	g_autofree char *wrapped = miyin_deviceuri_wrap(wraps[_i].plain);
	g_autofree char *plain = miyin_deviceuri_unwrap(wraps[_i].wrapped);

	ck_assert_str_eq(wrapped, wraps[_i].wrapped);
	ck_assert_str_eq(plain, wraps[_i].plain);
}
END_TEST

static const char *const not_wrapped[] = {
	"",
	"socket://10.0.0.5",
	"miyindevice",
	"miyindevice://10.0.0.5/",
	"miyindevice://10.0.0.5/#",
	"miyindevice://10.0.0.5/#/",
	"miyindevice://10.0.0.5#/socket",
	"miyindevice://10.0.0.5/#so cket",
	"miyindevice://10.0.0.5/#//socket",
	"xmiyindevice://10.0.0.5/#socket",
};

START_TEST(does_not_unwrap)
{
	ck_assert_ptr_null(miyin_deviceuri_unwrap(not_wrapped[_i]));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("device");
	TCase *tcase = tcase_create("device");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, same_device_or_not, 0, G_N_ELEMENTS(pairs));
	tcase_add_loop_test(tcase, place_of_a_device, 0, G_N_ELEMENTS(places));
	tcase_add_loop_test(tcase, wraps_and_unwraps, 0, G_N_ELEMENTS(wraps));
	tcase_add_loop_test(tcase, does_not_unwrap, 0,
			    G_N_ELEMENTS(not_wrapped));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
