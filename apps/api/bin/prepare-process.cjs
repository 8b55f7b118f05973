const { existsSync, mkdirSync, readdirSync, stat, statSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { availableParallelism, constants, getPriority, setPriority } = require('node:os');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');

/**
 * Compiled code of the bundle. It is beside the bundle, because a user who can write there can change the
 * code anyway.
 */
const COMPILED = join(__dirname, '../../../dist/apps/api/compiled');
/** Default of libuv. Fewer threads would slow down file access and DNS. */
const MIN_THREADS = 4;
/** Threads of this process on Linux, where each has its own priority. */
const THREADS = '/proc/self/task';
/**
 * Added niceness of the pool's threads. Each has a third of the weight of the thread that handles requests.
 */
const NICENESS = 5;
/** Calls after which V8 has compiled and optimized a function. */
const WARM_CALLS = 20_000;

/**
 * Creates the folder if necessary and returns whether only root and this account can change its files,
 * because Node runs them. A folder of this account must be closed to others: Node creates folders within it
 * that follow the umask.
 */
function isProtected(folder) {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It exists, or the installation is read-only.
  }
  const { mode, uid } = statSync(folder, { throwIfNoEntry: false }) ?? {};
  return uid === process.getuid?.() ? (mode & 0o077) === 0 : uid === 0 && (mode & 0o022) === 0;
}

// Node 22 and later write the compiled code at the first exit. Later starts take a tenth less processor time.
// On Node 20, or if the folder is not writable, each start compiles the code.
if (enableCompileCache && isProtected(COMPILED)) {
  enableCompileCache(COMPILED);
}

// Makes V8 collect garbage when the heap has grown by half since the last collection. By default, the heap
// can triple first. While the server reads 40,000 tokens for the first time, it uses 225 MiB instead of 271.
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

// Compiles process.nextTick before the start, whose many shapes would fill its inline caches: 190 ns a call
// instead of 37 ns for the life of the process. A request makes six calls, so a verification costs a fifth
// less. Takes 2 ms.
for (let call = 0; call < WARM_CALLS; call += 1) {
  process.nextTick(() => undefined);
}
