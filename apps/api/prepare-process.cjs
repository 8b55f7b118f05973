const { availableParallelism } = require('node:os');

/** Threads that libuv starts by itself; fewer would slow files and names down. */
const LEAST_THREADS = 4;
/** Calls after which a function has been compiled with what it was seen to do so far. */
const WARM_CALLS = 20_000;

// Loaded with --require: Node's loader of ES modules starts the pool before the first line of any of them.
// Anything but a number counts as unset; libuv would take it for 1.
if (!/^[1-9]\d*$/.test(process.env.UV_THREADPOOL_SIZE ?? '')) {
  process.env.UV_THREADPOOL_SIZE = String(Math.max(LEAST_THREADS, availableParallelism() + 1));
}

// Every request takes half a dozen ticks. Compiled after a start as varied as ours, a tick costs six times as much as
// compiled before it, for as long as the process lives; this takes 2 ms.
for (let call = 0; call < WARM_CALLS; call += 1) {
  process.nextTick(() => undefined);
}
