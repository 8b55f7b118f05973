/** Moves the focus to the first field of a form that is wrong. */
export function focusFirstInvalid(host: HTMLElement): void {
  host.querySelector<HTMLElement>('input.ng-invalid, textarea.ng-invalid')?.focus();
}
