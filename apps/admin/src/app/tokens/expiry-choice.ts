const DAY_MILLISECONDS = 86_400_000;

/** Lifetimes to choose from, in days. */
export const EXPIRY_DAYS = [1, 7, 30, 90, 365] as const;

/** Choice of an expiry in a form. */
export type ExpiryChoice =
  | { readonly kind: 'days'; readonly days: number }
  /** A local date and time, as the value of a `datetime-local` field. */
  | { readonly kind: 'custom'; readonly text: string }
  | { readonly kind: 'none' };

/** An expiry that was chosen. */
export interface ChosenExpiry {
  /** RFC 3339; `null` = none. */
  readonly instant: string | null;
}

/** Returns the expiry that a choice stands for now, or `null` if it is not in the future. */
export function chosenExpiry(choice: ExpiryChoice, now: number): ChosenExpiry | null {
  if (choice.kind === 'none') {
    return { instant: null };
  }
  const time = choice.kind === 'days' ? now + choice.days * DAY_MILLISECONDS : Date.parse(choice.text);
  return time > now ? { instant: new Date(time).toISOString() } : null;
}
