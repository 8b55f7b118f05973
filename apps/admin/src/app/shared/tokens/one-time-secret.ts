import { inject, signal, type WritableSignal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { OfferDto, UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { confirmed } from '../dialogs/confirm';
import { warnBeforeUnload } from '../leave-guard';

/** A created or rotated token, or a claim link, whose secret a page or dialog shows once. */
export interface OneTimeSecret<T extends UserTokenDto | OfferDto = UserTokenDto> {
  /** The response with the secret; `null` until it arrives. */
  readonly token: WritableSignal<T | null>;
  readonly isCopied: WritableSignal<boolean>;
  /** Whether the user may leave the page. Asks for confirmation if the secret was not copied. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Holds the one-time secret of a page and guards the page against being left before the secret is copied. */
export function oneTimeSecret<T extends UserTokenDto | OfferDto = UserTokenDto>(): OneTimeSecret<T> {
  const dialog = inject(MatDialog);
  const t = injectTexts();
  const token = signal<T | null>(null);
  const isCopied = signal(false);
  warnBeforeUnload(() => token() !== null && !isCopied());

  return {
    token,
    isCopied,
    mayLeave: () => {
      const shown = token();
      if (shown === null || isCopied()) {
        return true;
      }
      const { heading, text, link, action } = t().secret.leave;
      return confirmed(dialog, { heading, consequences: ['link' in shown ? link : text], action });
    },
  };
}
