import { buildMessage, isISO8601, isRFC3339, ValidateBy } from 'class-validator';
import { INSTANT } from './messages.js';

/** Whether a text is RFC 3339 with a zone, of a day that the calendar has. `t` and `z` may be lower case (section 5.6). */
function isInstant(value: unknown): boolean {
  return (
    isRFC3339(value) && isISO8601((value as string).toUpperCase(), { strict: true, strictSeparator: true })
  );
}

/** Checks for an instant as the API takes it. */
export function IsDateTime(): PropertyDecorator {
  return ValidateBy(
    { name: 'isRfc3339', validator: { validate: isInstant, defaultMessage: buildMessage(() => '') } },
    INSTANT,
  );
}
