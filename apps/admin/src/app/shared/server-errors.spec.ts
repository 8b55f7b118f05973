import { FormControl, FormGroup } from '@angular/forms';
import { MESSAGES } from '../core/messages';
import type { Problem } from '../core/problem';
import { showServerErrors } from './server-errors';

const problem: Problem = {
  status: 422,
  code: 'validation_failed',
  detail: 'The values are not allowed.',
  traceId: null,
  retryAfterSeconds: null,
  errors: [],
};
const error = (pointer: string, message: string) => ({ pointer, code: 'rule', message });
let form: FormGroup<{ name: FormControl<string>; password: FormControl<string> }>;

beforeEach(() => {
  form = new FormGroup({
    name: new FormControl('anna', { nonNullable: true }),
    password: new FormControl('', { nonNullable: true }),
  });
});

describe('showServerErrors', () => {
  it('puts an error beside the field its pointer names', () => {
    const rest = showServerErrors(form, { ...problem, errors: [error('/password', 'too common')] });

    expect(form.controls.password.errors).toEqual({ server: 'Too common' });
    expect(rest).toBeNull();
  });

  it("says in the console's words what it has words for", () => {
    const common = { pointer: '/password', code: 'password_too_common', message: 'password is …' };

    showServerErrors(form, { ...problem, errors: [common] });

    expect(form.controls.password.errors).toEqual({ server: MESSAGES.fields['password_too_common'] });
  });

  it('takes the error away with the next edit', () => {
    showServerErrors(form, { ...problem, errors: [error('/password', 'Too common.')] });

    form.controls.password.setValue('better');

    expect(form.valid).toBe(true);
  });

  it('puts a taken name beside the name', () => {
    const rest = showServerErrors(form, { ...problem, status: 409, code: 'name_taken', detail: 'In use.' });

    expect(form.controls.name.errors).toEqual({ server: 'In use.' });
    expect(rest).toBeNull();
  });

  it('returns what belongs to no field', () => {
    const errors = [error('/name', 'No.'), error('/roles/0', 'Unknown role.')];

    expect(showServerErrors(form, { ...problem, errors })).toBe('Unknown role.');
  });

  it('returns the detail when no field is named', () => {
    expect(showServerErrors(form, { ...problem, status: 403, code: 'above_your_permissions' })).toBe(
      problem.detail,
    );
  });
});
