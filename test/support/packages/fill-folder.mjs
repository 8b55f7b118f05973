import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Fills a folder unless it exists. The folder appears only when it is complete, because other runs may use
 * it.
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
}
