import { FormControl, FormGroup } from '@angular/forms';
import type { Problem } from '../../core/problem';
import { EN } from '../../core/texts/en';
import { errorText } from './field-error';
import { showServerErrors } from './server-errors';

const problem: Problem = {
  status: 422,
  code: 'validation_failed',
  detail: 'The values are not allowed.',
  traceId: null,
  rejectionId: null,
  retryAfterSeconds: null,
  errors: [],
  isUnexpected: false,
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
  it('shows an error beside the field of its pointer', () => {
    const rest = showServerErrors(form, { ...problem, errors: [error('/password', 'too common')] }, EN);

    expect(errorText(form.controls.password.errors, EN)).toBe('Too common');
    expect(rest).toBeNull();
  });

  it('uses the text of the console for known codes', () => {
    const common = { pointer: '/password', code: 'password_too_common', message: 'password is …' };

    showServerErrors(form, { ...problem, errors: [common] }, EN);

    expect(errorText(form.controls.password.errors, EN)).toBe(EN.fields.rules['password_too_common']);
  });

  it('removes the error with the next edit', () => {
    showServerErrors(form, { ...problem, errors: [error('/password', 'Too common.')] }, EN);

    form.controls.password.setValue('better');

    expect(form.valid).toBe(true);
  });

  it('shows a taken name beside the name', () => {
    const rest = showServerErrors(
      form,
      { ...problem, status: 409, code: 'name_taken', detail: 'In use.' },
      EN,
    );

    expect(errorText(form.controls.name.errors, EN)).toBe('In use.');
    expect(rest).toBeNull();
  });

  it('returns errors that belong to no field', () => {
    const errors = [error('/name', 'No.'), error('/roles/0', 'Unknown role.')];

    expect(showServerErrors(form, { ...problem, errors }, EN)).toBe('Unknown role.');
  });

  it('returns the detail when no field is named', () => {
    expect(showServerErrors(form, { ...problem, status: 403, code: 'above_your_permissions' }, EN)).toBe(
      problem.detail,
    );
  });
});
