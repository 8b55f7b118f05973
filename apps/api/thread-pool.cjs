const { availableParallelism } = require('node:os');

/** Threads that libuv starts by itself; fewer would slow files and names down. */
const LEAST = 4;

// Loaded with --require: Node's loader of ES modules starts the pool before the first line of any of them.
// Anything but a number counts as unset; libuv would take it for 1.
if (!/^[1-9]\d*$/.test(process.env.UV_THREADPOOL_SIZE ?? '')) {
  process.env.UV_THREADPOOL_SIZE = String(Math.max(LEAST, availableParallelism() + 1));
}
