"""Work done in several threads at once."""

import sys
import threading


def in_threads(work, seeds):
    """What `work` returns for each seed, each in a thread of its own, switching often."""
    results, errors, ready = {}, [], threading.Barrier(len(seeds))

    def run(seed):
        try:
            ready.wait(10)
            results[seed] = work(seed)
        except BaseException as error:  # a thread's error would go unseen
            errors.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run, args=[seed]) for seed in seeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not errors
    return results
