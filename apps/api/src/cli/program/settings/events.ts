import { type Command } from 'commander';
import { type EventDeliveryDto } from '@latchkey/auth-models';
import { asSentence, CommandError } from '../../command-error.js';
import { type Shell } from '../shell.js';

export function addEvents(program: Command, shell: Shell): void {
  program
    .command('events')
    .summary('check an event target')
    .description('Commands for events.')
    .command('test <target>')
    .summary('send a test event')
    .description(
      'Sends an invented event to a webhook or e-mail target, even if it is disabled. Exits with 1 if the target does not accept it, and prints the reason.',
    )
    .action(async (target: string) => {
      const result = await shell.withClient((client) =>
        client.post<EventDeliveryDto>(`/event-targets/${encodeURIComponent(target)}/test`),
      );
      const { error, status, milliseconds } = result;
      if (error !== undefined) {
        throw CommandError.of(asSentence(`${target} did not accept the event: ${error}`));
      }
      shell.output.result(
        { target, status, milliseconds },
        () => `${target} accepted the event after ${milliseconds} ms.`,
      );
    });
}
