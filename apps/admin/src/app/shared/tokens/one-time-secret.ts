import { inject, signal, type WritableSignal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { EventTargetDto, OfferDto, UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { confirmed } from '../dialogs/confirm';
import { warnBeforeUnload } from '../leave-guard';

/** Response with a secret that is shown once. */
type WithSecret = UserTokenDto | OfferDto | EventTargetDto;

/** A token, a claim link or a webhook, whose secret a page or dialog shows once. */
export interface OneTimeSecret<T extends WithSecret = UserTokenDto> {
  /** The response with the secret; `null` until it arrives. */
  readonly token: WritableSignal<T | null>;
  readonly isCopied: WritableSignal<boolean>;
  /** Whether the user may leave the page. Asks for confirmation if the secret was not copied. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Holds the one-time secret of a page and guards the page against being left before the secret is copied. */
export function oneTimeSecret<T extends WithSecret = UserTokenDto>(): OneTimeSecret<T> {
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
      const { heading, text, link, webhook, action } = t().secret.leave;
      const loss = 'link' in shown ? link : 'types' in shown ? webhook : text;
      return confirmed(dialog, { heading, consequences: [loss], action });
    },
  };
}
