import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const WEEK_MILLISECONDS = 7 * 24 * 3_600_000;

/**
 * Fills a folder unless it exists. The folder appears only when it is complete, because other runs may use
 * it. Removes folders of older code, if there is a prefix before the hash in their name.
 * @param {string} target
 * @param {(folder: string) => Promise<void>} fill
 */
export async function fillFolder(target, fill) {
  if (existsSync(target)) {
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(join(dirname(target), 'new-'));
  try {
    await fill(folder);
    await rename(folder, target);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another run may have created the folder.
    if (!existsSync(target)) {
      throw error;
    }
  }
  await removeOld(target);
}

/** @param {string} target */
async function removeOld(target) {
  const [prefix] = /^\w+-/.exec(basename(target)) ?? [];
  const names = prefix ? (await readdir(dirname(target))).filter((name) => name.startsWith(prefix)) : [];
  for (const path of names.map((name) => join(dirname(target), name))) {
    const { mtimeMs } = await stat(path);
    if (mtimeMs < Date.now() - WEEK_MILLISECONDS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
