import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** File system in memory. */
const MEMORY = '/dev/shm';

/**
 * Folder for test databases: in memory if there is enough space. Containers often have only 64 MiB there.
 * SQLite waits for the disk at each commit. PostgreSQL creates 300 files for each database, which takes 200
 * ms of processor time on ext4 if others were just removed.
 */
export const DATABASES = existsSync(MEMORY) && freeBytes(MEMORY) > 2 ** 30 ? MEMORY : tmpdir();

/** @param {string} folder */
function freeBytes(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
