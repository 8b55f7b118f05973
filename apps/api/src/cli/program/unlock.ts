import { type Command } from 'commander';
import { CommandError } from '../command-failure.js';
import { type Shell } from './shell.js';

/** Adds `unlock`. */
export function addUnlock(program: Command, shell: Shell): void {
  program
    .command('unlock <name>')
    .summary('let somebody log in again after too many failed tries')
    .description(
      'Forgets the failed log-ins of a name, so that the next try is let through. The server counts them in its memory: there is nothing to forget while none runs, and on PostgreSQL ask each server, with DELETE /users/NAME/throttle.',
    )
    .action(async (name: string) => {
      if (shell.config.database.kind === 'postgres') {
        throw CommandError.of(
          `On PostgreSQL each server counts failed log-ins in its own memory, where this program cannot reach them: ask each server, with an administrator's token, for DELETE /users/${encodeURIComponent(name)}/throttle, or start it anew. Without either, wait: no name is refused for more than 15 minutes after its last failure.`,
        );
      }
      const isLifted = await shell.inSession(async (session) => {
        if (session.isOwn) {
          return false;
        }
        await session.run('unlock', { name }, () => undefined);
        return true;
      });
      shell.output.result({ name, isLifted }, () =>
        isLifted
          ? `${name} may try again.`
          : 'No server runs, so nobody is locked out: failed log-ins are counted in its memory.',
      );
    });
}
