import { type Command } from 'commander';
import { type Shell } from './shell.js';

/** Adds `unlock`. */
export function addUnlock(program: Command, shell: Shell): void {
  program
    .command('unlock <name>')
    .summary('let somebody log in again after too many failed tries')
    .description(
      'Forgets the failed log-ins of a name, so that the next try is let through. What was counted against an address stays: a network that is closed opens by itself, 15 minutes after its first failure. Several servers on one PostgreSQL go by it within a second.',
    )
    .action(async (name: string) => {
      await shell.inSession((session) => session.run('unlock', { name }, () => undefined));
      shell.output.result({ name }, () => `${name} may try again.`);
    });
}
