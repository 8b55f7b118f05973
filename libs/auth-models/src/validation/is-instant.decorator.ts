import { IsISO8601, IsRFC3339 } from 'class-validator';
import { INSTANT } from './messages.js';

/** Checks for an instant as the API takes it: RFC 3339 with a zone, of a day that the calendar has. */
export function IsInstant(): PropertyDecorator {
  // RFC 3339 for the zone and the form, ISO 8601 for the calendar; the form is to be told first, so it comes last.
  const checks = [IsISO8601({ strict: true, strictSeparator: true }, INSTANT), IsRFC3339(INSTANT)];
  return (target, member) => checks.forEach((check) => check(target, member));
}
