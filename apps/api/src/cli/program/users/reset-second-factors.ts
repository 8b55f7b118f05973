import { type UserDto } from '@latchkey/auth-models';
import { type Command } from 'commander';
import { userPath } from '../../client/operator-client.js';
import { type Shell } from '../shell.js';

export function addResetSecondFactors(program: Command, shell: Shell): void {
  program
    .command('reset-second-factors <name>')
    .summary('remove the second factors of a user who has lost them')
    .description(
      'Removes all second factors and recovery codes of a user, and revokes all their tokens. The user then logs in with the password alone. Reset the password too if others may know it. If the user has no second factor, the command changes nothing and exits with 1.',
    )
    .action(async (given: string) => {
      const name = await shell.withClient(async (client) => {
        const user = await client.get<UserDto>(userPath(given));
        await client.delete(`${userPath(user.name)}/second-factors`);
        return user.name;
      });
      shell.output.result(
        { name },
        () => `Removed the second factors of ${name}, and revoked all their tokens.`,
      );
    });
}
