# SPDX-License-Identifier: GPL-3.0-or-later
"""A print server with cores and printers.

A job waits for its printer's queue, one job at a time, in order. At its head
it needs CPU before its first byte; then the printer prints it, while further
copies need CPU. It ends when both have. The cores are shared: each of n jobs at
work has a core, or an even part of the cores where n is more.
"""
import collections
import heapq

# arrival s, printer, CPU s before the first byte, printing s, CPU s meanwhile,
# and whatever its owner calls it
Job = collections.namedtuple(
    "Job", "arrival printer before printing during kind", defaults=[None])
# of a job: s in the queue, until the first byte, until the end
Stay = collections.namedtuple("Stay", "job queued first whole")


class Cores:
    """Work on equal shares. Its clock runs as fast as a job's share: each job
    ends at a time of that clock that is known when it begins."""

    def __init__(self, n):
        self.n, self.now, self.clock, self.busy = n, 0.0, 0.0, 0.0
        self.ends = []

    def rate(self):
        return min(1.0, self.n / len(self.ends)) if self.ends else 0.0

    def advance(self, now):
        passed = (now - self.now) * self.rate()
        self.clock += passed
        self.busy += passed * len(self.ends)
        self.now = now

    def begin(self, now, work, key):
        self.advance(now)
        heapq.heappush(self.ends, (self.clock + work, key))

    def next_end(self):
        if not self.ends:
            return float("inf")
        return self.now + (self.ends[0][0] - self.clock) / self.rate()

    def end(self):
        now = self.next_end()
        self.advance(now)
        return now, heapq.heappop(self.ends)[1]


class Server:
    def __init__(self, n_cores, jobs):
        self.cores = Cores(n_cores)
        self.jobs = jobs
        self.queues = collections.defaultdict(collections.deque)
        self.prints = []          # (end, job) of jobs at their printer
        self.left = {}            # what a job still waits for, of two
        self.began, self.first = {}, {}
        self.stays = []
        self.at_work, self.most = collections.Counter(), collections.Counter()

    def arrive(self, number):
        queue = self.queues[self.jobs[number].printer]
        queue.append(number)
        if len(queue) == 1:
            self.begin(number, self.jobs[number].arrival)

    def begin(self, number, now):
        kind = self.jobs[number].kind
        self.at_work[kind] += 1
        self.most[kind] = max(self.most[kind], self.at_work[kind])
        self.began[number] = now
        self.cores.begin(now, self.jobs[number].before, number)

    def cpu_ends(self):
        now, number = self.cores.end()
        if number in self.first:
            self.part_ends(number, now)
            return
        job = self.jobs[number]
        self.first[number] = now
        self.left[number] = 2
        heapq.heappush(self.prints, (now + job.printing, number))
        if job.during > 0:
            self.cores.begin(now, job.during, number)
        else:
            self.left[number] = 1

    def part_ends(self, number, now):
        self.left[number] -= 1
        if self.left[number] > 0:
            return
        job = self.jobs[number]
        del self.left[number]
        self.at_work[job.kind] -= 1
        self.stays.append(Stay(job, self.began.pop(number) - job.arrival,
                               self.first.pop(number) - job.arrival,
                               now - job.arrival))
        queue = self.queues[job.printer]
        queue.popleft()
        if queue:
            self.begin(queue[0], now)

    def run(self):
        """Jobs stand in the order of their arrival."""
        arriving = 0
        while arriving < len(self.jobs) or self.prints or self.cores.ends:
            arrival = (self.jobs[arriving].arrival
                       if arriving < len(self.jobs) else float("inf"))
            printed = self.prints[0][0] if self.prints else float("inf")
            worked = self.cores.next_end()
            if arrival <= min(printed, worked):
                self.arrive(arriving)
                arriving += 1
            elif printed <= worked:
                now, number = heapq.heappop(self.prints)
                self.part_ends(number, now)
            else:
                self.cpu_ends()
        return self.stays


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
