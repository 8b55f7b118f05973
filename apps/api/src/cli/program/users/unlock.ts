import { type UserDto } from '@latchkey/auth-models';
import { type Command } from 'commander';
import { userPath } from '../../client/operator-client.js';
import { type Shell } from '../shell.js';

/** Printed because the limit per address stays, so that even the correct password may be rejected. */
const ADDRESSES =
  'An address with 100 failures (or LATCHKEY_LOGIN_LIMIT_PER_ADDRESS) stays blocked until 15 minutes after the first one. Log in from another address.';

export function addUnlock(program: Command, shell: Shell): void {
  program
    .command('unlock <name>')
    .summary('unlock an account after too many failed logins')
    .description(
      'Lifts the delay after consecutive failed logins for a name. Two limits remain. An account accepts 100 wrong passwords an hour: after the first 50, one attempt every 72 s. A network with too many failures stays blocked until 15 minutes after the first one. Other servers on the same PostgreSQL database lift the delay within a second.',
    )
    .action(async (given: string) => {
      const name = await shell.withClient(async (client) => {
        // Rejects an unknown user. The throttle counts the failures of any name.
        const user = await client.get<UserDto>(userPath(given));
        await client.delete(`${userPath(user.name)}/throttle`);
        return user.name;
      });
      shell.output.result({ name }, () =>
        [`Reset the count of consecutive failed logins for ${name}.`, ADDRESSES].join('\n'),
      );
    });
}
