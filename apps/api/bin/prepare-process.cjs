const { existsSync, readdirSync, stat } = require('node:fs');
const { availableParallelism, setPriority } = require('node:os');

/** Threads that libuv starts by itself; fewer would slow files and names down. */
const LEAST_THREADS = 4;
/** Where Linux has the threads of this process, each with a priority of its own. */
const THREADS = '/proc/self/task';
/** What threads of the pool are nicer by than the one that answers requests: they get a third of a core that both want. */
const NICENESS = 5;
/** Calls after which a function has been compiled with what it was seen to do so far. */
const WARM_CALLS = 20_000;

// Loaded with --require: Node's loader of ES modules starts the pool before the first line of any of them.
// Anything but a number counts as unset; libuv would take it for 1.
if (!/^[1-9]\d*$/.test(process.env.UV_THREADPOOL_SIZE ?? '')) {
  process.env.UV_THREADPOOL_SIZE = String(Math.max(LEAST_THREADS, availableParallelism() + 1));
}

// Passwords are hashed in the pool, and who logs in waits for that anyway; who shows a token should not wait behind them.
if (existsSync(THREADS)) {
  const others = new Set(readdirSync(THREADS));
  // The first use of the pool starts it.
  stat('.', () => undefined);
  for (const id of readdirSync(THREADS).filter((each) => !others.has(each))) {
    try {
      setPriority(Number(id), NICENESS);
    } catch {
      // A sandbox may forbid even that; all are alike then.
    }
  }
}

// Every request takes half a dozen ticks. Compiled after a start as varied as ours, a tick costs six times as much as
// compiled before it, for as long as the process lives; this takes 2 ms.
for (let call = 0; call < WARM_CALLS; call += 1) {
  process.nextTick(() => undefined);
}
