import { type Command } from 'commander';
import { type Shell } from './shell.js';

/** What was counted against an address stays, so that the right password may be refused all the same. */
const ADDRESSES =
  'An address with 100 failures (or LATCHKEY_LOGIN_LIMIT_PER_ADDRESS) stays closed until 15 minutes after the first; log in from another.';

/** Adds `unlock`. */
export function addUnlock(program: Command, shell: Shell): void {
  program
    .command('unlock <name>')
    .summary('let somebody log in again after too many failed tries')
    .description(
      'Lifts the delay of consecutive failed log-ins of a name. The pace of 100 wrong passwords an hour stays: after half of them one attempt is accepted each 72 s. What was counted against an address stays, too: a network that is closed opens by itself, 15 minutes after its first failure. Several servers on one PostgreSQL go by it within a second.',
    )
    .action(async (name: string) => {
      const unlocked = await shell.run('unlock', { name });
      shell.output.result(unlocked, () => [`${unlocked.name} may try again.`, ADDRESSES].join('\n'));
    });
}
