/** Moves the focus to the first field of a form that is wrong, once the page shows that it is. */
export function focusFirstInvalid(host: HTMLElement): void {
  setTimeout(() => host.querySelector<HTMLElement>('input.ng-invalid')?.focus());
}
