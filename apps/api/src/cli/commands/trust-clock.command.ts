import { Injectable } from '@nestjs/common';
import { ClockCheck, type TrustedClock } from '../../audit/trail/clock-check.js';
import { type Command, type CommandRun } from '../command.js';

/** Confirms a clock that is far ahead of the last time recorded in the database. */
@Injectable()
export class TrustClockCommand implements Command<object, TrustedClock> {
  readonly name = 'trust-clock';

  constructor(private readonly clock: ClockCheck) {}

  run(_options: object, { actor }: CommandRun): Promise<TrustedClock> {
    return this.clock.trust(actor);
  }
}
