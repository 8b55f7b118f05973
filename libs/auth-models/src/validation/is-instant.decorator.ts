import { IsISO8601, IsRFC3339 } from 'class-validator';

/** Checks for an instant as the API takes it: RFC 3339 with a zone, of a day that the calendar has. */
export function IsInstant(): PropertyDecorator {
  // RFC 3339 for the zone and the form, ISO 8601 for the calendar.
  const checks = [IsRFC3339(), IsISO8601({ strict: true, strictSeparator: true })];
  return (target, member) => checks.forEach((check) => check(target, member));
}
