const { existsSync, readdirSync, stat } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { availableParallelism, constants, getPriority, setPriority } = require('node:os');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');

/** Compiled code of the bundle. Beside it, because whoever can write there can change the code anyway. */
const COMPILED = join(__dirname, '../../../dist/apps/api/compiled');
/** Default of libuv. Fewer threads would slow down file access and DNS. */
const MIN_THREADS = 4;
/** Threads of this process on Linux, where each has its own priority. */
const THREADS = '/proc/self/task';
/** Added niceness of the pool's threads. Each has a third of the weight of the thread that handles requests. */
const NICENESS = 5;
/** Calls after which V8 has compiled and optimized a function. */
const WARM_CALLS = 20_000;

// Node 22 and later write the compiled code at the first exit. Later starts take a tenth less processor time. In a
// folder that is not writable, and on Node 20, the code is compiled at each start.
enableCompileCache?.(COMPILED);

// V8 collects garbage when the heap has grown by half, instead of by up to three times, since the last time. While 40,000
// tokens are read for the first time, the server takes 225 MiB instead of 271.
setFlagsFromString('--heap-growing-percent=50');

// Loaded with --require, because Node's loader of ES modules starts the pool before any module runs.
// Anything but a number counts as unset. libuv would read it as 1.
if (!/^[1-9]\d*$/.test(process.env.UV_THREADPOOL_SIZE ?? '')) {
  process.env.UV_THREADPOOL_SIZE = String(Math.max(MIN_THREADS, availableParallelism() + 1));
}

// Passwords are hashed in the pool. Logins are slow anyway, and must not delay the verification of tokens.
if (existsSync(THREADS)) {
  const others = new Set(readdirSync(THREADS));
  const niceness = Math.min(getPriority() + NICENESS, constants.priority.PRIORITY_LOW);
  // Starts the pool.
  stat('.', () => undefined);
  for (const id of readdirSync(THREADS).filter((each) => !others.has(each))) {
    try {
      setPriority(Number(id), niceness);
    } catch {
      // A sandbox may forbid it. All threads keep the same priority then.
    }
  }
}

// Compiles process.nextTick before the start, whose many shapes would fill its inline caches: 190 ns a call instead of
// 37 ns for the life of the process. A request makes six calls, so a verification costs a fifth less. Takes 2 ms.
for (let call = 0; call < WARM_CALLS; call += 1) {
  process.nextTick(() => undefined);
}
