import { FormControl, type FormGroup } from '@angular/forms';
import type { ErrorCode } from '@latchkey/auth-models';
import { type Problem, problemText } from '../../core/problem';
import type { Texts } from '../../core/texts/texts';
import { errorText, type FieldError, responseError, toErrors } from './field-error';

/** Controls for errors without a member. */
const CONTROL_OF_CODE: Partial<Record<ErrorCode, string>> = { name_taken: 'name' };

/**
 * Shows the errors of a response beside their fields until these are edited.
 *
 * @returns the message for the whole form, if an error belongs to no field; otherwise `null`.
 */
export function showServerErrors(form: FormGroup, problem: Problem, texts: Texts): string | null {
  const named = problem.errors.map((one) => ({
    control: one.pointer.slice(1).replaceAll('/', '.'),
    error: responseError({ ...one, message: capitalized(one.message) }),
  }));
  const implied = problem.code === null ? undefined : CONTROL_OF_CODE[problem.code];
  const errors =
    named.length > 0 || implied === undefined
      ? named
      : [
          {
            control: implied,
            error: { rules: [], message: problemText(problem, texts) } satisfies FieldError,
          },
        ];

  const unassigned = errors.filter(({ control, error }) => {
    const target = [form.get(control), form.get(control.split('.')[0] ?? '')].find(
      (one) => one instanceof FormControl && one.enabled,
    );
    target?.setErrors(toErrors(error));
    target?.markAsTouched();
    return target === undefined;
  });
  if (errors.length === 0) {
    return problemText(problem, texts);
  }
  return unassigned.length === 0
    ? null
    : unassigned.map(({ error }) => errorText(toErrors(error), texts)).join(' ');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
