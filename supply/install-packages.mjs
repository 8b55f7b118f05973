// Installs the packages of a folder that has its own lock file, unless they are installed:
// node supply/install-packages.mjs docs/site
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , folder] = process.argv;
const wanted = join(folder, 'package-lock.json');
/** Copy of the lock file. npm deletes it before it installs anything. */
const installed = join(folder, 'node_modules/.installed-lock-file.json');

if (!existsSync(installed) || !readFileSync(installed).equals(readFileSync(wanted))) {
  console.log(`Installing the packages of ${folder}.`);
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  if (status === 0) {
    copyFileSync(wanted, installed);
  } else {
    console.error(
      `The packages of ${folder} are not installed. Without a network, connect to a package registry.`,
    );
    process.exitCode = 1;
  }
}
