import { inject, signal, type WritableSignal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { confirmed } from '../shared/confirm';

/** A token whose secret a page shows this one time. */
export interface OnceOnly {
  /** The answer with the secret; `null` until there is one. */
  readonly token: WritableSignal<UserTokenDto | null>;
  readonly isCopied: WritableSignal<boolean>;
  /** Whether the page may be left: asks while there is a secret that nobody copied. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Keeps the page of a component from being left with a secret that nobody copied. */
export function onceOnly(): OnceOnly {
  const dialog = inject(MatDialog);
  const t = injectTexts();
  const token = signal<UserTokenDto | null>(null);
  const isCopied = signal(false);

  return {
    token,
    isCopied,
    mayLeave: () => {
      const { heading, text, action } = t().tokens.secret.leave;
      return token() === null || isCopied() || confirmed(dialog, { heading, consequences: [text], action });
    },
  };
}
