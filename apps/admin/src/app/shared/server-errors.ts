import type { FormGroup } from '@angular/forms';
import type { ErrorCode } from '@latchkey/auth-models';
import { MESSAGES } from '../core/messages';
import type { Problem } from '../core/problem';

/** The control that a refusal is about when the server names no member. */
const CONTROL_OF_CODE: Partial<Record<ErrorCode, string>> = { name_taken: 'name' };

/**
 * Puts a server's refusal beside the fields it is about, in the console's words if it has any; it goes away with the next edit
 * there.
 *
 * @returns what belongs to no field and so to the whole form, or `null`.
 */
export function showServerErrors(form: FormGroup, problem: Problem): string | null {
  const named = problem.errors.map(({ pointer, code, message }) => ({
    control: pointer.split('/')[1] ?? '',
    message: MESSAGES.fields[code] ?? capitalized(message),
  }));
  const implied = problem.code === null ? undefined : CONTROL_OF_CODE[problem.code];
  const errors =
    named.length > 0 || implied === undefined ? named : [{ control: implied, message: problem.detail }];

  const orphans = errors.filter(({ control, message }) => {
    const target = form.get(control);
    target?.setErrors({ server: message });
    target?.markAsTouched();
    return target === null;
  });
  if (errors.length === 0) {
    return problem.detail;
  }
  return orphans.length === 0 ? null : orphans.map(({ message }) => message).join(' ');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
