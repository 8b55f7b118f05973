import { type Command } from 'commander';
import { type Shell } from './shell.js';

/** Adds `trust-clock`. */
export function addTrustClock(program: Command, shell: Shell): void {
  program
    .command('trust-clock')
    .summary('confirm the clock after a long time off')
    .description(
      'Confirms that the clock of this machine is right, although it is more than 30 days ahead of the time that the database last saw. Until then the server deletes nothing that is old: expired tokens, days of the audit trail, counts of failed log-ins. Check the clock first: what is deleted by a wrong one is gone.',
    )
    .action(async () => {
      const trusted = await shell.run('trust-clock', {});
      shell.output.result(
        trusted,
        ({ time, previousTime }) => `The time is ${time}. The database had last seen ${previousTime}.`,
      );
    });
}
