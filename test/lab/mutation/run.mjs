import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';
import config, { NEVER } from '../../../stryker.config.mjs';

install(fileURLToPath(new URL('.', import.meta.url)));
const { StrykerCli } = await import('@stryker-mutator/core');

/** Options for Stryker, without --mutate. */
const options = argv.slice(2);
const index = options.indexOf('--mutate');
const [, part] = index === -1 ? [] : options.splice(index, 2);
const mutate = part === undefined ? config.mutate : [...part.split(','), ...NEVER];

// The specs of these folders run. Stryker passes its environment to the test processes.
env.MUTATED_FOLDERS = [...new Set(mutate.flatMap((path) => /^apps\/api\/src\/[^/]+/.exec(path) ?? []))].join(
  ',',
);

new StrykerCli(['node', 'stryker', 'run', '--mutate', mutate.join(','), ...options]).run();

/** Installs Stryker, unless its version in package.json is installed already. */
function install(folder) {
  const read = (path) => JSON.parse(readFileSync(`${folder}${path}`, 'utf8'));
  const installed = 'node_modules/@stryker-mutator/core/package.json';
  const { dependencies } = read('package.json');
  if (
    existsSync(`${folder}${installed}`) &&
    read(installed).version === dependencies['@stryker-mutator/core']
  ) {
    return;
  }
  console.log('Installing Stryker in test/lab/mutation.');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
}
