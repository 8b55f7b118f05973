const DAY_MILLISECONDS = 86_400_000;

/** The lives that are offered, in days. */
export const EXPIRY_DAYS = [1, 7, 30, 90, 365] as const;

/** How somebody says when a token shall end. */
export type ExpiryChoice =
  | { readonly kind: 'days'; readonly days: number }
  /** A local date and time, as a field of a form has it. */
  | { readonly kind: 'own'; readonly text: string }
  | { readonly kind: 'none' };

/** When a token shall end. */
export interface ChosenExpiry {
  /** RFC 3339; `null` = never. */
  readonly instant: string | null;
}

/** The end that a choice means now; `null` if it means none that is still to come. */
export function chosenExpiry(choice: ExpiryChoice, now: number): ChosenExpiry | null {
  if (choice.kind === 'none') {
    return { instant: null };
  }
  const time = choice.kind === 'days' ? now + choice.days * DAY_MILLISECONDS : Date.parse(choice.text);
  return time > now ? { instant: new Date(time).toISOString() } : null;
}
