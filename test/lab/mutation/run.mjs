import { argv, env } from 'node:process';
import { StrykerCli } from '@stryker-mutator/core';
import config, { NEVER } from '../../../stryker.config.mjs';

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
