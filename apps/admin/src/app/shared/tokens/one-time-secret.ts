import { inject, signal, type WritableSignal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { confirmed } from '../dialogs/confirm';
import { warnBeforeUnload } from '../leave-guard';

/** A created or rotated token whose secret a page or dialog shows once. */
export interface OneTimeSecret {
  /** The response with the secret; `null` until it arrives. */
  readonly token: WritableSignal<UserTokenDto | null>;
  readonly isCopied: WritableSignal<boolean>;
  /** Whether the user may leave the page. Asks for confirmation if the secret was not copied. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Holds the one-time secret of a page and guards the page against being left before the secret is copied. */
export function oneTimeSecret(): OneTimeSecret {
  const dialog = inject(MatDialog);
  const t = injectTexts();
  const token = signal<UserTokenDto | null>(null);
  const isCopied = signal(false);
  warnBeforeUnload(() => token() !== null && !isCopied());

  return {
    token,
    isCopied,
    mayLeave: () => {
      const { heading, text, action } = t().tokens.secret.leave;
      return token() === null || isCopied() || confirmed(dialog, { heading, consequences: [text], action });
    },
  };
}
