import type { ValidatorFn } from '@angular/forms';

/** Refuses what differs from another field of the same form, such as a password that is typed again. */
export function repeats(name: string): ValidatorFn {
  return (control) => (control.value === control.parent?.get(name)?.value ? null : { mismatch: true });
}
