import type { FormGroup } from '@angular/forms';
import type { ErrorCode } from '@latchkey/auth-models';
import { type Problem, problemText } from '../../core/problem';
import type { Texts } from '../../core/texts/texts';
import { errorText, type FieldError, toErrors } from './field-error';
import { minimumIn } from './password-minimum';

/** The control that a refusal is about when the server names no member. */
const CONTROL_OF_CODE: Partial<Record<ErrorCode, string>> = { name_taken: 'name' };

/**
 * Puts a server's refusal beside the fields it is about, in the console's words if it has any; it goes away with the next edit
 * there.
 *
 * @returns what belongs to no field and so to the whole form, or `null`.
 */
export function showServerErrors(form: FormGroup, problem: Problem, texts: Texts): string | null {
  const named = problem.errors.map(({ pointer, code, message }) => ({
    control: pointer.split('/')[1] ?? '',
    error: {
      rules: [code],
      sentence: capitalized(message),
      ...(code === 'password_too_short' && { minimum: minimumIn({ code, message }) ?? undefined }),
    } satisfies FieldError,
  }));
  const implied = problem.code === null ? undefined : CONTROL_OF_CODE[problem.code];
  const errors =
    named.length > 0 || implied === undefined
      ? named
      : [{ control: implied, error: { rules: [], sentence: problemText(problem, texts) } }];

  const orphans = errors.filter(({ control, error }) => {
    const target = form.get(control);
    target?.setErrors(toErrors(error));
    target?.markAsTouched();
    return target === null;
  });
  if (errors.length === 0) {
    return problemText(problem, texts);
  }
  return orphans.length === 0
    ? null
    : orphans.map(({ error }) => errorText(toErrors(error), texts)).join(' ');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
