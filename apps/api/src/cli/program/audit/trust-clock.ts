import { type Command } from 'commander';
import { type TrustedClock } from '../../../audit/trail/clock-check.service.js';
import { type Shell } from '../shell.js';

export function addTrustClock(program: Command, shell: Shell): void {
  program
    .command('trust-clock')
    .summary('confirm that the clock is correct')
    .description(
      'Confirms that the clock of this machine is correct although it is more than 30 days ahead of the last time recorded in the database, or behind it. Until you confirm a clock that is ahead, the server deletes no old data: expired tokens, days of the audit trail, counts of failed logins. Check the clock first. Data deleted because of a wrong clock cannot be restored.',
    )
    .action(async () => {
      const trusted = await shell.withClient((client) =>
        client.post<TrustedClock>('/operator/clock-confirmations'),
      );
      shell.output.result(
        trusted,
        ({ time, previousTime, wasAhead, wasBehind }) =>
          `The time is ${time}. The last recorded time was ${previousTime}; the server records it about once an hour. ` +
          (wasAhead || wasBehind
            ? 'The server accepts the clock from now on.'
            : 'There was nothing to confirm.'),
      );
    });
}
