"""Seconds and megabytes of one call in this process; shared by the workers of peers/ and columnar/."""

import gc
import os
import time


def memory(key):
    """VmRSS (now) or VmHWM (peak) of this process in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(key))


def others_cpu():
    """Seconds of CPU that other processes of the machine have used so far."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _iowait, *rest = map(int, stat.readline().split()[1:8])
    own = os.times()
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK") - own.user - own.system


def measure(call):
    """(seconds, MB, seconds of CPU used by others, result) of one call. MB is the growth of the peak of resident memory
    over what was resident before: writing 5 to clear_refs starts the peak anew."""
    gc.collect()
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")
    resident, others, start = memory("VmRSS"), others_cpu(), time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start
    return seconds, memory("VmHWM") - resident, others_cpu() - others, result
